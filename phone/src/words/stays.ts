// Where somebody is who is not at home, in words.

import type { Stay } from '@/caseload/people'
import { sayDay, sayShortDay } from '@/words/days'
import { say } from '@/words/say'

/** For her page: `Visiting from Ndirande until Tuesday 24 November.` */
export function sayStay({ here, place, reason, until }: Stay): string {
  return say(here ? (reason === 'visit' ? 'stay.hereVisit' : 'stay.hereWhile') : 'stay.away', { place, day: sayDay(until) })
}

/** For a line of a list. */
export function sayStayShortly({ here, place, until }: Stay): string {
  return say(here ? 'stay.guest' : 'stay.awayShort', { place, day: sayShortDay(until) })
}
