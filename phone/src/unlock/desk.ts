// Who is in. Everything about people is in memory only between unlocking and locking.

import { ref, shallowRef } from 'vue'
import { Line } from '@/caseload/line'
import type { Draft, Overview } from '@/caseload/overview'
import { newKey, openKey } from '@/keys/pin'
import { today } from '@/facts/days'
import { enrolledDevice } from '@/store/device'
import { database, type User } from '@/store/database'
import { keep, type KeptDraft, type KeptRequest, PROFILE, rowId } from '@/store/kept'
import { setUp } from '@/store/users'
import { clearTries, countTry } from '@/unlock/delays'

interface Desk {
  user: string
  firstName: string
  key: CryptoKey
  line: Line
}

export const desk = shallowRef<Desk | null>(null)
export const overview = shallowRef<Overview | null>(null)
/** Pieces fetched so far, while a fetch runs. */
export const fetched = ref(0)
/** True after hiding: a page that says nothing, until it is touched. */
export const hidden = ref(false)

/** The worker may keep the key for so long after locking, to seal what the user saw last. */
const LONGEST_REST_MS = 2000

let prepared: Line | null = null
const beforeLocking = new Set<() => Promise<void>>()

/** Start the worker while the PIN is typed, so that it is ready when the key is. */
export function prepare(): void {
  if (prepared) return
  const line: Line = new Line({
    fetched: (pieces) => {
      if (desk.value?.line === line) fetched.value = pieces
    },
    overview: (worked) => show(line, worked),
  })
  prepared = line
}

/** Show what was worked out, unless whoever asked for it has locked: the next one in must never see it. */
export function show(line: Line, worked: Overview): void {
  if (desk.value?.line === line) overview.value = worked
}

/** False when the PIN is wrong. */
export async function unlock(user: User, pin: string): Promise<boolean> {
  if (!user.key) return false
  prepare()
  await countTry(user.id)
  const key = await openKey(pin, user.key, user.id)
  if (!key) return false
  await clearTries(user.id)
  await begin(user.id, key)
  return true
}

/** The first time: her picture and PIN, and a store of her own. */
export async function setUpAndUnlock(user: User, picture: string, pin: string): Promise<void> {
  prepare()
  const { key, wrapped } = await newKey(pin, user.id)
  await database.kept.where('user').equals(user.id).delete()
  await keep(user.id, key, { what: PROFILE, firstName: user.firstName ?? '' })
  await setUp(user.id, picture, wrapped)
  await begin(user.id, key)
}

async function begin(user: string, key: CryptoKey): Promise<void> {
  prepare()
  const line = prepared as Line
  prepared = null
  const { id } = await enrolledDevice()
  const { overview: first, firstName } = await line.ask('open', { user, key }, id, today())
  overview.value = first
  desk.value = { user, firstName, key, line }
}

/** Ends everything that knows of people. What is half filled is sealed first. */
export async function lock(): Promise<void> {
  const open = desk.value
  if (!open) return
  const unfinished = [...beforeLocking].map((seal) => seal())
  desk.value = null
  overview.value = null
  fetched.value = 0
  await Promise.allSettled(unfinished)
  await Promise.race([open.line.ask('rest'), new Promise((resume) => setTimeout(resume, LONGEST_REST_MS))])
  open.line.end()
}

export function hide(): void {
  hidden.value = true
  void lock()
}

/** Something to be done while the key is still there, before it is dropped. */
export function whenLocking(seal: () => Promise<void>): () => void {
  beforeLocking.add(seal)
  return () => beforeLocking.delete(seal)
}

export function openDesk(): Desk {
  if (!desk.value) throw new Error('nobody is in')
  return desk.value
}

/** Keep a half-filled form, sealed; or, without answers, drop it. */
export async function keepDraft({ user, key, line }: Desk, draft: KeptDraft): Promise<void> {
  await keep(user, key, draft)
  showDrafts(line, await line.ask('drafted', [draft], []))
}

export async function dropDraft({ user, line }: Desk, id: string): Promise<void> {
  await database.kept.delete([user, id])
  showDrafts(line, await line.ask('drafted', [], [id]))
}

/** Keep a card that was shown without a network, until it is known whose it is. */
export async function keepRequest({ user, key, line }: Desk, request: KeptRequest): Promise<void> {
  await keep(user, key, request)
  show(line, await line.ask('requested', [request], [], today()))
}

export async function dropRequest({ user, line }: Desk, request: KeptRequest): Promise<void> {
  await database.kept.delete([user, rowId(request)])
  show(line, await line.ask('requested', [], [rowId(request)], today()))
}

function showDrafts(line: Line, drafts: Draft[]): void {
  if (overview.value) show(line, { ...overview.value, drafts })
}

/** Work out anew what is due, after midnight or when something came. */
export async function workAgain(): Promise<void> {
  if (!desk.value) return
  const { line } = desk.value
  show(line, await line.ask('work', today()))
}
