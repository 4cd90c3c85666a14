import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { NodeError } from '#src/errors.ts'
import { initNation } from '#src/setup.ts'
import { startNation } from '#src/start.ts'

const nations = fileURLToPath(new URL('../../../nations', import.meta.url))

for (const [what, change] of [
  ['without a way to sign in', { demoProvider: false }],
  ['with the demonstration provider outside an exercise', { realm: 'operational' }],
] as const) {
  test(`a node ${what} does not start`, async () => {
    const dir = await mkdtemp(join(tmpdir(), 'entente-test-'))
    try {
      const place = { host: '127.0.0.1', port: 0 }
      await initNation(dir, {
        realm: 'exercise',
        nation: 'JPN',
        domain: 'jpn.entente.example',
        people: place,
        partner: place,
        nations,
        demoProvider: true,
        persons: [],
        ...change,
      })
      await assert.rejects(startNation(dir), (error) => error instanceof NodeError && error.code === 'node/config')
    } finally {
      await rm(dir, { recursive: true })
    }
  })
}
