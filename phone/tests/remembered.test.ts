import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { enrolledPhone, USER } from './phone'
import type { Caseload } from '@/caseload/caseload'
import type { Overview } from '@/caseload/overview'
import { fetchContent, keepBatch } from '@/caseload/keeping'
import type { Line } from '@/caseload/line'
import { type Basis, basisOf, markOf, remember, remembered } from '@/caseload/remembered'
import { randomBytes } from '@/keys/bytes'
import { sealingKey } from '@/keys/sealing'
import { database } from '@/store/database'
import { changeDevice } from '@/store/device'
import { type Holder, keep, type KeptDraft, OVERVIEW, PROFILE } from '@/store/kept'
import { forgetUser, takeUsers } from '@/store/users'
import type { Batch } from '@/sync/pull'
import { desk, overview, show } from '@/unlock/desk'

const DAY = 20_777
const seen = { day: DAY, people: [{ client: 'c', first: 'Zione' }], drafts: [] } as unknown as Overview
const draft = (client: string): KeptDraft => ({ what: 'draft', form: 'visit', version: '1', client, instance: '', page: 0, yearOnly: [], at: 0 })
const batch = (more: Partial<Batch>): Batch => ({ forget: [], drop: [], put: [], announced: [], cursor: undefined, again: false, complete: false, ...more })
/** What the worker has in memory: as much as was kept. */
const inMemory = (count: number, drafts: string[] = []) =>
  ({ pieces: () => ({ count, drafts }), piecesOf: () => [], change: () => {} }) as unknown as Caseload

let holder: Holder
let basis: Basis
beforeEach(async () => {
  await enrolledPhone()
  holder = { user: USER, key: await sealingKey(randomBytes(32)) }
  await keep(USER, holder.key, { what: PROFILE, firstName: 'Ann' })
  await keep(USER, holder.key, { what: 'assignment', id: '1', client: 'c', mentor: USER, task: 'trace', item: null, until: null })
  basis = basisOf(inMemory(1), DAY, await markOf(USER))
  await remember(holder, seen, basis)
})
afterEach(() => vi.unstubAllGlobals())

const there = (day = DAY) => remembered(holder, day)

describe('what was seen last', () => {
  it('is there while nothing has changed, and sealed', async () => {
    expect(await there()).toEqual(seen)
    const rows = await database.kept.toArray()
    expect(rows.map(({ sealed }) => new TextDecoder('latin1').decode(sealed)).join()).not.toContain('Zione')
  })

  it('does not hold on another day', async () => {
    expect(await there(DAY + 1)).toBeNull()
  })

  it('does not hold for another user, nor with another key', async () => {
    await takeUsers([USER, 'bea'].map((id) => ({ id, first_name: id, role: 'mentor', language: 'en' })))
    const other = { user: 'bea', key: await sealingKey(randomBytes(32)) }
    expect(await remembered(other, DAY)).toBeNull()
    expect(await remembered({ ...other, user: USER }, DAY)).toBeNull()
  })

  it.each<[string, () => Promise<unknown>]>([
    ['something was saved', () => changeDevice({ counter: 42 })],
    ['something was fetched', () => keepBatch(batch({ cursor: 'x' }), holder, inMemory(1))],
    ['a form was begun', () => keep(USER, holder.key, draft('c'))],
    ['somebody is to be forgotten', () => keepBatch(batch({ forget: ['c'] }), holder, inMemory(1))],
    ['a form or protocol was announced', () => keepBatch(batch({ announced: [{ kind: 'form', name: 'visit', version: '2', digest: 'd' }] }), holder, inMemory(1))],
  ])('does not hold once %s', async (_, happens) => {
    await happens()
    expect(await there()).toBeNull()
  })

  it('does not hold once a form or protocol has come', async () => {
    await database.content.put({ digest: 'd', kind: 'protocol', name: 'P', version: '1', seen: 1, body: null })
    vi.stubGlobal('fetch', async () => Response.json({ id: 'P' }))
    expect(await fetchContent('token')).toBe(true)
    expect(await there()).toBeNull()
  })

  it('tells one begun form from another', async () => {
    await keep(USER, holder.key, draft('c'))
    await remember(holder, seen, basisOf(inMemory(2, ['draft/visit/c']), DAY, await markOf(USER)))
    expect(await there()).toEqual(seen)
    await database.kept.delete([USER, 'draft/visit/c'])
    await keep(USER, holder.key, draft('d'))
    expect(await there()).toBeNull()
  })

  it('does not hold when more lies on the phone than it was made of', async () => {
    await keepBatch(batch({ cursor: 'x' }), holder, inMemory(1))
    await remember(holder, seen, basis)
    expect(await there()).toBeNull()
  })

  it('goes from the store with whoever is to be forgotten in it', async () => {
    await keepBatch(batch({ forget: ['c'], cursor: 'x' }), holder, inMemory(1))
    expect(await database.kept.get([USER, OVERVIEW])).toBeUndefined()
  })

  it('is not kept for a user whom this phone knows no more', async () => {
    await forgetUser(USER)
    await remember(holder, seen, basis)
    await keep(USER, holder.key, draft('c'))
    expect(await database.kept.count()).toBe(0)
  })
})

describe('what a worker says late', () => {
  const line = {} as Line
  afterEach(() => {
    desk.value = overview.value = null
  })

  it('is not shown to whoever is in by then', () => {
    desk.value = { user: 'bea', firstName: 'Bea', key: holder.key, line }
    show({} as Line, seen)
    expect(overview.value).toBeNull()
    show(line, seen)
    expect(overview.value).toEqual(seen)
  })

  it('is not shown to nobody', () => {
    show(line, seen)
    expect(overview.value).toBeNull()
  })
})
