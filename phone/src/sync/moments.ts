// When to speak to the server: on opening, when a connection comes back, after each save, by the button. One window
// of this phone does it at a time; failures are tried again, each time later.

import { reactive } from 'vue'
import { today } from '@/facts/days'
import { changeDevice, device } from '@/store/device'
import { waiting } from '@/store/outbox'
import { database } from '@/store/database'
import { dropToken, withToken } from '@/sync/grant'
import { push } from '@/sync/push'
import { NoConnection, Refusal } from '@/sync/server'
import { desk, fetched, lock, show } from '@/unlock/desk'

export type Problem = 'offline' | 'busy' | 'refused' | 'broken'

export const sending = reactive({
  stage: null as 'sending' | 'fetching' | null,
  unsent: 0,
  oldest: null as number | null,
  problem: null as Problem | null,
  code: '',
  lastSuccess: null as number | null,
  /** The server's clock minus the phone's, in milliseconds. */
  clockOff: 0,
  revoked: false,
})

const LOCK = 'daybook-send'
const FIRST_RETRY_MS = 5_000
const LONGEST_RETRY_MS = 600_000
let failures = 0
let retry: ReturnType<typeof setTimeout> | undefined
let again = false

/** Watch for connections. The first look at the outbox is at once. */
export function startSending(): void {
  addEventListener('online', () => void sendNow())
  void countUnsent()
  void sendNow()
}

export async function countUnsent(): Promise<void> {
  const [{ count, oldest }, known] = await Promise.all([waiting(), device()])
  Object.assign(sending, {
    unsent: count,
    oldest,
    lastSuccess: known?.lastSuccess ?? null,
    clockOff: known?.clockOff ?? 0,
    revoked: known?.revoked ?? false,
  })
}

/**
 * Give and fetch. While it runs, one more round is asked for instead of a second one beside it. A server that began anew
 * is given at once what it had before; once, since one that always says so would keep the phone awake for ever.
 */
export async function sendNow(givesAgain = false): Promise<void> {
  if (sending.stage) {
    again = true
    return
  }
  const known = await device()
  if (!known || known.revoked) return
  clearTimeout(retry)
  const beganAnew = await navigator.locks.request(LOCK, { ifAvailable: true }, (leader) => (leader ? round() : false))
  if (again || (beganAnew && !givesAgain)) {
    again = false
    await sendNow(beganAnew)
  }
}

/** One round. Gives whether there is more to give after it: the server began anew. */
async function round(): Promise<boolean> {
  sending.stage = 'sending'
  let beganAnew = false
  try {
    await withToken(async (held) => {
      await push(held)
      await countUnsent()
      sending.stage = 'fetching'
      const left = sending.unsent
      await fetchFor(held)
      await countUnsent()
      beganAnew = sending.unsent > left
    })
    failures = 0
    sending.problem = null
    await changeDevice({ lastSuccess: Date.now() })
  } catch (error) {
    await failed(error)
  } finally {
    sending.stage = null
    fetched.value = 0
    await countUnsent()
  }
  return beganAnew
}

async function fetchFor(held: string): Promise<void> {
  const open = desk.value
  if (!open) return
  if (!(await database.users.get(open.user))) return lock()
  const found = await open.line.ask('fetch', held, today())
  if (!found.ok) {
    if (!found.refused) throw new NoConnection()
    throw new Refusal(found.refused.status, found.refused.code, found.refused.retryAfter)
  }
  if (found.overview) show(open.line, found.overview)
}

async function failed(error: unknown): Promise<void> {
  if (error instanceof Refusal && error.code === 'DEV-004') return closePhone()
  sending.problem = problemOf(error)
  sending.code = error instanceof Refusal ? error.code || String(error.status) : ''
  failures += 1
  const wait = Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LONGEST_RETRY_MS) * (0.5 + Math.random())
  const asked = error instanceof Refusal && error.retryAfter ? error.retryAfter * 1000 : 0
  retry = setTimeout(() => void sendNow(), Math.max(wait, asked))
}

function problemOf(error: unknown): Problem {
  if (error instanceof NoConnection) return 'offline'
  if (error instanceof Refusal) return [408, 429].includes(error.status) || error.status >= 500 ? 'busy' : 'refused'
  return 'broken'
}

/** The phone was revoked: the keys to everything but the outbox go, and with them everything they opened. */
async function closePhone(): Promise<void> {
  await lock()
  await database.transaction('rw', database.device, database.users, database.kept, database.content, async () => {
    await changeDevice({ revoked: true })
    await Promise.all([database.users.clear(), database.kept.clear(), database.content.clear()])
  })
  dropToken()
}
