import { beforeEach, describe, expect, it, vi } from 'vitest'
import { enrolledPhone, USER } from './phone'
import { filled, type Given, textsOf, yearsOnly } from '@/forms/answers'
import { Form, type FormDefinition } from '@/forms/model'
import { type Bytes, fromBase64, fromText, randomBytes, sha256Hex, toBase64 } from '@/keys/bytes'
import { sealingKey, unsealJson } from '@/keys/sealing'
import { CLIENT_KEY } from '@/keys/server-seal'
import { canonicalText } from '@/records/record'
import { save, type ToSave } from '@/records/save'
import { database } from '@/store/database'
import { raiseCounter } from '@/store/device'
import { keep, keptOf, type KeptIdentity, type KeptRecord, opened } from '@/store/kept'

const ENROLMENT: FormDefinition = {
  id: 'enrolment', version: '2026-11-20', title: 'Enrol', role: 'mother', enrols: true,
  questions: [
    { path: 'keep/data_use', type: 'select', choices: ['given', 'refused'], fact: 'consent.data_use' },
    { path: 'person/given_name', type: 'text', identity: 'name.given' },
    { path: 'reach/hours', type: 'select_multiple', choices: ['morning', 'evening'], identity: 'contact.hours' },
    { path: 'test/source', type: 'select', choices: ['register', 'lab'], record: 'source' },
    { path: 'test/since', type: 'date', partial: 'month-year', fact: 'hiv.diagnosis' },
    { path: 'note', type: 'text', identity: 'note' },
    { path: 'other_note', type: 'text', identity: 'note' },
  ],
} // prettier-ignore
const BIRTH: FormDefinition = {
  id: 'birth', version: '2026-11-20', title: 'Birth', role: 'mother', enrols: false,
  questions: [
    { path: 'when/born_on', type: 'date' },
    { path: 'baby_id', repeat: 'baby', type: 'calculated' },
    { path: 'baby_name', repeat: 'baby', type: 'text', about: 'baby_id', identity: 'name.given' },
    { path: 'weight', repeat: 'baby', type: 'decimal', fact: 'growth.weight', about: 'baby_id' },
    { path: 'note', type: 'text', identity: 'note' },
  ],
} // prettier-ignore
const TWINS = ['b0000000-0000-4000-8000-000000000001', 'b0000000-0000-4000-8000-000000000002']

let phone: Awaited<ReturnType<typeof enrolledPhone>>
let key: CryptoKey
const clientKeys = new Map<string, string>()

beforeEach(async () => {
  phone = await enrolledPhone()
  key = await sealingKey(randomBytes(32))
  clientKeys.clear()
})

function given(answers: Record<string, string>, entries: Record<string, string>[] = []): Given[] {
  const plain = Object.entries(answers).map(([place, text]) => ({ place, entry: null, text }))
  const inside = entries.flatMap((one, entry) => Object.entries(one).map(([place, text]) => ({ place, entry, text })))
  return [...plain, ...inside]
}

function toSave(form: FormDefinition, answers: Given[], more: Partial<ToSave> = {}): ToSave {
  return {
    user: USER, key, form: new Form(form), client: null, given: answers, yearOnly: new Set(),
    keyOf: async (client) => clientKeys.get(client) ?? null, now: new Date(2026, 10, 20, 9, 12, 44), ...more,
  } // prettier-ignore
}

const ENROLLED = {
  'keep/data_use': 'given', 'person/given_name': 'Zione', 'reach/hours': 'morning evening', 'test/source': 'register',
  'test/since': '2019-01-01', note: 'first', other_note: 'second',
} // prettier-ignore

async function identityOf(sealed: string, clientKey: Bytes, belongsTo: string): Promise<unknown> {
  return unsealJson(await sealingKey(clientKey), fromBase64(sealed), belongsTo)
}

describe('enrolling her', () => {
  it('makes a record without identity, signed, with a sealed identity and her key beside it', async () => {
    const saved = await save(toSave(ENROLMENT, given(ENROLLED), { yearOnly: new Set(['test/since']) }))
    const [parcel] = await phone.parcels()
    const { record, identities } = parcel!
    expect(record).toMatchObject({
      id: saved.record, client: saved.client, form: 'enrolment', form_version: '2026-11-20', happened: '2026-11-20',
      author: USER, counter: 42, site: 3, organisation: 1, source: 'register', relation: null,
      answers: { 'keep/data_use': 'given', 'test/source': 'register', 'test/since': '2019' },
    }) // prettier-ignore
    expect(JSON.stringify(record)).not.toContain('Zione')
    const clientKey = await phone.open(identities[0]!.key!, CLIENT_KEY)
    expect(await identityOf(identities[0]!.sealed, clientKey, `${record.id}/${record.client}`)).toEqual({
      'name.given': 'Zione', 'contact.hours': ['morning', 'evening'], note: 'first · second',
    }) // prettier-ignore
    expect(record.seals).toEqual([await sha256Hex(fromBase64(identities[0]!.sealed))])
  })

  it('is signed by this phone over everything but the signature', async () => {
    await save(toSave(ENROLMENT, given(ENROLLED)))
    const { signature, ...rest } = (await phone.parcels())[0]!.record
    const spki = await crypto.subtle.importKey('spki', fromBase64(phone.publicKey), { name: 'ECDSA', namedCurve: 'P-256' }, true, ['verify'])
    const how = { name: 'ECDSA', hash: 'SHA-256' }
    expect(await crypto.subtle.verify(how, spki, fromBase64(signature), fromText(canonicalText(rest)))).toBe(true)
  })

  it('keeps record and identity in her own store too, sealed', async () => {
    const { record, client } = await save(toSave(ENROLMENT, given(ENROLLED)))
    expect(await keptOf<KeptRecord>(USER, key, record)).toMatchObject({ what: 'record', received: null })
    expect(await keptOf<KeptIdentity>(USER, key, `${record}/${client}`)).toMatchObject({ answers: { 'name.given': 'Zione' } })
    const rows = await database.kept.toArray()
    expect(rows.map(({ sealed }) => new TextDecoder('latin1').decode(sealed)).join()).not.toContain('Zione')
    await expect(opened(await sealingKey(randomBytes(32)), rows[0]!)).rejects.toThrow()
  })

  it('keeps nothing of a woman who does not want it, but counts her', async () => {
    const { client } = await save(toSave(ENROLMENT, given({ 'keep/data_use': 'refused' })))
    const [parcel] = await phone.parcels()
    expect(client).toBeNull()
    expect(parcel).toMatchObject({ record: { client: null, seals: [], answers: { 'keep/data_use': 'refused' } }, identities: [] })
    expect(await database.kept.count()).toBe(0)
  })
})

describe('a birth with twins', () => {
  const answers = given({ 'when/born_on': '2026-11-19', note: 'tired' }, [
    { 'baby/baby_id': TWINS[0]!, 'baby/baby_name': 'Limbani', 'baby/weight': '2.9' },
    { 'baby/baby_id': TWINS[1]!, 'baby/weight': '2.6' },
  ])

  it('seals each under a key of its own, also one without a name, and the mother under hers', async () => {
    const mother = 'c0000000-0000-4000-8000-000000000001'
    const hers = randomBytes(32)
    clientKeys.set(mother, toBase64(hers))
    await save(toSave(BIRTH, answers, { client: mother }))
    const { record, identities } = (await phone.parcels())[0]!
    expect(identities.map(({ client, key: made }) => [client, made !== null])).toEqual([[mother, false], [TWINS[0], true], [TWINS[1], true]])
    expect(await identityOf(identities[0]!.sealed, hers, `${record.id}/${mother}`)).toEqual({ note: 'tired' })
    const keys = await Promise.all(identities.slice(1).map((one) => phone.open(one.key!, CLIENT_KEY)))
    expect(await identityOf(identities[1]!.sealed, keys[0]!, `${record.id}/${TWINS[0]}`)).toEqual({ 'name.given': 'Limbani' })
    expect(await identityOf(identities[2]!.sealed, keys[1]!, `${record.id}/${TWINS[1]}`)).toEqual({})
    expect(record.answers).toEqual({
      'when/born_on': '2026-11-19',
      baby: [{ baby_id: TWINS[0], weight: 2.9 }, { baby_id: TWINS[1], weight: 2.6 }],
    }) // prettier-ignore
  })
})

describe('a group talk', () => {
  const GROUP: FormDefinition = {
    id: 'group_session', version: '2026-11-21', title: 'Group talk', role: 'nobody', enrols: false,
    questions: [{ path: 'held_on', type: 'date', record: 'happened' }, { path: 'women', type: 'integer' }],
  } // prettier-ignore

  it('is about nobody, on the day it was held, and stays in her own numbers', async () => {
    const { client, record } = await save(toSave(GROUP, given({ held_on: '2026-11-18', women: '12' })))
    const [parcel] = await phone.parcels()
    expect(client).toBeNull()
    expect(parcel).toMatchObject({ record: { client: null, happened: '2026-11-18', answers: { held_on: '2026-11-18', women: 12 } }, identities: [] })
    expect(await keptOf<KeptRecord>(USER, key, record)).toMatchObject({ what: 'record' })
  })
})

describe('putting right', () => {
  it('writes beside what it corrects, on the day of that', async () => {
    clientKeys.set('c1', toBase64(randomBytes(32)))
    const corrects = { type: 'amends' as const, record: 'r0', happened: '2026-11-02' }
    const saved = await save(toSave(BIRTH, given({ 'when/born_on': '2026-11-01', note: 'later' }), { client: 'c1', corrects }))
    const [parcel] = await phone.parcels()
    expect(parcel).toMatchObject({ record: { client: 'c1', happened: '2026-11-02', relation: { type: 'amends', record: 'r0' } } })
    expect(saved.removed).toEqual(['draft/birth/c1/r0'])
  })

  it('takes back without saying anything else', async () => {
    const corrects = { type: 'withdraws' as const, record: 'r0', happened: '2026-11-02' }
    await save(toSave(BIRTH, [], { client: 'c1', corrects }))
    const [parcel] = await phone.parcels()
    expect(parcel).toMatchObject({ record: { relation: { type: 'withdraws', record: 'r0' }, answers: {}, seals: [] }, identities: [] })
  })
})

describe('counters', () => {
  it('are each used once, also when two are saved at once', async () => {
    const saving = () => save(toSave(ENROLMENT, given(ENROLLED)))
    await Promise.all([saving(), saving(), saving()])
    const used = (await phone.parcels()).map(({ record }) => record.counter)
    expect(used.sort()).toEqual([42, 43, 44])
  })

  it('go on from the highest the server has seen', async () => {
    await raiseCounter(500)
    await raiseCounter(7)
    await save(toSave(ENROLMENT, given(ENROLLED)))
    expect((await phone.parcels())[0]!.record.counter).toBe(501)
  })
})

describe('when the phone cannot keep it', () => {
  it('nothing of it is there, the counter is free again and the draft stays', async () => {
    await keep(USER, key, { what: 'draft', form: 'enrolment', version: '1', client: null, instance: '', page: 0, yearOnly: [], at: 0 })
    const full = vi.spyOn(database.kept, 'bulkPut').mockRejectedValueOnce(new DOMException('full', 'QuotaExceededError'))
    await expect(save(toSave(ENROLMENT, given(ENROLLED)))).rejects.toThrow()
    full.mockRestore()
    expect(await database.outbox.count()).toBe(0)
    expect(await database.kept.count()).toBe(1)
    expect((await database.device.get('device'))?.counter).toBe(41)
    await save(toSave(ENROLMENT, given(ENROLLED)))
    expect((await phone.parcels())[0]!.record.counter).toBe(42)
    expect(await keptOf(USER, key, 'draft/enrolment/new')).toBeNull()
  })
})

describe('what was written before', () => {
  const form = new Form(ENROLMENT)
  const answers = { 'keep/data_use': 'given', 'test/source': 'register', 'test/since': '2019' }
  const identities = { c1: { 'name.given': 'Zione', 'contact.hours': ['morning', 'evening'], note: 'first · second' } }

  it('comes back into the form as it was given, also what was sealed', () => {
    const textOf = textsOf(form, { client: 'c1', answers, identities })
    const texts = Object.fromEntries(ENROLMENT.questions.map((question) => [question.path, textOf(question, null)]))
    expect(texts).toEqual({
      'keep/data_use': 'given', 'person/given_name': 'Zione', 'reach/hours': 'morning evening', 'test/source': 'register',
      'test/since': '2019-01-01', note: 'first · second', other_note: '',
    }) // prettier-ignore
    expect(yearsOnly(form, answers)).toEqual(['test/since'])
  })

  it('gives the same answers again when nothing is changed', () => {
    const textOf = textsOf(form, { client: 'c1', answers, identities })
    const again = ENROLMENT.questions.map((question) => ({ place: question.path, entry: null, text: textOf(question, null) }))
    const found = filled(form, again.filter(({ text }) => text), new Set(yearsOnly(form, answers)))
    expect(found.answers).toEqual(answers)
    expect(found.identities.get('')).toEqual(identities.c1)
  })

  it('comes back for each of twins', () => {
    const birth = new Form(BIRTH)
    const twins = { baby: [{ baby_id: TWINS[0]!, weight: 2.9 }, { baby_id: TWINS[1]!, weight: 2.6 }] }
    const textOf = textsOf(birth, { client: 'm', answers: twins, identities: { [TWINS[1]!]: { 'name.given': 'Limbani' } } })
    const name = birth.byPlace.get('baby/baby_name')!
    const weight = birth.byPlace.get('baby/weight')!
    expect([textOf(name, 0), textOf(name, 1), textOf(weight, 0), textOf(weight, 1)]).toEqual(['', 'Limbani', '2.9', '2.6'])
  })
})
