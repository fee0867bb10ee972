// What the caseload tells the screens: everybody at a glance, and one household whole.

import type { Contact } from '@/caseload/contact'
import type { MyWork } from '@/caseload/my-work'
import type { Person } from '@/caseload/people'
import type { Entry } from '@/caseload/timeline'
import type { Task, Today } from '@/caseload/today'
import type { Answers } from '@/forms/model'
import type { IdentityAnswer, KeptRequest } from '@/store/kept'

export interface Draft {
  form: string
  client: string | null
  at: number
  /** The record that it puts right. */
  amends: string | null
}

/** A record as it was written, for whoever wants to put it right. */
export interface Correctable {
  id: string
  /** All its versions, the first one first: what it amends, itself, what amends it. */
  versions: string[]
  client: string
  form: string
  version: string
  happened: string
  answers: Answers
  /** What was sealed with it, by person. */
  identities: Record<string, Record<string, IdentityAnswer>>
  /** Written by the user herself. */
  isMine: boolean
  entries: Entry[]
}

export interface Overview {
  day: number
  today: Today
  people: Person[]
  /** Of pseudonyms by which nobody is known any more: the one by which she is. */
  persons: Record<string, string>
  drafts: Draft[]
  /** Cards that were shown without a network. */
  requests: KeptRequest[]
  work: MyWork
  /** Records on this phone that a newer form or vocabulary is needed for. */
  notUnderstood: number
  /** False until protocol and vocabulary are here. */
  ready: boolean
}

/** Somebody by any of her pseudonyms. What was remembered by an earlier version of the app knows of none. */
export function personIn(overview: Overview | null, client: string | null): Person | undefined {
  const known = client && (overview?.persons?.[client] ?? client)
  return overview?.people.find((person) => person.client === known)
}

export interface Household {
  /** Those under one roof: a mother with her babies, or babies whom somebody else looks after. */
  people: Person[]
  /** The mother, or children of hers, where they live under another. */
  kin: Person[]
  /** Her partners, and whom she named: sealed with her key, and on no page but hers. */
  partners: Person[]
  named: string
  contact: Contact
  next: Record<string, { open: Task[]; later: { label: string; from: number } | null }>
  entries: Entry[]
  drafts: Draft[]
}
