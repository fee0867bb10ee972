// Days, spans and ages as people say them.

import { addMonths, civilDay, today } from '@/facts/days'
import { say } from '@/words/say'

const DAY_MS = 86_400_000
const LANGUAGE = 'en-GB'
const LONG = new Intl.DateTimeFormat(LANGUAGE, { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' })
const SHORT = new Intl.DateTimeFormat(LANGUAGE, { day: 'numeric', month: 'short', timeZone: 'UTC' })
const MONTH = new Intl.DateTimeFormat(LANGUAGE, { month: 'short', year: 'numeric', timeZone: 'UTC' })
const MONTH_NAME = new Intl.DateTimeFormat(LANGUAGE, { month: 'long', timeZone: 'UTC' })
const LETTER = new Intl.DateTimeFormat(LANGUAGE, { weekday: 'narrow', timeZone: 'UTC' })
const WEEKDAY = new Intl.DateTimeFormat(LANGUAGE, { weekday: 'long', timeZone: 'UTC' })

/** `Friday 7 March`, with the year when it is another than this. */
export function sayDay(day: number): string {
  return plain(LONG, day) + yearOf(day)
}

/** `7 Mar`, with the year when it is another than this. */
export function sayShortDay(day: number): string {
  return plain(SHORT, day) + yearOf(day)
}

/** `Aug 2024` */
export function sayMonth(day: number): string {
  return plain(MONTH, day)
}

/** The twelve months by name. */
export function monthNames(): string[] {
  return Array.from({ length: 12 }, (_, at) => MONTH_NAME.format(Date.UTC(2000, at, 1)))
}

export function weekdayLetter(day: number): string {
  return LETTER.format(day * DAY_MS)
}

export function weekday(day: number): string {
  return WEEKDAY.format(day * DAY_MS)
}

/** How long something has waited: `2 h`, `3 days`. */
export function saySince(from: number, now: number = Date.now()): string {
  const minutes = Math.floor((now - from) / 60_000)
  if (minutes < 1) return say('since.now')
  if (minutes < 60) return say('since.minutes', { count: minutes })
  if (minutes < 48 * 60) return say('since.hours', { count: Math.floor(minutes / 60) })
  return say('since.days', { count: Math.floor(minutes / (24 * 60)) })
}

/** A number of days as one says it: days to three months, then months to two years, then years. */
export function sayLength(days: number): string {
  if (days < 92) return say('person.days', { count: days })
  const months = Math.floor(days / 30.44)
  return months < 24 ? say('person.months', { count: months }) : say('person.years', { count: Math.floor(months / 12) })
}

/** A moment: the time for today, otherwise day and time. */
export function sayMoment(at: number): string {
  const moment = new Date(at)
  const time = moment.toLocaleTimeString(LANGUAGE, { hour: '2-digit', minute: '2-digit' })
  const day = today(moment)
  return day === today() ? `${say('form.today').toLowerCase()} ${time}` : `${sayShortDay(day)}, ${time}`
}

/** A child's age as one says it: days, weeks to three months, months to two years, then years. */
export function sayAge(born: number, on: number): string {
  const days = on - born
  if (days < 14) return say('person.days', { count: Math.max(0, days) })
  if (days < 92) return say('person.weeks', { count: Math.floor(days / 7) })
  const months = monthsBetween(born, on)
  if (months < 24) return say('person.months', { count: months })
  return say('person.years', { count: Math.floor(months / 12) })
}

export function yearsBetween(born: number, on: number): number {
  return Math.floor(monthsBetween(born, on) / 12)
}

function monthsBetween(from: number, to: number): number {
  const [a, b] = [civilDay(from), civilDay(to)]
  const months = (b.year - a.year) * 12 + b.month - a.month
  return addMonths(from, months) > to ? months - 1 : months
}

function plain(format: Intl.DateTimeFormat, day: number): string {
  return format.format(day * DAY_MS).replace(',', '')
}

function yearOf(day: number): string {
  const { year } = civilDay(day)
  return year === civilDay(today()).year ? '' : ` ${year}`
}
