// Whether a woman is known anywhere in the programme: asked of the server while she sits there, and kept nowhere.

import { dropToken, token } from '@/sync/grant'
import { askJson, Refusal } from '@/sync/server'

/** All that is told of somebody, to know her again; age in years. */
export interface Known {
  first_name: string
  village: string
  site: string
  age: number | null
}

export type Trouble = 'offline' | 'tooLittle' | 'tooOften'
export type Found = { matches: Known[] } | { trouble: Trouble }

/** She waits for the answer, with the woman before her. */
const PATIENCE_MS = 5000

export async function lookUp(user: string, text: string): Promise<Found> {
  try {
    return await once(user, text)
  } catch (error) {
    if (!(error instanceof Refusal)) return { trouble: 'offline' }
    if (error.code === 'DEV-007') return { trouble: 'tooLittle' }
    if (error.status === 429) return { trouble: 'tooOften' }
    return { trouble: 'offline' }
  }
}

async function once(user: string, text: string, isAgain = false): Promise<Found> {
  try {
    return await askJson<Found>('/look-up', { token: await token(), body: { user, text }, within: PATIENCE_MS })
  } catch (error) {
    if (!(error instanceof Refusal && error.status === 401) || isAgain) throw error
    dropToken() // it may have ended on the way; a new one is asked for once
    return once(user, text, true)
  }
}
