/** The reader of questions: vectors and fuzz. Which readers there are stands in spec/attacks.md. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { type Json, canonicalText, readJson, utf8 } from '@entente/canonical'
import { readQuestion } from '@entente/decision'
import { fuzzReaders, holdVectors } from '../../canonical/test/hostile-documents.ts'
import { readers, whole } from './documents.ts'
import { bytesOf } from './specimen.ts'

holdVectors('decision/documents.json', readers)
fuzzReaders(readers)

const schemas = ['label', 'question'].map((name) => readJson(bytesOf(`spec/schema/${name}.schema.json`)) as object)
const ajv = new Ajv2020({ strict: true, schemas })

type Path = readonly string[]

function paths(value: unknown, at: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => [[...at, name], ...paths(member, [...at, name])])
}

/** A copy with another value at a path, or without it. */
function changed(value: unknown, [name = '', ...rest]: Path, put: unknown): unknown {
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<string, unknown>
  if (rest.length > 0) copy[name] = changed(copy[name], rest, put)
  else if (put !== undefined) copy[name] = put
  else if (Array.isArray(copy)) copy.splice(Number(name), 1)
  else delete copy[name]
  return copy
}

test('the published schema and the reader agree on a question and on it without, or with another, member anywhere', () => {
  const valid = ajv.getSchema('https://entente.example/schema/question.schema.json')
  const isRead = (value: unknown): boolean => {
    try {
      readQuestion(utf8(canonicalText(value as Json)))
      return true
    } catch {
      return false
    }
  }
  assert.equal(valid?.(whole), true)
  for (const path of paths(whole)) {
    // Order within a label, and an originator in its own set, are the label's reader to check: no schema says them.
    if (path[0] === 'item' && path[1] === 'label' && path.length > 3) continue
    for (const put of [undefined, -1, 'x y', { extra: 1 }]) {
      const value = changed(whole, path, put)
      assert.equal(valid?.(value), isRead(value), `${path.join('/')} = ${JSON.stringify(put)}`)
    }
  }
})
