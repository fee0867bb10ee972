// Whether a woman is known anywhere in the programme: asked of the server while she sits there, and kept nowhere.

import { withToken } from '@/sync/grant'
import { askJson, NoConnection, Refusal } from '@/sync/server'

/** All that is told of somebody, to know her again; age in years. By `handle` it is said that it is she; empty: of this site. */
export interface Known {
  first_name: string
  village: string
  site: string
  age: number | null
  handle: string
}

export type Trouble = 'offline' | 'tooLittle' | 'tooOften' | 'tooOld' | 'notSo' | 'busy' | 'refused'
export type Found = { matches: Known[] } | { trouble: Trouble }

/** She waits for the answer, with the woman before her; that a grant has to be fetched first is no excuse. */
const PATIENCE_MS = 5000

export function lookUp(user: string, text: string): Promise<Found> {
  return patiently('/look-up', { user, text })
}

export type Reason = 'visit' | 'while' | 'moved'

/** She is here: said with her present. `until`: the last day, where she stays for a while. */
export function confirmStay(
  user: string,
  stay: { handle: string; reason: Reason; until: string | null },
): Promise<{ client: string; until: string } | { trouble: Trouble }> {
  return patiently('/stays', { user, ...stay })
}

async function patiently<T>(path: string, body: object): Promise<T | { trouble: Trouble }> {
  const asked = withToken((held) => askJson<T>(path, { token: held, body }))
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
  if (code === 'DEV-008') return 'tooOld'
  if (code === 'DEV-009') return 'notSo'
  if (status === 429) return 'tooOften'
  return status === 408 || status >= 500 ? 'busy' : 'refused'
}
