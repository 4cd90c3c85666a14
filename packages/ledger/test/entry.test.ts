import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { type Json, canonicalBytes, fromUtf8, utf8 } from '@entente/canonical'
import { nodeCrypto as crypto } from '@entente/crypto-node'
import { type Opening, discloseOnly, makeEntry, openEntry, parseDisclosure, printDisclosure, readLeaf, redact } from '@entente/ledger'
import { AT, codeOf } from './world.ts'

const fieldName = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{0,20}$/u)
const value: fc.Arbitrary<Json> = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.maxSafeInteger(),
  fc.boolean(),
  fc.array(fc.maxSafeNat(), { maxLength: 3 }),
)
const fields = fc.dictionary(fieldName, value, { minKeys: 1, maxKeys: 8, noNullPrototype: true })

test('an entry opens to what was put in, wholly or in part, and shows nothing else', () => {
  fc.assert(
    fc.property(fields, fc.infiniteStream(fc.boolean()), (content, choose) => {
      const { leaf, opening } = makeEntry(crypto, { realm: 'exercise', at: AT, fields: content })
      assert.deepEqual(openEntry(crypto, leaf, opening), { realm: 'exercise', at: AT, fields: content, hidden: 0 })
      const hide = Object.keys(content).filter(() => choose.next().value === true)
      const part = redact(crypto, opening, hide)
      const opened = openEntry(crypto, leaf, part)
      assert.equal(opened.hidden, hide.length)
      assert.deepEqual(opened.fields, Object.fromEntries(Object.entries(content).filter(([name]) => !hide.includes(name))))
      assert.deepEqual(discloseOnly(crypto, opening, Object.keys(opened.fields)), part)
      assert.equal(leaf.length, makeEntry(crypto, { realm: 'exercise', at: AT, fields: { act: 'padding' } }).leaf.length)
    }),
    { numRuns: 60 },
  )
})

test('an opening of another entry, or a changed one, does not open', async () => {
  const { leaf, opening } = makeEntry(crypto, { realm: 'exercise', at: AT, fields: { act: 'open', item: 'x', level: 3 } })
  const other = makeEntry(crypto, { realm: 'exercise', at: AT, fields: { act: 'open', item: 'x', level: 3 } })
  const [act, item, level] = opening.fields
  assert.ok(act && item && level)
  const code = async (changed: unknown): Promise<string> => await codeOf(() => openEntry(crypto, leaf, changed as Opening))
  assert.equal(await code(opening), 'ok')
  assert.equal(await code(other.opening), 'ledger/opening-wrong')
  assert.equal(await code({ ...opening, fields: [{ ...act, value: 'refuse' }, item, level] }), 'ledger/opening-wrong')
  assert.equal(await code({ ...opening, fields: [{ ...act, name: 'acta' }, item, level] }), 'ledger/opening-wrong')
  assert.equal(await code({ ...opening, fields: [act, item] }), 'ledger/opening-wrong')
  assert.equal(await code({ ...opening, hidden: ['0'.repeat(64)] }), 'ledger/opening-wrong')
  assert.equal(await code({ ...opening, fields: [item, act, level] }), 'ledger/opening-malformed')
  assert.equal(await code({ ...opening, fields: [act, act, item, level] }), 'ledger/opening-malformed')
  assert.equal(await code({ ...opening, hidden: ['f'.repeat(64), '0'.repeat(64)] }), 'ledger/opening-malformed')
  assert.equal(await code({ ...opening, fields: [{ ...act, salt: 'short' }, item, level] }), 'ledger/opening-malformed')
  assert.equal(await code({ ...opening, more: 1 }), 'ledger/opening-malformed')
  assert.equal(await code({ fields: [], hidden: [] }), 'ledger/opening-malformed')
  assert.equal(await code({ ...opening, fields: [{ ...act, value: 0.5 }, item, level] }), 'ledger/opening-malformed')
  assert.equal(await code(null), 'ledger/opening-malformed')
  assert.equal(await codeOf(() => redact(crypto, opening, ['nothing'])), 'ledger/field-unknown')
  assert.equal(await codeOf(() => discloseOnly(crypto, opening, ['nothing'])), 'ledger/field-unknown')
})

test('fields that cannot be are refused, and so are leaves that no entry has', async () => {
  const make = (content: Record<string, Json>, at = AT): unknown => makeEntry(crypto, { realm: 'exercise', at, fields: content })
  assert.equal(await codeOf(() => make({})), 'ledger/entry-malformed')
  assert.equal(await codeOf(() => make({ act: 'x' }, -1)), 'ledger/entry-malformed')
  assert.equal(await codeOf(() => make(JSON.parse('{"__proto__":1}') as Record<string, Json>)), 'ledger/field-name')
  for (const name of ['', '1a', 'a b', 'é', 'a'.repeat(65)]) assert.equal(await codeOf(() => make({ [name]: 1 })), 'ledger/field-name')
  const root = '0'.repeat(64)
  assert.equal(await codeOf(() => readLeaf(canonicalBytes({ v: 1, realm: 'exercise', at: 1, root }))), 'ok')
  const wrong: Json[] = [
    { v: 2, realm: 'exercise', at: 1, root },
    { v: 1, realm: 'play', at: 1, root },
    { v: 1, realm: 'exercise', at: 1 },
    { v: 1, realm: 'exercise', at: 1, root, more: 1 },
    [],
  ]
  for (const leaf of wrong) assert.equal(await codeOf(() => readLeaf(canonicalBytes(leaf))), 'ledger/entry-malformed')
  assert.equal(await codeOf(() => readLeaf(utf8(`{"v":1,"realm":"exercise","at":1,"root":"${root}"}`))), 'ledger/entry-malformed')
})

test('a disclosure reads back as it is printed; one out of order or with more in it is refused', async () => {
  const { opening } = makeEntry(crypto, { realm: 'exercise', at: AT, fields: { act: 'open', item: 'x' } })
  const part = redact(crypto, opening, ['item'])
  const disclosure = {
    log: 'log.example',
    entries: [
      { index: 0, opening },
      { index: 7, opening: part },
    ],
  }
  const bytes = printDisclosure(disclosure)
  assert.deepEqual(parseDisclosure(bytes), disclosure)
  const text = fromUtf8(bytes)
  const wrong = [
    text.replace('"index":7', '"index":0'),
    text.replace('"index":0', '"index":-1'),
    text.replace('log.example', ''),
    text.replace('{', '{"more":1,'),
    text.slice(1),
    '[]',
    'null',
    '',
  ]
  for (const changed of wrong)
    assert.equal(await codeOf(() => parseDisclosure(utf8(changed))), 'ledger/disclosure-malformed', changed.slice(0, 60))
  assert.equal(
    await codeOf(() => printDisclosure({ ...disclosure, entries: disclosure.entries.toReversed() })),
    'ledger/disclosure-malformed',
  )
})
