/**
 * Exchange: how fast a container goes from one nation's real node to the other's, over mutual TLS on loopback, written down
 * and hashed there. 256 MiB, three times; `--smoke` 8 MiB once, `--mib=64` a size of your own. Measured at the receiver's disk, from the first byte until the
 * container has its name, so that what takes turns (letters, receipts) is not in it; its SHA-256 over the whole is.
 * In the same run, between two processes and with the sender's own certificate:
 * - `TLS`: a bare socket of the same cipher that sends as many bytes out of memory to a reader that throws them away;
 * - `TLS, files`: the same from a file into a file, with a SHA-256 on the way.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, mkdtemp, open as openFile, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { draftReport, releaseReport, submitDraft } from '@entente/client'
import { pathsOf } from '@entente/node'
import { processTree } from '../apps/cli/src/demo/memory.ts'
import { type RunningWorld, addressOf, startWorld } from '../apps/cli/src/demo/running.ts'
import { officerSigner } from '../apps/cli/src/demo/devices.ts'
import { fileScratch } from '../apps/cli/src/session.ts'
import { type LoadedWorld, readWorld } from '../apps/cli/src/demo/world.ts'
import { seatOf } from '../apps/cli/test/kill-acts.ts'
import { listed } from './measure/arguments.ts'
import { cpuSecondsOf, machineLine, ownCpuSeconds } from './measure/machine.ts'
import { writeChance } from './measure/rendition.ts'
import { median } from './measure/rounds.ts'
import { digits, table } from './measure/table.ts'

const MIB = 1_048_576
const WAIT_MILLISECONDS = 120_000
const SENDER = join(import.meta.dirname, 'measure/tls-sender.ts')

interface Passed {
  readonly bytes: number
  readonly seconds: number
  readonly cpu: number
}

/** Runs the benchmark and prints its figures. */
export async function bench(args: readonly string[]): Promise<void> {
  const smoke = args.includes('--smoke')
  const bytes = (listed(args, '--mib=')?.[0] ?? (smoke ? 8 : 256)) * MIB
  console.log(machineLine())
  const dir = await mkdtemp(join(tmpdir(), 'entente bench-'))
  const data = await readWorld(undefined)
  const world = await startWorld(dir, data, { now: () => Math.floor(Date.now() / 1_000) })
  const source = join(dir, 'source')
  const runs = { 'two nodes': [] as Passed[], TLS: [] as Passed[], 'TLS, files': [] as Passed[] }
  try {
    await writeChance(source, bytes)
    for (let round = 0; round < (smoke ? 1 : 3); round++) {
      runs['two nodes'].push(await passContainer(world, data, source))
      for (const name of ['TLS', 'TLS, files'] as const)
        runs[name].push(await passBare(originatorDir(world, data), source, bytes, name === 'TLS' ? undefined : join(dir, 'target')))
    }
  } finally {
    await world.stop()
    await rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
  const rate = (passed: readonly Passed[], seconds: (one: Passed) => number): number =>
    median(passed.map((one) => one.bytes / 1e6 / seconds(one)))
  const product = runs['two nodes']
  table(
    ['', 'MB/s', 'MB/cpu-s', 'reached by the clock', 'in processor time'],
    Object.entries(runs).map(([name, passed]) => [
      name,
      digits(rate(passed, ({ seconds }) => seconds)),
      digits(rate(passed, ({ cpu }) => cpu)),
      name === 'two nodes' ? '' : digits(rate(product, ({ seconds }) => seconds) / rate(passed, ({ seconds }) => seconds)),
      name === 'two nodes' ? '' : digits(rate(product, ({ cpu }) => cpu) / rate(passed, ({ cpu }) => cpu)),
    ]),
  )
  console.log(`\n${machineLine()}`)
}

function originatorDir(world: RunningWorld, data: LoadedWorld): string {
  return world.nations.get(data.story.originator)?.dir ?? ''
}

/** Releases a report with the file, and measures its container's way to the partner. */
async function passContainer(world: RunningWorld, data: LoadedWorld, source: string): Promise<Passed> {
  const { originator, recipient, area, fileMarking: marking, cast } = data.story
  const seat = (person: string) => seatOf(world.dir, data, originator, person, addressOf(world.nations, originator))
  const author = await seat(cast.author)
  const { id } = await draftReport(author.client, {
    title: { en: 'EXERCISE' },
    area,
    portions: [
      { kind: 'file', marking, name: 'recording.bin', mediaType: 'application/octet-stream', read: () => createReadStream(source) },
    ],
  })
  await submitDraft(author.client.api, id)
  const officer = await seat(cast.disclosureOfficer)
  const key = await officerSigner(officer.device)
  if (key === undefined) throw new TypeError('the officer signs nothing')
  const receiver = world.nations.get(recipient)
  const nodes = await processTree([receiver?.pid ?? 0, world.nations.get(originator)?.pid ?? 0])
  const arrival = watch(join(pathsOf(receiver?.dir ?? '').node, 'containers'), () => cpuSecondsOf(nodes))
  await releaseReport(officer.client, { draft: id, to: [recipient], officer: key, scratch: fileScratch })
  return arrival
}

/** From the first byte of a new container to its name. */
async function watch(folder: string, cpuSeconds: () => number): Promise<Passed> {
  const before = new Set(await readdir(folder).catch(() => []))
  const until = performance.now() + WAIT_MILLISECONDS
  let began: { readonly at: number; readonly cpu: number; readonly held: number } | undefined
  while (performance.now() < until) {
    if (began === undefined) {
      const partial = (await readdir(join(folder, 'incoming')).catch(() => [])).find((name) => name.endsWith('.partial'))
      const held =
        partial === undefined
          ? 0
          : await stat(join(folder, 'incoming', partial)).then(
              ({ size }) => size,
              () => 0,
            )
      if (held > 0) began = { at: performance.now(), cpu: cpuSeconds(), held }
    } else {
      const fresh = (await readdir(folder)).find((name) => /^[0-9a-f]{64}$/u.test(name) && !before.has(name))
      if (fresh !== undefined) {
        const { size } = await stat(join(folder, fresh))
        return { bytes: size - began.held, seconds: (performance.now() - began.at) / 1_000, cpu: cpuSeconds() - began.cpu }
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  throw new Error('no container came')
}

/** As many bytes over a bare socket, from a process of its own to this one. */
async function passBare(nationDir: string, source: string, bytes: number, target: string | undefined): Promise<Passed> {
  const { node } = pathsOf(nationDir)
  const [key, certificate] = [join(node, 'tls-key.pem'), join(node, 'tls-certificate.pem')]
  const child: ChildProcess = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', SENDER, key, certificate, target === undefined ? String(bytes) : source],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  try {
    const port = await new Promise<number>((resolve, reject) => {
      child.stdout?.once('data', (text: Buffer) => resolve(Number(text.toString())))
      child.once('exit', () => reject(new Error('the sender ended')))
    })
    // The certificate stands under the nation's own anchor; for a bare socket nobody asks.
    const socket = connect({
      host: '127.0.0.1',
      port,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.3',
      key: await readFile(key),
      cert: await readFile(certificate),
    })
    const into = target === undefined ? undefined : await openFile(target, 'w')
    const hash = createHash('sha256')
    const pids = [child.pid ?? 0]
    let held = 0
    let began: { readonly at: number; readonly cpu: number } | undefined
    for await (const piece of socket as AsyncIterable<Buffer>) {
      began ??= { at: performance.now(), cpu: ownCpuSeconds() + cpuSecondsOf(pids) }
      held += piece.length
      if (into === undefined) continue
      hash.update(piece)
      await into.writeFile(piece)
    }
    hash.digest()
    await into?.sync()
    await into?.close()
    if (began === undefined || held !== bytes) throw new Error(`the sender sent ${held} bytes`)
    return { bytes: held, seconds: (performance.now() - began.at) / 1_000, cpu: ownCpuSeconds() + cpuSecondsOf(pids) - began.cpu }
  } finally {
    child.kill('SIGKILL')
  }
}
