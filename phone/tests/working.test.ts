// A family worked out anew gives what working out everything gives, whatever happened in between.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Caseload, type Me } from '@/caseload/caseload'
import type { Published } from '@/caseload/content'
import { addMonths, isoDay, parseDay } from '@/facts/days'
import type { FormContent } from '@/forms/engine'
import { type Answers, Form, type FormDefinition, type Question } from '@/forms/model'
import type { MadeRecord, RecordRelation } from '@/records/record'
import { Schedule } from '@/schedule/schedule'
import { type KeptThing, rowId } from '@/store/kept'
import { protocol, vocabulary } from './programme'

const DAY = parseDay('2026-11-20').day
const ME: Me = { user: 'me', device: 'phone' }
const plain = (path: string, fact: string, more: Partial<Question> = {}): Question => ({ path, type: 'text', fact, ...more })
const date = (path: string, fact: string, more: Partial<Question> = {}): Question => ({ path, type: 'date', fact, value: '-', ...more })
const form = (id: string, role: string, questions: Question[], enrols = false): FormDefinition => ({ id, version: '1', title: id, role, enrols, questions })

const FORMS = [
  form('enrolment', 'mother', [
    plain('group', 'enrolled'), plain('follow_up', 'consent.follow_up'), date('since', 'hiv.diagnosis'), date('period', 'pregnancy.lmp'),
    date('start', 'art.start'),
  ], true), // prettier-ignore
  form('visit', 'mother', [
    plain('place', 'visit'), plain('days', 'art.dispense'), plain('anc', 'anc.contact', { value: '-' }),
    plain('sample', 'vl.sample', { value: '-' }), plain('test', 'hiv.test'), plain('feeding', 'feeding'), plain('refuses', 'trace.outcome'),
  ]), // prettier-ignore
  form('birth', 'mother', [
    plain('outcome', 'delivery'), { path: 'id', repeat: 'baby', type: 'calculated' },
    date('dob', 'child.dob', { repeat: 'baby', about: 'id' }), plain('fed', 'feeding', { repeat: 'baby', about: 'id' }),
  ]), // prettier-ignore
  form('infant_test', 'infant', [plain('point', 'eid.sample'), plain('result', 'eid.result'), plain('told', 'eid.result_given', { value: '-' }), plain('died', 'death')]),
  form('withdrawal', 'mother', []),
]

let published: Published
const opened: Schedule[] = []
/** One caseload that lives through the changes, and a schedule over which all is worked out anew each time. */
let living: Caseload
let [all, small, anew, unused] = opened as unknown as [Schedule, Schedule, Schedule, Schedule]

beforeAll(async () => {
  const forms = new Map(FORMS.map((one) => [one.id, new Form(one)]))
  const contents = FORMS.map((one): [string, FormContent] => [one.id, { form: one, xform: '' }])
  published = { forms: new Map(contents), protocol: protocol(), vocabulary: vocabulary(), version: (name) => forms.get(name) }
  ;[all, small, anew, unused] = [await Schedule.open(), await Schedule.open(), await Schedule.open(), await Schedule.open()]
  opened.push(all, small, anew, unused)
}, 30_000)
afterAll(() => opened.forEach((schedule) => schedule.close()))

let pieces: Map<string, KeptThing>
let counter = 0
beforeEach(() => {
  pieces = new Map()
  counter = 0
  living = new Caseload(all, small, ME)
  living.publish(published)
  living.work(DAY)
})

function change(put: KeptThing[], removed: string[] = []): void {
  living.change(put, removed)
  for (const thing of put) pieces.set(rowId(thing), thing)
  for (const id of removed) pieces.delete(id)
}

function record(name: string, client: string | null, day: number, answers: Answers, relation: RecordRelation | null = null, id = ''): KeptThing {
  counter += 1
  const made: MadeRecord = {
    id: id || `0${String(900 - (counter * 37) % 700)}-${counter}`, client, form: name, form_version: '1', happened: isoDay(day), precision: 'day',
    author: 'me', device: 'phone', counter, device_clock: '', site: 1, organisation: 1, source: 'register', relation, answers, seals: [], signature: '',
  } // prettier-ignore
  return { what: 'record', record: made, received: null }
}
const idOf = (thing: KeptThing) => rowId(thing)
const named = (thing: KeptThing, client: string, first: string): KeptThing =>
  ({ what: 'identity', record: rowId(thing), client, answers: { 'name.given': first, note: `note of ${first}` }, key: 'k' }) // prettier-ignore
const enrolment = (client: string, weeks: number) =>
  record('enrolment', client, DAY - weeks * 7, {
    group: 'pregnant_pos', follow_up: 'given', since: isoDay(DAY - 900), period: isoDay(DAY - weeks * 7 - 60), start: isoDay(DAY - 300),
  }) // prettier-ignore
const birth = (mother: string, day: number, babies: string[], relation: RecordRelation | null = null) =>
  record('birth', mother, day, { outcome: 'live', baby: babies.map((id) => ({ id, dob: isoDay(day), fed: 'exclusive' })) }, relation)

/** Everything the screens can ask, of a caseload that was just worked out. */
function asked(caseload: Caseload, overview: unknown): unknown {
  const clients = (overview as { people: { client: string }[] }).people.map(({ client }) => client)
  return { overview, houses: clients.map((client) => [caseload.household(client), caseload.context(client)]) }
}

function same(step = ''): void {
  const one = asked(living, living.workOn(DAY))
  const fresh = new Caseload(anew, unused, ME)
  fresh.publish(published)
  fresh.change([...pieces.values()].sort((a, b) => (rowId(a) < rowId(b) ? -1 : 1)))
  expect(one, step).toEqual(asked(fresh, fresh.work(DAY)))
}

describe('one family worked out anew', () => {
  it('is the same after a visit, a birth of twins, a result, and somebody new', () => {
    change([enrolment('mm', 30), enrolment('zz', 20)])
    same('new')
    change([record('visit', 'mm', DAY - 100, { place: 'clinic', days: '30' })])
    same('visit')
    const born = birth('mm', DAY - 50, ['kk', 'bb'])
    change([born, named(born, 'bb', 'Bee')])
    same('twins')
    change([record('infant_test', 'bb', DAY - 8, { point: '6w', result: 'neg' })])
    change([enrolment('aa', 10)])
    same('two at once')
    change([record('infant_test', 'bb', DAY, { told: 'yes' })])
    same('told')
  })

  it('is the same when a birth turns out to be another mother’s', () => {
    change([enrolment('aa', 30), enrolment('bb', 30), enrolment('cc', 12)])
    const born = birth('aa', DAY - 50, ['kid'])
    change([born])
    same('born')
    const corrected = birth('bb', DAY - 50, ['kid'], { type: 'amends', record: idOf(born) })
    change([corrected])
    same('moved')
    expect(living.household('kid')?.people.map(({ client }) => client)).toEqual(['bb', 'kid'])
    const withdrawal = record('withdrawal', null, DAY, {}, { type: 'withdraws', record: idOf(corrected) })
    change([withdrawal])
    same('moved back')
    expect(living.household('kid')?.people.map(({ client }) => client)).toEqual(['aa', 'kid'])
    change([record('withdrawal', 'cc', DAY, {}, { type: 'withdraws', record: idOf(withdrawal) })])
    same('and again')
  })

  it('is the same when somebody leaves, and when a record comes back from the server', () => {
    const born = birth('aa', DAY - 50, ['kid'])
    change([enrolment('aa', 30), enrolment('bb', 30), born, record('infant_test', 'kid', DAY - 8, { point: '6w' })])
    same('there')
    change([{ ...(born as object), received: '2026-11-20T08:00:00+00:00' } as KeptThing])
    same('received')
    change([], living.piecesOf('aa'))
    same('gone')
    change([enrolment('aa', 30)])
    same('back')
  })

  it('is the same after any of many turns', () => {
    let seed = 20261120
    const any = (count: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % count
    const of = <T>(from: T[]): T => from[any(from.length)] as T
    const women: string[] = []
    const babies: string[] = []
    const records = () => [...pieces.values()].filter((thing) => thing.what === 'record')
    const turns = [
      () => change([enrolment(of(women), any(40))]),
      () => change([record('visit', of(women), DAY - any(200), { place: 'home', days: String(of([30, 60, 90])), anc: 'yes' })]),
      () => change([record('visit', of(women), DAY - any(60), { place: 'clinic', sample: 'yes', feeding: of(['stopped', 'mixed']) })]),
      () => change([record('visit', of(women), DAY - any(60), { place: 'home', refuses: 'refused' })]),
      () => {
        const born = Array.from({ length: 1 + any(2) }, (_, at) => `${of(['a', 'm', 'z'])}-baby-${babies.length + at}`)
        babies.push(...born)
        change([birth(of(women), DAY - any(300), born)])
      },
      () => babies.length && change([record('infant_test', of(babies), DAY - any(200), { point: '6w', result: of(['neg', 'pos']) })]),
      () => babies.length && change([record('infant_test', of(babies), DAY - any(20), { told: 'yes' })]),
      () => change([record('withdrawal', of([...women, null]), DAY, {}, { type: 'withdraws', record: idOf(of(records())) })]),
      () => {
        const old = of(records())
        if (old.what !== 'record') return
        const { form: name, answers } = old.record
        change([record(name, of([old.record.client, of(women)]), DAY - any(90), answers, { type: 'amends', record: old.record.id })])
      },
      () => change([record('withdrawal', of(women), DAY, {}, { type: 'same_event_as', record: idOf(of(records())), repeat: idOf(of(records())) })]),
      () => change([{ ...of(records()), received: `2026-11-${10 + any(10)}T08:00:00.${any(1000)}+00:00` } as KeptThing]),
      () => change([], living.piecesOf(of([...women, ...babies]))),
      () => women.push(`${of(['b', 'n', 'y'])}-${women.length}`) && change([enrolment(women.at(-1)!, any(40))]),
      () => change([{ what: 'assignment', id: String(any(9)), client: of(women), mentor: 'me', task: 'trace', item: null, until: addMonths(DAY, 1) ? '2026-12-01' : null }]),
    ]
    for (const name of ['p', 'c', 't']) {
      women.push(name)
      change([enrolment(name, any(40))])
    }
    for (let turn = 0; turn < 150; turn++) {
      if (records().length) turns[any(turns.length)]!()
      else change([enrolment(of(women), 20)])
      if (any(3) === 0) same(`turn ${turn}`)
    }
  }, 120_000)
})
