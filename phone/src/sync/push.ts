// Giving unsent work to the server. It is sealed already, so this works while everybody is locked out.

import type { SetAside } from '@/store/database'
import { oldestUnsent, taken } from '@/store/outbox'
import { askJson } from '@/sync/server'

const AT_ONCE = 200

interface Given {
  id: string | null
  status: 'accepted' | 'duplicate' | 'quarantined'
  code?: string
}

/** Send everything, oldest first. Each batch leaves the outbox only by the server's answer for each parcel. */
export async function push(token: string): Promise<void> {
  for (;;) {
    const batch = await oldestUnsent(AT_ONCE)
    if (!batch.length) return
    const parcels = batch.map(({ carried }) => ({ carried }))
    const { answers } = await askJson<{ answers: Given[] }>('/records', { token, body: { parcels }, gzip: true })
    const settled = batch.map(({ id }, at) => ({ id, answer: answers[at] })).filter(({ answer }) => isTaken(answer))
    const setAside = settled.flatMap(({ id, answer }): SetAside[] =>
      answer?.status === 'quarantined' ? [{ id, code: answer.code ?? '', at: Date.now() }] : [],
    )
    await taken(settled.map(({ id }) => id), setAside)
    if (settled.length < batch.length) throw new Error('the server did not answer for every parcel')
  }
}

function isTaken(answer: Given | undefined): boolean {
  return answer !== undefined && ['accepted', 'duplicate', 'quarantined'].includes(answer.status)
}
