// Facts in everyday words.

import type { Entry } from '@/caseload/timeline'
import { parseDay } from '@/facts/days'
import { sayShortDay } from '@/words/days'
import { say, sayCode } from '@/words/say'

/** A pregnancy counted from its last period lasts so long (WHO). */
const DAYS_LMP_TO_EDD = 280

/** What a fact says, such as `refill, 90 days`. What is hidden is told without its value. */
export function sayHappened({ kind, value, day, hidden, topics }: Entry): string {
  if (topics.length) return say('happened.talkedOf', { topics: topics.map(sayTopic).join(', ') })
  const given = { value, due: sayShortDay(day + DAYS_LMP_TO_EDD), date: dateIn(value), on: sayShortDay(day) }
  const group = kind.startsWith('vaccine.') ? 'vaccine' : kind
  const exact = hidden ? null : sayCode('happened', `${group}:${value}`, given)
  return exact ?? sayCode('happened', group, given) ?? say('happened.unknown')
}

function sayTopic(code: string): string {
  return sayCode('topic', code) ?? code.replaceAll('_', ' ')
}

function dateIn(value: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(value) ? sayShortDay(parseDay(value).day) : value
}
