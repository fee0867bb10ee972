// A user's data key, wrapped by her PIN. Six digits keep out a curious relative, not a laboratory (docs say so);
// Argon2id makes every guess cost 19 MiB and two passes.

import { argon2id } from 'hash-wasm'
import { type Bytes, randomBytes } from '@/keys/bytes'
import { KEY_BYTES, seal, sealingKey, unseal } from '@/keys/sealing'

export const PIN_LENGTH = 6
const MEMORY_KIB = 19 * 1024
const PASSES = 2

export interface WrappedKey {
  salt: Bytes
  memory: number
  passes: number
  sealed: Bytes
}

/** A new data key and the same wrapped by the PIN; the unwrapped one stays in memory. */
export async function newKey(pin: string, user: string): Promise<{ key: CryptoKey; wrapped: WrappedKey }> {
  const raw = randomBytes(KEY_BYTES)
  const wrapped = { salt: randomBytes(16), memory: MEMORY_KIB, passes: PASSES }
  const sealed = await seal(await pinKey(pin, wrapped), raw, user)
  const key = await sealingKey(raw)
  raw.fill(0)
  return { key, wrapped: { ...wrapped, sealed } }
}

/** The data key, or null when the PIN is wrong. */
export async function openKey(pin: string, wrapped: WrappedKey, user: string): Promise<CryptoKey | null> {
  const key = await pinKey(pin, wrapped)
  try {
    return await sealingKey(await unseal(key, wrapped.sealed, user))
  } catch {
    return null
  }
}

/** All digits the same, or each one more or less than the last: the first that anyone tries. */
export function isEasyPin(pin: string): boolean {
  const steps = new Set([...pin].slice(1).map((digit, at) => Number(digit) - Number(pin[at])))
  const step = [...steps][0] ?? 0
  return steps.size === 1 && Math.abs(step) <= 1
}

async function pinKey(pin: string, wrapped: Omit<WrappedKey, 'sealed'>): Promise<CryptoKey> {
  const derived = await argon2id({
    password: pin,
    salt: wrapped.salt,
    parallelism: 1,
    iterations: wrapped.passes,
    memorySize: wrapped.memory,
    hashLength: KEY_BYTES,
    outputType: 'binary',
  })
  return sealingKey(new Uint8Array(derived))
}
