import { type Json, canonicalText, readJson } from '@entente/canonical'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { loginAs, nodeFetch } from '../login/index.ts'
import { call } from './call.ts'
import { grantAndEnrol, openDesk, sendRoster } from './clearances.ts'
import { DemoError } from './errors.ts'
import { type NationProcess, startNationProcess } from './nation-process.ts'
import { type SetUpEvidence, deviceDirectory, isSetUp, markSetUp, nationDirectory, setUpNations, writePeers } from './set-up.ts'
import { type LoadedWorld, type WorldNation, nationOf, otherThan } from './world.ts'
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
    setUp = await setUpNations(dir, world, now())
    progress('agreement', lap())
  }
  for (const nation of world.nations) {
    const ports = options.ports?.[nation.nation]
    if (ports !== undefined) await askForPorts(nationDirectory(dir, nation), ports)
  }
  const nations = new Map<string, NationProcess>()
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
      await Promise.all(world.nations.map((nation) => grantAndEnrol(dir, world, nation, addressOf(nations, nation.nation), now)))
      await Promise.all(world.nations.map((nation) => stateRoster(dir, world, nation, nations)))
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

const ROSTER_WAIT_MILLISECONDS = 15_000

/** The office states its counts, and the partner is seen to hold them. */
async function stateRoster(
  dir: string,
  world: LoadedWorld,
  nation: WorldNation,
  nations: ReadonlyMap<string, NationProcess>,
): Promise<void> {
  const desk = await openDesk(dir, world, nation, addressOf(nations, nation.nation))
  const partner = otherThan(world, nation.nation)
  const number = await sendRoster(desk, world, partner.nation)
  const reader = partner.persons.find(({ roles }) => roles.includes('clearance-officer'))
  if (reader === undefined) return
  const session = await loginAs({
    node: addressOf(nations, partner.nation),
    deviceDir: deviceDirectory(dir, nationOf(world, partner.nation), reader.id),
    person: reader.id,
  })
  const until = performance.now() + ROSTER_WAIT_MILLISECONDS
  while (performance.now() < until) {
    const { rosters } = await call<{ rosters: readonly { nation: string; number: number }[] }>(session, 'GET', '/api/rosters')
    if (rosters.some((one) => one.nation === nation.nation && one.number >= number)) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new DemoError('demo/set-up-failed', `the roster of ${nation.nation} did not arrive`, { values: { command: 'rosters', code: '' } })
}
