import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { type Json, readJson } from '@entente/canonical'
import { readAgreement } from '@entente/agreement'
import { type Change, asBytes, bytesOf, changed, first } from './specimen.ts'

const valid = new Ajv2020({ strict: true }).compile(readJson(bytesOf('spec/schema/agreement.schema.json')) as object)

/** Paths of a document to its members and elements; of a list, what is in its first three. */
function paths(value: Json, at = ''): readonly string[] {
  if (typeof value !== 'object') return []
  return Object.entries(value).flatMap(([name, member]) => {
    if (Array.isArray(value) && Number(name) > 2) return []
    const path = at === '' ? name : `${at}/${name}`
    return member === undefined ? [] : [path, ...paths(member, path)]
  })
}

function isRead(...changes: readonly Change[]): boolean {
  try {
    readAgreement(asBytes(changed(...changes)))
    return true
  } catch {
    return false
  }
}

test('the published schema and the reader agree on the specimen and on it without, or with another, member anywhere', () => {
  assert.equal(valid(first), true)
  for (const path of paths(first as unknown as Json)) {
    for (const value of [undefined, -1, 'x y', { extra: 1 }]) {
      assert.equal(valid(changed([path, value])), isRead([path, value]), `${path} = ${JSON.stringify(value)}`)
    }
  }
})
