import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  type Container,
  bytesSource,
  checkPayloadDigest,
  type ContainerError,
  open,
  readContainer,
  verifyContainer,
  whole,
} from '@entente/container'
import { CARD, TRUST, bytesOf, crypto, make, signedIn, takeApart } from './made.ts'

const spec = join(import.meta.dirname, '../../../spec')

interface Schema {
  readonly properties: Readonly<Record<string, unknown>>
  readonly required: readonly string[]
  readonly additionalProperties: boolean
}

function schema(name: string): Schema {
  return JSON.parse(readFileSync(join(spec, 'schema', `${name}.schema.json`), 'utf8')) as Schema
}

test('the published schemas name the members that are written, and no other', async () => {
  const { manifest } = await takeApart((await make([bytesOf(3)])).bytes)
  const cases = [
    ['container-manifest', manifest],
    ['release-statement', signedIn(manifest).body],
    ['card', CARD],
  ] as const
  for (const [name, value] of cases) {
    const { properties, required, additionalProperties } = schema(name)
    assert.equal(additionalProperties, false)
    assert.ok(
      Object.keys(value).every((member) => member in properties),
      name,
    )
    assert.ok(
      required.every((member) => member in value),
      name,
    )
  }
})

interface Vector {
  readonly name: string
  readonly dataKey: string
  readonly container: string
  readonly expect: string
  readonly plaintext?: string
}

test('the vectors give what they say', async () => {
  const { officer, vectors } = JSON.parse(readFileSync(join(spec, 'vectors/container/containers.json'), 'utf8')) as {
    officer: { ed25519: string; mldsa65: string }
    vectors: Vector[]
  }
  for (const vector of vectors) {
    const got: { code: string; plaintext?: string } = { code: 'opened' }
    try {
      const container: Container = await readContainer(crypto, bytesSource(Buffer.from(vector.container, 'base64')))
      const verified = await verifyContainer(crypto, container, { ...TRUST, officers: [officer] })
      await checkPayloadDigest(crypto, verified)
      got.plaintext = Buffer.from(await whole(open(crypto, verified, Buffer.from(vector.dataKey, 'hex')))).toString()
    } catch (error) {
      got.code = (error as ContainerError).code
    }
    assert.deepEqual([got.code, got.plaintext], [vector.expect, vector.plaintext], vector.name)
  }
})
