import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { timeline } from '@/caseload/timeline'
import en from '@/words/en.json'
import { sayAge, sayDay, sayLength } from '@/words/days'
import { sayHappened } from '@/words/happened'
import { sayContact } from '@/words/reach'
import { say, sayCode } from '@/words/say'
import { contactOf } from '@/caseload/contact'
import { dayNumber } from '@/facts/days'
import { vocabulary } from './programme'

function texts(part: object): string[] {
  return Object.values(part).flatMap((value) => (typeof value === 'string' ? [value] : texts(value as object)))
}

function keys(part: object, before = ''): string[] {
  return Object.entries(part).flatMap(([key, value]) =>
    typeof value === 'string' || (typeof value === 'object' && 'one' in value) ? [before + key] : keys(value as object, `${before}${key}.`),
  )
}

describe('the words of the app', () => {
  it('never name the disease, its medicines, or a person by what she missed', () => {
    // "Nothing is lost" is said of work, never of a person.
    const forbidden = /\b(HIV|AIDS|ART|ARVs?|antiretroviral|PMTCT|EID|viral|CD4|lost|default\w*|nevirapine|dolutegravir|TLD)\b/i
    const said = texts(en).map((text) => text.replaceAll('Nothing is lost', ''))
    expect(said.filter((text) => forbidden.test(text))).toEqual([])
  })

  it('are all said somewhere', () => {
    const sources = (readdirSync('src', { recursive: true }) as string[])
      .filter((file) => /\.(vue|ts)$/.test(file))
      .map((file) => readFileSync(`src/${file}`, 'utf8'))
      .join('\n')
    const byCode = ['happened.', 'topic.', 'contact.phone.', 'contact.hours.', 'contact.answerer.', 'contact.wording.', 'carer.as.', 'them.phone.', 'them.wording.', 'picture.', 'today.group.', 'send.problem.', 'elsewhere.', 'request.']
    const unused = keys(en).filter((key) => !sources.includes(`'${key}'`) && !byCode.some((group) => key.startsWith(group)))
    expect(unused).toEqual([])
  })

  it('know every kind of fact that a timeline shows', () => {
    const kinds = Object.keys(vocabulary().kinds)
    const shown = timeline(kinds.map((kind) => ({ client: 'c', kind, day: 0, value: '', number: null, record: 'r' })), new Map())
    const unknown = shown.filter((entry) => sayHappened(entry) === say('happened.unknown'))
    expect(unknown.map(({ kind }) => kind)).toEqual([])
  })
})

describe('words for facts', () => {
  const entry = { client: 'c', day: dayNumber(2026, 3, 1), value: '', number: null, record: 'r', hidden: false, topics: [] }

  it('name values only where they may be shown', () => {
    expect(sayHappened({ ...entry, kind: 'eid.result', value: 'pos', hidden: true })).toBe('a result has come')
    expect(sayHappened({ ...entry, kind: 'eid.result', value: 'neg' })).toBe('result: negative')
    expect(sayHappened({ ...entry, kind: 'hiv.test', value: 'pos', hidden: true })).toBe('tested')
    expect(sayHappened({ ...entry, kind: 'vl.result', value: '12000', hidden: true })).toBe('a result has come')
  })

  it('say days, supplies and topics as people do', () => {
    expect(sayHappened({ ...entry, kind: 'art.dispense', value: '90' })).toBe('refill, 90 days')
    expect(sayHappened({ ...entry, kind: 'session', value: 'home', topics: ['adherence', 'goat_keeping'] })).toBe(
      'talked: tablets every day, goat keeping',
    )
    expect(sayHappened({ ...entry, kind: 'vaccine.penta1' })).toBe('vaccine')
    expect(sayHappened({ ...entry, kind: 'something.new' })).toBe('something was written down')
  })
})

describe('days and ages', () => {
  it('are said as people say them', () => {
    expect(sayDay(dayNumber(2025, 3, 7))).toBe('Friday 7 March 2025')
    expect(sayLength(1)).toBe('1 day')
    expect(sayLength(91)).toBe('91 days')
    expect(sayLength(199)).toBe('6 months')
    expect(sayLength(2719)).toBe('7 years')
    expect(sayAge(dayNumber(2026, 1, 1), dayNumber(2026, 3, 5))).toBe('9 weeks')
    expect(sayAge(dayNumber(2025, 1, 31), dayNumber(2026, 1, 30))).toBe('11 months')
    expect(sayAge(dayNumber(2020, 1, 1), dayNumber(2026, 1, 1))).toBe('6 years')
  })

  it('say plurals by the number', () => {
    expect(say('unsent.count', { count: 1 })).toBe('1 not sent')
    expect(say('find.found', { count: 0 })).toBe('0 found')
    expect(sayCode('contact.hours', 'midnight')).toBeNull()
  })
})

describe('the contact note', () => {
  const consents = (...given: string[]) => new Map(given.map((kind) => [`consent.${kind}`, 'given']))
  const fields = { 'phone.owner': 'own', 'phone.number': '0991', 'contact.hours': ['morning'], 'phone.answerers': ['sister'], 'contact.wording': 'covert', 'contact.words': 'savings group' }

  it('says whose phone, when, who, and her words', () => {
    expect(sayContact(contactOf(fields, consents('phone', 'follow_up', 'home_visit'), 0)).join(' ')).toBe(
      'Her own phone. Only 9 to 12. May answer: her sister. If somebody else answers, say: “savings group”.',
    )
  })

  it('forbids everything when nothing was agreed to, or her details may not be kept', () => {
    expect(sayContact(contactOf(fields, consents(), 0))[0]).toBe('Do not contact her. Tell the coordinator.')
    const withdrawn = consents('phone', 'follow_up').set('consent.data_use', 'withdrawn')
    expect(contactOf(fields, withdrawn, 0)).toMatchObject({ none: true, call: false, lookFor: false })
  })

  it('stops looking for her after two refusals', () => {
    const all = consents('phone', 'follow_up', 'home_visit')
    expect(contactOf(fields, all, 1)).toMatchObject({ lookFor: true, refusals: 1 })
    expect(sayContact(contactOf(fields, all, 2)).at(-1)).toBe('She asked to be left alone. Do not look for her.')
  })
})
