// Saving: record, identities and outbox in one transaction. "Saved" is said after it, never before.

import { filled, type Given } from '@/forms/answers'
import type { Answer, Answers, Form } from '@/forms/model'
import { type Bytes, fromBase64, fromText, randomBytes, sha256Hex, toBase64 } from '@/keys/bytes'
import { KEY_BYTES, sealingKey, sealJson } from '@/keys/sealing'
import { CLIENT_KEY, PARCEL, sealToServer } from '@/keys/server-seal'
import { newPseudonym, newRecordId } from '@/records/ids'
import { clockText, type MadeRecord, signed } from '@/records/record'
import { database, type Device } from '@/store/database'
import { changeDevice, enrolledDevice } from '@/store/device'
import { draftId, type KeptThing, sealed } from '@/store/kept'

export interface ToSave {
  user: string
  key: CryptoKey
  form: Form
  /** Whom it is about; null when the form enrols her. */
  client: string | null
  given: Given[]
  yearOnly: ReadonlySet<string>
  /** What this one says of an earlier record, and the day of that. */
  corrects?: { type: 'amends' | 'withdraws'; record: string; happened: string }
  /** The key of a client, base64, null for one this phone has none of; false for one whose name was erased. */
  keyOf: (client: string) => Promise<string | null | false>
  now: Date
}

export interface Saved {
  record: string
  /** Null when she does not want her details kept. */
  client: string | null
  put: KeptThing[]
  removed: string[]
}

interface SealedIdentity {
  client: string
  sealed: string
  key: string | null
}

const CONSENT = 'consent.data_use'

/** The server told of a higher counter, or another window saved, while this record was made. */
class CounterMoved extends Error {}

/** One record at a time on this phone, in whatever window: the counter may not be used twice. */
export function save(what: ToSave): Promise<Saved> {
  return navigator.locks.request('daybook-save', () =>
    saveAlone(what).catch((error: unknown) => {
      if (error instanceof CounterMoved) return saveAlone(what)
      throw error
    }),
  )
}

async function saveAlone(what: ToSave): Promise<Saved> {
  const device = await enrolledDevice()
  const id = newRecordId(what.now.getTime())
  const { answers, identities } = filled(what.form, what.given, what.yearOnly)
  const client = what.client ?? (isAboutNobody(what.form) || refusesKeeping(what.form, answers) ? null : newPseudonym())
  const people = client ? await peopleOf(what, client, answers, identities) : []
  const sealedIdentities = await Promise.all(people.map((person) => sealIdentity(person, id, device)))
  const record = await signed(device.privateKey, await unsigned(what, device, id, client, answers, sealedIdentities))
  const parcel = JSON.stringify({ record, identities: sealedIdentities })
  const carried = await sealToServer(device.serverKey, PARCEL, fromText(parcel))
  const put: KeptThing[] =
    client || isAboutNobody(what.form)
      ? [
          { what: 'record', record, received: null },
          ...people.map(({ about, fields, key }) => ({ what: 'identity' as const, record: id, client: about, answers: fields, key })),
        ]
      : []
  const removed = [draftId(what.form.definition.id, what.client, what.corrects?.record)]
  await keepAll(what, device, { id, made: what.now.getTime(), carried }, put, removed)
  return { record: id, client, put, removed }
}

function isAboutNobody(form: Form): boolean {
  return form.roles.length === 0
}

/** A woman who does not want her details kept is served and counted, and nothing of her stays on the phone. */
function refusesKeeping(form: Form, answers: Answers): boolean {
  return form.definition.questions.some(
    ({ fact, path }) => fact === CONSENT && answers[path] !== undefined && answers[path] !== 'given',
  )
}

interface About {
  about: string
  fields: Record<string, Answer>
  key: string
  isNew: boolean
}

/** Everyone whose identity is answered, but for the erased, and everyone whom this record brings in: she or her babies. */
async function peopleOf(
  what: ToSave,
  client: string,
  answers: Answers,
  identities: Map<string, Record<string, Answer>>,
): Promise<About[]> {
  const answered = [...identities].map(([about, fields]) => [about || client, fields] as const)
  const fields = new Map(answered)
  const brought = [...(what.client ? [] : [client]), ...babiesIn(what.form, answers)]
  const people = [...new Set([client, ...fields.keys(), ...brought])]
  const known = await Promise.all(people.map(async (about) => ({ about, known: await what.keyOf(about) })))
  return known
    .flatMap(({ about, known: key }) => (key === false ? [] : [{ about, key }]))
    .filter(({ about, key }) => fields.has(about) || (!key && brought.includes(about)))
    .map(({ about, key }) => ({
      about,
      fields: fields.get(about) ?? {},
      key: key ?? toBase64(randomBytes(KEY_BYTES)),
      isNew: key === null,
    }))
}

/** Answers to the questions that `about` names: ids of others than the client. */
function babiesIn(form: Form, answers: Answers): string[] {
  const questions = form.definition.questions.flatMap(({ about }) => form.named(about) ?? [])
  return [...new Set(questions)].flatMap(({ path, repeat }) => {
    const entries = repeat ? ((answers[repeat] ?? []) as Record<string, Answer>[]) : [answers as Record<string, Answer>]
    return entries.flatMap((entry) => (entry[path] ? [String(entry[path])] : []))
  })
}

async function sealIdentity({ about, fields, key, isNew }: About, record: string, device: Device): Promise<SealedIdentity> {
  const raw: Bytes = fromBase64(key)
  const content = await sealJson(await sealingKey(raw), fields, `${record}/${about}`)
  return {
    client: about,
    sealed: toBase64(content),
    key: isNew ? await sealToServer(device.serverKey, CLIENT_KEY, raw) : null,
  }
}

async function unsigned(
  what: ToSave,
  device: Device,
  id: string,
  client: string | null,
  answers: Answers,
  identities: SealedIdentity[],
): Promise<Omit<MadeRecord, 'signature'>> {
  const clock = clockText(what.now)
  return {
    id,
    client,
    form: what.form.definition.id,
    form_version: what.form.definition.version,
    happened: what.corrects?.happened ?? fieldIn(what.form, answers, 'happened') ?? clock.slice(0, 10),
    precision: 'day',
    author: what.user,
    device: device.id,
    counter: device.counter + 1,
    device_clock: clock,
    site: device.site.id,
    organisation: device.organisation.id,
    source: fieldIn(what.form, answers, 'source') ?? 'observed',
    relation: what.corrects ? { type: what.corrects.type, record: what.corrects.record } : null,
    answers,
    seals: await Promise.all(identities.map(({ sealed: text }) => sha256Hex(fromBase64(text)))),
  }
}

/** A field of the record that one of the form's questions fills. */
function fieldIn(form: Form, answers: Answers, field: 'source' | 'happened'): string | undefined {
  const question = form.definition.questions.find(({ record }) => record === field)
  const answer = question && answers[question.path]
  return answer === undefined ? undefined : String(answer)
}

async function keepAll(
  { user, key }: ToSave,
  device: Device,
  unsent: { id: string; made: number; carried: string },
  put: KeptThing[],
  removed: string[],
): Promise<void> {
  const rows = await Promise.all(put.map((thing) => sealed(user, key, thing)))
  await database.transaction('rw', database.device, database.outbox, database.kept, async () => {
    const now = await enrolledDevice()
    if (now.id !== device.id || now.counter !== device.counter) throw new CounterMoved()
    await changeDevice({ counter: device.counter + 1 })
    await database.outbox.add(unsent)
    await database.kept.bulkPut(rows)
    await database.kept.bulkDelete(removed.map((id) => [user, id] as [string, string]))
  })
}

