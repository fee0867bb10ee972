// What the user saw last, sealed. Unlocking ten times a day must not mean working everything out ten times: while
// nothing has changed, the page is there at once and the rest is worked out behind it.

import type { Caseload } from '@/caseload/caseload'
import type { Overview } from '@/caseload/overview'
import { database } from '@/store/database'
import { enrolledDevice } from '@/store/device'
import { type Holder, keep, type KeptOverview, keptOf, OVERVIEW, PROFILE } from '@/store/kept'

/** How far a user's store has come: each save counts one on, each fetch moves the cursor. */
export interface Mark {
  counter: number
  cursor: string | null
}

export async function markOf(user: string): Promise<Mark> {
  const [{ counter }, known] = await Promise.all([enrolledDevice(), database.users.get(user)])
  return { counter, cursor: known?.cursor ?? null }
}

/** What an overview was made of, as far as it can be told without opening anything. */
export type Basis = string

/** The basis of what a caseload has in memory. */
export function basisOf(caseload: Caseload, day: number, mark: Mark): Basis {
  return written(day, mark, caseload.pieces())
}

/** The basis of what lies on the phone. */
async function basisLying(user: string, day: number): Promise<Basis> {
  const under = (from: string, to: string) => database.kept.where('[user+id]').between([user, from], [user, to])
  const [mark, all, others, drafts] = await Promise.all([
    markOf(user),
    database.kept.where('user').equals(user).count(),
    database.kept.where('[user+id]').anyOf([[user, PROFILE], [user, OVERVIEW]]).count(), // prettier-ignore
    under('draft/', 'draft0').primaryKeys(),
  ])
  return written(day, mark, { count: all - others, drafts: drafts.map(([, id]) => id) })
}

function written(day: number, { counter, cursor }: Mark, { count, drafts }: { count: number; drafts: string[] }): Basis {
  return JSON.stringify([__APP_VERSION__, day, counter, cursor, count, drafts])
}

export function remember({ user, key }: Holder, overview: Overview, basis: Basis): Promise<void> {
  return keep(user, key, { what: OVERVIEW, overview, basis })
}

/** The last overview, if it still holds on this day. */
export async function remembered({ user, key }: Holder, day: number): Promise<Overview | null> {
  const [last, basis] = await Promise.all([keptOf<KeptOverview>(user, key, OVERVIEW).catch(() => null), basisLying(user, day)])
  return last && last.basis === basis ? last.overview : null
}

/** Forms or protocol have changed: what anybody on this phone saw last holds no more. */
export async function forgetRemembered(): Promise<void> {
  const users = await database.users.toCollection().primaryKeys()
  await database.kept.bulkDelete(users.map((user) => [user, OVERVIEW] as [string, string]))
}
