/**
 * An outside judge reads the metrics of two real nodes while a report is released, opened, refused and stopped: opentelemetry-proto
 * with protobuf's JSON mapping, unknown members refused. Needs Python 3 with `opentelemetry-proto`, which it asks pip for; skips
 * with a line where it cannot be had. Last line: `N passed, N failed`.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { CANARIES, OperationsWorld } from '../../apps/cli/test/operations-world.ts'

const PACKAGE = 'opentelemetry-proto==1.45.2'

interface Told {
  readonly error?: string
  readonly raw: string
  readonly resource: readonly Readonly<Record<string, string>>[]
  readonly metrics: Readonly<Record<string, Metric | undefined>>
}
interface Metric {
  readonly kind: string
  readonly unit: string
  readonly cumulative: boolean
  readonly monotonic: boolean
  readonly points: readonly {
    readonly attributes: Readonly<Record<string, string>>
    readonly value?: number
    readonly count?: number
    readonly cells?: readonly number[]
    readonly bounds?: readonly number[]
  }[]
}

let passed = 0
let failed = 0

function check(holds: boolean, what: string): void {
  if (holds) passed++
  else failed++
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${what}`)
}

const folder = mkdtempSync(join(tmpdir(), 'entente-otlp-'))
let judge: ChildProcess | undefined
try {
  const path = python(folder)
  if (path === undefined) console.log(`skipped: Python 3 with ${PACKAGE} is not to be had here`)
  else await play(path)
} finally {
  judge?.kill()
  rmSync(folder, { recursive: true })
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

/** The module path under which the judge finds its package; undefined where there is none. */
function python(target: string): string | undefined {
  const finds = (modules: string): boolean =>
    spawnSync('python3', ['-c', 'import opentelemetry.proto.metrics.v1.metrics_pb2'], { env: { ...process.env, PYTHONPATH: modules } })
      .status === 0
  if (finds('')) return ''
  spawnSync('python3', ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', target, PACKAGE], { stdio: 'ignore' })
  return finds(target) ? target : undefined
}

async function play(modules: string): Promise<void> {
  judge = spawn('python3', [join(import.meta.dirname, 'judge.py')], {
    env: { ...process.env, PYTHONPATH: modules },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (judge.stdout === null) throw new TypeError('the judge says nothing')
  const messages: Told[] = []
  const port = await new Promise<string>((resolve) => {
    createInterface({ input: judge?.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      if (/^\d+$/u.test(line)) resolve(line)
      else messages.push(JSON.parse(line) as Told)
    })
  })
  await using world = await OperationsWorld.start()
  const { cast, originator, recipient } = world.data.story
  for (const nation of [originator, recipient])
    await world.restart(nation, (config) => ({ ...config, metrics: { otlp: `http://127.0.0.1:${port}/v1/metrics`, everySeconds: 1 } }))
  await world.allOpen()
  const item = await world.release()
  check((await world.openWhenThere(item)).includes(CANARIES.text), 'the report opens')
  await world.open(item)
  await world.open(item, cast.secondReader)
  await world.revoke(item)
  await world.open(item)
  await world.running.stop()
  const of = (nation: string): readonly Told[] =>
    messages.filter(({ resource }) => resource?.some((one) => one['service.instance.id']?.startsWith(nation) === true))
  const wrong = messages.filter(({ error }) => error !== undefined)
  check(
    messages.length > 2 && wrong.length === 0,
    `${messages.length} messages, each read without an unknown member: ${wrong[0]?.error ?? ''}`,
  )
  const all = messages.map(({ raw }) => raw).join('\n')
  const people = world.data.nations.flatMap(({ persons }) => persons.flatMap(({ id, names }) => [`"${id}"`, names.en, names.ja]))
  check(![item, ...Object.values(CANARIES), ...people].some((canary) => all.includes(canary)), 'no item, word or person in any of them')
  const last = of(originator).at(-1)
  if (last === undefined) return check(false, `nothing of ${originator}`)
  const value = (name: string, about: Readonly<Record<string, string>>): number | undefined =>
    last.metrics[name]?.points.find(({ attributes }) => Object.entries(about).every(([key, is]) => attributes[key] === is))?.value
  check(value('entente.openings', { decision: 'permit' }) === 2, 'two openings permitted')
  for (const kind of ['release', 'stop']) check(value('entente.acts', { kind }) === 1, `one ${kind}`)
  check(value('entente.outbox.length', { partner: recipient }) === 0, 'nothing waits for the partner')
  check(value('entente.partner.reachable', { partner: recipient }) === 1, 'the partner answers')
  check((value('entente.http.answers', { class: '2xx' }) ?? 0) > 0, 'answers by class')
  for (const role of ['node', 'ledger', 'keys', 'office', 'witness'])
    check((value('process.memory.usage', { process: role }) ?? 0) > 10_000_000, `memory of ${role}`)
  for (const name of ['entente.ledger.commit.duration', 'entente.ledger.cosign.duration']) {
    const [times] = last.metrics[name]?.points ?? []
    const cells = times?.cells ?? []
    check(
      (times?.count ?? 0) > 0 &&
        cells.reduce((sum, cell) => sum + cell, 0) === times?.count &&
        cells.length === (times.bounds?.length ?? 0) + 1,
      `${name}: ${times?.count ?? 0} times, cells add up`,
    )
  }
  const sums = Object.values(last.metrics).filter((metric) => metric?.kind === 'sum')
  check(sums.every((metric) => metric?.cumulative === true && metric.monotonic) && sums.length >= 3, 'sums are cumulative and only grow')
  const grants = of(recipient)
    .at(-1)
    ?.metrics['entente.acts']?.points.find(({ attributes }) => attributes['kind'] === 'grant')?.value
  check(grants === 2, `the reader's nation entered ${grants ?? 0} grants`)
}
