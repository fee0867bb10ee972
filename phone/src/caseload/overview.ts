// What the caseload tells the screens: everybody at a glance, and one household whole.

import type { Contact } from '@/caseload/contact'
import type { MyWork } from '@/caseload/my-work'
import type { Person } from '@/caseload/people'
import type { Entry } from '@/caseload/timeline'
import type { Task, Today } from '@/caseload/today'

export interface Draft {
  form: string
  client: string | null
  at: number
}

export interface Overview {
  day: number
  today: Today
  people: Person[]
  drafts: Draft[]
  work: MyWork
  /** Records on this phone that a newer form or vocabulary is needed for. */
  notUnderstood: number
  /** False until protocol and vocabulary are here. */
  ready: boolean
}

export interface Household {
  people: Person[]
  contact: Contact
  next: Record<string, { open: Task[]; later: { label: string; from: number } | null }>
  entries: Entry[]
  drafts: Draft[]
}
