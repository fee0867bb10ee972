// Whether a woman is known anywhere in the programme: asked of the server while she sits there, and kept nowhere.

import { withToken } from '@/sync/grant'
import { askJson, NoConnection, Refusal } from '@/sync/server'

/** All that is told of somebody, to know her again; age in years. */
export interface Known {
  first_name: string
  village: string
  site: string
  age: number | null
}

export type Trouble = 'offline' | 'tooLittle' | 'tooOften' | 'busy' | 'refused'
export type Found = { matches: Known[] } | { trouble: Trouble }

/** She waits for the answer, with the woman before her; that a grant has to be fetched first is no excuse. */
const PATIENCE_MS = 5000

export async function lookUp(user: string, text: string): Promise<Found> {
  const asked = withToken((held) => askJson<Found>('/look-up', { token: held, body: { user, text } }))
  try {
    return await Promise.race([asked, outOfPatience()])
  } catch (error) {
    if (error instanceof NoConnection) return { trouble: 'offline' }
    if (error instanceof Refusal) return { trouble: troubleOf(error) }
    throw error
  }
}

function outOfPatience(): Promise<never> {
  return new Promise((_, reject) => setTimeout(() => reject(new NoConnection()), PATIENCE_MS))
}

function troubleOf({ status, code }: Refusal): Trouble {
  if (code === 'DEV-007') return 'tooLittle'
  if (status === 429) return 'tooOften'
  return status === 408 || status >= 500 ? 'busy' : 'refused'
}
