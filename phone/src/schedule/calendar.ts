// The calendar table: one row a day, whole months. Calendar months are counted by joining it, on every engine alike.
// The months are made here and SQLite lays out their days: binding eighty years of days one by one took a third of
// all loading.

import { addMonths, civilDay, dayNumber, FIRST_DAY, LAST_DAY, monthLength } from '@/facts/days'

/** Day number of its first day, month index, length. */
export type Month = [first: number, index: number, length: number]

/** From a table `month` to the rows of `calendar`: day number, month index, day of the month, length of the month. */
export const DAYS_OF_MONTHS = `
  WITH RECURSIVE later (days) AS (SELECT 0 UNION ALL SELECT days + 1 FROM later WHERE days < 30)
  SELECT m.first + l.days AS day, m.number AS month, l.days + 1 AS dom, m.length
  FROM month m JOIN later l ON l.days < m.length
  ORDER BY day`

export function* months(first: number, last: number): Generator<Month> {
  let { year, month } = civilDay(first)
  for (let start = dayNumber(year, month, 1); start <= last && start <= LAST_DAY; start = dayNumber(year, month, 1)) {
    yield [start, year * 12 + month - 1, monthLength(year, month)]
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
