// The programme's own vocabulary and the vectors that Python runs too.
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { Vocabulary } from '@/facts/vocabulary'

export function vectors<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../tests/vectors/${name}.json`, import.meta.url), 'utf8')) as T
}

export function vocabulary(): Vocabulary {
  const text = readFileSync(new URL('../../programme/vocabulary.yaml', import.meta.url), 'utf8')
  return parse(text, { merge: true }) as Vocabulary
}
