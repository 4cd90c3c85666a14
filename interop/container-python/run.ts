// An independent reader opens our containers: `node --conditions=entente-source interop/container-python/run.ts`.
import { spawnSync } from 'node:child_process'
import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Manifest, encodePolicy } from '@entente/container'
import { type Draft, ITEM, bytesOf, loose, make, putTogether, takeApart } from '../../packages/container/test/made.ts'

const SEGMENT = 16_384
const decoder = join(import.meta.dirname, 'decode.py')
const folder = mkdtempSync(join(tmpdir(), 'entente-container-'))
let passed = 0
let failed = 0

interface Answer {
  readonly segments?: number
  readonly decrypted?: boolean
  readonly error?: string
}

function read(bytes: Uint8Array, key: Uint8Array, plaintext: Uint8Array): Answer {
  const file = join(folder, 'container.tdf')
  writeFileSync(file, bytes)
  const sum = createHash('sha256').update(plaintext).digest('hex')
  const run = spawnSync('python3', [decoder, file, Buffer.from(key).toString('hex'), sum], { encoding: 'utf8' })
  if (run.error !== undefined) throw run.error
  return JSON.parse(run.stdout) as Answer
}

function check(name: string, holds: boolean, answer: Answer): void {
  if (holds) passed++
  else failed++
  console.log(`${holds ? 'ok' : 'not ok'} ${name} ${JSON.stringify(answer)}`)
}

/** The same payload under a header that names a key of the attacker's, signed with that key. */
function rebound(signature: string): string {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const header = Buffer.from(JSON.stringify({ alg: 'RS256', jwk: publicKey.export({ format: 'jwk' }) })).toString('base64url')
  const signed = `${header}.${signature.split('.')[1]}`
  return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`
}

try {
  for (const control of ['originator', 'both', 'either'] as const) {
    for (const length of [0, 1, SEGMENT - 1, SEGMENT, SEGMENT + 1, 5 * SEGMENT + 7]) {
      const plain = bytesOf(length)
      const { bytes, keys } = await make([plain], { control })
      const answer = read(bytes, keys.dataKey, plain)
      check(`${control}, ${length} bytes`, answer.segments === Math.max(1, Math.ceil(length / SEGMENT)), answer)
    }
  }
  const plain = bytesOf(40_000)
  const { bytes, keys } = await make([plain])
  for (const at of [60, 20_000, bytes.length - 2_000, bytes.length - 30]) {
    const bad = Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ 1 : byte))
    const answer = read(bad, keys.dataKey, plain)
    check(`byte ${at} changed is refused`, answer.error !== undefined, answer)
  }
  const { payload, manifest } = await takeApart(bytes)
  const defects: readonly [name: string, change: (m: Draft<Manifest>) => unknown][] = [
    ['defect 1: the label deleted', (m) => m.assertions.splice(1, 1)],
    [
      'defect 2: the label bound anew with a key in its header',
      (m) => (m.assertions[1].binding.signature = rebound(m.assertions[1].binding.signature)),
    ],
    ['defect 3: GMAC for the root', (m) => (m.encryptionInformation.integrityInformation.rootSignature.alg = 'GMAC')],
    ['defect 3: segments reordered', (m) => m.encryptionInformation.integrityInformation.segments.reverse()],
    [
      'defect 5: another policy than the label',
      (m) => (m.encryptionInformation.policy = encodePolicy(ITEM, ['https://x.example/attr/a/value/b'])),
    ],
    ['defect 8: a statement value that is an object', (m) => Object.assign(m.assertions[1].statement, { value: {} })],
  ]
  for (const [name, change] of defects) {
    const copy = loose(manifest)
    change(copy)
    const answer = read(putTogether(payload, copy), keys.dataKey, plain)
    check(`${name}: refused`, answer.error !== undefined, answer)
  }
  const same = read(putTogether(payload, loose(manifest)), keys.dataKey, plain)
  check('taken apart and put together unchanged it is read', same.segments === 3, same)
  const other = read(bytes, bytesOf(32), plain)
  check('another key is refused', other.error !== undefined, other)
} finally {
  rmSync(folder, { recursive: true })
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
