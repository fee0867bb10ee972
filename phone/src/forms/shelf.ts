// The forms on this phone, in their newest versions, and what each is for.

import { shallowRef } from 'vue'
import { published } from '@/caseload/content'
import { type FormContent, warmUp } from '@/forms/engine'
import { database } from '@/store/database'

export const shelf = shallowRef<ReadonlyMap<string, FormContent>>(new Map())

const VISIT = 'visit'
let warmed = ''

export async function readShelf(): Promise<void> {
  shelf.value = published(await database.content.toArray()).forms
}

/** Let the engine read the forms, unless it has read these very ones. */
export async function warmShelf(): Promise<void> {
  const forms = [...shelf.value.values()]
  const these = forms.map(({ form }) => `${form.id} ${form.version}`).join()
  if (these === warmed) return
  warmed = these
  await warmUp(forms)
}

/** A form in the version in which it was begun; undefined when it is not on this phone. */
export async function formVersion(name: string, version: string): Promise<FormContent | undefined> {
  const rows = await database.content.toArray()
  return rows.find((row) => row.kind === 'form' && row.name === name && row.version === version)?.body as FormContent | undefined
}

export function enrolmentForm(): string | null {
  return [...shelf.value.values()].find(({ form }) => form.enrols)?.form.id ?? null
}

export function visitForm(): string | null {
  return shelf.value.has(VISIT) ? VISIT : null
}

export function lookingForm(): string | null {
  return [...shelf.value.values()].find(({ form }) => isForLooking(form.id))?.form.id ?? null
}

/** What else can be written down about a person in this role. */
export function otherForms(role: 'mother' | 'infant'): { id: string; title: string }[] {
  return [...shelf.value.values()]
    .map(({ form }) => form)
    .filter(({ id, enrols, role: about }) => about === role && !enrols && id !== VISIT && !isForLooking(id))
    .map(({ id, title }) => ({ id, title }))
}

export function titles(): Map<string, string> {
  return new Map([...shelf.value].map(([id, { form }]) => [id, form.title]))
}

function isForLooking(id: string): boolean {
  return shelf.value.get(id)?.form.questions.some(({ fact }) => fact === 'trace.attempt') ?? false
}
