import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { type HybridPublicKey, type Signed, fromBase64Url } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import { ClearanceError, type ExpectedPresentation, type PersonFacts, type StatusStaple, verifyPresentation } from '@entente/clearance'

interface Vectors {
  readonly expected: Omit<ExpectedPresentation, 'staple' | 'issuers'>
  readonly issuers: readonly {
    nation: string
    name: string
    keys: readonly { kid: string; publicKey: string }[]
    statusKey: HybridPublicKey
  }[]
  readonly staples: Readonly<Record<string, Signed<StatusStaple>>>
  readonly cases: readonly {
    readonly name: string
    readonly compact: string
    readonly staple: string
    readonly expected?: Partial<ExpectedPresentation>
    readonly refused?: string
    readonly facts?: PersonFacts
  }[]
}

const vectors = JSON.parse(readFileSync(new URL('../../../spec/vectors/clearance/presentations.json', import.meta.url), 'utf8')) as Vectors
const issuers = vectors.issuers.map((pin) => ({
  ...pin,
  keys: pin.keys.map(({ kid, publicKey }) => ({ kid, publicKey: fromBase64Url(publicKey) })),
}))

test('every vector of spec/vectors/clearance comes out as it says', async () => {
  for (const row of vectors.cases) {
    const staple = vectors.staples[row.staple]
    assert.ok(staple !== undefined, row.name)
    const outcome = await verifyPresentation(nodeCrypto, row.compact, { ...vectors.expected, issuers, ...row.expected, staple }).then(
      ({ facts }) => facts,
      (error: unknown) => (error instanceof ClearanceError ? error.code : String(error)),
    )
    assert.deepEqual(outcome, row.refused ?? row.facts, row.name)
  }
  const refused = vectors.cases.filter((row) => row.refused !== undefined).length
  assert.ok(refused >= 100 && vectors.cases.length - refused >= 50)
})
