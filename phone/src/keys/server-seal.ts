// Sealing to the server (HPKE, RFC 9180): what is sealed so, nobody on the phone can open again, its owner neither.

import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core'
import { type Bytes, fromBase64, fromText, joined, toBase64 } from '@/keys/bytes'

export const PARCEL = 'mentormothers/parcel'
export const CLIENT_KEY = 'mentormothers/client-key'

const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })

/** `enc (65 bytes) || ciphertext`, base64. The server key is the base64 of its uncompressed point. */
export async function sealToServer(serverKey: string, purpose: string, plain: Bytes): Promise<string> {
  const recipientPublicKey = await suite.kem.importKey('raw', fromBase64(serverKey).buffer, true)
  const { enc, ct } = await suite.seal({ recipientPublicKey, info: fromText(purpose) }, plain)
  return toBase64(joined(new Uint8Array(enc), new Uint8Array(ct)))
}
