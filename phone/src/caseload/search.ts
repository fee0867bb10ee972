// Finding a woman by what one remembers of her: parts of names in any order, part of her number, or what stands on her
// card. Where no name begins as it was typed, those that sound like it.

import type { Findable, Person } from '@/caseload/people'
import { closeness, wordsOf } from '@/caseload/spelling'
import { readCardCode } from '@/facts/card-code'

export interface Index {
  person: Person
  words: string[]
  digits: string
  card: string
}

export function indexOf(people: Person[]): Index[] {
  return people.flatMap((person) => [person, ...person.also].map((by) => entryOf(person, by)))
}

function entryOf(person: Person, { first, family, called, phone, card }: Findable): Index {
  return { person, card, words: wordsOf(`${first} ${family} ${called}`), digits: digitsIn(phone) }
}

/** Those whom a text may mean, the nearest first, and of equally near ones by first name. */
export function search(index: Index[], text: string): Person[] {
  return [...new Set(fitting(index, text))]
}

function fitting(index: Index[], text: string): Person[] {
  const code = readCardCode(text)
  const withCard = index.filter(({ card }) => code !== null && card === code)
  if (withCard.length) return byName(withCard)
  const digits = digitsIn(text)
  if (digits.length >= 3) return byName(index.filter((entry) => entry.digits.includes(digits)))
  const wanted = wordsOf(text)
  if (!wanted.length) return []
  const begun = index.filter(({ words }) => wanted.every((want) => words.some((word) => word.startsWith(want))))
  return begun.length ? byName(begun) : soundingLike(index, wanted)
}

function soundingLike(index: Index[], wanted: string[]): Person[] {
  const asked = wanted.map((want) => remembering((word) => closeness(want, word)))
  const near = index.map((entry) => ({ entry, nearness: nearnessOf(entry, asked) })).filter(({ nearness }) => nearness > 0)
  return near.sort((a, b) => b.nearness - a.nearness || order(a.entry, b.entry)).map(({ entry }) => entry.person)
}

/** How near somebody is to what was typed: 0 where a word fits no name of hers. */
function nearnessOf({ words }: Index, asked: ((word: string) => number)[]): number {
  const fits = asked.map((fit) => Math.max(0, ...words.map(fit)))
  return fits.every((fit) => fit > 0) ? fits.reduce((sum, fit) => sum + fit, 0) / fits.length : 0
}

/** Names are few and women many: each is looked at once. */
function remembering(fit: (word: string) => number): (word: string) => number {
  const known = new Map<string, number>()
  return (word) => {
    const found = known.get(word) ?? fit(word)
    known.set(word, found)
    return found
  }
}

function byName(found: Index[]): Person[] {
  return found.sort(order).map(({ person }) => person)
}

function order(a: Index, b: Index): number {
  return a.person.first.localeCompare(b.person.first)
}

/** Without the leading zero or country code nobody agrees on: 0991… and +265 991… are one number. */
function digitsIn(text: string): string {
  return text.replace(/\D/g, '').replace(/^0+/, '')
}
