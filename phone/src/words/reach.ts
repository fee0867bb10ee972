// The contact note: how a woman, or whoever looks after a baby, may be reached; said before anything is done.

import type { Contact } from '@/caseload/contact'
import { say, sayCode } from '@/words/say'

/** Sentences, the most important first. */
export function sayContact(contact: Contact): string[] {
  if (contact.whose === 'died') return [say('contact.died'), say('contact.diedWhy')]
  if (contact.whose === 'unknown') return [say('contact.unknown'), say('contact.unknownWhy')]
  if (contact.whose !== 'her') return sayOfThem(contact)
  if (contact.erased) return [say('contact.erased'), say('contact.erasedWhy')]
  if (contact.none) return [say('contact.none'), say('contact.noneWhy')]
  const hours = hoursIn(contact)
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

/** The same of whoever looks after a baby, and of a partner. */
function sayOfThem(contact: Contact): string[] {
  if (contact.erased) return [say('them.erased'), say('them.erasedWhy')]
  if (contact.none) return [say('them.none'), say('them.noneWhy')]
  const hours = hoursIn(contact)
  return [
    sayCode('them.phone', contact.owner) ?? '',
    contact.number && hours ? say('contact.hoursOnly', { hours }) : '',
    contact.number ? (sayCode('them.wording', contact.wording, { words: contact.words }) ?? '') : '',
    contact.refusals === 1 ? say('them.askedOnce') : '',
    contact.lookFor ? '' : say(contact.refusals > 1 ? 'them.leftAlone' : 'them.noLook'),
  ].filter(Boolean)
}

function hoursIn({ hours }: Contact): string {
  return hours.map((code) => sayCode('contact.hours', code) ?? code).join(', ')
}
