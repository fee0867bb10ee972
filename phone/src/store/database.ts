// What lies on the phone. Everything about a person is sealed before it comes here; what is left in the clear says
// which phone this is and how much is unsent, never about whom.

import Dexie, { type EntityTable, type Table } from 'dexie'
import type { Bytes } from '@/keys/bytes'
import type { WrappedKey } from '@/keys/pin'

export interface Place {
  id: number
  name: string
}

export interface Device {
  row: 'device'
  id: string
  privateKey: CryptoKey
  serverKey: string
  site: Place
  organisation: Place
  demo: boolean
  /** The last counter given to a record; grows in the transaction that keeps the record. */
  counter: number
  revoked: boolean
  /** How far the server's clock was ahead of the phone's when it last answered, in milliseconds. */
  clockOff: number
  /** When everything was last given and fetched without an error. */
  lastSuccess: number | null
}

export interface User {
  id: string
  role: string
  language: string
  /** The language she chose for forms. */
  formLanguage?: string
  /** In the clear only until she has chosen her picture and number; then it is sealed with the rest. */
  firstName: string | null
  picture: string | null
  key: WrappedKey | null
  wrongPins: number
  waitUntil: number
  cursor: string | null
  fetchedAll: boolean
}

/** One sealed piece of a user's store; `id` is what it is sealed to. */
export interface Kept {
  user: string
  id: string
  sealed: Bytes
}

export interface Unsent {
  id: string
  made: number
  /** The parcel, sealed to the server. */
  carried: string
}

/** A parcel that the server has confirmed, kept for a while (store/outbox.ts). */
export interface Given {
  id: string
  made: number
  carried: string
  at: number
}

/** A record that the server took but set aside for people to mend. */
export interface SetAside {
  id: string
  code: string
  at: number
}

export interface Content {
  digest: string
  kind: 'form' | 'protocol' | 'vocabulary' | (string & {})
  name: string
  version: string
  /** Place in the order in which it was last announced. */
  seen: number
  body: unknown
}

class Daybook extends Dexie {
  declare device: EntityTable<Device, 'row'>
  declare users: EntityTable<User, 'id'>
  declare kept: Table<Kept, [string, string]>
  declare outbox: EntityTable<Unsent, 'id'>
  declare given: EntityTable<Given, 'id'>
  declare setAside: EntityTable<SetAside, 'id'>
  declare content: EntityTable<Content, 'digest'>

  constructor() {
    // Strict: a transaction is over when the bytes are on the disk, so that kill -9 loses nothing.
    super('daybook', { chromeTransactionDurability: 'strict' })
    this.version(1).stores({
      device: 'row',
      users: 'id',
      kept: '[user+id], user',
      outbox: 'id, made',
      setAside: 'id',
      content: 'digest',
    })
    this.version(2).stores({ given: 'id, at' })
  }
}

export const database = new Daybook()
