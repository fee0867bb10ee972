// Unsent work to a file, for weeks without a network: any phone, stick or office can bring it.

import { asFile } from '@/store/outbox'

export async function saveToFile(now: Date = new Date()): Promise<void> {
  const address = URL.createObjectURL(await asFile())
  const link = document.createElement('a')
  link.href = address
  link.download = `daybook-${now.toISOString().slice(0, 16).replace(/\D/g, '')}.json`
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
