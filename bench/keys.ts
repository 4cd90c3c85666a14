/**
 * Releasing a key, three ways: (1) the key process alone, from what the node hands it to the sealed answer; (2) the
 * originator's whole path, from a relayed request to the answer, with decision, ledger, cosignature and key process; (3) the
 * whole opening, from the reader's client over both nations and back to the plaintext. Each at 1, 16 and 128 callers at a time.
 * The limit is counted, not guessed: every cryptographic operation that the path asked of its port in this run, with its
 * length, and every synced write with its grouping, done once more with nothing around. `--smoke` asks for little.
 * (1) to (3) run in one process, the calls between processes copied as a channel copies them; `--processes` plays (3) once
 * more between the real processes of two nations, over HTTP and mutual TLS.
 */
import { type ReleaseInput, answerRelayedOpening, releaseShare } from '@entente/node'
import { listed } from './measure/arguments.ts'
import { machineLine } from './measure/machine.ts'
import { type Demand, OpeningWorld, atATime } from './measure/opening-world.ts'
import { type Timing, inTurns, median, reached } from './measure/rounds.ts'
import { digits, table } from './measure/table.ts'
import { openBetweenProcesses } from './measure/real-openings.ts'

/** Runs the benchmark and prints its figures. */
export async function bench(args: readonly string[]): Promise<void> {
  const smoke = args.includes('--smoke')
  const callers = listed(args, '--callers=') ?? (smoke ? [1, 16] : [1, 16, 128])
  const only = listed(args, '--path=')
  const rounds = smoke ? 1 : 3
  console.log(machineLine())
  await using openings = await OpeningWorld.make()
  const demands = new Map<number, Demand>()
  for (const [number, name, path] of [
    ['1', 'key process alone', keyProcess],
    ['2', "originator's whole path", originator],
    ['3', 'whole opening, client to client', whole],
  ] as const) {
    if (only !== undefined && !only.includes(Number(number))) continue
    console.log(`\n${number}. ${name}`)
    const rows: string[][] = []
    let one: Demand | undefined
    for (const many of callers) {
      const count = countFor(many, smoke)
      const run = await path(openings, many, count, rounds + 2)
      const demand = await openings.demandOf(run)
      if (number === '3') demands.set(many, demand)
      one ??= perOpening(demand, count)
      const timings = await inTurns(rounds, { product: run, bare: await openings.bareRun(demand) })
      rows.push(rowOf(many, count, timings, demand))
    }
    table(['at a time', 'per cpu-s', 'bare', 'reached', 'per second', 'bare', 'reached', 'commits', 'calls', 'peak MB'], rows)
    if (one !== undefined) listOf(one)
  }
  if (demands.size > 0 && (!smoke || args.includes('--processes'))) await processes(openings, demands, smoke)
  console.log(`\n${machineLine()}`)
}

/** How many openings make a round. */
function countFor(many: number, smoke: boolean): number {
  return Math.max(smoke ? 4 : 64, many)
}

function rowOf(many: number, count: number, { product, bare }: { product: Timing; bare: Timing }, demand: Demand): string[] {
  const rate = (seconds: readonly number[]): string => digits(count / median(seconds))
  return [
    String(many),
    rate(product.cpu),
    rate(bare.cpu),
    digits(reached(bare.cpu, product.cpu)),
    rate(product.wall),
    rate(bare.wall),
    digits(reached(bare.wall, product.wall)),
    digits((demand.commits.length + demand.checkpoints.length) / count),
    digits(demand.calls / count),
    digits(product.peak),
  ]
}

type Path = (openings: OpeningWorld, many: number, count: number, runs: number) => Promise<() => Promise<void>>

/** Every opening is one that the key process has not seen: request, staple and entries are new each time. */
const keyProcess: Path = async (openings, many, count, runs) => {
  const [first, ...inputs] = await openings.releaseInputs(count * runs + 1, many)
  const ring = await openings.keyRing(openings.world.crypto)
  const release = async (input: ReleaseInput | undefined, by = ring): Promise<void> => {
    if (input === undefined) throw new Error('nothing was released')
    await releaseShare(by, input)
  }
  // Code is warm as in a process that has run for a while; another process's work, so that this one has still seen nothing.
  const another = await openings.keyRing(openings.world.crypto)
  for (const input of inputs) await release(input, another)
  await release(first)
  return () => atATime(many, count, () => release(inputs.shift()))
}

const originator: Path = async (openings, many, count, runs) => {
  const { originator: to, recipient: from } = openings.world
  const prepared = [...(await openings.relayedRequests(count * runs, many))]
  return () => atATime(many, count, () => answerRelayedOpening(to.parts, from.code, prepared.shift() ?? new Uint8Array(0)))
}

const whole: Path = async (openings, many, count) => async () => {
  openings.forgetCalls()
  await atATime(many, count, async () => {
    if ((await openings.reader.open(openings.item)) === undefined) throw new Error('the opening was refused')
  })
}

function perOpening(demand: Demand, count: number): Demand {
  return { ...demand, operations: demand.operations.map((one) => ({ ...one, times: one.times / count })) }
}

/** The counted operations of one opening, by kind. */
function listOf({ operations }: Demand): void {
  const kinds = new Map<string, { times: number; bytes: number }>()
  for (const { operation, times, bytes } of operations) {
    const kind = kinds.get(operation) ?? { times: 0, bytes: 0 }
    kinds.set(operation, { times: kind.times + times, bytes: kind.bytes + times * bytes })
  }
  const words = [...kinds].map(([kind, { times, bytes }]) => `${digits(times)} × ${kind} (${digits(bytes)} bytes)`)
  console.log(`  counted for one, one at a time: ${words.join(', ')}`)
}

/** The whole opening between real processes, beside what the same opening asked of cryptography and disk in one process. */
async function processes(openings: OpeningWorld, demands: ReadonlyMap<number, Demand>, smoke: boolean): Promise<void> {
  console.log('\n3 again, between real processes (their processor time and the clients’ together; the limit is that of 3)')
  const rows: string[][] = []
  await openBetweenProcesses(async (run) => {
    for (const [many, demand] of demands) {
      const count = countFor(many, smoke)
      const bare = await openings.bareRun(demand)
      const timings = await inTurns(smoke ? 1 : 3, { product: () => run.open(many, count), bare }, { cpuSeconds: run.cpuSeconds })
      rows.push(rowOf(many, count, timings, demand))
    }
  })
  table(['at a time', 'per cpu-s', 'bare', 'reached', 'per second', 'bare', 'reached', 'commits', 'calls', 'peak MB'], rows)
}
