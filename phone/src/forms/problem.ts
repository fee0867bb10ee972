// Why an answer cannot stand: because of what the form itself asks for, or of what a card's code has to be.

import type { AnyControlNode } from '@getodk/xforms-engine'
import { readCardCode } from '@/facts/card-code'
import { say } from '@/words/say'

/** In words; empty where nothing is wrong. `isTaken`: whether somebody else has a card with this code. */
export function problemOf(node: AnyControlNode, isTaken: (code: string) => boolean): string {
  const violation = 'violation' in node.validationState ? node.validationState.violation : null
  if (violation) return violation.message?.asString || say('form.required')
  return isCard(node) && node.nodeType === 'input' ? problemOfCard(node.currentState.instanceValue, isTaken) : ''
}

/** A question for a card's code has the appearance `card`. */
export function isCard(node: AnyControlNode): boolean {
  return Boolean(node.appearances?.['card'])
}

function problemOfCard(written: string, isTaken: (code: string) => boolean): string {
  if (written === '') return ''
  const code = readCardCode(written)
  if (code === null) return say('form.notACard')
  return isTaken(code) ? say('form.cardTaken') : ''
}
