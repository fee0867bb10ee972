// Who says that she goes, or plans to go, to another clinic, which nobody there has confirmed. It ends nothing that is due.
// The same rule as in the office (followup/moving.py).

import type { Moving } from '@/caseload/people'

export const MOVING_KINDS = ['transfer.planned', 'transfer.reported', 'transfer.in', 'transfer.out', 'trace.outcome', 'art.dispense']
const GOES = ['moved', 'self_transferred']

/** Rows in the order in which it happened. */
export function movingOf(rows: Iterable<[client: string, kind: string, value: string, day: number]>): Map<string, Moving> {
  const found = new Map<string, Moving>()
  for (const [client, kind, value, day] of rows) {
    if (kind === 'transfer.planned') found.set(client, { planned: true, day })
    else if (kind === 'transfer.reported' || (kind === 'trace.outcome' && GOES.includes(value))) found.set(client, { planned: false, day })
    else if (kind === 'transfer.in' || kind === 'transfer.out') found.delete(client)
    // Whoever gets her supply here after she was said to have gone is here.
    else if (kind === 'art.dispense' && found.get(client)?.planned === false) found.delete(client)
  }
  return found
}
