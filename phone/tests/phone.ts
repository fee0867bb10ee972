// A phone in a test: IndexedDB in memory, one window, and a server whose private key the test holds.
import 'fake-indexeddb/auto'
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core'
import { type Bytes, fromBase64, fromText, toBase64, toText } from '@/keys/bytes'
import { newDeviceKey } from '@/keys/device-key'
import { PARCEL } from '@/keys/server-seal'
import type { MadeRecord } from '@/records/record'
import { database } from '@/store/database'
import { takeUsers } from '@/store/users'

const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })

// Node has no Web Locks; in a test there is one window, and what it asks for it gets in turn.
let turn: Promise<unknown> = Promise.resolve()
Object.defineProperty(globalThis.navigator, 'locks', {
  configurable: true,
  value: {
    request: (_: string, work: () => Promise<unknown>) => {
      const mine = turn.then(work)
      turn = mine.catch(() => {})
      return mine
    },
  },
})

/** The one who holds this phone. */
export const USER = 'a0000000-0000-4000-8000-000000000001'

export interface Parcel {
  record: MadeRecord
  identities: { client: string; sealed: string; key: string | null }[]
}

export async function enrolledPhone() {
  await database.open()
  await Promise.all(database.tables.map((table) => table.clear()))
  const pair = await suite.kem.generateKeyPair()
  const { privateKey, publicKey } = await newDeviceKey()
  await database.device.put({
    row: 'device', id: 'd0000000-0000-4000-8000-000000000001', privateKey, demo: true, counter: 41, revoked: false,
    serverKey: toBase64(new Uint8Array(await suite.kem.serializePublicKey(pair.publicKey))),
    site: { id: 3, name: 'Site' }, organisation: { id: 1, name: 'Programme' }, clockOff: 0, lastSuccess: null,
  }) // prettier-ignore
  await takeUsers([{ id: USER, first_name: 'Ann', role: 'mentor', language: 'en' }])
  const open = async (sealed: string, purpose: string): Promise<Bytes> => {
    const message = fromBase64(sealed)
    const given = { recipientKey: pair.privateKey, enc: message.slice(0, 65), info: fromText(purpose) }
    return new Uint8Array(await suite.open(given, message.slice(65)))
  }
  const parcels = async (): Promise<Parcel[]> =>
    Promise.all((await database.outbox.orderBy('made').toArray()).map(async ({ carried }) => JSON.parse(toText(await open(carried, PARCEL))) as Parcel))
  return { publicKey, open, parcels }
}
