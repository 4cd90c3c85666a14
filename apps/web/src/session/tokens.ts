import * as v from 'valibot'

/** What a tab keeps of a sign-in; worth nothing without the device's key. A second tab has its own, and may be somebody else. */
export interface Tokens {
  readonly person: string
  /** Path of the provider below the node's address. */
  readonly provider: string
  readonly accessToken: string
  /** Seconds since 1970 at which the access token expires. */
  readonly expires: number
  readonly refreshToken?: string | undefined
}

/** A sign-in that has begun and waits for the provider. */
export interface Begun {
  readonly person: string
  readonly provider: string
  readonly verifier: string
  readonly state: string
  readonly nonce: string
  /** Where the person wanted to go. */
  readonly to: string
}

const text = v.string()
const tokens = v.object({ person: text, provider: text, accessToken: text, expires: v.number(), refreshToken: v.optional(text) })
const begun = v.object({ person: text, provider: text, verifier: text, state: text, nonce: text, to: text })

function read<T>(name: string, shape: v.GenericSchema<unknown, T>): T | undefined {
  try {
    const result = v.safeParse(shape, JSON.parse(sessionStorage.getItem(name) ?? 'null'))
    return result.success ? result.output : undefined
  } catch {
    return undefined
  }
}

export function readTokens(): Tokens | undefined {
  return read('entente.tokens', tokens)
}

export function keepTokens(kept: Tokens): void {
  sessionStorage.setItem('entente.tokens', JSON.stringify(kept))
}

export function dropTokens(): void {
  sessionStorage.removeItem('entente.tokens')
}

export function keepBegun(kept: Begun): void {
  sessionStorage.setItem('entente.begun', JSON.stringify(kept))
}

/** Reads what was begun, once. */
export function takeBegun(): Begun | undefined {
  const found = read('entente.begun', begun)
  sessionStorage.removeItem('entente.begun')
  return found
}
