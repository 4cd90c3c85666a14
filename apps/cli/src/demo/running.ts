import { type Json, canonicalText, readJson } from '@entente/canonical'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DemoError } from './errors.ts'
import { type NationProcess, startNationProcess } from './nation-process.ts'
import { nodeFetch } from '../login/node-fetch.ts'
import { type SetUpEvidence, configuredPorts, isSetUp, markSetUp, nationDirectory, writePeers } from './set-up.ts'
import type { LoadedWorld } from './world.ts'
import { writeWhole } from './write-whole.ts'

/** Both nations, running. */
export interface RunningWorld {
  readonly dir: string
  readonly world: LoadedWorld
  /** Present only when this start was the first one. */
  readonly setUp?: SetUpEvidence
  /** By nation; a node that was started again takes the place of the one before. */
  readonly nations: Map<string, NationProcess>
  stop(): Promise<void>
}

/** How a world is started. */
export interface StartOptions {
  readonly now: () => number
  /** By nation: the ports that it asks for, in place of those in its configuration. */
  readonly ports?: Readonly<Record<string, { readonly people: number; readonly partner: number }>>
  /** By nation: where the *other* reaches it, when something stands between; its own port unless given. */
  readonly reachedAt?: (running: ReadonlyMap<string, NationProcess>) => Readonly<Record<string, number>>
  /** Further environment of every process of a nation. */
  readonly environment?: Readonly<Record<string, string>>
  /** Told of each thing as it is done. */
  readonly progress?: (done: 'nations' | 'agreement' | 'clearances', milliseconds: number) => void
}

/**
 * Starts both nations in `dir`, and makes them before if this is the first time. A first start that broke off is thrown away
 * and begun again. Throws `demo/set-up-failed`, `demo/did-not-start`, `demo/call-refused`.
 */
export async function startWorld(dir: string, world: LoadedWorld, options: StartOptions): Promise<RunningWorld> {
  const first = !(await isSetUp(dir))
  const { now, progress = () => {} } = options
  let begin = performance.now()
  const lap = (): number => {
    const from = begin
    begin = performance.now()
    return Math.round(begin - from)
  }
  let setUp: SetUpEvidence | undefined
  if (first) {
    for (const folder of [...world.nations.map(({ folder: name }) => name), 'clients'])
      await rm(join(dir, folder), { recursive: true, force: true })
    const { setUpNations } = await import('./make-nations.ts')
    setUp = await setUpNations(dir, world, now())
    progress('agreement', lap())
  }
  for (const nation of world.nations) {
    const ports = options.ports?.[nation.nation]
    if (ports !== undefined) await askForPorts(nationDirectory(dir, nation), ports)
  }
  const nations = new Map<string, NationProcess>()
  // Where each will most likely be, so that the first call of either finds the other; put right below.
  await writePeers(dir, world, options.reachedAt?.(nations) ?? (await configuredPorts(dir, world)))
  const stop = async (): Promise<void> => {
    await Promise.all([...nations.values()].map((nation) => nation.stop()))
  }
  try {
    const started = await Promise.allSettled(
      world.nations.map((nation) => startNationProcess(nationDirectory(dir, nation), options.environment)),
    )
    for (const one of started) if (one.status === 'fulfilled') nations.set(one.value.nation, one.value)
    for (const one of started) if (one.status === 'rejected') throw one.reason
    await connect(dir, world, nations, options.reachedAt)
    await Promise.all([...nations.values()].map(awaitOpen))
    progress('nations', lap())
    if (first) {
      const { grantClearances } = await import('./grant-clearances.ts')
      await grantClearances(dir, world, (nation) => addressOf(nations, nation), now)
      await markSetUp(dir, setUp as unknown as Json)
      progress('clearances', lap())
    }
  } catch (error) {
    await stop()
    throw error
  }
  return { dir, world, nations, stop, ...(setUp === undefined ? {} : { setUp }) }
}

const OPEN_WAIT_MILLISECONDS = 20_000

/** A node gives nothing before each witness said that it saw no more of its logs than it has itself. Throws `demo/did-not-start`. */
export async function awaitOpen({ peopleUrl, dir }: NationProcess): Promise<void> {
  const until = performance.now() + OPEN_WAIT_MILLISECONDS
  while (performance.now() < until) {
    const { closed } = (await (await nodeFetch(new URL('/api/health', peopleUrl))).json()) as { closed: readonly string[] }
    if (closed.length === 0) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new DemoError('demo/did-not-start', `the logs in ${dir} stay closed`, { values: { dir, code: 'node/behind' } })
}

/** Tells both nodes where the other is now. */
export async function connect(
  dir: string,
  world: LoadedWorld,
  nations: ReadonlyMap<string, NationProcess>,
  reachedAt?: StartOptions['reachedAt'],
): Promise<void> {
  const ports = reachedAt?.(nations) ?? Object.fromEntries([...nations.values()].map((nation) => [nation.nation, nation.partnerPort]))
  await writePeers(dir, world, ports)
}

/** Address of a nation's node for its people. */
export function addressOf(nations: ReadonlyMap<string, NationProcess>, nation: string): string {
  const running = nations.get(nation)
  if (running === undefined) throw new TypeError(`${nation} does not run`)
  return running.peopleUrl
}

/** Asks the nation's node, from its next start on, to take these ports; it takes the next free ones when they are not. */
export async function askForPorts(nationDir: string, ports: { readonly people: number; readonly partner: number }): Promise<void> {
  const file = join(nationDir, 'config.json')
  const config = readJson(await readFile(file)) as { people: { host: string }; partner: { host: string } } & Record<string, Json>
  const moved = { ...config, people: { ...config.people, port: ports.people }, partner: { ...config.partner, port: ports.partner } }
  await writeWhole(file, canonicalText(moved))
}
