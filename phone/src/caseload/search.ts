// Finding a woman by what one remembers of her: parts of names in any order, or of her number, or what stands on her card.

import type { Person } from '@/caseload/people'
import { readCardCode } from '@/facts/card-code'

export interface Index {
  person: Person
  words: string[]
  digits: string
}

export function indexOf(people: Person[]): Index[] {
  return people.map((person) => ({
    person,
    words: wordsIn(`${person.first} ${person.family} ${person.called}`),
    digits: digitsIn(person.phone),
  }))
}

export function search(index: Index[], text: string): Person[] {
  const code = readCardCode(text)
  const withCard = index.filter(({ person }) => code !== null && person.card === code)
  if (withCard.length) return withCard.map(({ person }) => person)
  const digits = digitsIn(text)
  if (digits.length >= 3) return index.filter((entry) => entry.digits.includes(digits)).map(({ person }) => person)
  const wanted = wordsIn(text)
  if (!wanted.length) return []
  return index
    .filter(({ words }) => wanted.every((want) => words.some((word) => word.startsWith(want))))
    .map(({ person }) => person)
}

/** Small letters without accents: what people type in a hurry. */
function wordsIn(text: string): string[] {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean)
}

/** Without the leading zero or country code nobody agrees on: 0991… and +265 991… are one number. */
function digitsIn(text: string): string {
  return text.replace(/\D/g, '').replace(/^0+/, '')
}
