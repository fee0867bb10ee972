// AES-256-GCM: `nonce (12 bytes) || ciphertext and tag`, bound to what it belongs to by the additional data.

import { type Bytes, fromText, joined, randomBytes, toText } from '@/keys/bytes'

const NONCE = 12
export const KEY_BYTES = 32

export function sealingKey(raw: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt'])
}

export async function seal(key: CryptoKey, plain: Bytes, belongsTo: string): Promise<Bytes> {
  const iv = randomBytes(NONCE)
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: fromText(belongsTo) }, key, plain)
  return joined(iv, new Uint8Array(sealed))
}

/** Throws when the key is another or what it belongs to is not what was sealed. */
export async function unseal(key: CryptoKey, sealed: Bytes, belongsTo: string): Promise<Bytes> {
  const iv = sealed.subarray(0, NONCE)
  const parameters = { name: 'AES-GCM', iv, additionalData: fromText(belongsTo) }
  return new Uint8Array(await crypto.subtle.decrypt(parameters, key, sealed.subarray(NONCE)))
}

export function sealJson(key: CryptoKey, content: unknown, belongsTo: string): Promise<Bytes> {
  return seal(key, fromText(JSON.stringify(content)), belongsTo)
}

export async function unsealJson<T>(key: CryptoKey, sealed: Bytes, belongsTo: string): Promise<T> {
  return JSON.parse(toText(await unseal(key, sealed, belongsTo))) as T
}
