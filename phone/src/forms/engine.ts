// The one place that knows the form engine. It is large, so it is loaded after unlock and warmed with every form;
// opening a form is then quick.

import type { AnyLeafNode, AnyNode, LoadFormResult, RootNode } from '@getodk/xforms-engine'
import { shallowReactive } from 'vue'
import { isoDay, today } from '@/facts/days'
import { Form, type FormDefinition, type Question } from '@/forms/model'

export interface FormContent {
  form: FormDefinition
  xform: string
}

/** A form that is being filled. */
export interface OpenForm {
  form: Form
  root: RootNode
  marks: Marks
}

/** What our own screens need of a question and the engine does not keep: by path in the form. */
export interface Marks {
  icons: Map<string, string>
  constraints: Map<string, string>
}

/** Answers of hidden questions by the question's `context`. */
export type Context = Record<string, string>

const MM = 'urn:mentormothers:form'
const LANGUAGE = /\((\w+)\)$/
const INSTANCE_FILE = 'xml_submission_file'

let loading: Promise<typeof import('@getodk/xforms-engine')> | null = null

function engine(): Promise<typeof import('@getodk/xforms-engine')> {
  loading ??= import('@getodk/xforms-engine')
  return loading
}

/** Load the engine and let it read each form once, one after the other, leaving room for taps in between. */
export async function warmUp(forms: FormContent[]): Promise<void> {
  await engine()
  for (const content of forms) {
    await new Promise((resume) => setTimeout(resume, 50))
    try {
      instantiable(await load(content.xform)).createInstance({ stateFactory: shallowReactive })
    } catch {
      // One that cannot be read says so when it is opened; the others are warmed all the same.
    }
  }
}

export async function openForm(content: FormContent, context: Context): Promise<OpenForm> {
  const form = new Form(content.form)
  const document = parse(content.xform)
  fillContext(primaryInstance(document), form, context)
  fillDefaults(document)
  const result = await load(new XMLSerializer().serializeToString(document))
  return { form, root: instantiable(result).createInstance({ stateFactory: shallowReactive }).root, marks: marksOf(document) }
}

/** Go on with a form from what `instanceText` kept of it. */
export async function resumeForm(content: FormContent, instance: string): Promise<OpenForm> {
  const data = new FormData()
  data.set(INSTANCE_FILE, new File([instance], INSTANCE_FILE, { type: 'text/xml' }))
  const result = instantiable(await load(content.xform))
  const input = { data: [data] } as unknown as Parameters<typeof result.restoreInstance>[0]
  const { root } = await result.restoreInstance(input, { stateFactory: shallowReactive })
  return { form: new Form(content.form), root, marks: marksOf(parse(content.xform)) }
}

/** A form as it was on a day: what is possible, and what is worked out, goes by that day and not by today's. */
export function asOfDay(content: FormContent, day: string): FormContent {
  const document = parse(content.xform)
  for (const bind of document.getElementsByTagName('bind')) {
    for (const name of ['calculate', 'constraint', 'relevant']) {
      const formula = bind.getAttribute(name)
      if (formula) bind.setAttribute(name, formula.replaceAll('today()', `date('${day}')`))
    }
  }
  return { form: content.form, xform: new XMLSerializer().serializeToString(document) }
}

/** Show a form in a language, by its code, if it has it. */
export function speak({ root }: OpenForm, code: string): void {
  const found = root.languages.find((one) => 'language' in one && LANGUAGE.exec(one.language)?.[1] === code)
  if (found && !found.isSyntheticDefault) root.setLanguage(found)
}

/** Everything answered so far, also what is not relevant at the moment, so that it comes back with its question. */
export function instanceText(open: OpenForm): string {
  const document = parse(open.root.instanceState.instanceXML)
  const root = document.documentElement
  root.replaceChildren(...childrenOf(open.root).flatMap((node) => elementsOf(document, node)))
  return new XMLSerializer().serializeToString(document)
}

function elementsOf(document: Document, node: AnyNode): Element[] {
  const inner = childrenOf(node).flatMap((child) => elementsOf(document, child))
  if (isRepeat(node)) return inner
  const element = document.createElementNS(null, nodeName(node.currentState.reference))
  if (isLeaf(node)) element.textContent = node.currentState.instanceValue
  else element.append(...inner)
  return [element]
}

/** The instance of a form that was filled before; `textOf` gives each answer as the engine holds it. */
export function filledInstance(content: FormContent, entries: (repeat: string) => number, textOf: TextOf): string {
  const document = parse(content.xform)
  const root = primaryInstance(document)
  for (const repeat of new Form(content.form).repeats) repeatEntries(root, repeat, entries(repeat))
  for (const question of content.form.questions) {
    const parents = question.repeat ? [...root.children].filter((child) => child.localName === question.repeat) : [root]
    parents.forEach((parent, entry) => {
      const node = nodeAt(parent, question.path)
      if (node) node.textContent = textOf(question, question.repeat ? entry : null)
    })
  }
  return new XMLSerializer().serializeToString(root)
}

export type TextOf = (question: Question, entry: number | null) => string

/** As many entries as were filled, made from the first, which is the pattern of them. */
function repeatEntries(root: Element, repeat: string, count: number): void {
  const found = [...root.children].filter((child) => child.localName === repeat)
  const pattern = found[0]
  if (!pattern) return
  const next = found.at(-1)?.nextSibling ?? null
  const entries = Array.from({ length: count }, () => {
    const entry = pattern.cloneNode(true) as Element
    for (const { name } of [...entry.attributes]) if (name.endsWith(':template')) entry.removeAttribute(name)
    return entry
  })
  for (const old of found) old.remove()
  for (const entry of entries) root.insertBefore(entry, next)
}

export function childrenOf(node: AnyNode): AnyNode[] {
  return (node.currentState.children ?? []) as AnyNode[]
}

export function isRepeat(node: AnyNode): boolean {
  return node.nodeType.startsWith('repeat-range')
}

export function isLeaf(node: AnyNode): node is AnyLeafNode {
  return node.currentState.children === null
}

function nodeName(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1).replace(/\[\d+\]$/, '')
}

async function load(xform: string): Promise<LoadFormResult> {
  const { loadForm } = await engine()
  return loadForm(xform, { fetchFormAttachment: () => Promise.reject(new Error('forms have no attachments')) })
}

function instantiable(result: LoadFormResult): Exclude<LoadFormResult, { status: 'failure' }> {
  if (result.status === 'failure') throw new Error('this form cannot be opened')
  return result
}

function parse(xml: string): Document {
  return new DOMParser().parseFromString(xml, 'text/xml')
}

function primaryInstance(document: Document): Element {
  const instance = [...document.getElementsByTagName('instance')][0]?.firstElementChild
  if (!instance) throw new Error('this form has no instance')
  return instance
}

function fillContext(instance: Element, form: Form, context: Context): void {
  for (const { context: name, path } of form.definition.questions) {
    const node = name ? nodeAt(instance, path) : undefined
    if (name && node) node.textContent = context[name] ?? ''
  }
}

/** The engine works out a default only for what is relevant at the start; "today" shall also be there later. */
function fillDefaults(document: Document): void {
  for (const action of document.getElementsByTagName('setvalue')) {
    if (action.getAttribute('value') !== 'today()') continue
    const node = nodeAt(primaryInstance(document), placeInForm(action.getAttribute('ref') ?? ''))
    if (node) node.textContent = isoDay(today())
  }
}

function nodeAt(instance: Element, path: string): Element | undefined {
  return path.split('/').reduce<Element | undefined>(
    (parent, name) => [...(parent?.children ?? [])].find((child) => child.localName === name),
    instance,
  )
}

function marksOf(document: Document): Marks {
  const marks: Marks = { icons: new Map(), constraints: new Map() }
  for (const bind of document.getElementsByTagName('bind')) {
    const place = placeInForm(bind.getAttribute('nodeset') ?? '')
    const icon = bind.getAttributeNS(MM, 'icon')
    const constraint = bind.getAttribute('constraint')
    if (icon) marks.icons.set(place, icon)
    if (constraint) marks.constraints.set(place, constraint)
  }
  return marks
}

/** `/data/baby[2]/sex` is `baby/sex`: the question's place without the root and the number of the entry. */
export function placeInForm(reference: string): string {
  return reference.split('/').slice(2).join('/').replace(/\[\d+\]/g, '')
}
