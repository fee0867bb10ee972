import { describe, expect, it } from 'vitest'
import type { Person } from '@/caseload/people'
import { indexOf, search } from '@/caseload/search'
import { closeness, heard, skeleton, sounds, wordsOf } from '@/caseload/spelling'
import { vectors } from './programme'

interface Spellings {
  found: { from: string; pairs: [string, string][] }[]
  forms: Record<string, [string, string, string]>
  other: [string, string][]
  close: [string, string, number][]
}

const { found, forms, other, close } = vectors<Spellings>('spellings')
const word = (name: string) => wordsOf(name)[0] as string

describe('names as they sound', () => {
  it.each(found.flatMap(({ pairs }) => pairs))('%s is near %s, and the other way round', (known, typed) => {
    expect(closeness(word(typed), word(known))).toBeGreaterThan(0)
    expect(closeness(word(known), word(typed))).toBeGreaterThan(0)
  })

  it.each(other)('%s is not taken for %s', (one, another) => {
    expect(closeness(word(one), word(another))).toBe(0)
  })

  it.each(Object.entries(forms))('%s has the forms that the server knows', (name, expected) => {
    expect([sounds(name), skeleton(sounds(name)), heard(name).slice(0, 3)]).toEqual(expected)
  })

  it.each(close)('%s is as near %s as on the server', (typed, known, nearness) => {
    expect(closeness(typed, known)).toBeCloseTo(nearness, 9)
  })

  it('find somebody in any order and spelling, the nearest first, where no name begins like that', () => {
    const person = (first: string, family: string) => ({ client: first, first, family, called: '', phone: '', card: '', also: [] as unknown }) as Person
    const index = indexOf([person('Gilesi', 'Banda'), person('Grace', 'Bhanda'), person('Gloria', 'Banda'), person('Mphatso', 'Phiri')])
    const names = (text: string) => search(index, text).map(({ first }) => first)
    expect(names('Bandda Glace')).toEqual(['Grace', 'Gilesi'])
    expect(names('firi')).toEqual(['Mphatso'])
    expect(names('gra')).toEqual(['Grace'])
    expect(names('xyz')).toEqual([])
  })
})
