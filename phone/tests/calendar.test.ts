import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { dayNumber, isoDay } from '@/facts/days'
import { span } from '@/schedule/calendar'
import { Schedule } from '@/schedule/schedule'

async function calendarRows(first: number, last: number): Promise<unknown[][]> {
  const schedule = await Schedule.open()
  schedule.cover([first, last])
  const rows = schedule.rows('SELECT day, month, dom, length FROM calendar ORDER BY day')
  schedule.close()
  return rows
}

// Lengths and digests are those of `mentormothers.engines.tables.calendar` over the same days.
it.each([
  [dayNumber(1966, 3, 17), dayNumber(2046, 12, 5), 29526, '24265f422abb9c720f193d9ec88e03ed66aa33bcbd3bccc02784e0862ad253d6'],
  [dayNumber(2190, 1, 1), dayNumber(2199, 12, 31), 3652, 'b517ed8089d8e743a501f1197833fbc5193cb2b29fc84637e524c62549494223'],
])('has the rows that Python has, from day %i', async (first, last, count, digest) => {
  const rows = await calendarRows(first, last)
  expect(rows.length).toBe(count)
  expect(createHash('sha256').update(JSON.stringify(rows)).digest('hex')).toBe(digest)
})

it('spans from a year before the first fact to twenty years after the last', () => {
  const [first, last] = span([dayNumber(2024, 2, 29), dayNumber(1999, 7, 1)])
  expect([isoDay(first), isoDay(last)]).toEqual(['1998-07-01', '2044-02-29'])
  expect(span([]).map(isoDay)).toEqual(['1999-01-01', '2020-01-01'])
  expect(isoDay(span([dayNumber(2190, 1, 1)])[1])).toBe('2199-12-31')
})
