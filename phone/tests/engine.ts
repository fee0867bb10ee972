// The phone's schedule as one more engine for Python's tests: a question a line comes in, its rows a line go out.

import { createInterface } from 'node:readline'
import type { Relation } from '@/facts/standing'
import { Schedule } from '@/schedule/schedule'
import { observations, type Said, standingRows } from '@/schedule/tables'

interface Question {
  statements: string[]
  said: Said[]
  relations: Relation[]
  asOf: number
}

const schedule = await Schedule.open()
for await (const line of createInterface({ input: process.stdin })) {
  const { statements, said, relations, asOf } = JSON.parse(line) as Question
  schedule.fill(observations(said), standingRows(relations))
  schedule.run(statements, asOf)
  process.stdout.write(`${JSON.stringify(schedule.rows('SELECT * FROM schedule'))}\n`)
}
