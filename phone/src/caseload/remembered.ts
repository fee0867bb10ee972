// What the user saw last, sealed. Unlocking ten times a day must not mean working everything out ten times: while
// nothing has changed, the page is there at once and the rest is worked out behind it.

import type { Overview } from '@/caseload/caseload'
import type { Holder } from '@/caseload/keeping'
import { database } from '@/store/database'
import { keep, type KeptOverview, keptOf } from '@/store/kept'

/** What an overview depends on, as far as it can be told without opening anything. */
export async function basisOf(user: string, day: number): Promise<string> {
  const [device, known, pieces, content] = await Promise.all([
    database.device.get('device'),
    database.users.get(user),
    database.kept.where('user').equals(user).count(),
    database.content.toCollection().primaryKeys(),
  ])
  return JSON.stringify([__APP_VERSION__, day, device?.counter, known?.cursor, pieces, content])
}

export async function remember(holder: Holder, overview: Overview): Promise<void> {
  // The row itself counts among the pieces: it must be there before the basis is taken.
  await keep(holder.user, holder.key, { what: 'overview', overview, basis: '' })
  const basis = await basisOf(holder.user, overview.day)
  await keep(holder.user, holder.key, { what: 'overview', overview, basis })
}

/** The last overview, if it still holds on this day. */
export async function remembered(holder: Holder, day: number): Promise<Overview | null> {
  const [last, basis] = await Promise.all([
    keptOf<KeptOverview>(holder.user, holder.key, 'overview').catch(() => null),
    basisOf(holder.user, day),
  ])
  return last && last.basis === basis ? last.overview : null
}
