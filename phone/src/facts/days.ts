// Civil days: partial dates, day numbers and calendar months. No time zones; the clock is read in `today` only.

const DAY_MS = 86_400_000
const ISO = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/
export const FIRST_DAY = dayNumber(1900, 1, 1)
export const LAST_DAY = dayNumber(2199, 12, 31)

/** How exactly a date is known. Greater is vaguer. */
export const Precision = { day: 0, month: 1, year: 2 } as const

export interface CivilDay {
  year: number
  month: number
  dom: number
}

export class WrongDayError extends Error {}

/** Days since 1970-01-01, the form in which every engine counts. */
export function dayNumber(year: number, month: number, dom: number): number {
  return Date.UTC(year, month - 1, dom) / DAY_MS
}

/** The civil day of a day number. */
export function civilDay(number: number): CivilDay {
  const at = new Date(number * DAY_MS)
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, dom: at.getUTCDate() }
}

/** `2026-11-20` of a day number. */
export function isoDay(number: number): string {
  return new Date(number * DAY_MS).toISOString().slice(0, 10)
}

/** Read `2024-11-03`, `2024-11` (its 15th) or `2024` (1 July). Throws WrongDayError. */
export function parseDay(text: string): { day: number; precision: number } {
  const match = ISO.exec(text.trim())
  if (!match) throw new WrongDayError('this is not of the form 2025-03-04, 2025-03 or 2025')
  const [, year, month, dom] = match
  const precision = month === undefined ? Precision.year : dom === undefined ? Precision.month : Precision.day
  const wanted = {
    year: Number(year),
    month: month === undefined ? 7 : Number(month),
    dom: dom === undefined ? (month === undefined ? 1 : 15) : Number(dom),
  }
  const day = dayNumber(wanted.year, wanted.month, wanted.dom)
  const found = civilDay(day)
  if (found.year !== wanted.year || found.month !== wanted.month || found.dom !== wanted.dom) {
    throw new WrongDayError('this date does not exist in the calendar')
  }
  if (day < FIRST_DAY || day > LAST_DAY) throw new WrongDayError('this date lies outside 1900 to 2199')
  return { day, precision }
}

/** The same day of the month `months` later, clamped to the last day of a shorter month. */
export function addMonths(day: number, months: number): number {
  const from = civilDay(day)
  const index = from.year * 12 + from.month - 1 + months
  const [year, month] = [Math.floor(index / 12), (index % 12) + 1]
  return dayNumber(year, month, Math.min(from.dom, monthLength(year, month)))
}

export function monthLength(year: number, month: number): number {
  return dayNumber(month === 12 ? year + 1 : year, month === 12 ? 1 : month + 1, 1) - dayNumber(year, month, 1)
}

/** The day it is where the phone is. */
export function today(now: Date = new Date()): number {
  return dayNumber(now.getFullYear(), now.getMonth() + 1, now.getDate())
}

/** Monday of the week of a day. */
export function monday(day: number): number {
  return day - ((((day + 3) % 7) + 7) % 7)
}
