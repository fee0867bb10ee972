// Identifiers: UUIDv7 for records, so that they sort by when they were made; UUIDv4 for pseudonyms, which must not.

import { randomBytes } from '@/keys/bytes'

export function newRecordId(now: number = Date.now()): string {
  const bytes = randomBytes(16)
  for (let at = 0; at < 6; at++) bytes[at] = Math.floor(now / 2 ** (8 * (5 - at))) % 256
  bytes[6] = 0x70 | (bytes[6]! & 0x0f)
  bytes[8] = 0x80 | (bytes[8]! & 0x3f)
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

export function newPseudonym(): string {
  return crypto.randomUUID()
}
