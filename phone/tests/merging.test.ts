// The server says that two pseudonyms are one woman, and takes it back: the phone shows one woman, and two again.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { enrolledPhone, USER } from './phone'
import { Caseload } from '@/caseload/caseload'
import { keepBatch } from '@/caseload/keeping'
import { personIn } from '@/caseload/overview'
import { indexOf, search } from '@/caseload/search'
import { Form, type FormDefinition } from '@/forms/model'
import { fromText, randomBytes, toBase64 } from '@/keys/bytes'
import { sealingKey, sealJson } from '@/keys/sealing'
import type { MadeRecord } from '@/records/record'
import { save } from '@/records/save'
import { Schedule } from '@/schedule/schedule'
import { database } from '@/store/database'
import { type Holder, keep, type KeptThing, opened } from '@/store/kept'
import { pull } from '@/sync/pull'
import { protocol, vocabulary } from './programme'

const DAY = 20_777 // 20 November 2026
const FIRST = '5b000000-0000-4000-8000-000000000001'
const SECOND = '5b000000-0000-4000-8000-000000000002'
const BABY = '5b000000-0000-4000-8000-000000000003'
const ENROLMENT: FormDefinition = {
  id: 'enrolment', version: '1', title: 'Enrolment', role: 'mother', enrols: true,
  questions: [{ path: 'group', type: 'text', fact: 'enrolled' }, { path: 'days', type: 'integer', fact: 'art.dispense' }],
} // prettier-ignore
const VISIT: FormDefinition = { ...ENROLMENT, id: 'visit', title: 'Visit', enrols: false, questions: ENROLMENT.questions.slice(1) }
const BIRTH: FormDefinition = {
  id: 'birth', version: '1', title: 'Birth', role: 'mother', enrols: false,
  questions: [{ path: 'baby', type: 'hidden' }, { path: 'born', type: 'date', fact: 'child.dob', about: 'baby' }],
} // prettier-ignore
const FORMS = [ENROLMENT, VISIT, BIRTH]

let schedules: Schedule[]
beforeAll(async () => {
  schedules = [await Schedule.open(), await Schedule.open()]
}, 30_000)
afterAll(() => schedules.forEach((schedule) => schedule.close()))

let made = 0
const recordOf = (client: string, form: string, happened: string, answers: MadeRecord['answers']): MadeRecord => ({
  id: `10000000-0000-4000-8000-${String(++made).padStart(12, '0')}`, client, form, form_version: '1', happened, precision: 'day',
  author: USER, device: 'd', counter: made, device_clock: `${happened}T09:00:00+02:00`, site: 3, organisation: 1, source: 'observed',
  relation: null, answers, seals: [], signature: '',
}) // prettier-ignore
const told = (record: MadeRecord) => ({ event: 'record', record, received: `${record.happened}T09:00:00.${String(made).padStart(6, '0')}+00:00` })

async function enrolled(client: string, first: string, happened: string, phone: string): Promise<object[]> {
  const record = recordOf(client, 'enrolment', happened, { group: 'mother_hiv_pos', days: 30 })
  const raw = randomBytes(32)
  const sealed = toBase64(await sealJson(await sealingKey(raw), { 'name.given': first, 'phone.number': phone }, `${record.id}/${client}`))
  return [{ event: 'client_in', client }, told(record), { event: 'identity', record: record.id, client, sealed, key: toBase64(raw) }]
}

let holder: Holder
let caseload: Caseload
let cursor = 0

async function pulled(events: object[]): Promise<void> {
  const lines = [...events, { event: 'cursor', cursor: `c${++cursor}`, complete: true, server_time: '' }]
  const body = new Blob([fromText(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))])
  const answered = globalThis.fetch
  globalThis.fetch = async () => new Response(body.stream())
  try {
    await pull(USER, null, 'token', (batch) => keepBatch(batch, holder, caseload))
  } finally {
    globalThis.fetch = answered
  }
}

function newCaseload(): Caseload {
  const [all, small] = schedules as [Schedule, Schedule]
  const one = new Caseload(all, small, { user: USER, device: 'd' })
  const forms = new Map(FORMS.map((form) => [form.id, new Form(form)]))
  const contents = new Map(FORMS.map((form) => [form.id, { form, xform: '' }]))
  one.publish({ forms: contents, protocol: protocol(), vocabulary: vocabulary(), version: (name: string) => forms.get(name) })
  return one
}

async function reopened(): Promise<Caseload> {
  const again = newCaseload()
  const things: KeptThing[] = await Promise.all((await database.kept.where('user').equals(USER).toArray()).map((row) => opened(holder.key, row)))
  again.change(things)
  return again
}

const ids = (of: Caseload) => of.work(DAY).people.map(({ client }) => client)
const dueOf = (of: Caseload, client: string) => of.household(client)?.next[client]?.open.map(({ due }) => due)
const merge = { event: 'merge', client: SECOND, person: FIRST }
const unmerge = { event: 'unmerge', client: SECOND }

beforeEach(async () => {
  await enrolledPhone()
  holder = { user: USER, key: await sealingKey(randomBytes(32)) }
  caseload = newCaseload()
  await pulled([
    ...(await enrolled(FIRST, 'Zione', '2026-10-01', '0991234567')),
    ...(await enrolled(SECOND, 'Chisomo', '2026-10-10', '0888111222')),
    told(recordOf(SECOND, 'birth', '2026-10-12', { baby: BABY, born: '2026-10-12' })),
  ])
  caseload.work(DAY)
}, 60_000)

describe('a woman with two pseudonyms', { timeout: 90_000 }, () => {
  it('is two before anybody says otherwise', () => {
    expect(ids(caseload)).toEqual([FIRST, SECOND, BABY])
    expect(dueOf(caseload, FIRST)).not.toEqual(dueOf(caseload, SECOND))
  })

  it('is one in lists, on her page, in what is due and in search, also after the phone was locked', async () => {
    const later = dueOf(caseload, SECOND)
    await pulled([merge])
    const now = caseload.workOn(DAY)
    for (const of of [caseload, await reopened()]) {
      expect(of.work(DAY)).toEqual(now)
      expect(ids(of)).toEqual([FIRST, BABY])
      expect(dueOf(of, FIRST)).toEqual(later) // by her latest supply, under whichever pseudonym
      expect(of.household(SECOND)).toEqual(of.household(FIRST))
      expect(of.household(FIRST)?.people.map(({ client }) => client)).toEqual([FIRST, BABY])
      expect(of.household(FIRST)?.entries.filter(({ kind }) => kind === 'enrolled')).toHaveLength(2)
      const index = indexOf(of.work(DAY).people)
      for (const text of ['zione', 'chisomo', '0991234567', '0888111222']) expect(search(index, text).map(({ client }) => client)).toEqual([FIRST])
    }
  })

  it('is two again when it is taken back, as if nothing had been said', async () => {
    const before = caseload.work(DAY)
    await pulled([merge])
    caseload.workOn(DAY)
    await pulled([unmerge])
    expect(caseload.workOn(DAY)).toEqual(before)
    expect((await reopened()).work(DAY)).toEqual(before)
    await pulled([merge, unmerge, merge, unmerge])
    expect(ids(await reopened())).toEqual([FIRST, SECOND, BABY])
    await pulled([merge, unmerge, merge])
    expect(ids(await reopened())).toEqual([FIRST, BABY])
  })

  it('is told anew when the feed begins again', async () => {
    await pulled([merge])
    await pulled([{ event: 'start_again' }])
    expect(ids(caseload)).toEqual([FIRST, SECOND, BABY])
    expect(ids(await reopened())).toEqual([FIRST, SECOND, BABY])
  })

  it('has what was written offline under either pseudonym', async () => {
    await pulled([merge])
    const saved = await save({
      user: USER, key: holder.key, form: new Form(VISIT), client: SECOND, yearOnly: new Set(),
      given: [{ place: 'days', entry: null, text: '60' }], keyOf: async (client) => caseload.keyOf(client), now: new Date('2026-11-20T09:00:00Z'),
    }) // prettier-ignore
    caseload.change(saved.put, saved.removed)
    caseload.workOn(DAY)
    expect(dueOf(caseload, FIRST)).toEqual([])
  })

  it('is named where a form about her was begun before', async () => {
    const draft: KeptThing = { what: 'draft', form: 'visit', version: '1', client: SECOND, instance: '<data/>', page: 0, yearOnly: [], at: 0 }
    await keep(USER, holder.key, draft)
    caseload.change([draft])
    await pulled([merge])
    const overview = caseload.work(DAY)
    expect(personIn(overview, SECOND)?.client).toBe(FIRST)
    expect(caseload.household(FIRST)?.drafts.map(({ client }) => client)).toEqual([SECOND])
    expect(caseload.draft(`draft/visit/${SECOND}`)).not.toBeNull()
  })

  it('is asked for under either pseudonym', async () => {
    const asked = { event: 'assignment', id: 'a1', client: SECOND, mentor: USER, task: 'trace', item: null, until: '2026-11-25', open: true }
    await pulled([merge, asked])
    const [group] = caseload.work(DAY).today.groups
    expect(group).toMatchObject({ group: 'look' })
    expect(group?.cards.map(({ client }) => client)).toEqual([FIRST])
  })

  it('leaves nothing behind when one of the two leaves', async () => {
    await pulled([merge])
    await pulled([unmerge, { event: 'client_out', client: SECOND }])
    expect(ids(await reopened())).toEqual([FIRST])
    expect((await database.kept.toArray()).map(({ id }) => id).filter((id) => id.startsWith('merge/'))).toEqual([])
  })
})
