/** `entente demo`: two nations on this machine, and the story that is played between them. */
import { hint, message } from '@entente/words'
import { EntenteError, codeOf } from '@entente/canonical'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { usualDir } from '../io.ts'
import type { Io } from './io.ts'
import { openDeviceDoor } from './device-door.ts'
import { lockDirectory } from './lock.ts'
import { readyPages } from './pages.ts'
import { type DemoOptions, readOptions } from './options.ts'
import { type RunningWorld, startWorld } from './running.ts'
import { portTaken, progressLine, tree } from './screen.ts'
import { type LoadedWorld, readWorld } from './world.ts'

export type { Io } from './io.ts'

/** Port of the first nation's node; devices are handed out one below. */
const FIRST_PORT = 4_601

const EXIT = { done: 0, refused: 1, usage: 2, bug: 70 } as const

const clock = (): number => Math.floor(Date.now() / 1_000)

/** Runs the command; gives its exit code. Nothing is asked and nothing outside of this machine is called. */
export async function demo(args: readonly string[], io: Io): Promise<number> {
  let lang: DemoOptions['lang'] = 'en'
  try {
    const options = readOptions(args, io)
    lang = options.lang
    const world = await readWorld(options.world)
    if (options.story) {
      const { playStory } = await import('./story/play.ts')
      return await playStory(world, options, io, clock)
    }
    return await runUntilStopped(world, options, io)
  } catch (error) {
    if (!(error instanceof EntenteError)) throw error
    const code = codeOf(error)
    io.stderr.write(`error: ${message(lang, code, error.values)}\n`)
    const help = hint(lang, code, error.values)
    if (help !== null) io.stderr.write(`hint: ${help}\n`)
    io.stderr.write(`code: ${code}\n`)
    return code === 'demo/usage' ? EXIT.usage : EXIT.refused
  }
}

async function runUntilStopped(world: LoadedWorld, options: DemoOptions, io: Io): Promise<number> {
  const { dir, lang } = options
  await using _lock = await lockDirectory(dir)
  if (options.fresh) {
    for (const name of [...world.nations.map(({ folder }) => folder), 'clients', 'set-up.json'])
      await rm(join(dir, name), { recursive: true, force: true })
  }
  const stopped = awaitStop()
  await using stack = new AsyncDisposableStack()
  const nodes = new Map<string, string>()
  const door = await openDeviceDoor(dir, world, { port: (options.port ?? FIRST_PORT) - 1, nodeOf: (nation) => nodes.get(nation) })
  stack.defer(() => door.close())
  const pages = await readyPages()
  const running = await startWorld(dir, world, {
    now: clock,
    ...(options.port === undefined ? {} : { ports: portsFrom(world, options.port) }),
    environment: { ENTENTE_DEVICES: door.address, ...(pages === undefined ? {} : { ENTENTE_PAGES: pages }) },
    progress: (done, milliseconds) => io.stdout.write(progressLine(lang, done, milliseconds)),
  })
  for (const nation of world.nations) {
    const asked = options.port === undefined ? undefined : portsFrom(world, options.port)[nation.nation]
    const node = running.nations.get(nation.nation)
    if (node === undefined) continue
    nodes.set(nation.nation, node.peopleUrl)
    for (const [preferred, taken] of [
      [asked?.people ?? nation.people.port, Number(new URL(node.peopleUrl).port)],
      [asked?.partner ?? nation.partner.port, node.partnerPort],
    ] as const) {
      if (taken !== preferred) io.stdout.write(portTaken(lang, nation.names, preferred, taken))
    }
  }
  io.stdout.write(tree(lang, running, usualDir(io.env)))
  const ended = await Promise.race([stopped, ...[...running.nations.values()].map(({ exited, nation }) => exited.then(() => nation))])
  await running.stop()
  if (ended === undefined) return EXIT.done
  io.stderr.write(`error: ${message(lang, 'demo/ended', { nation: ended })}\ncode: demo/ended\n`)
  return EXIT.bug
}

/** Resolves at the first Ctrl-C, end of the terminal or order to end. */
function awaitStop(): Promise<undefined> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve(undefined))
  })
}

function portsFrom(world: LoadedWorld, base: number): Record<string, { people: number; partner: number }> {
  return Object.fromEntries(world.nations.map(({ nation }, at) => [nation, { people: base + at, partner: base + 100 + at }]))
}

export type { RunningWorld }
