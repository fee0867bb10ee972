// From the filled form to answers as the server knows them, and identity answers apart, by whom they are about.

import type { AnyNode, RootNode } from '@getodk/xforms-engine'
import { childrenOf, isLeaf, isRepeat, placeInForm } from '@/forms/engine'
import { type Answer, type Answers, type Form, placeOf, type Question } from '@/forms/model'

/** A question's answer as the engine holds it: text, in its place; `entry` is the number in a repeat, from 0. */
export interface Given {
  place: string
  entry: number | null
  text: string
}

const YEAR = /^\d{4}$/

export interface Filled {
  answers: Answers
  /** Identity answers by person: '' stands for the client of the record. */
  identities: Map<string, Record<string, Answer>>
}

/** Everything that is relevant and answered. */
export function givenIn(root: RootNode): Given[] {
  return given(root, null)
}

function given(node: AnyNode, entry: number | null): Given[] {
  if (!node.currentState.relevant) return []
  if (isLeaf(node)) {
    const { instanceValue: text, reference } = node.currentState
    return text === '' ? [] : [{ place: placeInForm(reference), entry, text }]
  }
  return childrenOf(node).flatMap((child, at) => given(child, isRepeat(node) ? at : entry))
}

export function filled(form: Form, given: Given[], yearOnly: ReadonlySet<string> = new Set()): Filled {
  const all = given.flatMap((one) => {
    const question = form.byPlace.get(one.place)
    return question ? [{ ...one, question, answer: answerOf(question, one.text, yearOnly.has(one.place)) }] : []
  })
  const answers: Answers = {}
  const identities: Filled['identities'] = new Map()
  for (const { question, answer, entry } of all) {
    if (question.identity) {
      const about = question.about ? aboutWhom(form.named(question.about), entry, all) : ''
      identities.set(about, withField(identities.get(about) ?? {}, question.identity, answer))
    } else if (question.repeat && entry !== null) {
      const entries = (answers[question.repeat] ??= []) as Record<string, Answer>[]
      while (entries.length <= entry) entries.push({})
      entries[entry]![question.path] = answer
    } else {
      answers[question.path] = answer
    }
  }
  return { answers, identities }
}

function answerOf(question: Question, text: string, yearOnly: boolean): Answer {
  switch (question.type) {
    case 'integer':
    case 'decimal':
      return Number(text)
    case 'select_multiple':
      return text.split(' ').filter(Boolean)
    case 'date':
      return yearOnly ? text.slice(0, 4) : text.slice(0, 10)
    case 'select':
    case 'calculated':
    case 'hidden':
    case 'text':
      return text
  }
}

type Answered = Given & { question: Question; answer: Answer }

function aboutWhom(question: Question | undefined, entry: number | null, all: Answered[]): string {
  const found = question && all.find((one) => one.place === placeOf(question) && (!question.repeat || one.entry === entry))
  return typeof found?.answer === 'string' ? found.answer : ''
}

/** Two questions may fill one field (free texts without a mark are all notes): both are kept. */
function withField(fields: Record<string, Answer>, field: string, answer: Answer): Record<string, Answer> {
  const before = fields[field]
  return { ...fields, [field]: before === undefined ? answer : [before, answer].flat().join(' · ') }
}

/** Places of days of which only the year was known. */
export function yearsOnly(form: Form, answers: Answers): string[] {
  return form.definition.questions.filter(({ type, path }) => type === 'date' && YEAR.test(String(answers[path] ?? ''))).map(placeOf)
}

/**
 * The way back: an answer of a record as the engine holds it. `identities` are what was sealed with it, by person.
 * Notes of several questions were sealed as one; all of it comes back in the first of them.
 */
export function textsOf(
  form: Form,
  { client, answers, identities }: { client: string; answers: Answers; identities: Record<string, Record<string, Answer>> },
): (question: Question, entry: number | null) => string {
  const firsts = new Map(form.definition.questions.toReversed().map((question) => [`${question.identity} ${question.about ?? ''}`, question]))
  return (question, entry) => {
    const from = (entry === null || !question.repeat ? answers : (answers[question.repeat] as Record<string, Answer>[])[entry]) as Record<string, Answer>
    if (!question.identity) return textOf(from[question.path], question.type === 'date')
    if (firsts.get(`${question.identity} ${question.about ?? ''}`) !== question) return ''
    const about = question.about ? textOf(from[form.named(question.about)?.path ?? '']) : client
    return textOf(identities[about]?.[question.identity])
  }
}

function textOf(answer: Answer | undefined, isDay = false): string {
  if (answer === undefined) return ''
  if (Array.isArray(answer)) return answer.join(' ')
  return isDay && YEAR.test(String(answer)) ? `${answer}-01-01` : String(answer)
}
