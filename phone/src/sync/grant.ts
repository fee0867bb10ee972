// A grant: some hours of access, for a signature of this phone. Kept in memory only.

import { signChallenge } from '@/keys/device-key'
import { changeDevice, enrolledDevice, raiseCounter } from '@/store/device'
import { takeUsers, type ListedUser } from '@/store/users'
import type { Place } from '@/store/database'
import { askJson, Refusal } from '@/sync/server'

interface Grant {
  token: string
  expires_at: string
  server_time: string
  last_counter: number
  users: ListedUser[]
  site: Place
  organisation: Place
}

const MARGIN_MS = 60_000
let held: { device: string; token: string; until: number } | null = null

/** A token that still holds. */
export async function token(): Promise<string> {
  const { id } = await enrolledDevice()
  if (held && held.device === id && held.until > Date.now()) return held.token
  return renew()
}

export function dropToken(): void {
  held = null
}

/** Do something with a token; once more with a new one, where that one ended on the way. */
export async function withToken<T>(work: (held: string) => Promise<T>): Promise<T> {
  try {
    return await work(await token())
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 401) throw error
    dropToken()
    return work(await token())
  }
}

async function renew(): Promise<string> {
  const { id, privateKey } = await enrolledDevice()
  const { challenge } = await askJson<{ challenge: string }>('/grants/challenge', { body: { device: id } })
  const signature = await signChallenge(privateKey, challenge)
  const grant = await askJson<Grant>('/grants', { body: { device: id, challenge, signature } })
  const clockOff = Date.parse(grant.server_time) - Date.now()
  await raiseCounter(grant.last_counter)
  await changeDevice({ clockOff, site: grant.site, organisation: grant.organisation })
  await takeUsers(grant.users)
  held = { device: id, token: grant.token, until: Date.parse(grant.expires_at) - clockOff - MARGIN_MS }
  return grant.token
}
