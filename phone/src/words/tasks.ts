// What is to be done, why and until when, in words.

import type { Card, Task } from '@/caseload/today'
import { isInfant, type Person } from '@/caseload/people'
import { sayDay, sayLength } from '@/words/days'
import { say, sayCode } from '@/words/say'
import { sayStayShortly } from '@/words/stays'

export type PersonOf = (client: string) => Person | undefined

export function nameOf(person: Person | undefined): string {
  if (person?.erased) return say('common.erased')
  return person?.called || person?.first || say(person && isInfant(person) ? 'common.baby' : 'common.noName')
}

/** Who looks after a baby instead of its mother: by name, or as what; empty where nobody is known. */
export function carerOf({ caregiver, carer }: Person): string {
  if (['', 'not_known'].includes(caregiver)) return ''
  return carer || (sayCode('carer.as', caregiver) ?? say('carer.as.other'))
}

/** `with Esnart`, of a baby whom somebody else than its mother looks after. */
export function sayWith(person: Person): string {
  const name = carerOf(person)
  return name && say('common.with', { name })
}

export function sayWhat(task: Pick<Task, 'label'>): string {
  return task.label || say('today.nurse')
}

/** `Any day until Friday 7 March`, `20 days late, can be done today`. */
export function sayWhen(task: Task, day: number): string {
  if (task.state === 'due') return task.until === day ? say('today.lastDay') : say('today.until', { day: sayDay(task.until) })
  return say(isMissed(task) ? 'today.late' : 'today.lateToday', { how: sayLength(task.late) })
}

export interface CardWords {
  who: string
  what: string
  may: string
  when: string
  /** Where she is, if not at home. */
  where: string
}

export function sayCard(card: Card, personOf: PersonOf, day: number): CardWords {
  const missed = card.tasks.filter(isMissed)
  return {
    who: whoIs(card, personOf),
    what: missed.length ? say('today.missed', { what: tasksIn(card, missed, personOf) }) : tasksIn(card, card.tasks, personOf),
    may: !missed.length && !card.asked ? '' : say(card.mayLookFor ? (card.mayVisit ? 'today.mayVisit' : 'today.mayLook') : 'today.mayNot'),
    when: whenOf(card, day),
    where: whereOf(personOf(card.client)),
  }
}

function whereOf(person: Person | undefined): string {
  if (person?.stay) return sayStayShortly(person.stay)
  return person?.moving ? say(person.moving.planned ? 'moving.plans' : 'moving.says') : ''
}

function isMissed({ state }: Task): boolean {
  return state === 'defaulted' || state === 'lost'
}

function whoIs({ client, people }: Card, personOf: PersonOf): string {
  const head = personOf(client)
  const others = people.filter((id) => id !== client).map((id) => say('common.babyNamed', { name: personOf(id)?.first ?? '' }).trim())
  const all = others.reduce((said, other) => say('common.and', { first: said, second: other }), nameOf(head))
  return [all, head ? sayWith(head) : ''].filter(Boolean).join(' · ')
}

function tasksIn({ client, asked }: Card, tasks: Task[], personOf: PersonOf): string {
  const said = tasks.map((task) => {
    const what = sayWhat(task)
    // Labels of a baby's things begin with the word; one that does not gets the name.
    return task.client === client || /baby/i.test(what) ? what : say('today.babys', { name: nameOf(personOf(task.client)), what })
  })
  const different = [...new Set(said)]
  if (!different.length) return asked ? say('today.asked') : ''
  const shown = different.slice(0, 2).join(' · ')
  return different.length > 2 ? say('common.more', { what: shown, count: different.length - 2 }) : shown
}

function whenOf({ worst, asked, tasks }: Card, day: number): string {
  const late = worst && (worst.state !== 'due' || !asked) ? sayWhen(worst, day) : ''
  const until = asked?.until ? say(tasks.length ? 'today.findUntil' : 'today.askedUntil', { day: sayDay(asked.until) }) : ''
  return [late, until].filter(Boolean).join(' · ')
}
