import { describe, expect, it } from 'vitest'
import { myWork } from '@/caseload/my-work'
import { identityFields, type Person } from '@/caseload/people'
import { indexOf, search } from '@/caseload/search'
import { type Happened, timeline } from '@/caseload/timeline'
import { Items } from '@/caseload/content'
import { type Known, labelOf, latestSteps, type ScheduleRow, type Step, todayList } from '@/caseload/today'
import { boundsOf, isTold } from '@/caseload/told'
import { waysAllowed, contactOf } from '@/caseload/contact'
import { parseDay } from '@/facts/days'
import type { MadeRecord } from '@/records/record'

const DAY = parseDay('2026-11-20').day

describe('today', () => {
  const known: Known = {
    items: new Items([
      { id: 'REFILL', rule: 'P@1', label: 'Refill', grace_days: 0, done_by: ['art.dispense'] },
      { id: 'TEST', rule: 'P@1', label: "Baby's first test", grace_days: 14, done_by: ['eid.sample'] },
      { id: 'TEST', rule: 'P@2', label: 'Test at the birth', grace_days: 3, done_by: ['eid.result'] },
      { id: 'SECOND', rule: 'P@1', label: "Baby's second sample", done_by: ['eid.sample'], follows: 'eid.result' },
    ]),
    house: (client) => client.replace('baby-of-', ''),
    told: () => false,
    contact: () => ({ lookFor: true, visit: false }),
  }
  const row = (client: string, item: string, state: ScheduleRow['state'], daysLate = 0): ScheduleRow => ({
    client, rule: 'P@1', item, due: DAY - daysLate, opens: DAY - daysLate, state, daysLate,
  }) // prettier-ignore
  const list = (rows: ScheduleRow[], asked: { client: string; until: number | null }[] = [], seen: string[] = []) =>
    todayList(rows, asked, new Set(seen), null, known)

  it('puts each house in one place, by the worst', () => {
    const { groups } = list([
      row('mercy', 'REFILL', 'due'),
      row('esther', 'REFILL', 'due'),
      row('baby-of-esther', 'TEST', 'overdue', 20),
      row('grace', 'REFILL', 'defaulted', 9),
      row('ruth', 'REFILL', 'overdue', 3),
      row('ann', 'REFILL', 'lost', 31),
    ])
    expect(groups.map(({ group, cards }) => [group, cards.map((card) => card.client)])).toEqual([
      ['look', ['ann', 'grace']],
      ['together', ['esther']],
      ['overdue', ['ruth']],
      ['due', ['mercy']],
    ])
    expect(groups[1]?.cards[0]?.people).toEqual(['esther', 'baby-of-esther'])
  })

  it('says until when something is in time', () => {
    expect(list([row('baby-of-e', 'TEST', 'due', 3)]).groups[0]?.cards[0]?.worst).toMatchObject({ until: DAY + 11, kind: 'eid.sample' })
  })

  it('takes what it says of an item from the version that the row is of', () => {
    const later = { ...row('baby-of-f', 'TEST', 'due', 3), rule: 'P@2' }
    expect(list([later]).groups[0]?.cards[0]?.worst).toMatchObject({ label: 'Test at the birth', until: DAY, kind: 'eid.result' })
    expect(labelOf({ client: 'baby-of-f', rule: 'P@3', item: 'TEST' }, known)).toBe('TEST')
  })

  it('puts first whom one is asked to look for, also without anything due', () => {
    const { groups } = list([row('grace', 'REFILL', 'defaulted', 9)], [{ client: 'ruth', until: DAY + 2 }])
    expect(groups[0]?.cards.map((card) => card.client)).toEqual(['ruth', 'grace'])
  })

  it('does not name what hangs on a result that was not told', () => {
    expect(list([row('baby-of-e', 'SECOND', 'due')]).groups[0]?.cards[0]?.worst).toMatchObject({ label: '', kind: '' })
  })

  it('counts the houses seen, once they need nothing more', () => {
    expect(list([row('mercy', 'REFILL', 'due')], [], ['ruth', 'mercy'])).toMatchObject({ done: 1, all: 2 })
  })
})

describe('of a series', () => {
  const items = new Items(
    [['ANC1', 'anc'], ['ANC2', 'anc'], ['ANC3', 'anc'], ['REFILL', '']].map(([id, series]) => ({ id: id!, rule: 'P@1', label: id!, series: series! })),
  ) // prettier-ignore
  const step = (client: string, item: string, opens: number, state: Step['state']): Step => ({ client, rule: 'P@1', item, opens, due: opens, state, daysLate: 0 })
  const shown = (...steps: Step[]) => latestSteps(steps, items).map(({ client, item }) => `${client} ${item}`)

  it('only the last step that has opened is to be done', () => {
    expect(shown(step('a', 'ANC1', 10, 'overdue'), step('a', 'ANC2', 20, 'overdue'), step('a', 'ANC3', 30, 'due'))).toEqual(['a ANC3'])
  })

  it('nothing is left of it once the last was done or is over', () => {
    expect(shown(step('a', 'ANC1', 10, 'overdue'), step('a', 'ANC2', 20, 'done'))).toEqual([])
    expect(shown(step('a', 'ANC1', 10, 'overdue'), step('a', 'ANC2', 20, 'cancelled'))).toEqual([])
  })

  it('each woman has her own, and what is in no series stands for itself', () => {
    const steps = [step('a', 'ANC1', 10, 'due'), step('b', 'ANC2', 20, 'due'), step('a', 'REFILL', 5, 'lost'), step('a', 'REFILL', 50, 'due')]
    expect(shown(...steps)).toEqual(['a ANC1', 'b ANC2', 'a REFILL', 'a REFILL'])
  })
})

describe('results', () => {
  const told = boundsOf([
    ['a', 'eid.result', DAY - 40], ['a', 'eid.result_given', DAY - 30], ['a', 'eid.result', DAY - 2],
    ['b', 'eid.result', DAY - 40], ['b', 'eid.result_given', DAY - 30],
    ['c', 'vl.result', DAY - 3], ['c', 'vl.result_given', DAY - 3],
  ]) // prettier-ignore
  const fact = (client: string, kind: string, day: number): Happened => ({ client, kind, day, value: 'neg', number: null, record: 'r' })

  it('are shown up to the day they were told', () => {
    const entries = timeline([fact('a', 'eid.result', DAY - 40), fact('a', 'eid.result', DAY - 2), fact('b', 'eid.result', DAY - 40)], told)
    expect(entries.map(({ client, day, hidden }) => [client, DAY - day, hidden])).toEqual([['a', 2, true], ['a', 40, false], ['b', 40, false]])
    expect([isTold(told, 'a', 'eid.result'), isTold(told, 'b', 'eid.result')]).toEqual([false, true])
    expect([isTold(told, 'c', 'vl.result'), isTold(told, 'c', 'eid.result')]).toEqual([true, false])
  })

  it('of other tests are never shown', () => {
    const kinds = ['vl.result', 'hiv.test', 'antibody.test', 'cd4.result']
    expect(timeline(kinds.map((kind) => fact('b', kind, DAY)), told).every(({ hidden }) => hidden)).toBe(true)
    expect(isTold(told, 'b', 'vl.result')).toBe(false)
  })
})

describe('finding', () => {
  const person = (first: string, family: string, phone = '', card = ''): Person => ({
    client: first, role: 'mother', mother: null, caregiver: '', carer: '', first, family, called: '', village: '', phone, card, also: [], born: null, since: null, died: false, erased: false, stay: null, moving: null,
  }) // prettier-ignore
  const index = indexOf([person('Zoë', 'Banda', '0991 234 567'), person('Grace', 'Phiri-Banda'), person('Mercy', 'Phiri', '', '7K3MQ2ES')])
  const found = (text: string) => search(index, text).map(({ first }) => first)

  it('takes parts of names in any order, without accents', () => {
    expect(found('ban zo')).toEqual(['Zoë'])
    expect(found('banda')).toEqual(['Grace', 'Zoë'])
    expect(found('PHI mer')).toEqual(['Mercy'])
    expect(found('xyz')).toEqual([])
    expect(found('  ')).toEqual([])
  })

  it('takes part of a number, with or without the zero before it', () => {
    expect(found('0991')).toEqual(['Zoë'])
    expect(found('234 567')).toEqual(['Zoë'])
  })

  it('takes what stands on her card, as it was read out', () => {
    expect(found('7k3m q2es')).toEqual(['Mercy'])
    expect(found('7k3m q2se')).toEqual([])
    expect(found('1B10DXJ8')).toEqual([])
  })
})

describe('my own numbers', () => {
  const record = (client: string | null, form: string, happened: string) => ({ client, form, happened }) as MadeRecord
  const group = (happened: string, women: number, men: number) =>
    ({ client: null, form: 'group_session', happened, answers: { 'count_page/women': women, 'count_page/men': men } }) as unknown as MadeRecord
  it('count women, not records, in the week from Monday', () => {
    const made = [
      record('a', 'visit', '2026-11-20'), record('a', 'session', '2026-11-20'), record('b', 'visit', '2026-11-16'),
      record('c', 'visit', '2026-11-15'), record('d', 'enrolment', '2026-11-20'), record('e', 'tracing', '2026-11-19'),
      record(null, 'enrolment', '2026-11-20'), group('2026-11-17', 12, 3), group('2026-11-14', 40, 0),
    ] // prettier-ignore
    const use = { enrols: (f: string) => f === 'enrolment', looksFor: (f: string) => f === 'tracing', talks: (f: string) => f === 'session', isOfNobody: (f: string) => f === 'group_session' }
    expect(myWork(made, DAY, use)).toEqual({
      seenToday: 2, seenThisWeek: 3, enrolledThisWeek: 1, enrolled: 1, lookedForThisWeek: 1, talksThisWeek: 1,
      groupsThisWeek: 1, reachedThisWeek: 15,
      week: [1, 0, 0, 0, 2, 0, 0],
    }) // prettier-ignore
  })
})

describe('identity', () => {
  it('is for each field what was given last', () => {
    const identity = (record: string, answers: Record<string, string>) => ({ what: 'identity' as const, record, client: 'a', answers, key: '' })
    const order = (record: string) => record
    const fields = identityFields([identity('2', { 'phone.number': 'new' }), identity('1', { 'phone.number': 'old', 'name.given': 'Ann' })], order)
    expect(fields.get('a')).toEqual({ 'phone.number': 'new', 'name.given': 'Ann' })
  })
})

describe('ways of looking for her', () => {
  const given = (...kinds: string[]) => new Map(kinds.map((kind) => [`consent.${kind}`, 'given']))
  it('are those she agreed to; after a refusal not her home', () => {
    const fields = { 'phone.number': '0991' }
    expect(waysAllowed(contactOf(fields, given('follow_up', 'phone', 'home_visit'), 0))).toEqual(['call', 'home', 'supporter'])
    expect(waysAllowed(contactOf(fields, given('follow_up', 'sms', 'home_visit'), 1))).toEqual(['sms', 'supporter'])
  })
})
