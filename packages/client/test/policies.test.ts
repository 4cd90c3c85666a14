import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Json, canonicalBytes, readJson, toHex, utf8 } from '@entente/canonical'
import { readPolicies } from '@entente/client'
import { demoWorld, twoNations } from '@entente/testkit'
import { type Meddle, clientOf, demoPolicies } from './flows-world.ts'

/** SHA-256 of every nation's document as it lies on disk, by policy id. */
async function digestsOnDisk(sha256: (bytes: Uint8Array) => Uint8Array): Promise<Readonly<Record<string, string>>> {
  const { policies: folder } = await demoWorld()
  const digests: Record<string, string> = {}
  for (const name of await readdir(folder)) {
    // A folder without it holds the published scheme of an alliance.
    if (!existsSync(join(folder, name, 'nation.json'))) continue
    const document = readJson(await readFile(join(folder, name, 'nation.json'))) as { readonly id: string }
    digests[document.id] = toHex(sha256(canonicalBytes(document)))
  }
  return digests
}

const bend =
  (change: (policies: Record<string, Json>[]) => void): Meddle =>
  (path, answer) => {
    if (path !== '/api/policies') return answer
    const value = JSON.parse(Buffer.from(answer).toString()) as { policies: Record<string, Json>[] }
    change(value.policies)
    return utf8(JSON.stringify(value))
  }

test('marking policies come from the node, and count only as they were pinned', async (t) => {
  await using world = await twoNations({ seed: 'client-policies' })
  const { firstReader } = world.data.story.cast
  const digests = await digestsOnDisk((bytes) => world.crypto.sha256(bytes))
  const [first = assert.fail()] = Object.keys(digests).sort()
  const read = async (pinned: Readonly<Record<string, string>>, meddle?: Meddle) => {
    await using reader = await clientOf(world, world.recipient, firstReader, meddle)
    return await readPolicies(world.crypto, reader.api, pinned)
  }
  assert.deepEqual(await read(digests), await demoPolicies())
  const order: (Json | undefined)[] = []
  await read(
    digests,
    bend((policies) => order.push(...policies.map(({ id }) => id))),
  )
  assert.deepEqual(order, Object.keys(digests).sort())
  assert.deepEqual([...(await read({ [first]: digests[first] ?? '' })).keys()], [first])
  const refused = { code: 'client/policy', values: { policy: first } }
  await t.test('one that is missing', () =>
    assert.rejects(
      read(
        digests,
        bend((policies) => policies.shift()),
      ),
      refused,
    ),
  )
  await t.test('one that was changed', () =>
    assert.rejects(
      read(
        digests,
        bend(([policy]) => Object.assign(policy ?? {}, { realm: 'operational' })),
      ),
      refused,
    ),
  )
  await t.test("another's digest", () => assert.rejects(read({ [first]: Object.values(digests).at(-1) ?? '' }), refused))
  await t.test('one that is not pinned may be anything', async () => {
    const { size } = await read(
      { [first]: digests[first] ?? '' },
      bend((policies) => policies.splice(1, 1, { id: 'other' })),
    )
    assert.equal(size, 1)
  })
})
