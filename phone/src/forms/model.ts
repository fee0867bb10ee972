// What the phone needs to know of a form: its questions and their marks, as the server publishes them.

export type AnswerType = 'text' | 'calculated' | 'integer' | 'decimal' | 'date' | 'select' | 'select_multiple' | 'hidden'

export const EMPTY = '-'
export const HAPPENED = '@happened'
export const INFANT = 'infant'
export const SELF = 'self'
export const NOBODY = 'nobody'

export interface Question {
  path: string
  type: AnswerType
  repeat?: string
  choices?: string[]
  required?: boolean
  minimum?: number
  maximum?: number
  partial?: '' | 'month-year' | 'year'
  fact?: string
  value?: string
  when?: string[]
  day?: string
  about?: string
  ref?: string
  identity?: string
  record?: string
  context?: string
}

export interface FormDefinition {
  id: string
  version: string
  title: string
  role: string
  enrols: boolean
  questions: Question[]
  /** Under what it is found on a person's page, and its drawing. */
  group?: string
  icon?: string
  /** Codes of the languages it is written in, the usual one first; its title in each of the others. */
  languages?: string[]
  titles?: Record<string, string>
}

export type Answer = string | number | string[]
export type Answers = Record<string, Answer | Record<string, Answer>[]>

/** A form with its questions found by place and by name. */
export class Form {
  readonly byPlace: Map<string, Question>
  readonly repeats: string[]
  private readonly byName = new Map<string, Question>()

  constructor(readonly definition: FormDefinition) {
    this.byPlace = new Map(definition.questions.map((q) => [placeOf(q), q]))
    this.repeats = [...new Set(definition.questions.flatMap((q) => (q.repeat ? [q.repeat] : [])))]
    for (const q of definition.questions) {
      if (!this.byName.has(nameOf(q))) this.byName.set(nameOf(q), q)
    }
  }

  /** The roles it can be about, the usual one first; none for a form about nobody. */
  get roles(): string[] {
    return rolesOf(this.definition)
  }

  /** The question of this name; names that marks refer to are unique in a form. */
  named(name: string | undefined): Question | undefined {
    return name ? this.byName.get(name) : undefined
  }
}

export function rolesOf({ role }: FormDefinition): string[] {
  return role === NOBODY ? [] : role.split(' ')
}

/** Where a question stands in the whole form: its repeat and its path. */
export function placeOf(question: Question): string {
  return question.repeat ? `${question.repeat}/${question.path}` : question.path
}

function nameOf(question: Question): string {
  return question.path.slice(question.path.lastIndexOf('/') + 1)
}
