// Unsent work, sealed to the server. It leaves only when the server has said that it is on its disk.

import { database, type SetAside, type Unsent } from '@/store/database'

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
  await database.transaction('rw', database.outbox, database.setAside, async () => {
    await database.setAside.bulkPut(setAside)
    await database.outbox.bulkDelete(ids)
  })
}

/** Everything unsent as a file that any phone, office or stick can carry: the server alone can open it. */
export async function asFile(): Promise<Blob> {
  const unsent = await database.outbox.orderBy('made').toArray()
  const parcels = unsent.map(({ carried }) => ({ carried }))
  return new Blob([JSON.stringify({ parcels })], { type: 'application/json' })
}
