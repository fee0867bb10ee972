// The relations that a compiled schedule reads, made from a caseload.
// Like the Python module of this name: `position` numbers facts by when the server had them; what is only on this
// phone comes after, in the order of its counters.

import type { Stated } from '@/forms/extraction'
import { type Relation, standings } from '@/facts/standing'

/** Columns of `observation`. An `id` is kept as a number (schedule.ts); a `word` is a text of which there are few. */
export const OBSERVATION = {
  client: 'id', role: 'word', mother: 'id', kind: 'word', day: 'number', value: 'word', number: 'number',
  record: 'id', ref: 'id', source: 'word', site: 'word', position: 'number',
} as const // prettier-ignore
export const STANDING = { record: 'id', stands: 'number', event: 'id' } as const

export type Row = (string | number | null)[]

/** What one record says, ready to be put in order. */
export interface Said {
  record: string
  received: string | null
  counter: number
  source: string
  site: string
  facts: Stated[]
}

export function observations(said: Said[]): Row[] {
  const ordered = said.flatMap((one) => {
    const order = orderOf(one)
    return one.facts.map((fact) => ({ order, one, fact }))
  })
  ordered.sort(
    (a, b) =>
      compare(a.order, b.order) ||
      compare(a.one.record, b.one.record) ||
      compare(a.fact.kind, b.fact.kind) ||
      compare(a.fact.value, b.fact.value),
  )
  return ordered.map(({ one, fact }, position) => [
    fact.client, fact.role, fact.mother, fact.kind, fact.day, fact.value, fact.number, one.record, fact.ref,
    one.source, one.site, position,
  ]) // prettier-ignore
}

export function standingRows(relations: Iterable<Relation>): Row[] {
  return [...standings(relations)].map(([record, { stands, event }]) => [record, Number(stands), event])
}

/** A text that sorts like the instant: seconds since 1970 and the fraction, which may be finer than Date knows. */
export function orderOf({ received, counter }: Pick<Said, 'received' | 'counter'>): string {
  if (received === null) return `~${String(counter).padStart(12, '0')}`
  const fraction = /\.(\d+)/.exec(received)?.[1] ?? ''
  const seconds = Math.floor(Date.parse(received.replace(/\.\d+/, '')) / 1000)
  return `${String(seconds).padStart(12, '0')}.${fraction.padEnd(9, '0')}`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
