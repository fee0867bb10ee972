// Whoever looks after a baby is asked about it; a mother who has died, or who lives elsewhere, is not.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Caseload } from '@/caseload/caseload'
import type { Published } from '@/caseload/content'
import type { Overview } from '@/caseload/overview'
import { isoDay, parseDay } from '@/facts/days'
import { type Answers, Form, type FormDefinition, type Question } from '@/forms/model'
import type { MadeRecord } from '@/records/record'
import { Schedule } from '@/schedule/schedule'
import type { IdentityAnswer, KeptThing } from '@/store/kept'
import { sayContact } from '@/words/reach'
import { carerOf, nameOf, sayCard } from '@/words/tasks'
import { protocol, vocabulary } from './programme'

const DAY = parseDay('2026-11-20').day
const said = (path: string, fact: string, more: Partial<Question> = {}): Question => ({ path, type: 'text', fact, ...more })
const form = (id: string, role: string, questions: Question[], enrols = false): FormDefinition => ({ id, version: '1', title: id, role, enrols, questions })
const CONSENTS = [said('follow_up', 'consent.follow_up'), said('phone', 'consent.phone'), said('home', 'consent.home_visit')]
const FORMS = [
  form('enrolment', 'mother', [said('group', 'enrolled'), ...CONSENTS, { path: 'since', type: 'date', fact: 'hiv.diagnosis', value: '-' }], true),
  form('birth', 'mother', [
    said('outcome', 'delivery', { day: 'born' }), { path: 'born', type: 'date' }, { path: 'id', repeat: 'baby', type: 'calculated' },
    said('joins', 'enrolled', { repeat: 'baby', about: 'id' }), { path: 'dob', repeat: 'baby', type: 'date', fact: 'child.dob', value: '-', about: 'id' },
  ]),
  form('death', 'mother', [said('died', 'death')]),
  form('partner', 'mother', [said('known', 'partner.hiv_test')]),
  form('partner_enrolment', 'partner', [said('group', 'enrolled'), ...CONSENTS], true),
  form('infant_enrolment', 'infant', [
    said('joins', 'enrolled'), { path: 'dob', type: 'date', fact: 'child.dob', value: '-' }, said('exposed', 'exposed'), said('carer', 'caregiver.since'), ...CONSENTS,
  ], true),
  form('caregiver', 'infant', [said('carer', 'caregiver.since'), ...CONSENTS]),
] // prettier-ignore

const opened: Schedule[] = []
let caseload: Caseload
let counter = 0
let overview: Overview

beforeAll(async () => {
  opened.push(await Schedule.open(), await Schedule.open())
}, 30_000)
afterAll(() => opened.forEach((schedule) => schedule.close()))

function write(name: string, client: string, answers: Answers, sealed: Record<string, IdentityAnswer> = {}): void {
  counter += 1
  const record: MadeRecord = {
    id: `r${String(counter).padStart(3, '0')}`, client, form: name, form_version: '1', happened: isoDay(DAY), precision: 'day', author: 'me',
    device: 'phone', counter, device_clock: '', site: 1, organisation: 1, source: 'register', relation: null, answers, seals: [], signature: '',
  } // prettier-ignore
  const put: KeptThing[] = [{ what: 'record', record, received: null }]
  if (Object.keys(sealed).length) put.push({ what: 'identity', record: record.id, client, answers: sealed, key: 'k' })
  caseload.change(put)
  overview = caseload.workOn(DAY)
}

/** Grace agreed to everything and has twins of three months. */
beforeEach(() => {
  counter = 0
  const forms = new Map(FORMS.map((one) => [one.id, new Form(one)]))
  const contents = new Map(FORMS.map((one) => [one.id, { form: one, xform: '' }]))
  const published: Published = { forms: contents, protocol: protocol(), vocabulary: vocabulary(), version: (name) => forms.get(name) }
  caseload = new Caseload(opened[0]!, opened[1]!, { user: 'me', device: 'phone' })
  caseload.publish(published)
  caseload.work(DAY)
  const agreed = { follow_up: 'given', phone: 'given', home: 'given' }
  write('enrolment', 'grace', { group: 'mother_hiv_pos', since: isoDay(DAY - 900), ...agreed },
    { 'name.given': 'Grace', 'phone.number': '0991 000 001', 'phone.owner': 'own', 'address.village': 'Mbayani' }) // prettier-ignore
  const baby = ['tiya', 'yami'].map((id) => ({ id, joins: 'infant', dob: isoDay(DAY - 90) }))
  write('birth', 'grace', { outcome: 'live', born: isoDay(DAY - 90), baby })
})

const toGrandmother = (baby: string, more: Answers = {}) =>
  write('caregiver', baby, { carer: 'grandmother', follow_up: 'given', phone: 'given', home: 'refused', ...more },
    { 'caregiver.name': 'Esnart', 'phone.number': '0888 000 002', 'phone.owner': 'own', 'contact.hours': ['early'], 'contact.wording': 'neutral' }) // prettier-ignore
const under = (client: string) => caseload.household(client)?.people.map((person) => person.client)
const cards = () => overview.today.groups.flatMap(({ cards: found }) => found)

describe('a baby whom somebody else looks after', { timeout: 30_000 }, () => {
  it('lives with its mother until somebody says otherwise', () => {
    expect(under('tiya')).toEqual(['grace', 'tiya', 'yami'])
    expect(caseload.household('tiya')).toMatchObject({ kin: [], contact: { whose: 'her', number: '0991 000 001' } })
    expect(caseload.context('grace').youngest_child).toBe('tiya')
  })

  it('has a house of its own, with its own way to be reached; her visits ask about the other', () => {
    toGrandmother('tiya')
    expect([under('tiya'), under('grace')]).toEqual([['tiya'], ['grace', 'yami']])
    expect(caseload.household('tiya')?.contact).toMatchObject({ whose: 'carer', call: true, visit: false, lookFor: true, number: '0888 000 002' })
    expect(caseload.household('grace')?.contact).toMatchObject({ whose: 'her', visit: true, number: '0991 000 001' })
    expect(caseload.household('grace')?.kin.map(({ client }) => client)).toEqual(['tiya'])
    expect(caseload.context('grace').youngest_child).toBe('yami')
  })

  it('stands on the list with whoever looks after it', () => {
    toGrandmother('tiya')
    const card = cards().find(({ client }) => client === 'tiya')!
    const personOf = (client: string) => overview.people.find((person) => person.client === client)
    expect(sayCard(card, personOf, DAY).who).toBe('Baby · with Esnart')
    expect(cards().find(({ client }) => client === 'grace')?.people).not.toContain('tiya')
  })

  it('is told of in words that are not about her', () => {
    toGrandmother('tiya')
    const words = sayContact(caseload.household('tiya')!.contact).join(' ')
    expect(words).toBe('Their own phone. Only before 9. If somebody else answers: say that you called, no more.')
    toGrandmother('tiya', { follow_up: 'refused', phone: 'refused' })
    expect(caseload.household('tiya')?.contact).toMatchObject({ none: true, call: false })
  })

  it('shares a roof with its twin there, and comes back to its mother', () => {
    toGrandmother('yami')
    toGrandmother('tiya')
    expect([under('tiya'), under('yami'), under('grace')]).toEqual([['tiya', 'yami'], ['yami', 'tiya'], ['grace']])
    write('caregiver', 'yami', { carer: 'mother' })
    expect([under('tiya'), under('yami')]).toEqual([['tiya'], ['grace', 'yami']])
    expect(caseload.household('yami')?.contact).toMatchObject({ whose: 'her', number: '0991 000 001' })
  })

  it('is not looked for while nobody knows who has it, also by what an earlier one agreed to', () => {
    toGrandmother('tiya')
    write('caregiver', 'tiya', { carer: 'not_known' })
    expect(caseload.household('tiya')?.contact).toMatchObject({ whose: 'unknown', call: false, visit: false, lookFor: false, number: '' })
  })
})

describe('a mother who has died', { timeout: 30_000 }, () => {
  beforeEach(() => write('death', 'grace', { died: 'yes' }))

  it('is not called; her babies stay on the list, and it is asked who has them', () => {
    expect(caseload.household('grace')?.contact).toMatchObject({ whose: 'died', call: false, visit: false, lookFor: false, number: '' })
    expect(caseload.household('tiya')?.contact).toMatchObject({ whose: 'unknown', number: '' })
    expect(under('tiya')).toEqual(['tiya', 'yami'])
    expect(caseload.household('tiya')?.kin.map(nameOf)).toEqual(['Grace'])
    expect(cards().map(({ client }) => client)).toEqual(['tiya'])
    expect(cards()[0]).toMatchObject({ mayVisit: false, mayLookFor: false, people: ['tiya', 'yami'] })
  })

  it('is not who looks after them, even if that stands of before', () => {
    write('caregiver', 'tiya', { carer: 'mother' })
    expect(caseload.household('tiya')?.contact.whose).toBe('unknown')
  })

  it('leaves the way to whoever has them', () => {
    toGrandmother('tiya')
    expect(caseload.household('tiya')?.contact).toMatchObject({ whose: 'carer', call: true })
    expect(carerOf(caseload.household('tiya')!.people[0]!)).toBe('Esnart')
    expect(caseload.household('yami')?.contact.whose).toBe('unknown')
  })
})

describe('a partner', { timeout: 30_000 }, () => {
  beforeEach(() => {
    write('partner_enrolment', 'lyson', { group: 'partner', phone: 'given' },
      { 'name.given': 'Lyson', 'phone.number': '0888 777 666', 'phone.owner': 'own' }) // prettier-ignore
    write('partner', 'grace', { known: 'neg' }, { 'partner.client': 'lyson', 'partner.name': 'Lyson M' })
  })

  it('is shown on her page, and shows nothing of her on his', () => {
    expect(caseload.household('grace')).toMatchObject({ partners: [{ client: 'lyson', role: 'partner' }], named: 'Lyson M' })
    const his = caseload.household('lyson')!
    expect(his).toMatchObject({ partners: [], named: '', kin: [], contact: { whose: 'them', call: true } })
    const told = JSON.stringify([his, caseload.context('lyson'), overview.people.find(({ client }) => client === 'lyson')])
    expect(told).not.toMatch(/grace/i)
    expect(sayContact(his.contact)[0]).toBe('Their own phone.')
  })

  it('stands in no house but his own, and in no record but his', () => {
    expect(under('lyson')).toEqual(['lyson'])
    expect(under('grace')).toEqual(['grace', 'tiya', 'yami'])
    expect(caseload.piecesOf('lyson')).toHaveLength(2)
  })
})

it('a baby without a mother is a baby, with whoever brought it', { timeout: 30_000 }, () => {
  write('infant_enrolment', 'chiku', { joins: 'infant', dob: isoDay(DAY - 50), exposed: 'yes', carer: 'aunt', follow_up: 'given', phone: 'given', home: 'given' },
    { 'caregiver.name': 'Falesi', 'phone.number': '0888 000 003', 'phone.owner': 'own' }) // prettier-ignore
  expect(overview.people.find(({ client }) => client === 'chiku')).toMatchObject({ role: 'infant', mother: null, caregiver: 'aunt' })
  expect(caseload.household('chiku')).toMatchObject({ kin: [], contact: { whose: 'carer', call: true } })
  expect(caseload.context('chiku')).toMatchObject({ role: 'infant', exposed: 'yes', age_days: '50' })
  expect(cards().some(({ client }) => client === 'chiku')).toBe(true)
})

it('a number of before is not called once there is no phone', () => {
  toGrandmother('tiya')
  write('caregiver', 'tiya', { carer: 'grandmother', phone: 'given' }, { 'phone.owner': 'none' })
  expect(caseload.household('tiya')?.contact).toMatchObject({ call: false, number: '' })
})
