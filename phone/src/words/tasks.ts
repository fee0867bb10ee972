// What is to be done, why and until when, in words.

import type { Card, Task } from '@/caseload/today'
import type { Person } from '@/caseload/people'
import { sayDay } from '@/words/days'
import { say } from '@/words/say'

export type PersonOf = (client: string) => Person | undefined

export function nameOf(person: Person | undefined): string {
  return person?.called || person?.first || (person?.mother ? say('common.baby') : say('common.noName'))
}

export function sayWhat(task: Pick<Task, 'label'>): string {
  return task.label || say('today.nurse')
}

/** `Any day until Friday 7 March`, `20 days late, can be done today`. */
export function sayWhen(task: Task, day: number): string {
  if (task.state === 'due') return task.until === day ? say('today.lastDay') : say('today.until', { day: sayDay(task.until) })
  const missed = task.state === 'defaulted' || task.state === 'lost'
  return say(missed ? 'today.late' : 'today.lateToday', { count: task.late })
}

export interface CardWords {
  who: string
  what: string
  may: string
  when: string
}

export function sayCard(card: Card, personOf: PersonOf, day: number): CardWords {
  const missed = card.worst?.state === 'defaulted' || card.worst?.state === 'lost'
  return {
    who: whoIs(card, personOf),
    what: missed ? say('today.missed', { what: tasksIn(card, personOf) }) : tasksIn(card, personOf),
    may: !missed && !card.asked ? '' : say(card.mayLookFor ? (card.mayVisit ? 'today.mayVisit' : 'today.mayLook') : 'today.mayNot'),
    when: whenOf(card, day),
  }
}

function whoIs({ client, people }: Card, personOf: PersonOf): string {
  const [first, ...others] = [client, ...people.filter((id) => id !== client)].map((id) => nameOf(personOf(id)))
  return others.reduce((said, other) => say('common.and', { first: said, second: other }), first ?? '')
}

function tasksIn({ client, tasks, asked }: Card, personOf: PersonOf): string {
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

function whenOf({ worst, asked }: Card, day: number): string {
  if (worst && worst.state !== 'due') return sayWhen(worst, day)
  if (asked?.until) return say('today.askedUntil', { day: sayDay(asked.until) })
  return worst ? sayWhen(worst, day) : ''
}
