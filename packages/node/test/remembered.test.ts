import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Crypto, fromBase64Url, fromUtf8, utf8 } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import { type KeyRing, type ReleaseInput, loadPolicies, openItemKey, pathsOf, readSeeds, releaseShare } from '@entente/node'
import { type World, twoNations } from '@entente/testkit'
import { endOf } from './codes.ts'

/** What the originator's key process was given for two openings of one item. */
async function twoReleases(world: World): Promise<readonly [ReleaseInput, ReleaseInput]> {
  const reader = await world.firstReader()
  const item = await world.deliver()
  const { keys } = world.originator.parts
  const inputs: ReleaseInput[] = []
  const call = keys.call.bind(keys)
  keys.call = (operation, body) => {
    if (operation === 'release') inputs.push(body as unknown as ReleaseInput)
    return call(operation, body)
  }
  for (let time = 0; time < 2; time++) assert.equal(await endOf(world.open(reader, item)), 'done')
  keys.call = call
  const [first, second] = inputs
  assert.ok(first !== undefined && second !== undefined)
  return [first, second]
}

async function ringOf(world: World, crypto: Crypto, now: () => number): Promise<KeyRing> {
  const { parts, dir } = world.originator
  const seeds = await readSeeds(join(pathsOf(dir).keys, 'keys.json'), ['kek', 'kas'])
  const kek = fromBase64Url(seeds.kek)
  const trust = { ...parts.trust() }
  return {
    crypto,
    trust: () => trust,
    policies: await loadPolicies(parts.config.nations),
    service: { kid: 'kas-1', key: await crypto.kemKey(fromBase64Url(seeds.kas)) },
    itemKey: (item, sealed) => openItemKey(crypto, kek, item, sealed),
    now,
  }
}

/** The text with the first letter behind `mark` changed. */
function changed(text: string, mark: string): string {
  const at = text.indexOf(mark) + mark.length
  assert.ok(at >= mark.length)
  return `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`
}

test('a key process verifies a statement once, and everything about an opening each time', async () => {
  await using world = await twoNations({ seed: 'remembered' })
  const [first, second] = await twoReleases(world)
  const verified: string[] = []
  const crypto: Crypto = {
    ...nodeCrypto,
    verify(algorithm, ...rest) {
      verified.push(algorithm)
      return nodeCrypto.verify(algorithm, ...rest)
    },
  }
  const verifications = async (ring: KeyRing, input: ReleaseInput): Promise<number> => {
    verified.length = 0
    await releaseShare(ring, input)
    return verified.length
  }
  let late = 0
  const ring = await ringOf(world, crypto, () => world.originator.parts.now() + late)
  const whole = await verifications(ring, first)
  // The officer's signature, both halves, is the same; request, staple and both nations' checkpoints are not.
  assert.equal(await verifications(ring, second), whole - 2)
  // Another process, and the same one after a new trust, believe nothing of it.
  assert.equal(await verifications(await ringOf(world, crypto, ring.now), second), whole)
  const renewed = { ...ring.trust() }
  assert.equal(await verifications({ ...ring, trust: () => renewed }, second), whole)

  // INVARIANT: what was verified stands for its own bytes only.
  const end = (input: ReleaseInput): Promise<string> => endOf(releaseShare(ring, input))
  const manifest = fromUtf8(second.manifest)
  for (const mark of ['\\"mldsa65\\":\\"', '\\"ed25519\\":\\"', '"policy":"', '"wrappedKey":"'])
    assert.notEqual(await end({ ...second, manifest: utf8(changed(manifest, mark)) }), 'done', mark)
  const proof = changed(second.entry.proof, '\n\n')
  assert.equal(await end({ ...second, entry: { ...second.entry, proof } }), 'exchange/proof-invalid')
  assert.notEqual(await end({ ...second, staple: first.staple }), 'done')
  assert.notEqual(await end({ ...second, entry: first.entry }), 'done')
  assert.equal(await end(second), 'done')
  late = 61
  assert.notEqual(await end(second), 'done')
})
