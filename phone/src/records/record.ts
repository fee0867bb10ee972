// A record: what was answered, by whom, where and when, signed by this phone. Never changed once made.

import canonicalize from 'canonicalize'
import type { Answers } from '@/forms/model'
import { sign } from '@/keys/device-key'

export interface RecordRelation {
  type: 'amends' | 'withdraws' | 'same_event_as'
  record: string
  repeat?: string
}

export interface MadeRecord {
  id: string
  client: string | null
  form: string
  form_version: string
  happened: string
  precision: 'day' | 'month' | 'year'
  author: string
  device: string
  counter: number
  device_clock: string
  site: number
  organisation: number
  source: string
  relation: RecordRelation | null
  answers: Answers
  seals: string[]
  signature: string
}

/** The record with its signature: over the canonical JSON (RFC 8785) of everything else. */
export async function signed(key: CryptoKey, record: Omit<MadeRecord, 'signature'>): Promise<MadeRecord> {
  return { ...record, signature: await sign(key, canonicalText(record)) }
}

export function canonicalText(content: object): string {
  return canonicalize(content) as string
}

/** The phone's clock with its offset: `2026-11-20T09:12:44+02:00`. */
export function clockText(now: Date): string {
  const offset = -now.getTimezoneOffset()
  const local = new Date(now.getTime() + offset * 60_000).toISOString().slice(0, 19)
  const two = (n: number) => String(Math.floor(Math.abs(n))).padStart(2, '0')
  return `${local}${offset < 0 ? '-' : '+'}${two(offset / 60)}:${two(offset % 60)}`
}
