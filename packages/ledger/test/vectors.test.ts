import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Case, judge } from './vector-runner.ts'

const folder = join(import.meta.dirname, '../../../spec/vectors/ledger')

// documents.json has another form, and documents.test.ts of its own.
for (const file of readdirSync(folder)
  .filter((name) => name !== 'documents.json')
  .sort()) {
  test(`every case of ledger/${file} gives its result`, async () => {
    const { cases } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { cases: readonly Case[] }
    assert.ok(cases.length > 1)
    for (const one of cases) assert.equal(await judge(one), one.result, one.name)
    const good = cases.filter(({ result }) => result === 'ok' || result === '200').length
    assert.ok(good > 0 && good < cases.length)
  })
}
