// How a person may be reached, and how not: what she agreed to and what she asked for.

import { type Fields, listOf, textOf } from '@/caseload/people'

export type Consents = Map<string, string>

export interface Contact {
  /** Of whom all this is: of her; of whoever looks after a baby instead of its mother; of a partner; `died`, `unknown`: of nobody. */
  whose: 'her' | 'carer' | 'them' | 'died' | 'unknown'
  /** Her name was erased, with how she may be reached. */
  erased: boolean
  /** Nothing of hers allows any contact. */
  none: boolean
  call: boolean
  message: boolean
  visit: boolean
  /** May she be looked for when she does not come? */
  lookFor: boolean
  /** Has she said that she does not want to be looked for? After the first time nobody goes to her home for it. */
  refusals: number
  number: string
  owner: string
  answerers: string[]
  hours: string[]
  wording: string
  words: string
}

const REFUSALS_THAT_END = 2

export function contactOf(fields: Fields | undefined, consents: Consents, refusals: number, whose: Contact['whose'] = 'her'): Contact {
  const kept = !['refused', 'withdrawn'].includes(consents.get('consent.data_use') ?? '')
  const may = (purpose: string) => kept && consents.get(`consent.${purpose}`) === 'given'
  const call = may('phone')
  const message = may('sms') || may('whatsapp')
  const visit = may('home_visit')
  const lookFor = may('follow_up') && refusals < REFUSALS_THAT_END
  const owner = textOf(fields, 'phone.owner')
  // There may be a number of before, when there still was a phone.
  const number = owner === 'none' ? '' : textOf(fields, 'phone.number')
  return {
    whose,
    erased: false,
    none: !call && !message && !visit && !may('follow_up'),
    call: call && number !== '',
    message,
    visit,
    lookFor,
    refusals,
    number,
    owner,
    answerers: listOf(fields, 'phone.answerers'),
    hours: listOf(fields, 'contact.hours'),
    wording: textOf(fields, 'contact.wording'),
    words: textOf(fields, 'contact.words'),
  }
}

/** How somebody is reached whose name was erased: not at all, until she comes. */
export function erased(whose: Contact['whose']): Contact {
  return { ...contactOf(undefined, new Map(), 0, whose), erased: true }
}

/** Nobody is called or visited: she has died, or it is not known who looks after the baby. */
export function noContact(whose: 'died' | 'unknown'): Contact {
  return contactOf(undefined, new Map(), 0, whose)
}

/** Ways of looking for her that she allows, as codes of the fact `trace.attempt`. */
export function waysAllowed(contact: Contact): string[] {
  return [
    ...(contact.call ? ['call'] : []),
    ...(contact.message ? ['sms'] : []),
    ...(contact.visit && contact.refusals === 0 ? ['home'] : []),
    'supporter',
  ]
}
