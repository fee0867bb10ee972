// Who the people of a caseload are: names and ways to reach them, from their sealed identities.

import type { KeptIdentity, IdentityAnswer } from '@/store/kept'

/** What somebody may be found by. */
export interface Findable {
  first: string
  family: string
  called: string
  phone: string
  /** The code of the card that was given to her last. */
  card: string
}

/** A person as lists show her. Days are day numbers. */
export interface Person extends Findable {
  client: string
  /** As facts say it: `mother`, `infant`, `partner` ... */
  role: string
  /** Her mother's id, for a baby. */
  mother: string | null
  /** Who looks after a baby, a code of `caregiver.since`; empty where that is its mother. And what that person is called. */
  caregiver: string
  carer: string
  village: string
  /** What was written under each pseudonym, where she has several: she was enrolled more than once. */
  also: Findable[]
  born: number | null
  since: number | null
  died: boolean
  /** Her name was erased. */
  erased: boolean
  /** She, or the mother, is at another site than her home for a while. */
  stay: Stay | null
  /** She says that she goes, or plans to go, to another clinic, which nobody there has confirmed. */
  moving: Moving | null
}

export interface Moving {
  planned: boolean
  day: number
}

/** Where somebody is who is not at home: `here`, a guest from `place`; otherwise one of ours at `place`. Until a day. */
export interface Stay {
  here: boolean
  place: string
  reason: string
  until: number
}

export function isInfant({ role }: Person): boolean {
  return role === 'infant'
}

/** Whether a baby is looked after by somebody else than its mother: it lives there, and that person is asked about it. */
export function isApart(person: Person, mother: Person | undefined): boolean {
  return isInfant(person) && (person.caregiver !== '' || person.mother === null || mother?.died === true)
}

export type Fields = Record<string, IdentityAnswer>

/** For each client her identity, field by field the one that was given last. `order` sorts records, oldest first. */
export function identityFields(identities: Iterable<KeptIdentity>, order: (record: string) => string): Map<string, Fields> {
  const dated = [...identities].map((identity) => ({ identity, at: order(identity.record) }))
  const sorted = dated.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)).map(({ identity }) => identity)
  const people = new Map<string, Fields>()
  for (const { client, answers } of sorted) people.set(client, { ...people.get(client), ...answers })
  return people
}

export function findableBy(fields: Fields | undefined): Findable {
  return {
    first: textOf(fields, 'name.given'),
    family: textOf(fields, 'name.family'),
    called: textOf(fields, 'name.called'),
    phone: textOf(fields, 'phone.number'),
    card: textOf(fields, 'number.card'),
  }
}

export function textOf(fields: Fields | undefined, name: string): string {
  const answer = fields?.[name]
  return answer === undefined ? '' : String(answer)
}

export function listOf(fields: Fields | undefined, name: string): string[] {
  const answer = fields?.[name]
  return answer === undefined || answer === '' ? [] : [answer].flat().map(String)
}
