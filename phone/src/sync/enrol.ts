// Making this phone one of the programme's: once, with a code that a coordinator shows.

import { newDeviceKey } from '@/keys/device-key'
import { database, type Device, type Place } from '@/store/database'
import { forgetUser, type ListedUser, takeUsers } from '@/store/users'
import { askJson } from '@/sync/server'

interface Enrolled {
  device: string
  site: Place
  organisation: Place
  server_key: string
  users: ListedUser[]
  demo?: boolean
}

/**
 * Unsent work of an earlier enrolment stays: it is sealed to the server and can be carried by any of its phones.
 * `forgot`: a user who forgot her PIN; her store is dropped and she begins anew.
 */
export async function enrol(code: string, forgot: string | null): Promise<void> {
  const { privateKey, publicKey } = await newDeviceKey()
  const answer = await askJson<Enrolled>('/devices', { body: { code: code.trim(), public_key: publicKey } })
  const device: Device = {
    row: 'device',
    id: answer.device,
    privateKey,
    serverKey: answer.server_key,
    site: answer.site,
    organisation: answer.organisation,
    demo: answer.demo ?? false,
    counter: 0,
    revoked: false,
    clockOff: 0,
    lastSuccess: null,
  }
  await database.transaction('rw', database.device, database.users, database.kept, async () => {
    await database.device.put(device)
    if (forgot) await forgetUser(forgot)
    await takeUsers(answer.users)
  })
  await navigator.storage?.persist?.()
}
