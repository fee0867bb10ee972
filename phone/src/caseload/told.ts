// Up to which day the results of somebody were told: to her, or to those who care for a child.

/** By client and kind of result. */
export type Bounds = Map<string, { lastResult: number | null; toldUntil: number }>

/** Kinds of results that a nurse tells, and what says that she has. */
export const TOLD_BY: Record<string, string> = { 'eid.result': 'eid.result_given', 'vl.result': 'vl.result_given' }
export const RESULT_KINDS = Object.entries(TOLD_BY).flat()

/** Rows: client, one of the kinds above, day. */
export function boundsOf(rows: Iterable<[client: string, kind: string, day: number]>): Bounds {
  const bounds: Bounds = new Map()
  for (const [client, kind, day] of rows) {
    const isResult = kind in TOLD_BY
    const key = keyOf(client, isResult ? kind : kind.replace(/_given$/, ''))
    const found = bounds.get(key) ?? { lastResult: null, toldUntil: -Infinity }
    if (isResult) found.lastResult = Math.max(found.lastResult ?? day, day)
    else found.toldUntil = Math.max(found.toldUntil, day)
    bounds.set(key, found)
  }
  return bounds
}

/** Up to which day results of this kind were told. */
export function toldUntil(bounds: Bounds, client: string, kind: string): number {
  return bounds.get(keyOf(client, kind))?.toldUntil ?? -Infinity
}

/** Whether the latest result of this kind was told. Nothing on the phone says so of other results. */
export function isTold(bounds: Bounds, client: string, kind: string): boolean {
  const found = bounds.get(keyOf(client, kind))
  return found !== undefined && found.lastResult !== null && found.toldUntil >= found.lastResult
}

function keyOf(client: string, kind: string): string {
  return `${client} ${kind}`
}
