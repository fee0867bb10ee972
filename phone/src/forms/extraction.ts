// From the answers of a record to facts, by the marks in its form.
// The rules are those of the Python module of this name; both run tests/vectors/extraction.json.

import { parseDay, WrongDayError } from '@/facts/days'
import { parseValue, WrongValueError } from '@/facts/values'
import { kindNamed, type Vocabulary } from '@/facts/vocabulary'
import { EMPTY, type Form, HAPPENED, INFANT, placeOf, SELF, type Answer, type Answers, type Question } from '@/forms/model'

const SHORTENED = { 'month-year': 7, year: 4 }

/** A fact as a record states it. `day` is a day number; `number` what engines compare. */
export interface Stated {
  client: string
  role: string
  mother: string
  kind: string
  day: number
  precision: number
  value: string
  number: number | null
  ref: string
}

export interface Source {
  id: string
  client: string | null
  happened: string
  answers: Answers
}

type Scope = Record<string, Answer>

/**
 * The facts of a record in the order of its form's questions, each once. A record without a client states nothing.
 * Throws WrongValueError naming question and kind when an answer cannot be a value of its kind.
 */
export function extract(form: Form, record: Source, words: Vocabulary): Stated[] {
  if (!record.client) return []
  const stated: Stated[] = []
  for (const [repeat, scope] of scopes(form, record.answers)) {
    for (const question of form.definition.questions) {
      if (!question.fact || (question.repeat ?? '') !== repeat) continue
      for (const fact of facts(form, question, scope, record as Source & { client: string }, words)) {
        if (!stated.some((other) => isSame(other, fact))) stated.push(fact)
      }
    }
  }
  return stated
}

function isSame(a: Stated, b: Stated): boolean {
  return (Object.keys(a) as (keyof Stated)[]).every((name) => a[name] === b[name])
}

/** The answers that a question can see: those outside repeats and those of its own entry. */
function* scopes(form: Form, answers: Answers): Generator<[string, Scope]> {
  const plain: Scope = {}
  for (const [path, answer] of Object.entries(answers)) {
    if (!form.repeats.includes(path)) plain[path] = answer as Answer
  }
  yield ['', plain]
  for (const repeat of form.repeats) {
    for (const entry of (answers[repeat] ?? []) as Record<string, Answer>[]) {
      const own = Object.entries(entry).map(([path, answer]) => [`${repeat}/${path}`, answer])
      yield [repeat, { ...plain, ...Object.fromEntries(own) }]
    }
  }
}

function* facts(
  form: Form,
  question: Question,
  scope: Scope,
  record: Source & { client: string },
  words: Vocabulary,
): Generator<Stated> {
  const answer = scope[placeOf(question)]
  const about = question.about ? answerTo(form.named(question.about), scope) : record.client
  if (isBlank(answer) || typeof about !== 'string' || !about) return
  const { day, precision } = dayOf(form, question, scope, record.happened)
  for (const code of Array.isArray(answer) ? answer : [answer]) {
    if (question.when?.length && !question.when.includes(String(code))) continue
    const [value, number] = valueOf(form, question, scope, code, words)
    const other = about !== record.client
    yield {
      client: about,
      role: other ? INFANT : roleOf(form, scope),
      mother: other ? record.client : '',
      kind: question.fact as string,
      day,
      precision,
      value,
      number,
      ref: refOf(form, question, scope, record.id),
    }
  }
}

function roleOf(form: Form, scope: Scope): string {
  const said = answerTo(form.definition.questions.find(({ context }) => context === 'role'), scope)
  return typeof said === 'string' && form.roles.includes(said) ? said : (form.roles[0] as string)
}

function refOf(form: Form, { ref = '' }: Question, scope: Scope, own: string): string {
  const said = ref === '' || ref === SELF ? ref : String(answerTo(form.named(ref), scope) ?? '')
  return said === SELF ? own : said
}

function answerTo(question: Question | undefined, scope: Scope): Answer | undefined {
  return question && scope[placeOf(question)]
}

function isBlank(answer: Answer | undefined): answer is undefined {
  return answer === undefined || answer === '' || (Array.isArray(answer) && !answer.length)
}

function dayOf(form: Form, question: Question, scope: Scope, happened: string): { day: number; precision: number } {
  const source = question.type === 'date' && !question.day ? question : form.named(question.day)
  let text = happened
  if (question.day !== HAPPENED && source) {
    text = String(answerTo(source, scope) || happened)
    if (source.partial) text = text.slice(0, SHORTENED[source.partial])
  }
  try {
    return parseDay(text)
  } catch (error) {
    if (error instanceof WrongDayError) throw new WrongValueError(`${question.path}: ${question.fact}: ${error.message}`)
    throw error
  }
}

function valueOf(
  form: Form,
  question: Question,
  scope: Scope,
  code: string | number,
  words: Vocabulary,
): [string, number | null] {
  let text: string
  if (question.value === EMPTY || (!question.value && question.type === 'date')) text = ''
  else if (question.value?.startsWith('@')) text = String(answerTo(form.named(question.value.slice(1)), scope) ?? '')
  else text = question.value || String(code)
  const kind = kindNamed(words, question.fact as string)
  if (!kind) return [text, null]
  try {
    return parseValue(question.fact as string, kind, text)
  } catch (error) {
    if (error instanceof WrongValueError) throw new WrongValueError(`${question.path}: ${error.message}`)
    throw error
  }
}
