// Fetching what one user may know. The stream may be cut anywhere: what came before the last cursor line is kept, and
// the next pull goes on from there.

import type { MadeRecord } from '@/records/record'
import { fromBase64 } from '@/keys/bytes'
import { sealingKey, unsealJson } from '@/keys/sealing'
import { type KeptIdentity, type KeptThing, rowId } from '@/store/kept'
import { lines } from '@/sync/lines'
import { ask, NoConnection } from '@/sync/server'

type Event =
  | { event: 'client_in' | 'client_out' | 'erase'; client: string }
  | { event: 'merge'; client: string; person: string }
  | { event: 'unmerge'; client: string }
  | { event: 'record'; record: MadeRecord; received: string }
  | { event: 'identity'; record: string; client: string; sealed: string; key: string }
  | { event: 'assignment'; id: string; client: string; mentor: string; task: string; item: string | null; until: string | null; open: boolean }
  | { event: 'stay'; id: string; client: string; here: boolean; site: string; home: string; reason: string; until: string; open: boolean }
  | { event: 'content'; kind: string; name: string; version: string; digest: string; size: number }
  | { event: 'start_again' }
  | { event: 'cursor'; cursor: string; complete: boolean; server_time: string }

export interface Announced {
  kind: string
  name: string
  version: string
  digest: string
}

/** What is to be done to a user's store, in this order: forget, drop, put. */
export interface Batch {
  forget: string[]
  drop: string[]
  put: KeptThing[]
  announced: Announced[]
  /** Go on from here next time; undefined: not yet known; null: start again. */
  cursor: string | null | undefined
  /** The server's feed is another than before: it was restored or rebuilt. */
  again: boolean
  complete: boolean
}

const LARGEST_BATCH = 500

/** Every batch is applied before the next is read. May end before everything was given: then ask on. */
export async function pull(
  user: string,
  since: string | null,
  token: string,
  apply: (batch: Batch) => Promise<void>,
): Promise<void> {
  const query = new URLSearchParams(since ? { user, since } : { user })
  const response = await ask(`/changes?${query}`, { token, streams: true })
  let batch = emptyBatch()
  try {
    for await (const event of lines<Event>(response.body as ReadableStream<Uint8Array<ArrayBuffer>>)) {
      await take(event, batch)
      if (batch.cursor !== undefined || batch.put.length >= LARGEST_BATCH) {
        await apply(batch)
        batch = emptyBatch()
      }
    }
  } catch (error) {
    if (error instanceof TypeError || error instanceof SyntaxError) throw new NoConnection()
    throw error
  }
}

function emptyBatch(): Batch {
  return { forget: [], drop: [], put: [], announced: [], cursor: undefined, again: false, complete: false }
}

async function take(event: Event, batch: Batch): Promise<void> {
  switch (event.event) {
    case 'client_in':
      return
    case 'client_out':
      batch.put = batch.put.filter((thing) => clientOf(thing) !== event.client)
      batch.forget.push(event.client)
      return
    case 'erase':
      batch.put = batch.put.filter((thing) => thing.what !== 'identity' || thing.client !== event.client)
      batch.put.push({ what: 'erasure', client: event.client })
      return
    case 'merge':
      batch.put.push({ what: 'merge', client: event.client, person: event.person })
      return
    case 'unmerge':
      batch.put = batch.put.filter((thing) => thing.what !== 'merge' || thing.client !== event.client)
      batch.drop.push(rowId({ what: 'merge', client: event.client, person: '' }))
      return
    case 'record':
      batch.put.push({ what: 'record', record: event.record, received: event.received })
      return
    case 'identity': {
      const identity = await identityOf(event)
      if (identity) batch.put.push(identity)
      return
    }
    case 'assignment': {
      const { id, client, mentor, task, item, until } = event
      if (event.open) batch.put.push({ what: 'assignment', id, client, mentor, task, item, until })
      else batch.drop.push(`assignment/${id}`)
      return
    }
    case 'stay': {
      const { id, client, here, site, home, reason, until } = event
      if (event.open) batch.put.push({ what: 'stay', id, client, here, site, home, reason, until })
      else {
        batch.put = batch.put.filter((thing) => thing.what !== 'stay' || thing.id !== id)
        batch.drop.push(`stay/${id}`)
      }
      return
    }
    case 'content':
      batch.announced.push(event)
      return
    case 'start_again':
      batch.cursor = null
      batch.again = true
      return
    case 'cursor':
      batch.cursor = event.cursor
      batch.complete = event.complete
      return
    default:
      // A newer server may know more events; this phone gets them when it is brought up to date.
      return
  }
}

export function clientOf(thing: KeptThing): string | null {
  return thing.what === 'record' ? thing.record.client : 'client' in thing ? thing.client : null
}

type IdentityEvent = Extract<Event, { event: 'identity' }>

/** Null when it cannot be opened: then her name is missing until the server gives it anew. */
async function identityOf({ record, client, sealed, key }: IdentityEvent): Promise<KeptIdentity | null> {
  try {
    const clientKey = await sealingKey(fromBase64(key))
    const answers = await unsealJson<KeptIdentity['answers']>(clientKey, fromBase64(sealed), `${record}/${client}`)
    return { what: 'identity', record, client, answers, key }
  } catch {
    return null
  }
}
