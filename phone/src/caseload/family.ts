// Families: a mother and her children, and whoever stands in records that correct one another. Nothing that is due
// for one of them depends on anybody else, so after a visit only her family is worked out anew.

import type { Relation } from '@/facts/standing'
import type { Said } from '@/schedule/tables'

/** Everything that a caseload rests on at one time. */
export interface Testimony {
  said: Said[]
  relations: Relation[]
}

export interface Family {
  clients: string[]
  said: Said[]
}

/**
 * Everyone whom a change of these records may touch, and all that is said of them now; null when there are too many
 * of them to be worth it. What was said `before` ties too: a baby that is another's now was somebody's then.
 */
export function familyOf(changed: Iterable<string>, before: Testimony, now: Testimony, most: number): Family | null {
  const ties = tiesIn({ said: [...new Set([...before.said, ...now.said])], relations: [...before.relations, ...now.relations] })
  const found = reached(changed, ties)
  const people = new Set<string>()
  for (const { facts } of [...before.said, ...now.said]) {
    for (const { client, mother } of facts) for (const id of [client, mother]) if (found.has(id)) people.add(id)
  }
  if (people.size > most) return null
  return { clients: [...people], said: now.said.filter(({ record }) => found.has(record)) }
}

/** Ids that have to do with each other: a record with everybody in it, a correction with what it corrects. */
function tiesIn({ said, relations }: Testimony): string[][] {
  return [
    ...said.map(({ record, facts }) => [record, ...facts.flatMap(({ client, mother }) => (mother ? [client, mother] : [client]))]),
    ...relations.map(({ record, target, repeat }) => (repeat ? [record, target, repeat] : [record, target])),
  ]
}

/** Every id that can be come to from these. Families are small, so few rounds find them all. */
function reached(from: Iterable<string>, ties: string[][]): Set<string> {
  const found = new Set(from)
  let rest = ties
  for (let before = -1; before < found.size; ) {
    before = found.size
    rest = rest.filter((tie) => {
      if (!tie.some((id) => found.has(id))) return true
      for (const id of tie) found.add(id)
      return false
    })
  }
  return found
}
