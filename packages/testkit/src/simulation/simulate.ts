import type { Signer } from '@entente/canonical'
import { giveEnrolmentCode } from '@entente/client'
import type { BrokenTwin } from '../broken-twin.ts'
import { type KeptWorld, type World, twoNations } from '../two-nations.ts'
import { VirtualTimers } from '../virtual-timers.ts'
import { list, openItem, play } from './acts.ts'
import { checkLife } from './life.ts'
import { checkDrafts, release } from './officers.ts'
import { SimulatedReader, deskOf } from './people.ts'
import { type PlannedStep, planOf, printStep } from './plan.ts'
import { Stage } from './stage.ts'

/** A world at rest with people who are cleared and enrolled: every walk begins from one. */
export interface Beginning extends AsyncDisposable {
  readonly kept: KeptWorld
  /** Device keys by person, then originator. */
  readonly keys: ReadonlyMap<string, ReadonlyMap<string, Signer>>
  readonly within?: string
}

/** What came of a walk. */
export interface WalkEnd {
  readonly seed: string
  /** Steps that were played. */
  readonly steps: number
  /** Promises that did not hold; none if all did. */
  readonly broken: readonly string[]
  /** A line a step. */
  readonly trace: readonly string[]
  readonly opened: number
}

export interface WalkOptions {
  readonly seed: string
  readonly steps: number
  readonly twin?: BrokenTwin
  /** In place of the seed's own walk. */
  readonly plan?: readonly PlannedStep[]
}

/** Makes the beginning of all walks. `within`: the folder for their files, the system's for temporary ones if absent. */
export async function begin(within?: string): Promise<Beginning> {
  const world = await twoNations({ seed: 'simulation', ...(within === undefined ? {} : { within }) })
  const readers = readersOf(world)
  for (const reader of readers.slice(0, 3)) await reader.enrol(await giveEnrolmentCode(deskOf(world, reader.host), reader.id))
  await world.settle()
  const kept = await world.keep()
  return {
    kept,
    keys: new Map(readers.map(({ id, keys }) => [id, keys])),
    ...(within === undefined ? {} : { within }),
    [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose](),
  }
}

/** Walks from the beginning, step by step, checks every promise after each, then heals, drains, and checks all of them. */
export async function walk(beginning: Beginning, options: WalkOptions): Promise<WalkEnd> {
  const { seed, twin } = options
  const { kept, keys, within } = beginning
  const plan = options.plan ?? planOf(seed, options.steps)
  await using world = await twoNations({
    seed,
    from: kept,
    patienceMilliseconds: Number.POSITIVE_INFINITY,
    ...(within === undefined ? {} : { within }),
    ...(twin === undefined ? {} : { twin }),
  })
  using timers = new VirtualTimers((milliseconds) => world.clock.advance(milliseconds / 1_000))
  const readers = readersOf(world)
  for (const reader of readers) reader.takeKeys(keys.get(reader.id) ?? new Map())
  const stage = new Stage(world, timers, readers, seed)
  for (const reader of readers.slice(0, 2)) stage.model.stands(reader.id, 'cleared')
  const { broken } = stage.promises
  const trace: string[] = []
  await release(stage, 'partner')
  await stage.pause(1_000)
  let steps = 0
  for (const planned of plan) {
    steps++
    if (planned.startsAgain) for (const nation of world.nations) await stage.start(nation)
    await stage.reopen()
    const end = await play(stage, planned.act)
    if (planned.pauseMilliseconds > 0) await stage.pause(planned.pauseMilliseconds)
    stage.promises.check()
    if (stage.model.agreementMoves) checkLife(stage)
    trace.push(`${steps}. ${printStep(planned)}${end === '' ? '' : ` — ${end}`}`)
    if (broken.length > 0) break
  }
  if (broken.length === 0 && (await stage.heal())) await last(stage)
  return { seed, steps, broken: [...broken], trace, opened: stage.promises.joined.length }
}

/** What must hold when everything works again: lists are exact, what may be opened opens, what was stopped does not. */
async function last(stage: Stage): Promise<void> {
  const { world, promises, model } = stage
  await promises.checkSettled()
  await checkDrafts(stage)
  for (const reader of stage.readers) {
    const end = await list(stage, reader, model.standings(reader.id).size === 1 && !model.agreementMoves)
    if (end.ended !== 'done') stage.tell(`with everything mended ${reader.id} cannot list`)
    const now = world.clock.now(reader.host.code)
    const { must } = model.listable(promises.view(reader.host), reader.host.code, reader.id, now)
    const [live] = must.slice(-1)
    const stopped = [...promises.view(world.originator).items].find(
      ([, item]) => item.stoppedBy !== undefined && item.recipient === reader.host.code,
    )?.[0]
    if (live !== undefined) {
      const opened = await openItem(stage, reader, live)
      const isEnrolled = opened.ended !== 'refused' || opened.code !== 'node/not-enrolled'
      if (opened.ended !== 'done' && isEnrolled)
        stage.tell(`with everything mended ${reader.id} cannot open ${live}: ${opened.ended === 'refused' ? opened.code : 'down'}`)
    }
    if (stopped !== undefined && (await openItem(stage, reader, stopped)).ended === 'done')
      stage.tell(`P3: ${reader.id} opened ${stopped}, which is stopped`)
  }
  await stage.heal()
  promises.check()
}

function readersOf(world: World): readonly SimulatedReader[] {
  const { ownReader, firstReader, secondReader, thirdReader } = world.data.story.cast
  return [
    new SimulatedReader(world, world.originator, ownReader),
    ...[firstReader, secondReader, thirdReader].map((id) => new SimulatedReader(world, world.recipient, id)),
  ]
}

/** The shortest walk found that still breaks a promise: its beginning first, then without each step that it can do without. */
export async function shorten(beginning: Beginning, options: WalkOptions, failed: WalkEnd, tries = 40): Promise<WalkEnd> {
  let plan = (options.plan ?? planOf(options.seed, options.steps)).slice(0, failed.steps)
  let shortest = failed
  let left = tries
  const fails = async (shorter: readonly PlannedStep[]): Promise<boolean> => {
    if (left-- <= 0) return false
    const end = await walk(beginning, { ...options, plan: shorter })
    if (end.broken.length === 0) return false
    plan = shorter.slice(0, end.steps)
    shortest = end
    return true
  }
  for (let length = plan.length >> 1; length > 0; length >>= 1)
    while (plan.length > length && (await fails(plan.slice(0, plan.length - length))));
  for (let length = plan.length >> 2; length > 0; length >>= 1)
    for (let at = 0; at < plan.length;) if (!(await fails([...plan.slice(0, at), ...plan.slice(at + length)]))) at += length
  return shortest
}
