// Whom to see today and why, from the schedule. One card for each house; the worst thing gives it its place.

import type { Items } from '@/caseload/content'

export type State = 'due' | 'overdue' | 'defaulted' | 'lost'
export type Group = 'look' | 'together' | 'overdue' | 'due'

/** A row of the schedule. */
export interface Step {
  client: string
  /** The version of the protocol that the item is of. */
  rule: string
  item: string
  due: number
  opens: number
  state: State | 'done' | 'expired' | 'cancelled'
  daysLate: number
}

/** Whose thing to do it is, and what. */
export type Named = Pick<Step, 'client' | 'rule' | 'item'>

/** One that may or should be done. */
export type ScheduleRow = Step & { state: State }

export interface Task {
  client: string
  item: string
  /** Empty while it hangs on a result that was not told yet: then it is "come to the nurse together". */
  label: string
  kind: string
  state: State
  late: number
  due: number
  /** Last day on which it is in time. */
  until: number
}

export interface Card {
  /** Whose page opens: the mother, or the baby when she is not in the caseload. */
  client: string
  people: string[]
  tasks: Task[]
  worst: Task | null
  /** Somebody asked for her to be looked for; until when. */
  asked: { until: number | null } | null
  mayLookFor: boolean
  mayVisit: boolean
}

export interface Today {
  groups: { group: Group; cards: Card[] }[]
  /** Houses where something was done today, and all that there were to see. */
  done: number
  all: number
  next: { client: string; label: string; from: number } | null
}

export interface Known {
  items: Items
  house(client: string): string
  /** Whether the latest result of this kind was told to her. */
  told(client: string, kind: string): boolean
  contact(client: string): { lookFor: boolean; visit: boolean }
}

export interface Asked {
  client: string
  until: number | null
}

const ORDER: State[] = ['due', 'overdue', 'defaulted', 'lost']
const GROUPS: Group[] = ['look', 'together', 'overdue', 'due']

export function todayList(
  rows: ScheduleRow[],
  asked: Asked[],
  seen: Set<string>,
  next: Today['next'],
  known: Known,
): Today {
  const cards = new Map<string, Card>()
  const card = (client: string) => {
    const house = known.house(client)
    const found = cards.get(house) ?? newCard(house, known)
    cards.set(house, found)
    return found
  }
  for (const row of rows) card(row.client).tasks.push(taskOf(row, known))
  for (const { client, until } of asked) card(client).asked = { until }
  const settled = [...cards.values()].map(settle)
  const groups = GROUPS.map((group) => ({
    group,
    cards: settled.filter((c) => groupOf(c) === group).sort(bySeverity),
  })).filter(({ cards: found }) => found.length)
  const still = new Set(settled.map((c) => c.client))
  const done = [...seen].filter((house) => !still.has(house)).length
  return { groups, done, all: done + settled.length, next }
}

function newCard(house: string, known: Known): Card {
  const { lookFor, visit } = known.contact(house)
  return { client: house, people: [], tasks: [], worst: null, asked: null, mayLookFor: lookFor, mayVisit: visit }
}

export function taskOf(row: ScheduleRow, known: Known): Task {
  const item = known.items.of(row)
  return {
    client: row.client,
    item: row.item,
    label: labelOf(row, known),
    kind: isSecret(row, known) ? '' : (item?.done_by?.[0] ?? ''),
    state: row.state,
    late: row.daysLate,
    due: row.due,
    until: row.due + (item?.grace_days ?? 0),
  }
}

/** What an item is called, for somebody; empty while it hangs on a result that she was not told. */
export function labelOf(row: Named, known: Known): string {
  return isSecret(row, known) ? '' : (known.items.of(row)?.label ?? row.item)
}

function isSecret(row: Named, known: Known): boolean {
  const follows = known.items.of(row)?.follows
  return Boolean(follows && !known.told(row.client, follows))
}

function settle(card: Card): Card {
  const tasks = [...card.tasks].sort(worstFirst)
  const people = [...new Set([card.client, ...tasks.map((task) => task.client)])]
  return { ...card, tasks, people, worst: tasks[0] ?? null }
}

/** The worst first, of equally bad things the one that was due first: as the office sorts them. */
export function worstFirst(a: Task, b: Task): number {
  return ORDER.indexOf(b.state) - ORDER.indexOf(a.state) || a.due - b.due || compare(a.item, b.item) || compare(a.client, b.client)
}

function groupOf({ asked, worst, tasks }: Card): Group {
  if (asked || worst?.state === 'defaulted' || worst?.state === 'lost') return 'look'
  if (new Set(tasks.map((task) => task.client)).size > 1) return 'together'
  return worst?.state === 'overdue' ? 'overdue' : 'due'
}

function bySeverity(a: Card, b: Card): number {
  const asked = Number(!!b.asked) - Number(!!a.asked)
  const worst = a.worst && b.worst ? worstFirst(a.worst, b.worst) : Number(!!b.worst) - Number(!!a.worst)
  return asked || worst || compare(a.client, b.client)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/**
 * What is open of these steps, which have opened. Of a series only the last: one before it that was missed can be
 * done no more, and once the last is done or over nothing of the series is open.
 */
export function latestSteps(steps: Step[], items: Items): ScheduleRow[] {
  const seriesOf = (step: Step) => {
    const series = items.of(step)?.series
    return series ? `${step.client} ${series}` : null
  }
  const last = new Map<string | null, Step>()
  for (const step of steps) {
    const series = seriesOf(step)
    if (step.opens >= (last.get(series)?.opens ?? -Infinity)) last.set(series, step)
  }
  return steps.filter((step): step is ScheduleRow => {
    const series = seriesOf(step)
    return ORDER.some((state) => state === step.state) && (series === null || last.get(series) === step)
  })
}
