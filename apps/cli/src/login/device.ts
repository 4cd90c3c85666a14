import type { webcrypto } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readJson, readShape, type Shape, shapes } from '@entente/canonical'
import * as v from 'valibot'
import { LoginError } from './errors.ts'

/** What a device keeps of a sign-in. The tokens are worth nothing without the device's key. */
export type SavedSession = {
  readonly version: 1
  /** Address of the node: scheme, host, port. */
  readonly node: string
  /** Path of the provider below it. */
  readonly provider: string
  /** The `sub` of the ID token. */
  readonly person: string
  readonly accessToken: string
  /** Seconds since 1970 at which the access token expires. */
  readonly expires: number
  readonly refreshToken?: string | undefined
}

const TOKEN = v.pipe(v.string(), v.minLength(1))
const SESSION: Shape<SavedSession> = v.strictObject({
  version: v.literal(1),
  node: v.pipe(v.string(), v.url()),
  provider: v.pipe(v.string(), v.startsWith('/')),
  person: shapes.shortText,
  accessToken: TOKEN,
  expires: shapes.instant,
  refreshToken: v.optional(TOKEN),
})

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' }

/** The device's key that binds its tokens (RFC 9449), made when there is none. The file is secret: mode 0600 in a folder of mode 0700. */
export async function deviceKey(deviceDir: string): Promise<webcrypto.CryptoKeyPair> {
  const file = join(deviceDir, 'dpop-key.json')
  const saved = await readSecret(file)
  if (saved === undefined) {
    const pair = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
    await writeSecret(file, JSON.stringify(await crypto.subtle.exportKey('jwk', pair.privateKey)))
    return pair
  }
  try {
    const { kty = '', crv = '', x = '', y = '', d = '' } = JSON.parse(saved.toString()) as webcrypto.JsonWebKey
    const open = { kty, crv, x, y }
    const privateKey = await crypto.subtle.importKey('jwk', { ...open, d }, ALGORITHM, false, ['sign'])
    // The library writes the public key into each proof, so that one must be exportable.
    const publicKey = await crypto.subtle.importKey('jwk', open, ALGORITHM, true, ['verify'])
    return { privateKey, publicKey }
  } catch (cause) {
    throw new LoginError('login/store-not-valid', 'the device key does not read', { values: { what: 'dpop-key.json' }, cause })
  }
}

/** The saved session, or undefined when nobody has signed in. Throws `login/store-not-valid`. */
export async function loadSession(deviceDir: string): Promise<SavedSession | undefined> {
  const bytes = await readSecret(join(deviceDir, 'session.json'))
  if (bytes === undefined) return undefined
  try {
    return readShape(SESSION, readJson(bytes), 'session')
  } catch (cause) {
    throw new LoginError('login/store-not-valid', 'the saved session does not read', { values: { what: 'session.json' }, cause })
  }
}

export async function saveSession(deviceDir: string, session: SavedSession): Promise<void> {
  await writeSecret(join(deviceDir, 'session.json'), JSON.stringify(session))
}

/** Forgets the session; the device's key stays. */
export async function dropSession(deviceDir: string): Promise<void> {
  await rm(join(deviceDir, 'session.json'), { force: true })
}

async function readSecret(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Whole or not at all: a reader never sees half a file. */
async function writeSecret(file: string, text: string): Promise<void> {
  await mkdir(join(file, '..'), { recursive: true, mode: 0o700 })
  const beside = `${file}.${process.pid}.${crypto.randomUUID()}`
  await writeFile(beside, text, { mode: 0o600, flag: 'wx' })
  await rename(beside, file)
}
