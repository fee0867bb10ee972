// A user's sealed store: records, identities, assignments and drafts of her caseload.

import { type Bytes } from '@/keys/bytes'
import { sealJson, unsealJson } from '@/keys/sealing'
import type { Overview } from '@/caseload/overview'
import type { MadeRecord } from '@/records/record'
import { database, type Kept } from '@/store/database'

export interface KeptRecord {
  what: 'record'
  record: MadeRecord
  /** When the server first had it; null while it is only here. */
  received: string | null
}

export interface KeptIdentity {
  what: 'identity'
  record: string
  client: string
  answers: Record<string, IdentityAnswer>
  /** Her client key, base64. */
  key: string
}

export interface KeptAssignment {
  what: 'assignment'
  id: string
  client: string
  mentor: string
  task: string
  item: string | null
  until: string | null
}

export interface KeptDraft {
  what: 'draft'
  form: string
  version: string
  client: string | null
  instance: string
  page: number
  /** Date questions of which only the year is known. */
  yearOnly: string[]
  at: number
  /** The record that it puts right. */
  amends?: string
}

/** Her name was erased: no identity of hers is kept here any more. */
export interface KeptErasure {
  what: 'erasure'
  client: string
}

/** A pseudonym of somebody who is known by another one of hers. The server says it, and takes it back. */
export interface KeptMerge {
  what: 'merge'
  client: string
  person: string
}

/** She is at another site than her home for a while: here, or a client of ours elsewhere. */
export interface KeptStay {
  what: 'stay'
  id: string
  client: string
  here: boolean
  site: string
  home: string
  reason: string
  until: string
}

/** Somebody showed this card while there was no network: asked for with the next connection, and what came of it. */
export interface KeptRequest {
  what: 'request'
  id: string
  card: string
  at: number
  state: 'waiting' | 'nobody' | 'ours' | 'late'
}

export interface KeptProfile {
  what: 'profile'
  firstName: string
}

/** What the user saw last, so that unlocking shows it at once when nothing has changed since. */
export interface KeptOverview {
  what: 'overview'
  overview: Overview
  basis: string
}

/** Rows that stand once for each user, by their names. */
export const PROFILE = 'profile'
export const OVERVIEW = 'overview'

export type IdentityAnswer = string | number | string[]
export type KeptThing = KeptRecord | KeptIdentity | KeptAssignment | KeptDraft | KeptErasure | KeptMerge | KeptStay | KeptRequest | KeptProfile | KeptOverview

/** Whose store, and the key that opens it. */
export interface Holder {
  user: string
  key: CryptoKey
}

export function rowId(thing: KeptThing): string {
  switch (thing.what) {
    case 'record':
      return thing.record.id
    case 'identity':
      return `${thing.record}/${thing.client}`
    case 'assignment':
      return `assignment/${thing.id}`
    case 'stay':
      return `stay/${thing.id}`
    case 'request':
      return `request/${thing.id}`
    case 'draft':
      return draftId(thing.form, thing.client, thing.amends)
    case 'erasure':
      return `erasure/${thing.client}`
    case 'merge':
      return `merge/${thing.client}`
    case 'profile':
    case 'overview':
      return thing.what
  }
}

export function draftId(form: string, client: string | null, amends?: string | null): string {
  return `draft/${form}/${client ?? 'new'}${amends ? `/${amends}` : ''}`
}

const NAMELESS: KeptThing['what'][] = ['erasure', 'merge']

/** Whether the piece under an id may say who somebody is: an identity of hers, or a form begun about her. */
export function mayName(id: string, client: string): boolean {
  return id.includes(`/${client}`) && !NAMELESS.some((what) => id === `${what}/${client}`)
}

export async function sealed(user: string, key: CryptoKey, thing: KeptThing): Promise<Kept> {
  const id = rowId(thing)
  return { user, id, sealed: await sealJson(key, thing, id) }
}

export function opened(key: CryptoKey, row: { id: string; sealed: Bytes }): Promise<KeptThing> {
  return unsealJson<KeptThing>(key, row.sealed, row.id)
}

/** Keep a thing for as long as this phone knows its user: a phone that was closed meanwhile keeps nothing. */
export async function keep(user: string, key: CryptoKey, thing: KeptThing): Promise<void> {
  const row = await sealed(user, key, thing)
  await database.transaction('rw', database.users, database.kept, async () => {
    if (await database.users.get(user)) await database.kept.put(row)
  })
}

export async function keptOf<T extends KeptThing>(user: string, key: CryptoKey, id: string): Promise<T | null> {
  const row = await database.kept.get([user, id])
  return row ? ((await opened(key, row)) as T) : null
}
