// The worker around a caseload. It is started while the user still types her PIN, and ended when she locks.

import { Caseload } from '@/caseload/caseload'
import { published } from '@/caseload/content'
import { askForCards } from '@/caseload/asking'
import { fetchContent, keepBatch } from '@/caseload/keeping'
import type { Correctable, Draft, Household, Overview } from '@/caseload/overview'
import { type Basis, basisOf, type Mark, markOf, remember, remembered } from '@/caseload/remembered'
import type { Entry } from '@/caseload/timeline'
import type { Context } from '@/forms/engine'
import { Schedule } from '@/schedule/schedule'
import { database } from '@/store/database'
import { type Holder, type KeptDraft, type KeptProfile, type KeptThing, keptOf, opened, OVERVIEW, PROFILE } from '@/store/kept'
import { pull } from '@/sync/pull'
import { NoConnection, Refusal } from '@/sync/server'

/** What the screens may ask the worker. */
export interface Calls {
  open(holder: Holder, device: string, day: number): Promise<{ overview: Overview; firstName: string }>
  work(day: number): Promise<Overview>
  saved(put: KeptThing[], removed: string[], day: number): Promise<Overview>
  drafted(put: KeptThing[], removed: string[]): Promise<Draft[]>
  /** A card that was shown without a network, asked for or done with. */
  requested(put: KeptThing[], removed: string[], day: number): Promise<Overview>
  household(client: string): Promise<Household | null>
  context(client: string): Promise<Context>
  keyOf(client: string): Promise<string | null | false>
  draft(id: string): Promise<KeptDraft | null>
  statedBy(record: string): Promise<Entry[]>
  correctable(ids: string[]): Promise<Correctable[]>
  fetch(token: string, day: number): Promise<Fetched>
  /** The last thing before it is ended. */
  rest(): Promise<void>
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

export type Told = { id: number; answer: unknown } | { id: number; failed: string } | { fetched: number } | { overview: Overview }

const OPEN_AT_ONCE = 500
const REMEMBER_AFTER_MS = 1500
const schedules = warmUp()
let caseload: Caseload
let holder: Holder
/** How far the store had come that the caseload was read from. */
let mark: Mark
let remembering: ReturnType<typeof setTimeout> | undefined
/** What was told and is not remembered yet. */
let last: { overview: Overview; basis: Basis } | null = null
/** Everything read and worked out; whatever is asked before waits for it. */
let loaded: Promise<Overview>

const calls: Calls = {
  async open(who, device, day) {
    holder = who
    const [all, small] = await schedules
    caseload = new Caseload(all, small, { user: who.user, device })
    const [profile, before] = await Promise.all([keptOf<KeptProfile>(who.user, who.key, PROFILE), remembered(who, day)])
    loaded = load(day)
    if (before) void loaded.then((overview) => postMessage({ overview } satisfies Told))
    return { overview: before ?? (await loaded), firstName: profile?.firstName ?? '' }
  },
  work: async (day) => told(caseload.work(day)),
  async saved(put, removed, day) {
    // Without waiting for anything: what is asked next is about this record.
    mark.counter += 1
    caseload.change(put, removed)
    return told(caseload.workOn(day))
  },
  async drafted(put, removed) {
    caseload.change(put, removed)
    return caseload.drafts()
  },
  async requested(put, removed, day) {
    caseload.change(put, removed)
    return told(caseload.workOn(day))
  },
  household: async (client) => caseload.household(client),
  context: async (client) => caseload.context(client),
  keyOf: async (client) => caseload.keyOf(client),
  draft: async (id) => caseload.draft(id),
  statedBy: async (record) => caseload.statedBy(record),
  correctable: async (ids) => caseload.correctable(ids),
  rest: rememberLast,
  async fetch(token, day) {
    try {
      return { ok: true, overview: await fetchAll(token, day) }
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

/** Two schedules that have run the protocol over nothing: the first run is slow, and nobody waits for this one. */
async function warmUp(): Promise<[Schedule, Schedule]> {
  const both: [Schedule, Schedule] = [await Schedule.open(), await Schedule.open()]
  const { protocol } = published(await database.content.toArray())
  for (const schedule of protocol ? both : []) {
    schedule.fill([], [])
    schedule.run(protocol?.statements ?? [], 0)
  }
  return both
}

function told(overview: Overview): Overview {
  last = { overview, basis: basisOf(caseload, overview.day, mark) }
  clearTimeout(remembering)
  remembering = setTimeout(() => void rememberLast(), REMEMBER_AFTER_MS)
  return overview
}

async function rememberLast(): Promise<void> {
  clearTimeout(remembering)
  const seen = last
  last = null
  if (seen) await remember(holder, seen.overview, seen.basis)
}

async function load(day: number): Promise<Overview> {
  mark = await markOf(holder.user)
  await Promise.all([readStore(), readContent()])
  return told(caseload.work(day))
}

async function readStore(): Promise<void> {
  const rows = await database.kept.where('user').equals(holder.user).toArray()
  const pieces = rows.filter(({ id }) => id !== OVERVIEW)
  for (let at = 0; at < pieces.length; at += OPEN_AT_ONCE) {
    caseload.change(await Promise.all(pieces.slice(at, at + OPEN_AT_ONCE).map((row) => opened(holder.key, row))))
  }
}

async function readContent(): Promise<void> {
  caseload.publish(published(await database.content.toArray()))
}

/** The new overview, or null when nothing has changed. */
async function fetchAll(token: string, day: number): Promise<Overview | null> {
  let pieces = await askForCards(token, holder, caseload)
  let announced = false
  for (let complete = false; !complete; ) {
    const { cursor } = (await database.users.get(holder.user)) ?? { cursor: null }
    let went = false
    await pull(holder.user, cursor, token, async (batch) => {
      last = null
      await keepBatch(batch, holder, caseload)
      if (batch.cursor !== undefined) mark.cursor = batch.cursor
      announced ||= batch.announced.length > 0
      pieces += batch.put.length + batch.drop.length + batch.forget.length
      postMessage({ fetched: pieces } satisfies Told)
      complete = batch.complete
      went ||= batch.cursor !== undefined
    })
    if (!went) throw new NoConnection()
  }
  // What was announced may be here already: an older protocol is in force again.
  if ((await fetchContent(token)) || announced) {
    await readContent()
    return told(caseload.work(day))
  }
  return pieces ? told(caseload.workOn(day)) : null
}

addEventListener('message', async ({ data }: MessageEvent<Asked>) => {
  try {
    if (data.call !== 'open') await loaded
    const call = calls[data.call] as (...args: unknown[]) => Promise<unknown>
    postMessage({ id: data.id, answer: await call(...data.with) } satisfies Told)
  } catch (error) {
    // Only what kind of error it was: its text could hold something of a person.
    postMessage({ id: data.id, failed: error instanceof Error ? error.name : 'Error' } satisfies Told)
  }
})
