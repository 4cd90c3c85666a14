/**
 * Walks of two nations through everything that fails, one for each seed (docs/en/explanation/faults.md). 200 seeds, or
 * `ENTENTE_SEEDS` of them; `ENTENTE_SEED=n` plays one with its trace. What fails is printed with its seed and the shortest
 * walk that still fails. Last line: `N passed, N failed`.
 */
import { fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { type WalkEnd, type WalkOptions, begin, lifePlanOf, shorten, walk } from '@entente/testkit'

const SEEDS = 200
const STEPS = 22
/** Two cores are what this is planned for; more help, up to so many. */
const MOST_WORKERS = 8
/** A world lies in memory where there is such a folder: its syncs cost nothing there. */
const MEMORY = '/dev/shm'
/** Failures that are shortened; the others are printed as they are. */
const SHORTENED = 3

/** What a worker says of a seed. */
interface Told {
  readonly end: WalkEnd
  readonly shortest?: WalkEnd
}

if (process.send !== undefined) await work()
else if (process.env['ENTENTE_SEED'] !== undefined) await replay(process.env['ENTENTE_SEED'])
else await runAll(Number(process.env['ENTENTE_SEEDS'] ?? SEEDS))

/** Every tenth seed walks through the life of an agreement. */
function optionsOf(seed: string): WalkOptions {
  if (Number(seed) % 10 !== 0) return { seed, steps: STEPS }
  const plan = lifePlanOf(seed)
  return { seed, steps: plan.length, plan }
}

/** Plays the seeds that come over the channel, until there are none. */
async function work(): Promise<void> {
  await using beginning = await begin(existsSync(MEMORY) ? MEMORY : undefined)
  const seeds = Promise.withResolvers<void>()
  let shortened = 0
  let turn = Promise.resolve()
  process.on('message', (seed: string) => {
    turn = turn.then(async () => {
      if (seed === '') return seeds.resolve()
      const options = optionsOf(seed)
      const end = await walk(beginning, options)
      const isShortened = end.broken.length > 0 && shortened++ < SHORTENED
      process.send?.({ end, ...(isShortened ? { shortest: await shorten(beginning, options, end) } : {}) } satisfies Told)
      return undefined
    })
    turn.catch(seeds.reject)
  })
  process.send?.('ready')
  await seeds.promise
  process.disconnect?.()
}

async function runAll(seeds: number): Promise<void> {
  console.log(`${seeds} seeds of ${STEPS} steps; ENTENTE_SEEDS sets how many`)
  const started = performance.now()
  let next = 1
  let passed = 0
  let opened = 0
  const failed: Told[] = []
  const worker = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const child = fork(import.meta.filename, { execArgv: process.execArgv })
      child.on('message', (message: 'ready' | Told) => {
        if (message !== 'ready') {
          opened += message.end.opened
          if (message.end.broken.length === 0) passed++
          else {
            failed.push(message)
            print(message)
          }
        }
        child.send(next <= seeds ? String(next++) : '')
      })
      child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`))))
    })
  let gone = 0
  const workers = Math.min(MOST_WORKERS, Math.max(2, availableParallelism()), seeds)
  for (const end of await Promise.allSettled(Array.from({ length: workers }, worker))) {
    if (end.status === 'fulfilled') continue
    gone++
    console.log(`FAIL ${String(end.reason)}`)
  }
  console.log(`${opened} keys joined in ${passed + failed.length} walks, ${((performance.now() - started) / 1_000).toFixed(0)} s`)
  finish(passed, failed.length + gone)
}

async function replay(seed: string): Promise<void> {
  await using beginning = await begin(existsSync(MEMORY) ? MEMORY : undefined)
  const end = await walk(beginning, optionsOf(seed))
  console.log(end.trace.join('\n'))
  if (end.broken.length > 0) print({ end, shortest: await shorten(beginning, optionsOf(seed), end) })
  finish(end.broken.length === 0 ? 1 : 0, end.broken.length === 0 ? 0 : 1)
}

function print({ end, shortest }: Told): void {
  console.log(`FAIL seed ${end.seed}: ${end.broken.join('\n     ')}`)
  if (shortest === undefined) return
  console.log(`     again: ENTENTE_SEED=${end.seed}; the shortest walk that still fails, of ${shortest.steps} steps:`)
  for (const line of [...shortest.trace, ...shortest.broken]) console.log(`       ${line}`)
}

function finish(passed: number, failed: number): void {
  console.log(`${passed} passed, ${failed} failed`)
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1
}
