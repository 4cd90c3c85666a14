import { type Signed, toBase64Url } from '@entente/canonical'
import { type ClearanceCode, type ExpectedPresentation, type PersonFacts, type StatusStaple, stapleStatus } from '@entente/clearance'
import { type Claims, type Forgery, type World, digestOf, encode, seed, stapleBody } from './forge.ts'

/** One presentation, what it is verified against, and what comes of it. */
export interface Case {
  readonly name: string
  readonly forgery: Forgery
  readonly expected?: Partial<Omit<ExpectedPresentation, 'staple' | 'issuers'>>
  readonly staple?: (world: World) => Promise<Signed<StatusStaple>> | Signed<StatusStaple>
  readonly result: ClearanceCode | Partial<PersonFacts>
}

export const claims =
  (change: Claims): ((claims: Claims) => Claims) =>
  (before) => ({ ...before, ...change })

export const staple = (change: Partial<StatusStaple>) => async (world: World) =>
  stapleStatus(world.crypto, world.status, stapleBody(world, change))

export const OTHER_JWK = { kty: 'OKP', crv: 'Ed25519', x: toBase64Url(seed('other')) }

/** Adds a disclosure that the credential does name, at the place that `put` says. */
export function planted(
  disclosure: readonly unknown[],
  put: (claims: Claims, digest: string) => Claims,
): Pick<Forgery, 'issuerClaims' | 'disclosures'> {
  const text = encode(disclosure)
  return {
    issuerClaims: (before, world) => put(before, digestOf(world, text)),
    disclosures: (shown) => [...shown, text],
  }
}

export const inClaims = (before: Claims, digest: string): Claims => ({ ...before, _sd: [...(before['_sd'] as string[]), digest] })
export const inAreas = (before: Claims, digest: string): Claims => ({
  ...before,
  areas: [...(before['areas'] as Claims[]), { '...': digest }],
})
