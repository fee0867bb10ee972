// Names as they sound, so that one who is written in several ways is found by any of them.
// The same rules exist in Python (people/spelling.py, where they are explained); both run tests/vectors/spellings.json.

const SHORTEST = 3
const SAID_OF_ALL = new Set(['village', 'mudzi', 'kijiji', 'motse'])
const RULES: [RegExp, string][] = [
  [/ee|ie|ey/g, 'i'],
  [/ou/g, 'u'],
  [/tsh|tch|ch|sh|ts|dz|ps|z|c(?=[eiy])/g, 's'],
  [/ph|pf|bv|v/g, 'f'],
  [/h/g, ''],
  [/qu|ck|[cq]/g, 'k'],
  [/x/g, 'ks'],
  [/y/g, 'i'],
  [/w/g, 'u'],
  [/(?<=[aeiou])r(?=[^aeiour])/g, ''],
  [/r/g, 'l'],
  [/n(?=[bfmp])/g, 'm'],
  [/([\p{L}\p{N}_])\1+/gu, '$1'],
]
const END = /(?<=..)er[aei]?$/

/** The words of a name or village: small letters without accents, apostrophes and what is no letter. */
export function wordsOf(text: string): string[] {
  const plain = text.toLowerCase().replace(/['\u2019]/g, '').normalize('NFKD').replace(/\p{M}/gu, '')
  return plain.split(/\P{L}+/u).filter((word) => word !== '' && !SAID_OF_ALL.has(word))
}

/** A word as it sounds, to its last letter. */
export function heard(word: string): string {
  return RULES.reduce((form, [rule, sound]) => form.replace(rule, sound), word)
}

/** The normal form of a whole word: without the vowels at its end, where two consonants stay. */
export function sounds(word: string): string {
  const form = heard(word.replace(END, ''))
  return skeleton(form).length > 1 ? form.replace(/[aeiou]+$/, '') : form
}

/** What is left of a normal form without vowels. */
export function skeleton(form: string): string {
  return form.replace(/[aeiou]/g, '')
}

/** How near a typed word is to a known one: 1 for the same, less for the same sound or slips; 0 for another word. */
export function closeness(typed: string, known: string): number {
  if (typed === known) return 1
  if (known.startsWith(typed)) return 0.9
  const [a, b] = [sounds(typed), sounds(known)]
  const [bySound, byLetter, longest] = [slips(a, b), slips(typed, known), Math.max(typed.length, known.length)]
  if (!areAlike(a, b, bySound) && !(byLetter === 1 && longest > 4)) {
    const begun = heard(typed)
    return begun.length >= SHORTEST && heard(known).startsWith(begun) ? 0.5 : 0
  }
  return 0.8 * (1 - bySound / (Math.max(a.length, b.length) + 1)) + 0.1 * (1 - byLetter / longest)
}

/** Whether two normal forms may be one word: one slip, two in a long one or where only vowels differ. */
function areAlike(a: string, b: string, count: number): boolean {
  const shortest = Math.min(a.length, b.length)
  if (count === 0) return true
  if (shortest < SHORTEST) return false
  const bones = skeleton(a)
  return count <= (shortest >= 7 ? 2 : 1) || (count <= 2 && bones.length > 2 && bones === skeleton(b))
}

/** How many letters must be put in, left out, changed or exchanged with the next to make one of the other. */
function slips(a: string, b: string): number {
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const changed = (above[j - 1] as number) + Number(a[i - 1] !== b[j - 1])
      let least = Math.min((row[j - 1] as number) + 1, (above[j] as number) + 1, changed)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, (before[j - 2] as number) + 1)
      row.push(least)
    }
    before = above
    above = row
  }
  return above[b.length] as number
}
