import { describe, expect, it } from 'vitest'
import { extract } from '@/forms/extraction'
import { Form, type Answers, type FormDefinition } from '@/forms/model'
import { vectors, vocabulary } from './programme'

interface Case {
  name: string
  client?: string | null
  answers: Answers
  facts?: unknown[][]
  error?: string
}

const { form, cases } = vectors<{ form: FormDefinition; cases: Case[] }>('extraction')

describe('facts of answers', () => {
  it.each(cases)('$name', ({ client = 'm', answers, facts, error }) => {
    const record = { id: 'r1', client, happened: '2025-03-04', answers }
    const found = () => extract(new Form(form), record, vocabulary())
    if (error) expect(found).toThrow(error)
    else expect(found().map((fact) => Object.values(fact))).toEqual(facts)
  })
})
