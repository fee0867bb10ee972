// A mentor's own numbers, from the records she made on this phone. Nobody else sees this page.

import { monday, parseDay } from '@/facts/days'
import type { Answers } from '@/forms/model'
import type { MadeRecord } from '@/records/record'

export interface MyWork {
  seenToday: number
  seenThisWeek: number
  enrolledThisWeek: number
  enrolled: number
  lookedForThisWeek: number
  talksThisWeek: number
  /** Group talks, and how many people came to them. */
  groupsThisWeek: number
  reachedThisWeek: number
  /** Women seen on each day of this week, Monday first. */
  week: number[]
}

export interface FormUse {
  enrols(form: string): boolean
  looksFor(form: string): boolean
  talks(form: string): boolean
  /** About nobody in particular: a group talk. */
  isOfNobody(form: string): boolean
}

/** Questions of a group talk that say how many came. */
const HEAD_COUNTS = /(^|\/)(women|men)$/

export function myWork(records: MadeRecord[], today: number, use: FormUse): MyWork {
  const start = monday(today)
  const own = records
    .map((record) => ({ client: record.client as string, form: record.form, day: parseDay(record.happened).day }))
    .filter(({ client }) => client)
  const thisWeek = own.filter(({ day }) => day >= start && day <= today)
  const seen = thisWeek.filter(({ form }) => !use.looksFor(form))
  const clients = (found: typeof own) => new Set(found.map(({ client }) => client)).size
  const groups = records.filter(({ client, form, happened }) => {
    const { day } = parseDay(happened)
    return !client && use.isOfNobody(form) && day >= start && day <= today
  })
  return {
    seenToday: clients(seen.filter(({ day }) => day === today)),
    seenThisWeek: clients(seen),
    enrolledThisWeek: clients(thisWeek.filter(({ form }) => use.enrols(form))),
    enrolled: clients(own.filter(({ form }) => use.enrols(form))),
    lookedForThisWeek: thisWeek.filter(({ form }) => use.looksFor(form)).length,
    talksThisWeek: thisWeek.filter(({ form }) => use.talks(form)).length,
    groupsThisWeek: groups.length,
    reachedThisWeek: groups.reduce((sum, { answers }) => sum + headCount(answers), 0),
    week: Array.from({ length: 7 }, (_, at) => clients(seen.filter(({ day }) => day === start + at))),
  }
}

function headCount(answers: Answers): number {
  const counts = Object.entries(answers).filter(([path]) => HEAD_COUNTS.test(path))
  return counts.reduce((sum, [, count]) => sum + Number(count), 0)
}
