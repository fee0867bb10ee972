// Writing what the server sent into a user's store: content first, then the pieces and the cursor in one transaction.

import type { Caseload } from '@/caseload/caseload'
import { forgetRemembered } from '@/caseload/remembered'
import { database, type Content } from '@/store/database'
import { type Holder, mayName, OVERVIEW, sealed } from '@/store/kept'
import { giveAgain } from '@/store/outbox'
import { askJson, Refusal } from '@/sync/server'
import type { Announced, Batch } from '@/sync/pull'

export async function keepBatch(batch: Batch, holder: Holder, caseload: Caseload): Promise<void> {
  if (batch.again) await giveAgain()
  await announce(batch.announced)
  const forgotten = batch.forget.flatMap((client) => caseload.piecesOf(client))
  // A feed that begins anew tells all over who is one person with whom, and not what was taken back meanwhile.
  const gone = [...forgotten, ...batch.drop, ...(batch.again ? caseload.merges() : [])]
  // What was seen last may name somebody who is to be forgotten.
  const dropped = batch.forget.length ? [...gone, OVERVIEW] : gone
  const erased = batch.put.flatMap((thing) => (thing.what === 'erasure' ? [thing.client] : []))
  const rows = await Promise.all(batch.put.map((thing) => sealed(holder.user, holder.key, thing)))
  await database.transaction('rw', database.kept, database.users, async () => {
    await database.kept.bulkDelete(dropped.map((id) => [holder.user, id] as [string, string]))
    await eraseForAll(erased)
    await database.kept.bulkPut(rows)
    if (batch.cursor !== undefined) await database.users.update(holder.user, { cursor: batch.cursor })
    if (batch.complete) await database.users.update(holder.user, { fetchedAll: true })
  })
  caseload.change(batch.put, [...gone, ...erased.flatMap((client) => caseload.namesOf(client))])
}

/** Drop what may say who these people are: also what colleagues on this phone, who cannot be asked now, know of them. */
async function eraseForAll(clients: string[]): Promise<void> {
  if (!clients.length) return
  const rows = await database.kept.toCollection().primaryKeys()
  await database.kept.bulkDelete(rows.filter(([, id]) => id === OVERVIEW || clients.some((client) => mayName(id, client))))
}

async function announce(announced: Announced[]): Promise<void> {
  if (!announced.length) return
  await forgetRemembered()
  await database.transaction('rw', database.content, async () => {
    const rows = await database.content.toArray()
    let seen = Math.max(0, ...rows.map((row) => row.seen))
    for (const { kind, name, version, digest } of announced) {
      const body = rows.find((row) => row.digest === digest)?.body ?? null
      await database.content.put({ digest, kind, name, version, seen: ++seen, body })
    }
  })
}

/** Fetch what was announced and is not here yet. True when something came. One that fails waits for the next time. */
export async function fetchContent(token: string): Promise<boolean> {
  const wanted = (await database.content.toArray()).filter(({ body }) => body === null)
  const came = await Promise.all(wanted.map((row) => fetchOne(row, token)))
  if (came.includes(true)) await forgetRemembered()
  return came.includes(true)
}

async function fetchOne({ digest }: Content, token: string): Promise<boolean> {
  try {
    const body = await askJson<unknown>(`/content/${digest}`, { token })
    await database.content.update(digest, { body })
    return true
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) return false
    throw error
  }
}
