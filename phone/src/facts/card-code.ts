// The code on a client's card: what it has to look like, and whether it was read right.
// The same rules exist in Python (facts/card_code.py, where they are explained); both run tests/vectors/card_codes.json.

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const TAKEN_FOR: Record<string, string> = { O: '0', I: '1', L: '1' }
const LENGTH = 8
const FIELD = 0b100101
const OVERFLOW = 0b100000
const PLAIN = 1

/** The code in its one form, of what somebody typed or scanned; null where it is the code of no card. */
export function readCardCode(text: string): string | null {
  const code = [...text.toUpperCase().replace(/[\s-]/g, '')].map((character) => TAKEN_FOR[character] ?? character).join('')
  const places = [...code].map((character) => ALPHABET.indexOf(character))
  if (places.length !== LENGTH || places.includes(-1)) return null
  return places.reduce((sum, place) => sum ^ place, 0) === PLAIN && weighted(places) === 0 ? code : null
}

/** Whether a text is as long as a code at least: only then it is worth saying that it is none. */
export function isWholeCode(text: string): boolean {
  return text.replace(/[\s-]/g, '').length >= LENGTH
}

/** A code as it is printed and read out. */
export function inGroups(code: string): string {
  return `${code.slice(0, 4)} ${code.slice(4)}`
}

/** The sum in which each place counts by its power of x, by Horner's rule. */
function weighted(places: number[]): number {
  return places.reduce((sum, place) => timesX(sum) ^ place, 0)
}

function timesX(value: number): number {
  const shifted = value << 1
  return shifted & OVERFLOW ? shifted ^ FIELD : shifted
}
