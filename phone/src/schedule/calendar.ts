// The calendar table: one row a day, whole months. Calendar months are counted by joining it, on every engine alike.

import { addMonths, civilDay, dayNumber, FIRST_DAY, LAST_DAY, monthLength } from '@/facts/days'

/** Day number, month index, day of the month, length of the month. */
export type CalendarRow = [day: number, month: number, dom: number, length: number]

export function* calendar(first: number, last: number): Generator<CalendarRow> {
  let { year, month } = civilDay(first)
  for (let start = dayNumber(year, month, 1); start <= last && start <= LAST_DAY; start = dayNumber(year, month, 1)) {
    const length = monthLength(year, month)
    const index = year * 12 + month - 1
    for (let dom = 1; dom <= length; dom++) yield [start + dom - 1, index, dom, length]
    ;[year, month] = month === 12 ? [year + 1, 1] : [year, month + 1]
  }
}

/** The days that facts can be counted from, and twenty years on (the longest offset there is). */
export function span(days: Iterable<number>): [first: number, last: number] {
  let first = Infinity
  let last = -Infinity
  for (const day of days) {
    first = Math.min(first, day)
    last = Math.max(last, day)
  }
  if (first > last) first = last = dayNumber(2000, 1, 1)
  return [Math.max(FIRST_DAY, addMonths(first, -12)), civilDay(last).year < 2180 ? addMonths(last, 240) : LAST_DAY]
}
