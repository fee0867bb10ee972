import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { enrolledPhone } from './phone'
import { randomBytes, toBase64 } from '@/keys/bytes'
import { sealingKey, sealJson } from '@/keys/sealing'
import { database } from '@/store/database'
import { asFile, giveAgain, taken, waiting } from '@/store/outbox'
import { forgetUser, setUp, takeUsers } from '@/store/users'
import { lines } from '@/sync/lines'
import { type Batch, pull } from '@/sync/pull'
import { push } from '@/sync/push'
import { NoConnection, Refusal } from '@/sync/server'
import { clearTries, countTry, waitLeft } from '@/unlock/delays'

beforeEach(enrolledPhone)
afterEach(() => vi.unstubAllGlobals())

function serverAnswers(...answers: (Response | Error)[]): ReturnType<typeof vi.fn> {
  const fetched = vi.fn(async (_address: string, _how: RequestInit) => {
    const answer = answers.shift()
    if (!answer || answer instanceof Error) throw answer ?? new Error('asked too often')
    return answer
  })
  vi.stubGlobal('fetch', fetched)
  return fetched
}

async function fillOutbox(count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, at) => ({ id: `r${at}`, made: 1000 + at, carried: `sealed-${at}` }))
  await database.outbox.bulkAdd(rows)
}

describe('giving', () => {
  const answered = (...statuses: string[]) =>
    Response.json({ answers: statuses.map((status, at) => ({ id: `r${at}`, status, code: status === 'quarantined' ? 'SYNC-012' : '' })) })

  it('takes out what the server has on its disk, and lists what it set aside', async () => {
    await fillOutbox(3)
    serverAnswers(answered('accepted', 'duplicate', 'quarantined'))
    await push('token')
    expect(await waiting()).toEqual({ count: 0, oldest: null })
    expect(await database.setAside.toArray()).toMatchObject([{ id: 'r2', code: 'SYNC-012' }])
  })

  it('keeps everything when there is no connection or the batch is refused', async () => {
    await fillOutbox(2)
    serverAnswers(new TypeError('no network'))
    await expect(push('token')).rejects.toThrow(NoConnection)
    serverAnswers(Response.json({ code: 'SYNC-005' }, { status: 503, headers: { 'Retry-After': '30' } }))
    await expect(push('token')).rejects.toMatchObject({ code: 'SYNC-005', retryAfter: 30 })
    expect(await waiting()).toEqual({ count: 2, oldest: 1000 })
  })

  it('keeps what was not answered', async () => {
    await fillOutbox(2)
    serverAnswers(answered('accepted'))
    await expect(push('token')).rejects.toThrow()
    expect((await database.outbox.toArray()).map(({ id }) => id)).toEqual(['r1'])
  })

  it('is done once more when the server begins anew, for what it confirmed in the last thirty days', async () => {
    await fillOutbox(3)
    serverAnswers(answered('accepted', 'duplicate', 'quarantined'))
    await push('token')
    await database.given.update('r0', { at: Date.now() - 31 * 86_400_000 })
    await database.outbox.add({ id: 'r7', made: 2000, carried: 'sealed-7' })
    await taken([], [])
    await giveAgain()
    expect((await database.outbox.orderBy('made').toArray()).map(({ id, carried }) => [id, carried])).toEqual([
      ['r1', 'sealed-1'], ['r2', 'sealed-2'], ['r7', 'sealed-7'],
    ]) // prettier-ignore
    expect(await database.given.count()).toBe(0)
  })

  it('can be done by file: the same parcels', async () => {
    await fillOutbox(2)
    expect(JSON.parse(await (await asFile()).text())).toEqual({ parcels: [{ carried: 'sealed-0' }, { carried: 'sealed-1' }] })
  })
})

function stream(text: string, pieces: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  const bytes = new TextEncoder().encode(text)
  const size = Math.max(1, Math.ceil(bytes.length / pieces))
  let at = 0
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) controller.close()
      else controller.enqueue(bytes.slice(at, (at += size)))
    },
  })
}

describe('lines', () => {
  it.each([1, 2, 3, 7, 50, 1000])('come whole from %i pieces; one cut short is dropped', async (pieces) => {
    const read = []
    for await (const line of lines(stream('{"a":"é€"}\n{"b":2}\n\n{"c":', pieces))) read.push(line)
    expect(read).toEqual([{ a: 'é€' }, { b: 2 }])
  })
})

describe('fetching', () => {
  const record = (id: string, client: string) => ({ event: 'record', record: { id, client }, received: '2026-11-20T10:00:00+00:00' })
  const cursor = (name: string, complete: boolean) => ({ event: 'cursor', cursor: name, complete, server_time: '' })

  async function fetched(events: object[], cutAfter = Infinity): Promise<Batch[]> {
    const text = events.map((event) => JSON.stringify(event)).join('\n') + '\n'
    serverAnswers(new Response(stream(text.slice(0, cutAfter), 9)))
    const batches: Batch[] = []
    await pull('user', 'since', 'token', async (batch) => void batches.push(batch))
    return batches
  }

  it('applies batch by batch, each with the cursor to go on from', async () => {
    const batches = await fetched([record('1', 'a'), cursor('x', false), record('2', 'b'), cursor('y', true)])
    expect(batches.map(({ put, cursor: at, complete }) => [put.length, at, complete])).toEqual([[1, 'x', false], [1, 'y', true]])
  })

  it('keeps what came before the last cursor when it is cut', async () => {
    const batches = await fetched([record('1', 'a'), cursor('x', false), record('2', 'b'), cursor('y', true)], 220)
    expect(batches.map(({ cursor: at }) => at)).toEqual(['x'])
  })

  it('forgets a client, and takes her in anew when she comes back', async () => {
    const [batch] = await fetched([record('1', 'a'), { event: 'client_out', client: 'a' }, record('2', 'a'), cursor('x', true)])
    expect(batch!.forget).toEqual(['a'])
    expect(batch!.put.map((thing) => thing.what === 'record' && thing.record.id)).toEqual(['2'])
  })

  it('opens identities, starts again, drops what is no longer asked, and passes over what it does not know', async () => {
    const key = randomBytes(32)
    const sealed = toBase64(await sealJson(await sealingKey(key), { 'name.given': 'Ann' }, 'r/a'))
    const identity = { event: 'identity', record: 'r', client: 'a', sealed, key: toBase64(key) }
    const batches = await fetched([
      { event: 'start_again' }, identity, { ...identity, client: 'b' }, { event: 'assignment', id: 'z', open: false },
      { event: 'unheard_of', of: 'two' }, cursor('x', true),
    ]) // prettier-ignore
    expect(batches[0]).toMatchObject({ cursor: null, again: true, put: [] })
    expect(batches[1]).toMatchObject({ cursor: 'x', again: false })
    expect(batches[1]!.put).toMatchObject([{ what: 'identity', client: 'a', answers: { 'name.given': 'Ann' } }])
    expect(batches[1]!.drop).toEqual(['assignment/z'])
  })

  it('says which refusal it was', async () => {
    serverAnswers(Response.json({ code: 'DEV-004' }, { status: 403 }))
    await expect(pull('user', null, 'token', async () => {})).rejects.toThrow(Refusal)
  })
})

describe('the people of the phone', () => {
  const listed = (...ids: string[]) => ids.map((id) => ({ id, first_name: id, role: 'mentor', language: 'en' }))

  it('come and go with the server’s list; one who stays keeps her key', async () => {
    await takeUsers(listed('ann', 'bea'))
    const wrapped = { salt: randomBytes(16), memory: 1, passes: 1, sealed: randomBytes(60) }
    await setUp('ann', 'sun', wrapped)
    await database.kept.put({ user: 'bea', id: 'x', sealed: randomBytes(8) })
    await takeUsers(listed('ann', 'eve'))
    const found = await database.users.toArray()
    expect(found.map(({ id, firstName, key }) => [id, firstName, key !== null])).toEqual([['ann', null, true], ['eve', 'eve', false]])
    expect(await database.kept.count()).toBe(0)
  })

  it('wait longer after each wrong PIN, never more than a quarter of an hour, and lose nothing', async () => {
    await takeUsers(listed('ann'))
    await fillOutbox(1)
    const waits = []
    for (let at = 0; at < 12; at++) {
      await countTry('ann', 1_000_000)
      waits.push(waitLeft((await database.users.get('ann'))!, 1_000_000) / 1000)
    }
    expect(waits).toEqual([0, 0, 30, 60, 120, 300, 900, 900, 900, 900, 900, 900])
    expect(waitLeft((await database.users.get('ann'))!, -1e12)).toBe(900_000)
    await clearTries('ann')
    expect(waitLeft((await database.users.get('ann'))!, 1_000_001)).toBe(0)
    await forgetUser('ann')
    expect(await database.outbox.count()).toBe(1)
  })
})
