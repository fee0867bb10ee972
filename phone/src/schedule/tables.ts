// The relations that a compiled schedule reads, made from a caseload.
// Like the Python module of this name: `position` numbers facts by when the server had them; what is only on this
// phone comes after, in the order of its counters.

import type { Stated } from '@/forms/extraction'
import { type Relation, standings } from '@/facts/standing'

export const OBSERVATION = {
  client: 'text', role: 'text', mother: 'text', kind: 'text', day: 'bigint', value: 'text', number: 'bigint',
  record: 'text', ref: 'text', source: 'text', site: 'text', position: 'bigint',
} // prettier-ignore
export const STANDING = { record: 'text', stands: 'bigint', event: 'text' }
export const CALENDAR = { day: 'bigint', month: 'bigint', dom: 'bigint', length: 'bigint' }

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
function orderOf({ received, counter }: Said): string {
  if (received === null) return `~${String(counter).padStart(12, '0')}`
  const fraction = /\.(\d+)/.exec(received)?.[1] ?? ''
  const seconds = Math.floor(Date.parse(received.replace(/\.\d+/, '')) / 1000)
  return `${String(seconds).padStart(12, '0')}.${fraction.padEnd(9, '0')}`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
