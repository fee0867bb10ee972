// Locks by itself: after two minutes without a touch, and half a minute after the app was left.

import { desk, lock } from '@/unlock/desk'

const IDLE_MS = 120_000
const AWAY_MS = 30_000

export function watchIdle(): void {
  let touched = Date.now()
  let left: number | null = null
  for (const event of ['pointerdown', 'keydown', 'scroll', 'input']) {
    addEventListener(event, () => (touched = Date.now()), { capture: true, passive: true })
  }
  // A sleeping phone runs no timers: the time is compared, and once more at the moment of coming back.
  const look = () => {
    const now = Date.now()
    const away = left !== null && now - left >= AWAY_MS
    if (desk.value && (away || now - touched >= IDLE_MS)) void lock()
  }
  document.addEventListener('visibilitychange', () => {
    look()
    left = document.visibilityState === 'hidden' ? Date.now() : null
    if (left === null) touched = Date.now()
  })
  setInterval(look, 1000)
}
