// The people who share this phone. What is known of each before she unlocks: a picture and a wrapped key.

import type { WrappedKey } from '@/keys/pin'
import { database, type User } from '@/store/database'

export interface ListedUser {
  id: string
  first_name: string
  role: string
  language: string
}

/** Bring the list up to date: new people can choose their picture; those who left lose their store here. */
export async function takeUsers(listed: ListedUser[]): Promise<void> {
  if (!listed.length) return
  await database.transaction('rw', database.users, database.kept, async () => {
    const known = new Map((await database.users.toArray()).map((user) => [user.id, user]))
    const ids = new Set(listed.map(({ id }) => id))
    for (const id of known.keys()) if (!ids.has(id)) await forgetUser(id)
    for (const { id, first_name, role, language } of listed) {
      const before = known.get(id)
      if (before) await database.users.update(id, { role, language })
      else await database.users.add(newUser(id, first_name, role, language))
    }
  })
}

function newUser(id: string, firstName: string, role: string, language: string): User {
  const store = { cursor: null, fetchedAll: false }
  return { id, role, language, firstName, picture: null, key: null, wrongPins: 0, waitUntil: 0, ...store }
}

export function users(): Promise<User[]> {
  return database.users.toArray()
}

/** Her picture, and her key wrapped by her PIN; her name is sealed with the rest from now on. */
export async function setUp(user: string, picture: string, key: WrappedKey): Promise<void> {
  await database.users.update(user, { picture, key, firstName: null, wrongPins: 0, waitUntil: 0, cursor: null, fetchedAll: false })
}

/** Without the wrapped key everything of hers is unreadable for ever; what is unsent is in the outbox and stays. */
export async function forgetUser(user: string): Promise<void> {
  await database.users.delete(user)
  await database.kept.where('user').equals(user).delete()
}
