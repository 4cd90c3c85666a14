/** Writes spec/vectors/clearance/presentations.json anew: `node --conditions=entente-source packages/clearance/test/write-vectors.ts`. */
import { mkdir, writeFile } from 'node:fs/promises'
import { toBase64Url } from '@entente/canonical'
import { verifyPresentation } from '@entente/clearance'
import { accepted } from './accepted.ts'
import { rejected } from './rejected.ts'
import { expectation, forge, makeWorld } from './forge.ts'

const world = await makeWorld('vectors')
const base = await expectation(world)
const staples: Record<string, unknown> = { good: base.staple }
const cases: object[] = []
for (const row of [...accepted, ...rejected]) {
  // Texts of a size that only fills the file, and expectations that JSON cannot say, stay with the unit tests.
  const compact = await forge(world, row.forgery)
  if (compact.length > 6_000 || Number.isNaN(row.expected?.now)) continue
  const staple = row.staple === undefined ? base.staple : await row.staple(world)
  if (row.staple !== undefined) staples[row.name] = staple
  const shared = {
    name: row.name,
    compact,
    staple: row.staple === undefined ? 'good' : row.name,
    ...(row.expected === undefined ? {} : { expected: row.expected }),
  }
  if (typeof row.result === 'string') {
    cases.push({ ...shared, refused: row.result })
  } else {
    const { facts } = await verifyPresentation(world.crypto, compact, { ...base, ...row.expected, staple })
    cases.push({ ...shared, facts })
  }
}
const issuers = world.pins.map((pin) => ({
  ...pin,
  keys: pin.keys.map(({ kid, publicKey }) => ({ kid, publicKey: toBase64Url(publicKey) })),
}))
const { staple: _staple, issuers: _issuers, ...expected } = base
const lines = (name: string, rows: readonly string[], [open, close]: readonly [string, string]) =>
  `"${name}":${open}\n${rows.join(',\n')}\n${close}`
const text = [
  `"about":"EXERCISE data for spec/clearance.md: each case is verified against expected, its own changes to it, and the staple that it names"`,
  `"expected":${JSON.stringify(expected)}`,
  lines(
    'issuers',
    issuers.map((one) => JSON.stringify(one)),
    ['[', ']'],
  ),
  lines(
    'staples',
    Object.entries(staples).map(([name, one]) => `${JSON.stringify(name)}:${JSON.stringify(one)}`),
    ['{', '}'],
  ),
  lines(
    'cases',
    cases.map((one) => JSON.stringify(one)),
    ['[', ']'],
  ),
].join(',\n')
const folder = new URL('../../../spec/vectors/clearance/', import.meta.url)
await mkdir(folder, { recursive: true })
await writeFile(new URL('presentations.json', folder), `{\n${text}\n}\n`)
