import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { movingOf } from '@/caseload/moving'

// The same cases as the office's (tests/integration/test_office_visiting.py).
interface Case {
  name: string
  facts: [string, string][]
  moving: 'planned' | 'reported' | null
}
const CASES = JSON.parse(readFileSync('../tests/vectors/moving.json', 'utf8')) as Case[]

describe('who says that she goes to another clinic', () => {
  it.each(CASES)('$name', ({ facts, moving }) => {
    const rows = facts.map(([kind, value], day): [string, string, string, number] => ['she', kind, value, day])
    const found = movingOf(rows).get('she')
    expect(found ? (found.planned ? 'planned' : 'reported') : null).toBe(moving)
  })
})
