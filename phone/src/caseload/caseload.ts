// The caseload of one unlocked user: her book, the schedule over it, and the answers that screens ask for.
// Lives in a worker (worker.ts), so that nothing it does makes typing wait; the worker's end is the end of all of it.

import { Book } from '@/caseload/book'
import { contactOf, type Contact, type Consents, erased, noContact } from '@/caseload/contact'
import { Items, type Published } from '@/caseload/content'
import { type Being, contextOf, type Counted } from '@/caseload/context'
import { familyOf, type Testimony } from '@/caseload/family'
import { MOVING_KINDS, movingOf } from '@/caseload/moving'
import { myWork, type MyWork } from '@/caseload/my-work'
import type { Correctable, Draft, Household, Overview } from '@/caseload/overview'
import { type Fields, type Findable, findableBy, identityFields, isApart, type Moving, type Person, type Stay, textOf } from '@/caseload/people'
import { type Entry, type Happened, timeline } from '@/caseload/timeline'
import { type Known, labelOf, latestSteps, type ScheduleRow, type Step, taskOf, type Today, todayList, worstFirst } from '@/caseload/today'
import { type Bounds, boundsOf, isTold, RESULT_KINDS } from '@/caseload/told'
import { versionsOf } from '@/facts/standing'
import type { Context } from '@/forms/engine'
import { NOBODY } from '@/forms/model'
import type { Schedule } from '@/schedule/schedule'
import type { MadeRecord } from '@/records/record'
import { observations, standingRows } from '@/schedule/tables'
import type { KeptDraft, KeptMerge, KeptRequest, KeptThing } from '@/store/kept'

export interface Me {
  user: string
  device: string
}

/** Kinds of which the latest counts for what may be done, or for who she is. */
const LATEST = ['birth.date', 'caregiver.since', 'consent.data_use', 'consent.follow_up', 'consent.phone', 'consent.sms',
  'consent.whatsapp', 'consent.home_visit', 'consent.referral_share', 'consent.research'] // prettier-ignore

/** With more people touched at once it is quicker to work out everything. */
const MOST_PEOPLE = 40

type Latest = Map<string, Map<string, { day: number; value: string }>>

export class Caseload {
  private readonly book = new Book()
  private published: Published = { forms: new Map(), protocol: null, vocabulary: null, version: () => undefined }
  private day = 0
  /** What was worked out last, and the records that came, changed or went since. */
  private workedOut: Testimony | null = null
  private readonly changed = new Set<string>()
  private notUnderstood = 0
  private fields = new Map<string, Fields>()
  private also = new Map<string, Findable[]>()
  private people = new Map<string, Person>()
  private latest: Latest = new Map()
  private told: Bounds = new Map()
  private refusals = new Map<string, number>()
  private moving = new Map<string, Moving>()

  constructor(
    private readonly schedule: Schedule,
    /** A second one, for a family at a time. */
    private readonly small: Schedule,
    private readonly me: Me,
  ) {}

  /** Take in new and changed pieces and drop others; `work` or `workOn` must follow. */
  change(put: KeptThing[], removed: string[] = []): void {
    for (const thing of put) {
      this.book.put(thing)
      if (thing.what === 'record') this.changed.add(thing.record.id)
      if (thing.what === 'merge') this.regrouped(thing)
    }
    for (const id of removed) {
      const merge = this.book.merges.get(id)
      if (merge) this.regrouped(merge)
      this.book.remove(id)
      this.changed.add(id)
    }
  }

  private regrouped({ client, person }: KeptMerge): void {
    this.changed.add(client).add(person)
  }

  /** Ids of the pieces that say who is one person with whom. */
  merges(): string[] {
    return [...this.book.merges.keys()]
  }

  /** Other forms, protocol or vocabulary; `work` must follow. */
  publish(published: Published): void {
    this.published = published
    this.workedOut = null
    this.book.readAnew()
  }

  /** Ids of all pieces about a client. */
  piecesOf(client: string): string[] {
    return this.book.piecesOf(client)
  }

  /** How many pieces there are, and which drafts. */
  pieces(): { count: number; drafts: string[] } {
    return this.book.pieces()
  }

  /** Ids of the pieces that may say who a client is. */
  namesOf(client: string): string[] {
    return this.book.namesOf(client)
  }

  keyOf(client: string): string | null | false {
    return this.book.keyOf(client)
  }

  draft(id: string): KeptDraft | null {
    return this.book.drafts.get(id) ?? null
  }

  isKnown(client: string): boolean {
    return this.people.has(this.book.personOf(client)) || this.book.keyOf(client) !== null
  }

  /** Work everything out for a day. */
  work(day: number): Overview {
    const now = this.testimony()
    const { protocol } = this.published
    this.schedule.fill(observations(now.said), standingRows(now.relations))
    if (protocol) this.schedule.run(protocol.statements, day)
    return this.tell(now, day)
  }

  /** Work out anew what may have changed for the families of the changed records. Gives the same as `work`. */
  workOn(day: number): Overview {
    const { protocol } = this.published
    if (!protocol || !this.workedOut || day !== this.day) return this.work(day)
    const now = this.testimony()
    const family = familyOf(this.changed, this.workedOut, now, MOST_PEOPLE)
    if (!family) return this.work(day)
    this.small.fill(observations(family.said), standingRows(now.relations))
    this.small.run(protocol.statements, day)
    this.schedule.takeFrom(this.small, family.clients)
    return this.tell(now, day)
  }

  private testimony(): Testimony {
    const { said, notUnderstood } = this.book.said(this.published)
    this.notUnderstood = notUnderstood
    return { said, relations: this.book.relations() }
  }

  private tell(now: Testimony, day: number): Overview {
    this.workedOut = now
    this.changed.clear()
    this.day = day
    const identities = this.standing(this.book.identities.values(), (i) => i.record)
    const order = (record: string) => this.book.order(record)
    this.fields = identityFields(identities.map((one) => ({ ...one, client: this.book.personOf(one.client) })), order)
    this.also = this.alsoOf(identityFields(identities, order))
    this.latest = this.latestFacts()
    const results = RESULT_KINDS.map((kind) => `'${kind}'`).join(', ')
    this.told = boundsOf(this.ask(`SELECT client, kind, day FROM fact WHERE kind IN (${results})`))
    this.refusals = new Map(
      this.ask<[string, number]>("SELECT client, COUNT(*) FROM fact WHERE kind = 'trace.outcome' AND value = 'refused' GROUP BY client"),
    )
    this.moving = movingOf(
      this.ask(`SELECT client, kind, value, day FROM fact WHERE kind IN (${MOVING_KINDS.map((kind) => `'${kind}'`).join(', ')}) ORDER BY day, position`),
    )
    this.people = this.whoTheyAre()
    return this.overview()
  }

  /** What stands under each pseudonym of those who have several. */
  private alsoOf(fields: Map<string, Fields>): Map<string, Findable[]> {
    const also = new Map<string, Findable[]>()
    for (const { client, person } of this.book.merges.values()) {
      also.set(person, [...(also.get(person) ?? [findableBy(fields.get(person))]), findableBy(fields.get(client))])
    }
    return also
  }

  /** Rows over the schedule's tables; nothing before there is a protocol. */
  private ask<T extends unknown[]>(sql: string, ids: string[] = []): T[] {
    return this.published.protocol ? (this.schedule.rows(sql, ids) as T[]) : []
  }

  private standing<T>(pieces: Iterable<T>, recordOf: (piece: T) => string): T[] {
    const fallen = new Set(standingRows(this.book.relations()).filter((row) => row[1] === 0).map((row) => row[0]))
    return [...pieces].filter((piece) => !fallen.has(recordOf(piece)))
  }

  private latestFacts(): Latest {
    const latest: Latest = new Map()
    const kinds = LATEST.map((kind) => `'${kind}'`).join(', ')
    const rows = this.ask<[string, string, number, string]>(
      `SELECT client, kind, day, value FROM fact WHERE kind IN (${kinds}) ORDER BY day, position`,
    )
    for (const [client, kind, day, value] of rows) {
      const of = latest.get(client) ?? new Map()
      latest.set(client, of.set(kind, { day, value }))
    }
    return latest
  }

  private whoTheyAre(): Map<string, Person> {
    const people = new Map<string, Person>()
    const roles = this.roles()
    const since = new Map(this.ask<[string, number]>("SELECT client, MIN(day) FROM fact WHERE kind = 'enrolled' GROUP BY client"))
    const rows = this.ask<[string, string | null, number | null, number | null]>('SELECT client, mother, dob, death FROM person')
    for (const [client, mother, dob, death] of rows) {
      const born = dob ?? this.latest.get(client)?.get('birth.date')?.day ?? null
      const role = roles.get(client) ?? 'mother'
      people.set(client, this.person(client, { role, mother, born, since: since.get(client) ?? null, died: death !== null }))
    }
    for (const client of this.fields.keys()) {
      if (!people.has(client)) people.set(client, this.person(client, { role: 'mother', mother: null, born: null, since: null, died: false }))
    }
    return people
  }

  /** As whom facts speak of each; a woman who was a girl client is a mother. */
  private roles(): Map<string, string> {
    const roles = new Map<string, string>()
    for (const { facts } of this.workedOut?.said ?? []) {
      for (const { client, role } of facts) {
        const person = this.book.personOf(client)
        if (role === 'mother' || !roles.has(person)) roles.set(person, role)
      }
    }
    return roles
  }

  private person(client: string, rest: Pick<Person, 'role' | 'mother' | 'born' | 'since' | 'died'>): Person {
    const fields = this.fields.get(client)
    const caregiver = this.latest.get(client)?.get('caregiver.since')?.value ?? ''
    return {
      client,
      ...rest,
      caregiver: caregiver === 'mother' ? '' : caregiver,
      carer: textOf(fields, 'caregiver.name'),
      ...findableBy(fields),
      also: this.also.get(client) ?? [],
      village: textOf(fields, 'address.village'),
      erased: this.book.isErased(client),
      stay: this.stayOf(rest.mother ?? client),
      moving: this.moving.get(client) ?? null,
    }
  }

  /** Where she is now, if not at home: as it was said last. */
  private stayOf(client: string): Stay | null {
    const stays = [...this.book.stays.values()].filter((stay) => this.book.personOf(stay.client) === client && dayOf(stay.until) >= this.day)
    const last = stays.sort((a, b) => (a.until < b.until ? -1 : a.until > b.until ? 1 : 0)).at(-1)
    if (!last) return null
    return { here: last.here, place: last.here ? last.home : last.site, reason: last.reason, until: dayOf(last.until) }
  }

  /** Cards that were shown without a network, the latest first. */
  requests(): KeptRequest[] {
    return [...this.book.requests.values()].sort((a, b) => b.at - a.at)
  }

  private overview(): Overview {
    return {
      day: this.day,
      today: this.today(),
      people: [...this.people.values()].sort(byClient),
      persons: Object.fromEntries([...this.book.merges.values()].map(({ client, person }) => [client, person])),
      drafts: this.drafts(),
      requests: this.requests(),
      work: this.myWork(),
      notUnderstood: this.notUnderstood,
      ready: this.published.protocol !== null && this.published.vocabulary !== null,
    }
  }

  drafts(): Draft[] {
    return [...this.book.drafts.values()]
      .map(({ form, client, at, amends }) => ({ form, client, at, amends: amends ?? null }))
      .sort((a, b) => b.at - a.at)
  }

  private today(): Today {
    const asked = [...this.book.assignments.values()].filter(({ mentor }) => mentor === this.me.user)
    return todayList(
      this.openRows().filter(({ client }) => this.people.has(client)),
      asked.map(({ client, until }) => ({ client: this.book.personOf(client), until: until ? dayOf(until) : null })).sort(byClient),
      this.seenToday(),
      this.nextOfAll(),
      this.known(),
    )
  }

  /** What may or should be done now, by anybody's or one client's schedule. */
  private openRows(client?: string): ScheduleRow[] {
    const rows = this.ask<[string, string, string, number, number, Step['state'], number | null]>(
      `SELECT client, rule, item, due, opens, state, days_late FROM schedule
       WHERE state <> 'upcoming' ${client ? 'AND client = ?' : ''} ORDER BY item, due`,
      client ? [client] : [],
    )
    const steps = rows.map(([whose, rule, item, due, opens, state, late]) => ({ client: whose, rule, item, due, opens, state, daysLate: late ?? 0 }))
    return latestSteps(steps, this.known().items)
  }

  private known(): Known {
    return {
      items: new Items(this.published.protocol?.items ?? []),
      house: (client) => this.house(client),
      told: (client, kind) => isTold(this.told, client, kind),
      contact: (client) => this.contact(client),
    }
  }

  /** By whichever pseudonym of hers she is asked for. */
  private house(client: string): string {
    const known = this.book.personOf(client)
    const person = this.people.get(known)
    if (!person?.mother) return known
    if (!this.isApart(person)) return this.people.has(person.mother) ? person.mother : known
    const together = this.childrenOf(person.mother).filter((child) => this.isApart(child) && child.caregiver === person.caregiver)
    return together.map((child) => child.client).sort()[0] ?? known
  }

  private isApart(person: Person): boolean {
    return isApart(person, person.mother ? this.people.get(person.mother) : undefined)
  }

  private childrenOf(mother: string): Person[] {
    return [...this.people.values()].filter((person) => person.mother === mother)
  }

  private seenToday(): Set<string> {
    const made = this.madeRecords().filter(
      ({ client, author, happened }) => client && author === this.me.user && dayOf(happened) === this.day,
    )
    return new Set(made.map(({ client }) => this.house(client as string)))
  }

  /** What was done: without what was taken back, or stands corrected elsewhere. */
  private madeRecords(): MadeRecord[] {
    const records = [...this.book.records.values()].map(({ record }) => record)
    return this.standing(records, ({ id }) => id).filter(({ relation }) => relation === null || relation.type === 'amends')
  }

  private nextOfAll(): Today['next'] {
    const rows = this.ask<[string, string, string, number]>(
      `SELECT client, rule, item, opens FROM schedule
       WHERE state = 'upcoming' AND opens = (SELECT MIN(opens) FROM schedule WHERE state = 'upcoming') ORDER BY item`,
    )
    const [first] = rows.map(([client, rule, item, from]) => ({ client, rule, item, from })).sort(byClient)
    return first ? { client: this.house(first.client), label: labelOf(first, this.known()), from: first.from } : null
  }

  private contact(client: string): Contact {
    const person = this.people.get(client)
    const apart = person !== undefined && this.isApart(person)
    if (person?.died && !apart) return noContact('died')
    if (apart && ['', 'not_known'].includes(person.caregiver)) return noContact('unknown')
    const whose = apart ? 'carer' : person?.role === 'partner' ? 'them' : 'her'
    if (this.book.isErased(client)) return erased(whose)
    const consents: Consents = new Map([...(this.latest.get(client) ?? [])].map(([kind, { value }]) => [kind, value]))
    return contactOf(this.fields.get(client), consents, this.refusals.get(client) ?? 0, whose)
  }

  private myWork(): MyWork {
    const records = this.madeRecords().filter(({ author, device }) => author === this.me.user && device === this.me.device)
    const states = (form: string, kind: string) =>
      this.published.forms.get(form)?.form.questions.some(({ fact }) => fact === kind) ?? false
    return myWork(records, this.day, {
      enrols: (form) => this.published.forms.get(form)?.form.enrols ?? false,
      looksFor: (form) => states(form, 'trace.attempt'),
      talks: (form) => states(form, 'session'),
      isOfNobody: (form) => this.published.forms.get(form)?.form.role === NOBODY,
    })
  }

  /** Everything for the page of a person: she and her babies, or a baby alone. */
  household(client: string): Household | null {
    const house = this.house(client)
    const asked = this.people.get(this.book.personOf(client))
    const head = asked && this.isApart(asked) ? asked : this.people.get(house)
    if (!head) return null
    const mother = head.mother ?? head.client
    const family = [...(this.people.has(mother) ? [mother] : []), ...this.childrenOf(mother).sort(byAge).map((child) => child.client)]
    const of = (ids: string[]) => ids.map((id) => this.people.get(id) as Person)
    const others = family.filter((id) => id !== head.client && this.house(id) === house)
    const people = [head, ...of(others)]
    const ids = people.map((person) => person.client)
    const fields = this.fields.get(head.client)
    return {
      people,
      kin: of(family.filter((id) => this.house(id) !== house)),
      partners: this.partnersOf(head.client),
      named: [textOf(fields, 'partner.name'), textOf(fields, 'partner.phone')].filter(Boolean).join(' · '),
      contact: this.contact(head.client),
      next: Object.fromEntries(ids.map((id) => [id, this.nextOf(id)])),
      entries: timeline([...this.factsOf(ids), ...this.notesOf(ids)], this.told),
      drafts: this.drafts().filter((draft) => draft.client !== null && ids.includes(this.book.personOf(draft.client))),
    }
  }

  /** Whom her sealed answers say to be her partner. Theirs say nothing of her. */
  private partnersOf(client: string): Person[] {
    const hers = this.standing(this.book.identities.values(), (i) => i.record).filter((i) => this.book.personOf(i.client) === client)
    const ids = new Set(hers.map(({ answers }) => this.book.personOf(textOf(answers, 'partner.client'))))
    return [...this.people.values()].filter((person) => ids.has(person.client)).sort(byAge)
  }

  private nextOf(client: string): Household['next'][string] {
    const known = this.known()
    const tasks = this.openRows(client).map((row) => taskOf(row, known))
    const [later] = this.ask<[string, string, number]>(
      "SELECT rule, item, opens FROM schedule WHERE client = ? AND state = 'upcoming' ORDER BY opens, item LIMIT 1",
      [client],
    )
    return {
      open: tasks.sort(worstFirst),
      later: later ? { label: labelOf({ client, rule: later[0], item: later[1] }, known), from: later[2] } : null,
    }
  }

  private factsOf(clients: string[]): Happened[] {
    const marks = clients.map(() => '?').join(', ')
    const rows = this.ask<[string, string, number, string, number | null, string, number]>(
      `SELECT client, kind, day, value, number, record, position FROM fact WHERE client IN (${marks}) ORDER BY day DESC, position, kind`,
      clients,
    )
    // Births are understood of records, and stand in none: those of one day all have the same position.
    rows.sort((a, b) => b[2] - a[2] || a[6] - b[6] || (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0))
    return rows.map(([client, kind, day, value, number, record]) => ({ client, kind, day, value, number, record }))
  }

  private notesOf(clients: string[]): Happened[] {
    const noted = this.standing(this.book.identities.values(), (i) => i.record).sort((a, b) => (a.record < b.record ? -1 : 1))
    return noted.flatMap(({ client: pseudonym, record, answers }) => {
      const client = this.book.personOf(pseudonym)
      const made = this.book.records.get(record)?.record
      const text = textOf(answers, 'note')
      if (!made || !text || !clients.includes(client)) return []
      return [{ client, kind: 'note', day: dayOf(made.happened), value: text, number: null, record }]
    })
  }

  /** What is known of her, for the hidden questions of a form. */
  context(pseudonym: string): Context {
    const client = this.book.personOf(pseudonym)
    const child = this.youngestChild(client)
    return contextOf(
      this.being(client),
      this.counted(client),
      child ? { client: child.client, facts: this.counted(child.client) } : null,
      this.day,
    )
  }

  private counted(client: string): Counted[] {
    const rows = this.ask<[string, number, string, string | null, string | null]>(
      'SELECT kind, day, value, event, ref FROM fact WHERE client = ? ORDER BY day, position',
      [client],
    )
    return rows.map(([kind, day, value, event, ref]) => ({ kind, day, value, event: event ?? '', ref: ref ?? '' }))
  }

  private being(client: string): Being {
    const [row] = this.ask<(number | null)[]>(
      `SELECT pregnant_since, pregnant_until, hiv_positive_since, hiv_positive_until, hiv_negative_since, hiv_negative_until,
              exposed_infant_since, exposed_infant_until
       FROM being WHERE client = ?`,
      [client],
    )
    const holds = (at: number) => row !== undefined && isIn(this.day, row[at] ?? null, row[at + 1] ?? null)
    const person = this.people.get(client)
    return {
      client,
      role: person?.role ?? 'mother',
      born: person?.born ?? null,
      pregnant: holds(0),
      status: holds(2) ? 'pos' : holds(4) ? 'neg' : '',
      exposed: holds(6),
    }
  }

  private youngestChild(client: string): Person | undefined {
    return this.childrenOf(client)
      .filter((child) => !child.died && !this.isApart(child))
      .sort((a, b) => (b.born ?? -Infinity) - (a.born ?? -Infinity) || (a.client < b.client ? -1 : 1))[0]
  }

  /** Records of a person, to be put right: those that stand, the latest first. */
  correctable(ids: string[]): Correctable[] {
    const made = ids.flatMap((id) => this.book.records.get(id)?.record ?? [])
    const relations = this.book.relations()
    return made
      .sort((a, b) => (a.device_clock < b.device_clock ? 1 : -1))
      .map((record) => ({
        id: record.id,
        versions: versionsOf(record.id, relations),
        client: record.client as string,
        form: record.form,
        version: record.form_version,
        happened: record.happened,
        answers: record.answers,
        identities: this.book.sealedWith(record.id),
        isMine: record.author === this.me.user,
        entries: this.statedBy(record.id),
      }))
  }

  /** What a record just made states, in words' terms, for the page that says what was saved. */
  statedBy(record: string): Entry[] {
    const facts = this.workedOut?.said.find((one) => one.record === record)?.facts ?? []
    return timeline(facts.map((fact) => ({ ...fact, record })), this.told)
  }
}

function byAge(a: Person, b: Person): number {
  return (a.born ?? 0) - (b.born ?? 0) || (a.client < b.client ? -1 : 1)
}

function byClient(a: { client: string }, b: { client: string }): number {
  return a.client < b.client ? -1 : a.client > b.client ? 1 : 0
}

function dayOf(iso: string): number {
  return Math.floor(Date.parse(`${iso.slice(0, 10)}T00:00:00Z`) / 86_400_000)
}

function isIn(day: number, since: number | null, until: number | null): boolean {
  return since !== null && since <= day && (until === null || day < until)
}
