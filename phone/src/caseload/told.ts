// Up to which day the results of a child were told to those who care for it.

export type Bounds = Map<string, { lastResult: number | null; toldUntil: number }>

/** Rows: client, kind (eid.result or eid.result_given), day. */
export function boundsOf(rows: Iterable<[client: string, kind: string, day: number]>): Bounds {
  const bounds: Bounds = new Map()
  for (const [client, kind, day] of rows) {
    const found = bounds.get(client) ?? { lastResult: null, toldUntil: -Infinity }
    if (kind === 'eid.result') found.lastResult = Math.max(found.lastResult ?? day, day)
    else found.toldUntil = Math.max(found.toldUntil, day)
    bounds.set(client, found)
  }
  return bounds
}

/** Whether the latest result of this kind was told. Nothing on the phone says so of other results. */
export function isTold(bounds: Bounds, client: string, kind: string): boolean {
  const found = bounds.get(client)
  return kind === 'eid.result' && found !== undefined && found.lastResult !== null && found.toldUntil >= found.lastResult
}
