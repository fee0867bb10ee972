import { afterEach, describe, expect, it, vi } from 'vitest'
import { lookUp } from '@/sync/look-up'
import { NoConnection, Refusal } from '@/sync/server'

const work = vi.hoisted(() => ({ ends: async (): Promise<unknown> => undefined }))
vi.mock('@/sync/grant', () => ({ withToken: () => work.ends() }))
afterEach(() => vi.useRealTimers())

const refused = (status: number, code: string) => async () => Promise.reject(new Refusal(status, code, null))

describe('looking somebody up', () => {
  it.each([
    ['tooLittle', 422, 'DEV-007'],
    ['tooOften', 429, 'DEV-002'],
    ['busy', 503, ''],
    ['refused', 403, 'DEV-006'],
  ])('says %s where the server refuses with %i %s', async (trouble, status, code) => {
    work.ends = refused(status, code)
    expect(await lookUp('user', 'grace banda')).toEqual({ trouble })
  })

  it('says that there is no connection, and only then', async () => {
    work.ends = async () => Promise.reject(new NoConnection())
    expect(await lookUp('user', 'grace banda')).toEqual({ trouble: 'offline' })
    work.ends = async () => Promise.reject(new TypeError('a mistake of ours'))
    await expect(lookUp('user', 'grace banda')).rejects.toThrow('a mistake of ours')
  })

  it('waits five seconds, also where a grant is fetched first', async () => {
    vi.useFakeTimers()
    work.ends = () => new Promise(() => {})
    const answer = lookUp('user', 'grace banda')
    await vi.advanceTimersByTimeAsync(5000)
    expect(await answer).toEqual({ trouble: 'offline' })
  })
})
