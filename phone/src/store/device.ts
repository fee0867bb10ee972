// This phone: who it is to the server, and its counter.

import { database, type Device } from '@/store/database'

export function device(): Promise<Device | undefined> {
  return database.device.get('device')
}

/** The device of an enrolled phone; for use where nothing is shown before it is enrolled. */
export async function enrolledDevice(): Promise<Device> {
  const found = await device()
  if (!found) throw new Error('this phone is not enrolled')
  return found
}

export async function changeDevice(changes: Partial<Device>): Promise<void> {
  await database.device.update('device', changes)
}

/** A phone restored from an old copy goes on from what the server has seen, so that no counter is used twice. */
export function raiseCounter(seen: number): Promise<void> {
  return database.transaction('rw', database.device, async () => {
    const { counter } = await enrolledDevice()
    if (counter < seen) await changeDevice({ counter: seen })
  })
}
