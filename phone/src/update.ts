// A new version of the app waits until the user wants it: it never reloads under a form that is being filled.

import { ref } from 'vue'
import { registerSW } from 'virtual:pwa-register'

export const newVersion = ref(false)
let use: (() => Promise<void>) | null = null

export function watchForUpdates(): void {
  use = registerSW({ onNeedRefresh: () => (newVersion.value = true) })
}

export async function useNewVersion(): Promise<void> {
  await use?.()
}
