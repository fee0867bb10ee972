// The key that says "this phone": it signs records and asks for grants, and cannot leave the phone.

import { fromText, toBase64 } from '@/keys/bytes'

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' }
const SIGNING = { name: 'ECDSA', hash: 'SHA-256' }
const GRANT_TEXT = 'mentormothers-grant:'

export async function newDeviceKey(): Promise<{ privateKey: CryptoKey; publicKey: string }> {
  const pair = await crypto.subtle.generateKey(CURVE, false, ['sign', 'verify'])
  const spki = await crypto.subtle.exportKey('spki', pair.publicKey)
  return { privateKey: pair.privateKey, publicKey: toBase64(new Uint8Array(spki)) }
}

/** Raw `r || s`, base64. */
export async function sign(key: CryptoKey, text: string): Promise<string> {
  return toBase64(new Uint8Array(await crypto.subtle.sign(SIGNING, key, fromText(text))))
}

export function signChallenge(key: CryptoKey, challenge: string): Promise<string> {
  return sign(key, GRANT_TEXT + challenge)
}
