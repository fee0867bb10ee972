// The contact note: how a woman may be reached, said before anything is done.

import type { Contact } from '@/caseload/contact'
import { say, sayCode } from '@/words/say'

/** Sentences, the most important first. */
export function sayContact(contact: Contact): string[] {
  if (contact.erased) return [say('contact.erased'), say('contact.erasedWhy')]
  if (contact.none) return [say('contact.none'), say('contact.noneWhy')]
  const hours = contact.hours.map((code) => sayCode('contact.hours', code) ?? code).join(', ')
  const who = contact.answerers.map((code) => sayCode('contact.answerer', code) ?? code).join(', ')
  const phone = contact.owner !== '' && contact.owner !== 'none'
  return [
    sayCode('contact.phone', contact.owner) ?? '',
    phone && hours ? say('contact.hoursOnly', { hours }) : '',
    phone && who ? say('contact.answer', { who }) : '',
    sayCode('contact.wording', contact.wording, { words: contact.words }) ?? '',
    contact.refusals === 1 ? say('contact.askedOnce') : '',
    contact.lookFor ? '' : say(contact.refusals > 1 ? 'contact.leftAlone' : 'contact.noLook'),
  ].filter(Boolean)
}
