// The phone's schedule in a browser: `answer(question)` gives its rows.

import { Schedule } from '@/schedule/schedule'
import { answer, type Question } from './answering'

const schedule = await Schedule.open()
Object.assign(globalThis, { answer: (question: Question) => answer(schedule, question) })
