// After wrong PINs one waits, longer each time. Nothing is ever destroyed: work must survive a child with the phone.

import { database, type User } from '@/store/database'

const WAITS_S = [0, 0, 0, 30, 60, 120, 300, 900]
const LONGEST_MS = 900_000

/** Milliseconds until this user may try again. A clock that was set back does not make it longer than the longest. */
export function waitLeft(user: Pick<User, 'waitUntil'>, now: number = Date.now()): number {
  return Math.min(Math.max(0, user.waitUntil - now), LONGEST_MS)
}

/** Counted before the PIN is tried, so that killing the app does not save a wrong guess. */
export async function countTry(user: string, now: number = Date.now()): Promise<void> {
  await database.users.where('id').equals(user).modify((found) => {
    found.wrongPins += 1
    found.waitUntil = now + (WAITS_S[Math.min(found.wrongPins, WAITS_S.length - 1)] ?? 0) * 1000
  })
}

export async function clearTries(user: string): Promise<void> {
  await database.users.update(user, { wrongPins: 0, waitUntil: 0 })
}
