// An independent reader opens our containers: `node --conditions=entente-source interop/container-python/run.ts`.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bytesOf, make } from '../../packages/container/test/made.ts'

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
  const other = read(bytes, bytesOf(32), plain)
  check('another key is refused', other.error !== undefined, other)
} finally {
  rmSync(folder, { recursive: true })
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
