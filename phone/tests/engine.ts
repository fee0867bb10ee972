// The phone's schedule in Node: a question a line comes in, its rows a line go out.

import { createInterface } from 'node:readline'
import { Schedule } from '@/schedule/schedule'
import { answer } from './answering'

const schedule = await Schedule.open()
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(answer(schedule, JSON.parse(line)))}\n`)
}
