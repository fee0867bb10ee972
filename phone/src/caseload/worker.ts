// The worker around a caseload. It is started while the user still types her PIN, and ended when she locks.

import { Caseload, type Household, type Overview } from '@/caseload/caseload'
import { published } from '@/caseload/content'
import { fetchContent, type Holder, keepBatch } from '@/caseload/keeping'
import type { Entry } from '@/caseload/timeline'
import type { Context } from '@/forms/engine'
import { Schedule } from '@/schedule/schedule'
import { database } from '@/store/database'
import { type KeptDraft, type KeptThing, opened } from '@/store/kept'
import { pull } from '@/sync/pull'
import { NoConnection, Refusal } from '@/sync/server'

/** What the screens may ask the worker. */
export interface Calls {
  open(holder: Holder, device: string, day: number): Promise<{ overview: Overview; firstName: string }>
  work(day: number): Promise<Overview>
  saved(put: KeptThing[], removed: string[], day: number): Promise<Overview>
  drafted(put: KeptThing[], removed: string[]): Promise<void>
  household(client: string): Promise<Household | null>
  context(client: string): Promise<Context>
  keyOf(client: string): Promise<string | null>
  draft(id: string): Promise<KeptDraft | null>
  statedBy(record: string): Promise<Entry[]>
  fetch(token: string, day: number): Promise<Fetched>
}

/** How fetching went; errors do not travel between threads as themselves. */
export type Fetched =
  | { ok: true; overview: Overview | null }
  | { ok: false; refused: { status: number; code: string; retryAfter: number | null } | null }

export interface Asked {
  id: number
  call: keyof Calls
  with: unknown[]
}

export type Told = { id: number; answer: unknown } | { id: number; failed: string } | { fetched: number }

const OPEN_AT_ONCE = 500
const schedule = Schedule.open()
let caseload: Caseload
let holder: Holder

const calls: Calls = {
  async open(who, device, day) {
    holder = who
    caseload = new Caseload(await schedule, { user: who.user, device })
    const firstName = await readStore()
    await readContent()
    return { overview: caseload.work(day), firstName }
  },
  work: async (day) => caseload.work(day),
  async saved(put, removed, day) {
    caseload.change(put, removed)
    return caseload.work(day)
  },
  drafted: async (put, removed) => caseload.change(put, removed),
  household: async (client) => caseload.household(client),
  context: async (client) => caseload.context(client),
  keyOf: async (client) => caseload.keyOf(client),
  draft: async (id) => caseload.draft(id),
  statedBy: async (record) => caseload.statedBy(record),
  async fetch(token, day) {
    try {
      return { ok: true, overview: (await fetchAll(token)) ? caseload.work(day) : null }
    } catch (error) {
      if (error instanceof NoConnection) return { ok: false, refused: null }
      if (error instanceof Refusal) {
        const { status, code, retryAfter } = error
        return { ok: false, refused: { status, code, retryAfter } }
      }
      throw error
    }
  },
}

async function readStore(): Promise<string> {
  const rows = await database.kept.where('user').equals(holder.user).toArray()
  let firstName = ''
  for (let at = 0; at < rows.length; at += OPEN_AT_ONCE) {
    const things = await Promise.all(rows.slice(at, at + OPEN_AT_ONCE).map((row) => opened(holder.key, row)))
    for (const thing of things) if (thing.what === 'profile') firstName = thing.firstName
    caseload.change(things)
  }
  return firstName
}

async function readContent(): Promise<void> {
  caseload.publish(published(await database.content.toArray()))
}

/** True when anything changed. */
async function fetchAll(token: string): Promise<boolean> {
  let changed = 0
  for (let complete = false; !complete; ) {
    const { cursor } = (await database.users.get(holder.user)) ?? { cursor: null }
    let went = false
    await pull(holder.user, cursor, token, async (batch) => {
      await keepBatch(batch, holder, caseload)
      changed += batch.put.length + batch.drop.length + batch.forget.length
      postMessage({ fetched: changed } satisfies Told)
      complete = batch.complete
      went ||= batch.cursor !== undefined
    })
    if (!went) throw new NoConnection()
  }
  const came = await fetchContent(token)
  if (came) await readContent()
  return changed > 0 || came
}

addEventListener('message', async ({ data }: MessageEvent<Asked>) => {
  try {
    const call = calls[data.call] as (...args: unknown[]) => Promise<unknown>
    postMessage({ id: data.id, answer: await call(...data.with) } satisfies Told)
  } catch (error) {
    // Only what kind of error it was: its text could hold something of a person.
    postMessage({ id: data.id, failed: error instanceof Error ? error.name : 'Error' } satisfies Told)
  }
})
