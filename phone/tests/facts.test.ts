import { describe, expect, it } from 'vitest'
import { addMonths, dayNumber, isoDay, monday, parseDay, today } from '@/facts/days'
import { type Relation, standings, versionsOf } from '@/facts/standing'
import { parseValue, WrongValueError } from '@/facts/values'
import { kindNamed } from '@/facts/vocabulary'
import { vectors, vocabulary } from './programme'

const words = vocabulary()

describe('values', () => {
  const { cases } = vectors<{ cases: [string, string, [string, number | null] | null][] }>('values')
  it.each(cases)('%s %j', (name, text, expected) => {
    const kind = kindNamed(words, name)
    if (!kind) throw new Error(`${name} is not in the vocabulary`)
    if (expected === null) expect(() => parseValue(name, kind, text)).toThrow(WrongValueError)
    else expect(parseValue(name, kind, text)).toEqual(expected)
  })

  it('never repeats a refused value', () => {
    const kind = kindNamed(words, 'hiv.test')
    expect(() => parseValue('hiv.test', kind!, 'Grace')).toThrow(/^hiv.test: a value is not one of its codes$/)
  })
})

describe('standing', () => {
  interface Case {
    name: string
    relations: [string, Relation['type'], string, string][]
    stands: Record<string, boolean>
    same_event: string[][]
  }
  it.each(vectors<{ cases: Case[] }>('standing').cases)('$name', ({ relations, stands, same_event }) => {
    const said = relations.map(([record, type, target, repeat]) => ({ record, type, target, repeat }))
    for (const order of [said, [...said].reverse(), [...said, ...said]]) {
      const found = standings(order)
      for (const [record, expected] of Object.entries(stands)) {
        expect(found.get(record)?.stands ?? true, record).toBe(expected)
      }
      for (const group of same_event) {
        expect(new Set(group.map((record) => found.get(record)?.event)).size).toBe(1)
      }
      const events = [...found.values()].map((standing) => standing.event)
      const joined = same_event.reduce((sum, group) => sum + group.length - 1, 0)
      expect(events.length - new Set(events).size).toBe(joined)
    }
  })
})

describe('versions of a record', () => {
  type Case = { name: string; relations: [string, Relation['type'], string, string][]; record: string; versions: string[] }
  it.each(vectors<{ versions: Case[] }>('standing').versions)('$name', ({ relations, record, versions }) => {
    const said = relations.map(([id, type, target, repeat]) => ({ record: id, type, target, repeat }))
    expect(versionsOf(record, said)).toEqual(versions)
  })
})

describe('days', () => {
  it.each([
    ['2024-11-03', '2024-11-03', 0],
    ['2024-11', '2024-11-15', 1],
    ['2024', '2024-07-01', 2],
    [' 2025-03-04 ', '2025-03-04', 0],
    ['2024-02-29', '2024-02-29', 0],
    ['1900-01-01', '1900-01-01', 0],
    ['2199-12-31', '2199-12-31', 0],
  ])('reads %s', (text, day, precision) => {
    expect(parseDay(text)).toEqual({ day: parseDay(day).day, precision })
    expect(isoDay(parseDay(text).day)).toBe(day)
  })

  it.each(['2025-02-30', '2025-13-01', '2025-00', '1899-12-31', '2200', '25-01-01', '2025-1-1', 'soon', ''])(
    'refuses %j',
    (text) => expect(() => parseDay(text)).toThrow(),
  )

  it('clamps months: 31 August and six months is 28 February', () => {
    expect(isoDay(addMonths(dayNumber(2025, 8, 31), 6))).toBe('2026-02-28')
    expect(isoDay(addMonths(dayNumber(2024, 1, 31), -11))).toBe('2023-02-28')
  })

  it('knows the day where the phone is and its Monday', () => {
    expect(isoDay(today(new Date(2026, 10, 20, 23, 59)))).toBe('2026-11-20')
    expect(isoDay(monday(dayNumber(2026, 11, 20)))).toBe('2026-11-16')
    expect(isoDay(monday(dayNumber(2026, 11, 16)))).toBe('2026-11-16')
    expect(isoDay(monday(dayNumber(1969, 12, 31)))).toBe('1969-12-29')
  })
})
