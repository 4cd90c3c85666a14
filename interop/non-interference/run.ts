/**
 * Non-interference (docs/en/explanation/non-interference.md): pairs of worlds that differ in something secret give an observer
 * the same bytes, but for what spec/leaks.md names; and leaks that are planted are noticed. Last line: `N passed, N failed`.
 *
 *   run.ts                        2,000 pairs, or as many as ENTENTE_PAIRS says; ENTENTE_SEED draws others
 *   run.ts --replay SEED          one row of pairs again, in full
 */
import { type ChildProcess, fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { leaksOfSpec, unaccounted } from './leaks.ts'
import { PLANTED } from './planted.ts'
import { SELF_CHECKS } from './self-checks.ts'
import type { Row } from './session.ts'
import type { Done, Task } from './worker.ts'

const ROW_LENGTH = 40
const PLANTED_LENGTH = 60
/** Fewer pairs may not meet every class of the page. */
const ENOUGH_PAIRS = 2_000
/** Where memory is a file system, no disk is waited for. */
const MEMORY = '/dev/shm'

const { values } = parseArgs({ options: { replay: { type: 'string' } } })
const seed = process.env['ENTENTE_SEED'] ?? 'entente'
const pairs = Number(process.env['ENTENTE_PAIRS'] ?? ENOUGH_PAIRS)
const started = performance.now()
let passed = 0
let failed = 0

function tell(ok: boolean, name: string, why = ''): void {
  if (ok) passed++
  else failed++
  if (!ok) console.log(`FAIL ${name}\n${why}`)
  else if (why !== '') console.log(`ok   ${name}: ${why}`)
}

/** The place where two texts part, with what stands around it. */
function parting(left: string, right: string): string {
  let at = 0
  while (at < left.length && left[at] === right[at]) at++
  const around = (text: string): string => JSON.stringify(text.slice(Math.max(0, at - 120), at + 240))
  return `  at character ${at}\n  left:  ${around(left)}\n  right: ${around(right)}`
}

const totals = { pairs: 0, observations: 0, used: new Set<string>(), kinds: new Map<string, number>() }

const PROGRESS_PAIRS = 500

function count(row: Row): void {
  const before = totals.pairs
  totals.observations += row.observations
  for (const one of row.used) totals.used.add(one)
  for (const [difference, number] of Object.entries(row.pairs)) {
    totals.pairs += number
    const kind = `${row.observer}: ${difference}`
    totals.kinds.set(kind, (totals.kinds.get(kind) ?? 0) + number)
  }
  if (Math.floor(before / PROGRESS_PAIRS) < Math.floor(totals.pairs / PROGRESS_PAIRS))
    console.log(`     ${totals.pairs} pairs after ${Math.round((performance.now() - started) / 1_000)} s`)
}

function take(done: Done): void {
  const { task } = done
  if ('fault' in done) {
    tell(false, `${task.kind} ${task.seed}`, `  ${done.fault}\n${replayed(task)}`)
    return
  }
  const { row } = done
  const { failure } = row
  const number = Object.values(row.pairs).reduce((sum, one) => sum + one, 0)
  if (task.kind === 'planted') {
    const why =
      failure === undefined ? `  not noticed in ${number} pairs` : `noticed by ${row.observer} at pair ${number}, in ${failure.at}`
    const where = PLANTED.find(({ name }) => name === task.name)?.at
    tell(failure !== undefined && where?.test(failure.at) === true, `planted: ${task.name}`, why)
    return
  }
  count(row)
  passed += number - (failure === undefined ? 0 : 1)
  if (failure !== undefined) {
    const { pair, difference, at, left, right } = failure
    tell(false, `${row.observer} can tell: ${difference}`, `  pair ${pair}, in ${at}\n${parting(left, right)}\n${replayed(task)}`)
  }
}

function replayed(task: Task): string {
  return task.kind === 'row' ? `  again: node bin/node26.js interop/non-interference/run.ts --replay ${task.seed}` : ''
}

/** Hands tasks to as many processes as there are cores, one after the other. */
async function work(tasks: Task[]): Promise<void> {
  const environment = { ...process.env, ...(existsSync(MEMORY) ? { TMPDIR: MEMORY } : {}) }
  const one = (): Promise<void> =>
    new Promise((resolve) => {
      const child: ChildProcess = fork(join(import.meta.dirname, 'worker.ts'), { env: environment })
      let under: Task | undefined
      const next = (): void => {
        under = tasks.shift()
        child.send(under ?? 'end')
      }
      child.on('message', (message: Done | 'ready') => {
        if (message !== 'ready') take(message)
        next()
      })
      child.on('exit', (code) => {
        if (code !== 0) tell(false, `a worker ended with ${code}`, under === undefined ? '' : replayed(under))
        resolve()
      })
    })
  await Promise.all(Array.from({ length: Math.min(tasks.length, Math.max(2, availableParallelism())) }, one))
}

if (values.replay === undefined) {
  for (const [name, check] of Object.entries(SELF_CHECKS)) {
    try {
      await check()
      tell(true, name)
    } catch (error) {
      tell(false, name, `  ${String((error as Error).stack)}`)
    }
  }
  const rows = Math.ceil(pairs / ROW_LENGTH)
  await work([
    ...PLANTED.map(({ name }): Task => ({ kind: 'planted', name, seed: `${seed}/planted`, length: PLANTED_LENGTH })),
    ...Array.from({ length: rows }, (_, at): Task => ({
      kind: 'row',
      seed: `${seed}/${at}`,
      length: Math.min(ROW_LENGTH, pairs - at * ROW_LENGTH),
    })),
  ])
  const { notOnPage, unused } = unaccounted(await leaksOfSpec(), totals.used)
  tell(notOnPage.length === 0, 'every class that was taken out is on spec/leaks.md', `  not there: ${notOnPage.join(', ')}`)
  if (pairs >= ENOUGH_PAIRS)
    tell(unused.length === 0, 'every masked name of spec/leaks.md was needed', `  never needed: ${unused.join(', ')}`)
} else {
  await work([{ kind: 'row', seed: values.replay, length: ROW_LENGTH }])
}

for (const [kind, number] of [...totals.kinds].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  console.log(`${String(number).padStart(6)}  ${kind}`)
console.log(
  `${totals.pairs} pairs, ${totals.observations} observations of each world, in ${Math.round((performance.now() - started) / 1_000)} s`,
)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 && passed > 0 ? 0 : 1
