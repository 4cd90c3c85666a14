import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { type Json, canonicalText, readJson, utf8 } from '@entente/canonical'
import { type Agreement, type AgreementNotice, readAgreement, readSignedNotice, signNotice } from '@entente/agreement'
import { nodeCrypto } from '@entente/crypto-node'
import { type Change, START, asBytes, aus, bent, bytesOf, first, put } from './specimen.ts'
import { version, whole } from './whole.ts'

function validator(name: string): (value: unknown) => boolean {
  return new Ajv2020({ strict: true, strictRequired: false }).compile(readJson(bytesOf(`spec/schema/${name}.schema.json`)) as object)
}
const valid = validator('agreement')
const validNotice = validator('agreement-notice')

/** Paths of a document to its members and elements; of a list, what is in its first ones. */
function paths(value: Json, each = 3, at = ''): readonly string[] {
  if (typeof value !== 'object') return []
  return Object.entries(value).flatMap(([name, member]) => {
    if (Array.isArray(value) && Number(name) >= each) return []
    const path = at === '' ? name : `${at}/${name}`
    return member === undefined ? [] : [path, ...paths(member, each, path)]
  })
}

function accepts(read: () => unknown): boolean {
  try {
    read()
    return true
  } catch {
    return false
  }
}

function isRead(body: Agreement, ...changes: readonly Change[]): boolean {
  return accepts(() => readAgreement(asBytes(bent(body, ...changes))))
}

for (const [name, body, each] of [
  ['the specimen', first, 3],
  ['a version with every member', whole, 1],
] as const) {
  test(`the published schema and the reader agree on ${name} and on it without, or with another, member anywhere`, () => {
    assert.equal(valid(body), true)
    for (const path of paths(body as unknown as Json, each)) {
      for (const value of [undefined, -1, 'x y', { extra: 1 }]) {
        assert.equal(valid(bent(body, [path, value])), isRead(body, [path, value]), `${path} = ${JSON.stringify(value)}`)
      }
    }
  })
}

test('the version with every member has every member that the schema has', () => {
  const { properties } = readJson(bytesOf('spec/schema/agreement.schema.json')) as unknown as { properties: object }
  assert.deepEqual(Object.keys(properties).toSorted(), Object.keys(whole).toSorted())
})

test('the published schema of a notice and its reader agree, except on what a schema cannot compare', async () => {
  const notice: AgreementNotice = {
    agreement: first.agreement,
    realm: 'exercise',
    version: version(first).id,
    nation: 'AUS',
    notice: 'resume',
    of: 'ab'.repeat(32),
    at: START,
    effectiveAt: START,
  }
  const signed = (await signNotice(nodeCrypto, notice, aus)) as unknown as Json
  const read = (value: Json): boolean => accepts(() => readSignedNotice(utf8(canonicalText(value))))
  assert.equal(validNotice(signed) && read(signed), true)
  for (const path of paths(signed)) {
    for (const value of [undefined, -1, 'x y', { extra: 1 }, 'suspend', 'note']) {
      const bad = put(signed, path.split('/'), value)
      assert.equal(validNotice(bad), read(bad), `${path} = ${JSON.stringify(value)}`)
    }
  }
  const early = put(signed, ['body', 'effectiveAt'], START - 1)
  assert.deepEqual([validNotice(early), read(early)], [true, false])
})
