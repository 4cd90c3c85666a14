/**
 * How long the demonstration takes to its first and to its next start, and what both nations hold in memory at rest. Beside
 * each figure stand its budget and what as many empty Node.js processes take on this machine in the same run: less cannot be.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { processTree, proportionalSetSize } from '../apps/cli/src/demo/memory.ts'

const ROOT = join(import.meta.dirname, '..')
const BUDGET = { firstSeconds: 10, nextSeconds: 3, megabytes: 500 } as const
const REST_MILLISECONDS = 10_000
const NEXT_STARTS = 5
const EMPTY = ['--optimize-for-size', '--max-semi-space-size=1', '--eval', 'console.log("ready"); setInterval(() => {}, 60_000)']

interface Started {
  readonly child: ChildProcess
  /** From the command to the moment at which both nations answer. */
  readonly seconds: number
  readonly processes: number
}

/** Runs the benchmark and prints its figures beside their budgets. A busy machine exceeds them: that is no failure of a check. */
export async function bench(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'entente bench-'))
  try {
    console.log(
      `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, load before ${loadavg()[0]?.toFixed(2)}, Node.js ${process.versions.node}`,
    )
    const first = await startDemo(folder, 'cold')
    await endDemo(first)
    const firstCached = await startDemo(folder, 'fresh')
    await endDemo(firstCached)
    const next: number[] = []
    for (let run = 1; run < NEXT_STARTS; run++) {
      const started = await startDemo(folder, 'next')
      next.push(started.seconds)
      await endDemo(started)
    }
    const last = await startDemo(folder, 'next')
    next.push(last.seconds)
    await new Promise((resolve) => setTimeout(resolve, REST_MILLISECONDS))
    const memory = await memoryOf(last)
    await endDemo(last)
    const empty = await emptyProcesses(last.processes)
    const median = next.toSorted((a, b) => a - b)[Math.floor(next.length / 2)] ?? Number.NaN
    row('first start, nothing compiled', first.seconds, BUDGET.firstSeconds, 's', empty.seconds)
    row('first start, code compiled before', firstCached.seconds, BUDGET.firstSeconds, 's', empty.seconds)
    row(
      `next start, median of ${next.length} (${Math.min(...next).toFixed(1)} to ${Math.max(...next).toFixed(1)})`,
      median,
      BUDGET.nextSeconds,
      's',
      empty.seconds,
    )
    if (memory !== undefined && empty.megabytes !== undefined)
      row(`PSS of ${last.processes} processes, ${REST_MILLISECONDS / 1_000} s at rest`, memory, BUDGET.megabytes, 'MB', empty.megabytes)
    const within =
      Math.max(first.seconds, firstCached.seconds) <= BUDGET.firstSeconds &&
      median <= BUDGET.nextSeconds &&
      (memory ?? 0) <= BUDGET.megabytes
    console.log(within ? 'within every budget' : 'NOT within every budget')
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

function row(what: string, figure: number, budget: number, unit: string, least: number): void {
  const digits = unit === 's' ? 2 : 0
  console.log(
    `${what.padEnd(46)} ${figure.toFixed(digits).padStart(7)} ${unit.padEnd(2)}  budget ${String(budget).padStart(4)} ${unit}, empty processes ${least.toFixed(digits)} ${unit} (${(figure / least).toFixed(1)} times)`,
  )
}

async function startDemo(folder: string, kind: 'cold' | 'fresh' | 'next'): Promise<Started> {
  const cache = { NODE_COMPILE_CACHE: join(folder, 'compiled') }
  const began = performance.now()
  const child = spawn(
    process.execPath,
    [
      join(ROOT, 'bin/entente.js'),
      'demo',
      '--lang',
      'en',
      '--port',
      '17601',
      '--dir',
      join(folder, 'demo'),
      ...(kind === 'fresh' ? ['--fresh'] : []),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...cache } },
  )
  // The last line is written once both answer; the two addresses stand before it.
  await new Promise<void>((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      if (text.includes('Ctrl-C')) resolve()
    })
    child.once('exit', (code) => reject(new Error(`the demonstration ended with ${code}: ${text}`)))
  })
  const seconds = (performance.now() - began) / 1_000
  return { child, seconds, processes: (await nationsOf(child)).length }
}

/** The nations' processes: everything below the command itself. */
async function nationsOf(child: ChildProcess): Promise<readonly number[]> {
  const tree = await processTree([child.pid ?? 0])
  return tree.filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('/packages/node/src/'))
}

async function memoryOf({ child }: Started): Promise<number | undefined> {
  const bytes = await proportionalSetSize(await nationsOf(child))
  return bytes === undefined ? undefined : bytes / 1e6
}

async function endDemo({ child }: Started): Promise<void> {
  child.removeAllListeners('exit')
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGINT')
  await ended
}

/** What this machine needs for as many processes that do nothing: the least that any start can take. */
async function emptyProcesses(count: number): Promise<{ readonly seconds: number; readonly megabytes: number | undefined }> {
  const began = performance.now()
  const children = Array.from({ length: count }, () => spawn(process.execPath, EMPTY, { stdio: ['ignore', 'pipe', 'inherit'] }))
  await Promise.all(children.map((child) => new Promise((resolve) => child.stdout.once('data', resolve))))
  const seconds = (performance.now() - began) / 1_000
  const bytes = await proportionalSetSize(children.map((child) => child.pid ?? 0))
  await Promise.all(
    children.map((child) => {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      return ended
    }),
  )
  return { seconds, megabytes: bytes === undefined ? undefined : bytes / 1e6 }
}
