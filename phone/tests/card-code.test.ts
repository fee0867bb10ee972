import { describe, expect, it } from 'vitest'
import { inGroups, readCardCode } from '@/facts/card-code'
import { vectors } from './programme'

const { typed, wrong } = vectors<{ typed: { text: string; code: string }[]; wrong: string[] }>('card_codes')

describe("a card's code", () => {
  it.each(typed)('is read as people write it: $text', ({ text, code }) => {
    expect(readCardCode(text)).toBe(code)
    expect(readCardCode(inGroups(code))).toBe(code)
  })

  it.each(wrong)('is not read out of anything else: %s', (text) => {
    expect(readCardCode(text)).toBeNull()
  })
})
