/** What the processes log: the closed table, its pages in both languages, and that nothing of an error's message gets through. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { nodeCrypto } from '@entente/crypto-node'
import { NodeError } from '#src/errors.ts'
import { LOG_EVENTS } from '#src/processes/log-events.ts'
import { faultOf, itemTag, logLine } from '#src/processes/notice.ts'

for (const lang of ['en', 'ja']) {
  test(`every code stands in the page (${lang}), with its level and its values, and no other does`, async () => {
    const page = await readFile(new URL(`../../../docs/${lang}/reference/logs.md`, import.meta.url), 'utf8')
    const rows = [...page.matchAll(/^\| `(?<code>[a-z]+\/[a-z-]+)` \| (?<level>\w+) \| (?<values>[^|]*)\| /gmu)].map(({ groups }) => [
      groups?.['code'],
      { level: groups?.['level'], values: [...(groups?.['values'] ?? '').matchAll(/`(\w+)`/gu)].map(([, name]) => name) },
    ])
    assert.deepEqual(Object.fromEntries(rows), LOG_EVENTS)
  })
}

test('a line holds what its code may say and nothing else', () => {
  const line = logLine('ledger', 'log/behind', { log: 'log.aaa/exercise/home', own: 2, witness: 5, item: 'canary', text: 'canary' })
  const { at, pid, ...rest } = JSON.parse(line) as Readonly<Record<string, unknown>>
  assert.match(String(at), /^\d{4}-.*Z$/u)
  assert.equal(pid, process.pid)
  assert.deepEqual(rest, { level: 'error', process: 'ledger', code: 'log/behind', log: 'log.aaa/exercise/home', own: 2, witness: 5 })
})

test('of an error: class, code and places, of its causes too; never the message, even one that looks like a place', () => {
  const cause = new SyntaxError('canary in a document\n    at canary (packages/canary.ts:1:1)')
  const fault = faultOf(new NodeError('node/config', 'canary', { cause }))
  assert.match(fault, /^NodeError node\/config at packages\/node\/test\/log-events\.test\.ts:\d+.* < SyntaxError at packages\//u)
  assert.ok(!fault.includes('canary'), fault)
  assert.equal(faultOf('canary'), 'string')
})

test('an item has a tag that says nothing and that its holder can make', () => {
  const item = 'b020b68f-bace-4d70-aae0-97687e2f6ad5'
  assert.match(itemTag(nodeCrypto, item), /^[0-9a-f]{16}$/u)
  assert.equal(itemTag(nodeCrypto, item), nodeCrypto.sha256(new TextEncoder().encode(item)).toHex().slice(0, 16))
})
