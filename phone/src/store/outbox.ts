// Unsent work, sealed to the server. It leaves only when the server has said that it is on its disk, and is kept for a
// while even then: a server that had to be restored from a backup may have lost what it confirmed.

import { database, type SetAside, type Unsent } from '@/store/database'

const KEPT_MS = 30 * 86_400_000

export interface Waiting {
  count: number
  oldest: number | null
}

export async function waiting(): Promise<Waiting> {
  const count = await database.outbox.count()
  const first = count ? await database.outbox.orderBy('made').first() : undefined
  return { count, oldest: first?.made ?? null }
}

export function oldestUnsent(limit: number): Promise<Unsent[]> {
  return database.outbox.orderBy('made').limit(limit).toArray()
}

export async function taken(ids: string[], setAside: SetAside[]): Promise<void> {
  const at = Date.now()
  await database.transaction('rw', database.outbox, database.given, database.setAside, async () => {
    await database.setAside.bulkPut(setAside)
    const settled = (await database.outbox.bulkGet(ids)).filter((unsent) => unsent !== undefined)
    await database.given.bulkPut(settled.map((unsent) => ({ ...unsent, at })))
    await database.outbox.bulkDelete(ids)
    await database.given.where('at').below(at - KEPT_MS).delete()
  })
}

/** The server begins anew: what it confirmed of late is given once more. What it has already counts once all the same. */
export async function giveAgain(): Promise<void> {
  await database.transaction('rw', database.outbox, database.given, async () => {
    const given = await database.given.toArray()
    await database.outbox.bulkPut(given.map(({ id, made, carried }) => ({ id, made, carried })))
    await database.given.clear()
  })
}

/** Everything unsent as a file that any phone, office or stick can carry: the server alone can open it. */
export async function asFile(): Promise<Blob> {
  const unsent = await database.outbox.orderBy('made').toArray()
  const parcels = unsent.map(({ carried }) => ({ carried }))
  return new Blob([JSON.stringify({ parcels })], { type: 'application/json' })
}
