// Every word the app says, from one file a language. A key that is missing does not build.

import en from '@/words/en.json'

type Plural = { one: string; other: string }
type KeysOf<T> = {
  [K in keyof T & string]: T[K] extends string | Plural ? K : `${K}.${KeysOf<T[K]>}`
}[keyof T & string]

export type WordKey = KeysOf<typeof en>
type Given = Record<string, string | number>

const words = flat(en, '')
const plurals = new Intl.PluralRules('en')

/** The words for a key; with a `count` the form that goes with that number. */
export function say(key: WordKey, given: Given = {}): string {
  return filledIn(words.get(key) ?? key, given)
}

/** Words for a code that comes from a form or a fact, or null where there are none. */
export function sayCode(group: string, code: string, given: Given = {}): string | null {
  const found = words.get(`${group}.${code}`)
  return found === undefined ? null : filledIn(found, given)
}

function filledIn(found: string | Plural, given: Given): string {
  const text = typeof found === 'string' ? found : found[plurals.select(Number(given.count)) === 'one' ? 'one' : 'other']
  return text.replace(/\{(\w+)\}/g, (all, name: string) => String(given[name] ?? all))
}

function flat(part: object, before: string): Map<string, string | Plural> {
  const found = new Map<string, string | Plural>()
  for (const [key, value] of Object.entries(part) as [string, string | Plural | object][]) {
    const name = before + key
    if (typeof value === 'string' || isPlural(value)) found.set(name, value)
    else for (const [inner, text] of flat(value, `${name}.`)) found.set(inner, text)
  }
  return found
}

function isPlural(value: object): value is Plural {
  return 'one' in value && 'other' in value
}
