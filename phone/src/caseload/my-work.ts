// A mentor's own numbers, from the records she made on this phone. Nobody else sees this page.

import { monday, parseDay } from '@/facts/days'
import type { MadeRecord } from '@/records/record'

export interface MyWork {
  seenToday: number
  seenThisWeek: number
  enrolledThisWeek: number
  enrolled: number
  lookedForThisWeek: number
  talksThisWeek: number
  /** Women seen on each day of this week, Monday first. */
  week: number[]
}

export interface FormUse {
  enrols(form: string): boolean
  looksFor(form: string): boolean
  talks(form: string): boolean
}

export function myWork(records: MadeRecord[], today: number, use: FormUse): MyWork {
  const start = monday(today)
  const own = records
    .map((record) => ({ client: record.client as string, form: record.form, day: parseDay(record.happened).day }))
    .filter(({ client }) => client)
  const thisWeek = own.filter(({ day }) => day >= start && day <= today)
  const seen = thisWeek.filter(({ form }) => !use.looksFor(form))
  const clients = (found: typeof own) => new Set(found.map(({ client }) => client)).size
  return {
    seenToday: clients(seen.filter(({ day }) => day === today)),
    seenThisWeek: clients(seen),
    enrolledThisWeek: clients(thisWeek.filter(({ form }) => use.enrols(form))),
    enrolled: clients(own.filter(({ form }) => use.enrols(form))),
    lookedForThisWeek: thisWeek.filter(({ form }) => use.looksFor(form)).length,
    talksThisWeek: thisWeek.filter(({ form }) => use.talks(form)).length,
    week: Array.from({ length: 7 }, (_, at) => clients(seen.filter(({ day }) => day === start + at))),
  }
}
