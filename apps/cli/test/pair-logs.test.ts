import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Json, concatBytes, toHex } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import { type VerifiedEntry, makeEntry, openEntry } from '@entente/ledger'
import { type VerifiedSide, pairLogs } from '#src/pair-logs.ts'

type Fields = Readonly<Record<string, Json>>

interface Side extends VerifiedSide {
  readonly leafHashes: readonly string[]
}

/** A log of a few entries, as `verifyLog` leaves it: opened entries, and bundles to read leaves from. */
function sideOf(all: readonly Fields[]): Side {
  const made = all.map((fields) => makeEntry(nodeCrypto, { realm: 'exercise', at: 1_800_000_000, fields }))
  const bundle = concatBytes(...made.map(({ leaf }) => concatBytes(new Uint8Array([leaf.length >> 8, leaf.length & 255]), leaf)))
  return {
    reader: () => bundle,
    size: made.length,
    entries: made.map(({ leaf, opening }, index): VerifiedEntry => ({ index, ...openEntry(nodeCrypto, leaf, opening) })),
    leafHashes: made.map(({ leaf }) => toHex(nodeCrypto.sha256(leaf))),
  }
}

const grants = sideOf([
  { act: 'receipt', item: 'a' },
  { act: 'grant', item: 'a', request: 'r1' },
  { act: 'grant', item: 'a', request: 'r2' },
])
const grant = grants.leafHashes[1] ?? ''

test('an opening is paired with the grant that it names', async () => {
  const openings = sideOf([
    { act: 'release', item: 'a' },
    { act: 'open', item: 'a', request: 'r1', grant },
  ])
  for (const [first, second] of [
    [openings, grants],
    [grants, openings],
  ] as const) {
    const { paired, unmatched, unanswered } = await pairLogs(first, second)
    assert.deepEqual(paired, [{ opening: 1, grant: 1, item: 'a', request: 'r1' }])
    assert.deepEqual(unmatched, [])
    assert.deepEqual(
      unanswered.map(({ index }) => index),
      [2],
    )
  }
})

test('an opening without its grant is told, and so is one on the grant of another request or item', async (t) => {
  const wrong: readonly [string, Fields][] = [
    ['no grant', { act: 'open', item: 'a', request: 'r1' }],
    ['a grant that is nowhere', { act: 'open', item: 'a', request: 'r1', grant: 'ab'.repeat(32) }],
    ['the grant of another request', { act: 'open', item: 'a', request: 'r2', grant }],
    ['the grant of another item', { act: 'open', item: 'b', request: 'r1', grant }],
    ['a refusal without a grant', { act: 'refuse', item: 'a', request: 'r1' }],
  ]
  for (const [name, fields] of wrong) {
    await t.test(name, async () => {
      const { paired, unmatched } = await pairLogs(sideOf([fields]), grants)
      assert.deepEqual(paired, [])
      assert.deepEqual(
        unmatched.map(({ index }) => index),
        [0],
      )
    })
  }
})
