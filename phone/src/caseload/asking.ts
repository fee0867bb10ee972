// Cards that were shown while there was no network: whose they are is asked with the next connection, once for each.

import type { Caseload } from '@/caseload/caseload'
import { database } from '@/store/database'
import { type Holder, keep, type KeptRequest, rowId } from '@/store/kept'
import { askJson, Refusal } from '@/sync/server'

/** She was here then; asked for days later, her history would come when she is gone. As long as a visit lasts. */
const LATE_MS = 3 * 86_400_000

/** Ask for each that waits; who is found comes with what is fetched next. Gives how many are done with. */
export async function askForCards(token: string, holder: Holder, caseload: Caseload): Promise<number> {
  let done = 0
  for (const request of caseload.requests().filter(({ state }) => state === 'waiting')) {
    const state = await answered(request, holder.user, token)
    if (state === 'waiting') continue
    done += 1
    if (state === 'found') {
      await database.kept.delete([holder.user, rowId(request)])
      caseload.change([], [rowId(request)])
    } else {
      await keep(holder.user, holder.key, { ...request, state })
      caseload.change([{ ...request, state }])
    }
  }
  return done
}

async function answered({ id, card, at }: KeptRequest, user: string, token: string): Promise<KeptRequest['state'] | 'found'> {
  if (Date.now() - at > LATE_MS) return 'late'
  try {
    const { client } = await askJson<{ client: string | null }>('/stays/by-card', { token, body: { user, card, request: id } })
    return client ? 'found' : 'nobody'
  } catch (error) {
    // Too often, or busy: with the next connection.
    if (error instanceof Refusal && error.code !== 'DEV-003' && error.code !== 'DEV-004') return error.code === 'DEV-009' ? 'ours' : 'waiting'
    throw error
  }
}
