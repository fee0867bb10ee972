// The way through the app. The address bar holds the name of the screen only; for whom it is stays in memory.

import { shallowRef } from 'vue'

export type Screen = 'today' | 'find' | 'person' | 'call' | 'write' | 'right' | 'form' | 'saved' | 'work' | 'send' | 'enrol' | 'home'

export interface Place {
  screen: Screen
  client?: string | null
  form?: string
  record?: string
  /** The record that a form puts right; those of a day that may be. */
  amends?: string | null
  records?: string[]
}

const HOME: Place = { screen: 'home' }
export const place = shallowRef<Place>(HOME)

let trail: Place[] = [HOME]
let at = 0
/** What a screen does itself when one goes back: a form goes to its last page. True: it has. */
let onBack: (() => boolean) | null = null

export function startWay(): void {
  history.replaceState({ at: 0 }, '', location.hash.startsWith('#/enrol') ? location.hash : '#/')
  addEventListener('popstate', ({ state }: PopStateEvent) => {
    const to = (state as { at?: number } | null)?.at ?? 0
    if (to < at && onBack?.()) history.pushState({ at }, '', addressOf(place.value))
    else {
      at = to
      place.value = trail[at] ?? HOME
    }
  })
}

export function go(to: Place): void {
  at += 1
  trail = [...trail.slice(0, at), to]
  history.pushState({ at }, '', addressOf(to))
  place.value = to
  scrollTo(0, 0)
}

/** Go without a way back to here. */
export function goInstead(to: Place): void {
  trail = [...trail.slice(0, at), to]
  history.replaceState({ at }, '', addressOf(to))
  place.value = to
  scrollTo(0, 0)
}

export function back(): void {
  if (at > 0) history.back()
  else goInstead({ screen: 'today' })
}

export function handleBack(handler: (() => boolean) | null): void {
  onBack = handler
}

/** Forget where one was; for locking. */
export function forgetWay(): void {
  onBack = null
  goInstead(HOME)
  trail = Array<Place>(at + 1).fill(HOME)
}

function addressOf({ screen }: Place): string {
  return screen === 'home' ? '#/' : `#/${screen}`
}
