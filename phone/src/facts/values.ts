// Values of facts: what may be written, and the number an engine compares.
// The same rules exist in Python; both run tests/vectors/values.json.

import { isoDay, parseDay, WrongDayError } from '@/facts/days'
import type { Kind } from '@/facts/vocabulary'

const INTEGER = /^[+-]?\d{1,9}$/
const DECIMAL = /^([+-]?)0*(\d*)(?:\.(\d*))?$/
const VIRAL_LOAD = /^([<>]?)\s*(\d{1,11})(?:\.0*)?$/
const LONGEST_TEXT = 200
const BELOW_DETECTION = 'LDL'

/** A value that its kind does not allow. The message names the kind, never the value. */
export class WrongValueError extends Error {}

type Parsed = [value: string, number: number | null]

/**
 * The value in its normal form and the whole number it is compared by, if it has one.
 * Codes count by their place in the list, decimals in units of their last place, viral loads in copies per ml.
 */
export function parseValue(name: string, kind: Kind, text: string): Parsed {
  let value = text.trim()
  if (value.includes('\0')) throw new WrongValueError(`${name}: a value may not contain the NUL character`)
  if (!value) {
    value = kind.empty_means ?? ''
    if (kind.required) throw new WrongValueError(`${name} needs a value`)
  }
  if ([...value].length > LONGEST_TEXT) throw new WrongValueError(`${name}: a value is too long`)
  if (!value) return ['', null]
  switch (kind.value) {
    case 'code':
      return code(name, kind, value)
    case 'integer':
      return integer(name, kind, value)
    case 'decimal':
      return decimal(name, kind, value)
    case 'viral_load':
      return viralLoad(name, value)
    case 'date':
      return date(name, value)
    case 'none':
    case 'text':
      return [value, null]
  }
}

function code(name: string, kind: Kind, value: string): Parsed {
  const place = (kind.codes ?? []).indexOf(value)
  if (place >= 0) return [value, place]
  if (kind.open) return [value, null]
  throw new WrongValueError(`${name}: a value is not one of its codes`)
}

function integer(name: string, kind: Kind, value: string): Parsed {
  if (!INTEGER.test(value)) throw new WrongValueError(`${name}: a value is not a whole number`)
  const number = Number(value) + 0
  checkRange(name, kind, number)
  return [String(number), number]
}

/** Worked on as text, since 3.125 in thousandths must be exactly 3125. */
function decimal(name: string, kind: Kind, value: string): Parsed {
  const places = kind.decimals ?? 0
  const [, sign, whole, fraction] = DECIMAL.exec(value) ?? []
  if (sign === undefined || !(whole || fraction || /\d/.test(value)) || /[1-9]/.test((fraction ?? '').slice(places))) {
    throw new WrongValueError(`${name}: a value is not a number with at most ${places} decimals`)
  }
  const digits = whole || '0'
  const minus = sign === '-' ? '-' : ''
  checkRange(name, kind, Number(value))
  const scaled = Number(`${minus}${digits}${(fraction ?? '').slice(0, places).padEnd(places, '0')}`)
  return [`${minus}${digits}${fraction ? `.${fraction}` : ''}`, scaled]
}

function viralLoad(name: string, value: string): Parsed {
  if (value.toUpperCase() === BELOW_DETECTION) return [BELOW_DETECTION, 0]
  const match = VIRAL_LOAD.exec(value)
  if (!match) throw new WrongValueError(`${name}: a value is not copies per ml`)
  const number = Number(match[2])
  const step = match[1] === '<' ? -1 : match[1] === '>' ? 1 : 0
  return [`${match[1]}${number}`, Math.max(0, number + step)]
}

function date(name: string, value: string): Parsed {
  try {
    const { day } = parseDay(value)
    return [isoDay(day), day]
  } catch (error) {
    if (error instanceof WrongDayError) throw new WrongValueError(`${name}: ${error.message}`)
    throw error
  }
}

function checkRange(name: string, kind: Kind, number: number): void {
  const tooSmall = kind.minimum != null && number < kind.minimum
  const tooLarge = kind.maximum != null && number > kind.maximum
  if (tooSmall || tooLarge) throw new WrongValueError(`${name}: a value is out of range`)
}
