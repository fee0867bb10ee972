// The form that will most likely be opened next is made ready while the person's page is read: on a slow phone that
// is the difference between waiting for it and not.

import type { OpenForm } from '@/forms/engine'

let ready: { form: string; client: string; open: Promise<OpenForm> } | null = null

export function prepareForm(form: string, client: string, make: () => Promise<OpenForm>): void {
  if (ready?.form === form && ready.client === client) return
  ready = { form, client, open: make() }
  // Whoever opens the form tries again, and tells the user.
  ready.open.catch(() => forgetPrepared())
}

/** The form made ready for her, once: what is filled in it is nobody else's. */
export function takePrepared(form: string, client: string | null): Promise<OpenForm> | null {
  const found = ready?.form === form && ready.client === client ? ready.open : null
  if (found) ready = null
  return found
}

/** What is known of her has changed, or nobody may know it any more. */
export function forgetPrepared(): void {
  ready = null
}
