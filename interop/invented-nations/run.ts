/**
 * The story between two nations that exist nowhere, written as folders of data: nothing in the code may know a nation.
 * Real processes, in a path with spaces. Last line: `N passed, N failed`.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { HELD_MARKING, writeInventedWorld } from './world.ts'

const ROOT = join(import.meta.dirname, '../..')

interface StepResult {
  readonly step: number
  readonly name: string
  readonly ok: boolean
  readonly ms: number
  readonly evidence: unknown
}

const required = new Set(
  (await readFile(join(ROOT, '.ci/story-must-pass.txt'), 'utf8'))
    .split('\n')
    .filter((line) => /^\d+$/u.test(line))
    .map(Number),
)
let passed = 0
let failed = 0

const folder = await mkdtemp(join(tmpdir(), 'entente invented nations-'))
try {
  const world = join(folder, 'a world')
  await writeInventedWorld(world)
  const files = [
    ['karta льда.bin', Buffer.from(Array.from({ length: 70_000 }, (_, at) => (at * 31) % 251)), ''],
    ['氷河の図.txt', Buffer.from('演習。EXERCISE.\n'), `=${HELD_MARKING}`],
  ] as const
  for (const [name, bytes] of files) await writeFile(join(folder, name), bytes)
  await play(['--world', world, ...files.flatMap(([name, , marking]) => ['--file', `${join(folder, name)}${marking}`])])
} finally {
  await rm(folder, { recursive: true, force: true })
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

async function play(options: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [join(ROOT, 'bin/entente.js'), 'demo', '--story', '--json', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  const told = new Set<number>()
  for await (const line of createInterface({ input: child.stdout })) {
    const result = JSON.parse(line) as StepResult
    told.add(result.step)
    const counts = result.ok || required.has(result.step)
    if (result.ok) passed++
    else if (counts) failed++
    console.log(`${result.ok ? 'ok  ' : counts ? 'FAIL' : 'not yet:'} ${result.step} ${result.name} (${result.ms} ms)`)
    if (!result.ok) console.log(`     ${JSON.stringify(result.evidence)}`)
  }
  const code = await ended
  for (const step of required) {
    if (told.has(step)) continue
    failed++
    console.log(`FAIL step ${step} is not told (exit ${code})`)
  }
}
