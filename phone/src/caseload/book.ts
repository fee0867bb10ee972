// The opened store of one user: all she may know, in memory while she is unlocked.

import type { Published } from '@/caseload/content'
import { WrongValueError } from '@/facts/values'
import type { Relation } from '@/facts/standing'
import { extract } from '@/forms/extraction'
import { orderOf, type Said } from '@/schedule/tables'
import {
  type IdentityAnswer, type KeptAssignment, type KeptDraft, type KeptErasure, type KeptIdentity, type KeptMerge, type KeptRecord, type KeptRequest, type KeptStay, type KeptThing, mayName, rowId,
} from '@/store/kept' // prettier-ignore

export class Book {
  readonly records = new Map<string, KeptRecord>()
  readonly identities = new Map<string, KeptIdentity>()
  readonly assignments = new Map<string, KeptAssignment>()
  readonly drafts = new Map<string, KeptDraft>()
  readonly stays = new Map<string, KeptStay>()
  readonly requests = new Map<string, KeptRequest>()
  private readonly erasures = new Map<string, KeptErasure>()
  readonly merges = new Map<string, KeptMerge>()
  private readonly saidBy = new Map<string, Said>()

  put(thing: KeptThing): void {
    const id = rowId(thing)
    if (thing.what === 'record') {
      this.records.set(id, thing)
      this.saidBy.delete(id)
    } else if (thing.what === 'identity') this.identities.set(id, thing)
    else if (thing.what === 'assignment') this.assignments.set(id, thing)
    else if (thing.what === 'draft') this.drafts.set(id, thing)
    else if (thing.what === 'stay') this.stays.set(id, thing)
    else if (thing.what === 'request') this.requests.set(id, thing)
    else if (thing.what === 'erasure') this.erasures.set(id, thing)
    else if (thing.what === 'merge') {
      this.merges.set(id, thing)
      this.readAnew()
    }
  }

  remove(id: string): void {
    if (this.merges.has(id)) this.readAnew()
    for (const shelf of this.shelves()) shelf.delete(id)
    this.saidBy.delete(id)
  }

  /** Ids of every piece about a client. */
  piecesOf(client: string): string[] {
    const of = (entries: Iterable<[string, { client: string | null }]>) =>
      [...entries].filter(([, piece]) => piece.client === client).map(([id]) => id)
    const records = [...this.records].filter(([, { record }]) => record.client === client).map(([id]) => id)
    return [...records, ...of(this.identities), ...of(this.assignments), ...of(this.drafts), ...of(this.stays), ...of(this.erasures), ...of(this.merges)]
  }

  /** By which pseudonym somebody is known: she may have several. */
  personOf(client: string): string {
    return this.merges.get(rowId({ what: 'merge', client, person: '' }))?.person ?? client
  }

  /** Ids of the pieces that may say who a client is. */
  namesOf(client: string): string[] {
    return [...this.identities.keys(), ...this.drafts.keys()].filter((id) => mayName(id, client))
  }

  isErased(client: string): boolean {
    return this.erasures.has(rowId({ what: 'erasure', client }))
  }

  /** How many pieces there are, and which drafts. */
  pieces(): { count: number; drafts: string[] } {
    return { count: this.shelves().reduce((sum, { size }) => sum + size, 0), drafts: [...this.drafts.keys()].sort() }
  }

  private shelves(): Map<string, unknown>[] {
    return [this.records, this.identities, this.assignments, this.drafts, this.stays, this.requests, this.erasures, this.merges]
  }

  /** What each record says, by the form it was made with. One that cannot be understood says nothing. */
  said(published: Published): { said: Said[]; notUnderstood: number } {
    let notUnderstood = 0
    const said = [...this.records.values()].map((kept) => {
      const known = this.saidBy.get(kept.record.id)
      if (known) return known
      const found = this.ofPersons(saidOf(kept, published))
      if (found) this.saidBy.set(kept.record.id, found)
      else notUnderstood += 1
      return found
    })
    return { said: said.filter((one) => one !== null), notUnderstood }
  }

  /** The same of the persons whom it is about, whatever pseudonyms of theirs it names. Nobody is her own mother. */
  private ofPersons(said: Said | null): Said | null {
    if (!said || !this.merges.size) return said
    const facts = said.facts.map((fact) => {
      const client = this.personOf(fact.client)
      const mother = this.personOf(fact.mother)
      return { ...fact, client, mother: mother === client ? '' : mother }
    })
    return { ...said, facts }
  }

  /** Where a record stands in time, as a text that sorts. */
  order(record: string): string {
    const kept = this.records.get(record)
    return kept ? orderOf({ received: kept.received, counter: kept.record.counter }) : ''
  }

  /** Forget what was understood, when forms or vocabulary have changed. */
  readAnew(): void {
    this.saidBy.clear()
  }

  relations(): Relation[] {
    return [...this.records.values()].flatMap(({ record: { id, relation } }) =>
      relation ? [{ record: id, type: relation.type, target: relation.record, repeat: relation.repeat ?? '' }] : [],
    )
  }

  /** The identity answers that were sealed with a record, by whom they are about. */
  sealedWith(record: string): Record<string, Record<string, IdentityAnswer>> {
    const found = [...this.identities.values()].filter((identity) => identity.record === record)
    return Object.fromEntries(found.map(({ client, answers }) => [client, answers]))
  }

  /** The key of a client, base64, if any identity of hers is here; false when her name was erased, and she gets none again. */
  keyOf(client: string): string | null | false {
    if (this.isErased(client)) return false
    for (const identity of this.identities.values()) if (identity.client === client) return identity.key
    return null
  }
}

function saidOf({ record, received }: KeptRecord, published: Published): Said | null {
  const form = published.version(record.form, record.form_version)
  if (!form || !published.vocabulary) return null
  try {
    const facts = extract(form, record, published.vocabulary)
    const { id, counter, source, site } = record
    return { record: id, received, counter, source, site: String(site), facts }
  } catch (error) {
    if (error instanceof WrongValueError) return null
    throw error
  }
}
