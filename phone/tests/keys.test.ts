import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core'
import { describe, expect, it } from 'vitest'
import { fromBase64, fromText, randomBytes, sha256Hex, toBase64, toText } from '@/keys/bytes'
import { newDeviceKey, sign, signChallenge } from '@/keys/device-key'
import { isEasyPin, newKey, openKey } from '@/keys/pin'
import { sealingKey, sealJson, unsealJson } from '@/keys/sealing'
import { CLIENT_KEY, PARCEL, sealToServer } from '@/keys/server-seal'
import { newRecordId } from '@/records/ids'
import { canonicalText, clockText } from '@/records/record'

const ECDSA = { name: 'ECDSA', namedCurve: 'P-256' }

describe('bytes', () => {
  it('go to base64 and back, also many', () => {
    const bytes = randomBytes(60_000)
    expect(fromBase64(toBase64(bytes))).toEqual(bytes)
    expect(toBase64(fromText('Grace'))).toBe('R3JhY2U=')
  })

  it('have the digest that Python has', async () => {
    expect(await sha256Hex(fromText('abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })
})

describe('sealing', () => {
  it('opens with the key, for what it belongs to, and else not', async () => {
    const key = await sealingKey(randomBytes(32))
    const sealed = await sealJson(key, { 'name.given': 'Zoë' }, 'record/client')
    expect(await unsealJson(key, sealed, 'record/client')).toEqual({ 'name.given': 'Zoë' })
    await expect(unsealJson(key, sealed, 'record/other')).rejects.toThrow()
    await expect(unsealJson(await sealingKey(randomBytes(32)), sealed, 'record/client')).rejects.toThrow()
  })

  it('to the server is opened by the server key alone and for its purpose alone', async () => {
    const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })
    const pair = await suite.kem.generateKeyPair()
    const serverKey = toBase64(new Uint8Array(await suite.kem.serializePublicKey(pair.publicKey)))
    const message = fromBase64(await sealToServer(serverKey, PARCEL, fromText('{"record": 1}')))
    const opened = (purpose: string) =>
      suite.open({ recipientKey: pair.privateKey, enc: message.slice(0, 65), info: fromText(purpose) }, message.slice(65))
    expect(toText(await opened(PARCEL))).toBe('{"record": 1}')
    await expect(opened(CLIENT_KEY)).rejects.toThrow()
  })
})

describe('a PIN', () => {
  it('opens the data key it wrapped; another does not', async () => {
    const { key, wrapped } = await newKey('274916', 'user')
    const sealed = await sealJson(key, ['hers'], 'row')
    const again = await openKey('274916', wrapped, 'user')
    expect(await unsealJson(again!, sealed, 'row')).toEqual(['hers'])
    expect(await openKey('274917', wrapped, 'user')).toBeNull()
    expect(await openKey('274916', wrapped, 'somebody else')).toBeNull()
    expect([wrapped.memory, wrapped.passes]).toEqual([19 * 1024, 2])
  })

  it.each(['000000', '111111', '123456', '987654', '456789'])('%s is too easy', (pin) => expect(isEasyPin(pin)).toBe(true))
  it.each(['274916', '121212', '135790', '112233'])('%s will do', (pin) => expect(isEasyPin(pin)).toBe(false))
})

describe('the device key', () => {
  it('signs so that its public half verifies, and cannot be taken out', async () => {
    const { privateKey, publicKey } = await newDeviceKey()
    const open = await crypto.subtle.importKey('spki', fromBase64(publicKey), ECDSA, true, ['verify'])
    const verify = (signature: string, text: string) =>
      crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, open, fromBase64(signature), fromText(text))
    const record = { b: [1, 2.5], a: 'ü', nested: { z: null, y: '€' } }
    const signature = await sign(privateKey, canonicalText(record))
    expect(fromBase64(signature)).toHaveLength(64)
    expect(await verify(signature, '{"a":"ü","b":[1,2.5],"nested":{"y":"€","z":null}}')).toBe(true)
    expect(await verify(await signChallenge(privateKey, 'abc'), 'mentormothers-grant:abc')).toBe(true)
    await expect(crypto.subtle.exportKey('pkcs8', privateKey)).rejects.toThrow()
  })
})

describe('canonical JSON (RFC 8785)', () => {
  it.each([
    [{ numbers: [333333333.3333333, 1e30, 4.5, 0.002, 1e-27] }, '{"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27]}'],
    [{ '\u20ac': 1, '\r': 2, '1': 3, '\u0080': 4, ö: 5 }, '{"\\r":2,"1":3,"\u0080":4,"ö":5,"€":1}'],
    [{ text: '\u000f\n\u001b"\\/' }, '{"text":"\\u000f\\n\\u001b\\"\\\\/"}'],
  ])('%#', (content, text) => expect(canonicalText(content)).toBe(text))
})

describe('a record', () => {
  it('has an id that sorts by when it was made', () => {
    const ids = [newRecordId(1_700_000_000_000), newRecordId(1_700_000_000_001), newRecordId(1_800_000_000_000)]
    expect([...ids].sort()).toEqual(ids)
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })

  it('has the clock of the phone with its offset', () => {
    const now = new Date(2026, 10, 20, 9, 12, 44)
    expect(clockText(now)).toMatch(/^2026-11-20T09:12:44[+-]\d\d:\d\d$/)
    expect(Date.parse(clockText(now))).toBe(now.getTime())
  })
})
