import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { readAgreementTemplate } from '@entente/agreement'
import { NodeError } from '#src/errors.ts'
import { initNation, signAsAuthority } from '#src/setup.ts'
import { startNation } from '#src/start.ts'

const nations = fileURLToPath(new URL('../../../nations', import.meta.url))

const place = { host: '127.0.0.1', port: 0 }
const given = {
  realm: 'exercise',
  nation: 'JPN',
  domain: 'jpn.entente.example',
  people: place,
  partner: place,
  nations,
  demoProvider: true,
  persons: [],
}

for (const [what, change] of [
  ['without a way to sign in', { demoProvider: false }],
  ['with the demonstration provider outside an exercise', { realm: 'operational' }],
] as const) {
  test(`a node ${what} does not start`, async () => {
    const dir = await mkdtemp(join(tmpdir(), 'entente-test-'))
    try {
      await initNation(dir, { ...given, ...change })
      await assert.rejects(startNation(dir), (error) => error instanceof NodeError && error.code === 'node/config')
    } finally {
      await rm(dir, { recursive: true })
    }
  })
}

test('an authority signs no agreement that its node would not keep, and the specimen it does', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'entente-test-'))
  try {
    const { authorityKey } = await initNation(dir, given)
    const template = readAgreementTemplate(await readFile(new URL('../../../agreements/jpn-aus/agreement.json', import.meta.url)))
    const body = {
      ...template,
      parties: template.parties.map((party) => ({ ...party, authorityKey })),
      equivalence: template.equivalence.map((table) => ({ ...table, validFrom: 1_790_000_000 })),
      inForceFrom: 1_790_000_000,
    }
    const fixed = { ...body, witness: { ...body.witness, rhythm: { kind: 'fixed', milliseconds: 1_000 } } }
    await assert.rejects(
      signAsAuthority(dir, fixed),
      (error) => error instanceof NodeError && error.code === 'node/trust' && error.values['reason'] === 'witness.rhythm',
    )
    assert.equal((await signAsAuthority(dir, body)).body.agreement, 'jpn-aus')
  } finally {
    await rm(dir, { recursive: true })
  }
})
