// Once the server says that a name was erased, nothing on this phone opens it any more, whoever shares the phone.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { enrolledPhone, USER } from './phone'
import { Caseload } from '@/caseload/caseload'
import { keepBatch } from '@/caseload/keeping'
import type { Overview } from '@/caseload/overview'
import { basisOf, markOf, remember, remembered } from '@/caseload/remembered'
import { indexOf, search } from '@/caseload/search'
import { Form, type FormDefinition } from '@/forms/model'
import { fromText, randomBytes, toBase64 } from '@/keys/bytes'
import { sealingKey, sealJson } from '@/keys/sealing'
import type { MadeRecord } from '@/records/record'
import { save } from '@/records/save'
import { Schedule } from '@/schedule/schedule'
import { database } from '@/store/database'
import { type Holder, keep, type KeptThing, opened } from '@/store/kept'
import { takeUsers } from '@/store/users'
import { pull } from '@/sync/pull'
import { nameOf } from '@/words/tasks'
import { sayContact } from '@/words/reach'
import { protocol, vocabulary } from './programme'

const DAY = 20_777
const SHE = '5b000000-0000-4000-8000-000000000001'
const OTHER = '5b000000-0000-4000-8000-000000000002'
const NAMES = ['Zione', 'Phiri', 'Mbayani', '0991234567']
const ENROLMENT: FormDefinition = {
  id: 'enrolment', version: '1', title: 'Enrolment', role: 'mother', enrols: true,
  questions: [{ path: 'group', type: 'text', fact: 'enrolled' }],
} // prettier-ignore
const VISIT: FormDefinition = {
  id: 'visit', version: '1', title: 'Visit', role: 'mother', enrols: false,
  questions: [
    { path: 'place', type: 'text', fact: 'visit' },
    { path: 'number', type: 'text', identity: 'phone.number' },
  ],
} // prettier-ignore

let schedules: Schedule[]
beforeAll(async () => {
  schedules = [await Schedule.open(), await Schedule.open()]
}, 30_000)
afterAll(() => schedules.forEach((schedule) => schedule.close()))

const published = () => {
  const forms = [ENROLMENT, VISIT].map((one): [string, Form] => [one.id, new Form(one)])
  const contents = new Map([ENROLMENT, VISIT].map((one) => [one.id, { form: one, xform: '' }]))
  return { forms: contents, protocol: protocol(), vocabulary: vocabulary(), version: (name: string) => new Map(forms).get(name) }
}
const recordOf = (client: string): MadeRecord => ({
  id: `1${client.slice(1)}`, client, form: 'enrolment', form_version: '1', happened: '2026-11-01', precision: 'day', author: USER,
  device: 'd', counter: 1, device_clock: '2026-11-01T09:00:00+02:00', site: 3, organisation: 1, source: 'observed',
  relation: null, answers: { group: 'mother_hiv_pos' }, seals: [], signature: '',
}) // prettier-ignore

/** Her record and sealed identity as the server gives them. */
async function given(client: string, first: string): Promise<object[]> {
  const record = recordOf(client)
  const raw = randomBytes(32)
  const answers = { 'name.given': first, 'name.family': 'Phiri', 'address.village': 'Mbayani', 'phone.number': '0991234567' }
  const sealed = toBase64(await sealJson(await sealingKey(raw), answers, `${record.id}/${client}`))
  return [
    { event: 'client_in', client },
    { event: 'record', record, received: '2026-11-01T09:00:00+00:00' },
    { event: 'identity', record: record.id, client, sealed, key: toBase64(raw) },
  ]
}

let holder: Holder
let caseload: Caseload
let cursor = 0

async function pulled(events: object[], into = { holder, caseload }): Promise<void> {
  const lines = [...events, { event: 'cursor', cursor: `c${++cursor}`, complete: true, server_time: '' }]
  const body = new Blob([fromText(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))])
  const answered = globalThis.fetch
  globalThis.fetch = async () => new Response(body.stream())
  try {
    await pull(into.holder.user, null, 'token', (batch) => keepBatch(batch, into.holder, into.caseload))
  } finally {
    globalThis.fetch = answered
  }
}

function newCaseload(user: string): Caseload {
  const [all, small] = schedules as [Schedule, Schedule]
  const made = new Caseload(all, small, { user, device: 'd' })
  made.publish(published())
  return made
}

/** Everything that these keys open of what lies on the phone. */
async function readable(...keys: CryptoKey[]): Promise<string> {
  const rows = await database.kept.toArray()
  const things = await Promise.all(rows.flatMap((row) => keys.map((key) => opened(key, row).catch(() => null))))
  return JSON.stringify(things.filter(Boolean))
}

const erase = { event: 'erase', client: SHE }

beforeEach(async () => {
  await enrolledPhone()
  holder = { user: USER, key: await sealingKey(randomBytes(32)) }
  caseload = newCaseload(USER)
  await pulled([...(await given(SHE, 'Zione')), ...(await given(OTHER, 'Rosa'))])
  await remember(holder, caseload.work(DAY), basisOf(caseload, DAY, await markOf(USER)))
}, 30_000)

describe('a name that was erased', { timeout: 30_000 }, () => {
  it('was readable before, or these tests say nothing', async () => {
    const before = await readable(holder.key)
    for (const name of NAMES) expect(before).toContain(name)
    expect((await remembered(holder, DAY))?.people.map(({ first }) => first)).toContain('Zione')
  })

  it('is opened by no key any more, and neither is a form begun about her', async () => {
    const typed = '<data><given>Zione</given></data>'
    await keep(USER, holder.key, { what: 'draft', form: 'visit', version: '1', client: SHE, instance: typed, page: 0, yearOnly: [], at: 0 })
    await pulled([erase])
    expect(await readable(holder.key)).not.toContain('Zione')
    expect(await readable(holder.key)).toContain('Rosa')
    expect(await remembered(holder, DAY)).toBeNull()
    expect(caseload.keyOf(SHE)).toBe(false)
  })

  it('is gone from lists and search; her care stays', async () => {
    await pulled([erase])
    for (const of of [caseload, await reopened()]) {
      const { people } = of.work(DAY)
      const she = people.find(({ client }) => client === SHE)
      expect(nameOf(she)).toBe('Name erased')
      expect([she?.first, she?.family, she?.village, she?.phone]).toEqual(['', '', '', ''])
      for (const name of ['zione', '0991234567']) expect(search(indexOf(people), name).filter(({ client }) => client === SHE)).toEqual([])
      const household = of.household(SHE)
      expect(household?.entries.length).toBeGreaterThan(0)
      expect(household?.contact).toMatchObject({ erased: true, call: false, visit: false, lookFor: false })
      expect(sayContact(household!.contact)[0]).toBe('Her name was erased.')
    }
  })

  it('is gone for colleagues who share the phone, before they open it again', async () => {
    const bea = { user: 'bea', key: await sealingKey(randomBytes(32)) }
    await takeUsers([USER, 'bea'].map((id) => ({ id, first_name: id, role: 'mentor', language: 'en' })))
    await pulled(await given(SHE, 'Zione'), { holder: bea, caseload: newCaseload('bea') })
    await remember(bea, { people: [{ client: SHE, first: 'Zione' }] } as Overview, 'basis')
    expect(await readable(bea.key)).toContain('Zione')
    await pulled([erase])
    expect(await readable(holder.key, bea.key)).not.toContain('Zione')
  })

  it('is not brought back by the same batch, nor by what is written down later', async () => {
    await pulled([...(await given(SHE, 'Zione')), erase])
    expect(await readable(holder.key)).not.toContain('Zione')
    const saved = await save({
      user: USER, key: holder.key, form: new Form(VISIT), client: SHE, yearOnly: new Set(),
      given: [{ place: 'place', entry: null, text: 'clinic' }, { place: 'number', entry: null, text: '0991234567' }],
      keyOf: async (client) => caseload.keyOf(client), now: new Date('2026-11-20T09:00:00Z'),
    }) // prettier-ignore
    expect(saved.put.map(({ what }) => what)).toEqual(['record'])
    const lying = await readable(holder.key)
    expect(lying).toContain('clinic')
    expect(lying.split('0991234567').length - 1).toBe(1) // Rosa's, who has the same
  })

  it('is forgotten with her when she leaves, and told again when she comes back', async () => {
    await pulled([erase])
    await pulled([{ event: 'client_out', client: SHE }])
    expect(await readable(holder.key)).not.toContain(SHE)
    await pulled([{ event: 'client_in', client: SHE }, erase, { event: 'record', record: recordOf(SHE), received: null }])
    expect(nameOf(caseload.work(DAY).people.find(({ client }) => client === SHE))).toBe('Name erased')
  })
})

/** The same store after the phone was locked and opened again. */
async function reopened(): Promise<Caseload> {
  const again = newCaseload(USER)
  const things: KeptThing[] = await Promise.all((await database.kept.where('user').equals(USER).toArray()).map((row) => opened(holder.key, row)))
  again.change(things)
  return again
}
