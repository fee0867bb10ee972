// The phone's schedule as one more engine for Python's tests: a question comes in, its rows go out.

import type { SqlValue } from '@sqlite.org/sqlite-wasm'
import type { Relation } from '@/facts/standing'
import type { Schedule } from '@/schedule/schedule'
import { observations, type Said, standingRows } from '@/schedule/tables'

export interface Question {
  statements: string[]
  said: Said[]
  relations: Relation[]
  asOf: number
}

export function answer(schedule: Schedule, { statements, said, relations, asOf }: Question): SqlValue[][] {
  schedule.fill(observations(said), standingRows(relations))
  schedule.run(statements, asOf)
  return schedule.rows('SELECT * FROM schedule')
}
