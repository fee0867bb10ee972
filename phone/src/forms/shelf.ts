// The forms on this phone, in their newest versions, and what each is for.

import { ref, shallowRef } from 'vue'
import { published } from '@/caseload/content'
import { type FormContent, warmUp } from '@/forms/engine'
import { type FormDefinition, rolesOf } from '@/forms/model'
import { database } from '@/store/database'

/** The language chosen for forms, a code; empty: each in its usual one. */
export const language = ref('')
export const shelf = shallowRef<ReadonlyMap<string, FormContent>>(new Map())

/** The form of an ordinary visit, by whom it is about. */
const VISITS: Record<string, string> = { mother: 'visit', infant: 'infant_visit', partner: 'partner_visit' }
export const CAREGIVER = 'caregiver'
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

/** The form that enrols a woman. */
export function enrolmentForm(): string | null {
  return enrolments().find((form) => rolesOf(form).includes('mother'))?.id ?? null
}

/** The forms that enrol somebody else than a woman. */
export function otherEnrolments(): Offer[] {
  return enrolments().filter((form) => !rolesOf(form).includes('mother')).map(offered) // prettier-ignore
}

export function isEnrolment(id: string): boolean {
  return enrolments().some((form) => form.id === id)
}

function enrolments(): FormDefinition[] {
  return [...shelf.value.values()].map(({ form }) => form).filter(({ enrols }) => enrols)
}

export function visitForm(role: string): string | null {
  const form = VISITS[role]
  return form && shelf.value.has(form) ? form : null
}

export function lookingForm(role: string): string | null {
  return [...shelf.value.values()].find(({ form }) => isForLooking(form.id) && rolesOf(form).includes(role))?.form.id ?? null
}

/** The form in which it is written that somebody moved here. */
export function movingForm(): string | null {
  return [...shelf.value.values()].find(({ form }) => form.questions.some(({ fact }) => fact === 'transfer.in'))?.form.id ?? null
}

export interface Offer {
  id: string
  title: string
  group: string
  icon: string
}

/** What else can be written down about a person in this role. */
export function otherForms(role: string): Offer[] {
  return [...shelf.value.values()]
    .map(({ form }) => form)
    .filter((form) => rolesOf(form).includes(role) && !form.enrols && !isOwnButton(form.id) && !isForLooking(form.id))
    .map(offered)
}

function offered(form: FormDefinition): Offer {
  return { id: form.id, title: titleOf(form), group: form.group ?? '', icon: form.icon ?? '' }
}

/** A visit that is begun from the page of whom it is about; a baby's is found among the others on its mother's. */
function isOwnButton(id: string): boolean {
  return id === VISITS.mother || id === VISITS.partner
}

/** What can be written down about nobody in particular: a group talk. */
export function formsOfNobody(): Offer[] {
  return [...shelf.value.values()]
    .map(({ form }) => form)
    .filter((form) => !rolesOf(form).length)
    .map((form) => ({ id: form.id, title: titleOf(form), group: '', icon: form.icon ?? '' }))
}

/** A form's title in the language chosen for forms. */
export function titleOf(form: FormDefinition): string {
  return form.titles?.[language.value] ?? form.title
}

export function titles(): Map<string, string> {
  return new Map([...shelf.value].map(([id, { form }]) => [id, titleOf(form)]))
}

/** Codes of the languages that forms on this phone are written in. */
export function languages(): string[] {
  return [...new Set([...shelf.value.values()].flatMap(({ form }) => form.languages ?? []))]
}

export async function readLanguage(user: string): Promise<void> {
  language.value = (await database.users.get(user))?.formLanguage ?? ''
}

export async function chooseLanguage(user: string, code: string): Promise<void> {
  await database.users.update(user, { formLanguage: code })
  language.value = code
}

function isForLooking(id: string): boolean {
  return shelf.value.get(id)?.form.questions.some(({ fact }) => fact === 'trace.attempt') ?? false
}
