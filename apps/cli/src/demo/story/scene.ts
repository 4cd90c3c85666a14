import type { Json } from '@entente/canonical'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { type Session, loginAs, resumeSession } from '../../login/index.ts'
import type { NationProcess } from '../nation-process.ts'
import type { Relay } from '../relay.ts'
import { type RunningWorld, addressOf } from '../running.ts'
import { deviceDirectory } from '../set-up.ts'
import { type LoadedWorld, type WorldReport, nationOf } from '../world.ts'

/** A person who is signed in, with the folder of their device. */
export interface Actor {
  readonly nation: string
  readonly person: string
  readonly folder: string
  readonly session: Session
}

/** What became of a report that was released. */
export interface Released {
  readonly draft: string
  /** Its rendition for the own nation. */
  readonly own: string
  /** Its rendition for the partner. */
  readonly given: string
}

/** A file that the story was given, and the marking that it travels under. */
export interface StoryFile {
  readonly path: string
  readonly name: string
  readonly marking: string
  readonly sha256: string
  readonly size: number
}

/** Everything that the steps share. A later step that needs what an earlier one did not leave says so and fails alone. */
export interface Scene {
  readonly world: LoadedWorld
  readonly dir: string
  readonly now: () => number
  readonly files: readonly StoryFile[]
  /** By nation: the wire over which the other one reaches it. */
  readonly relays: ReadonlyMap<string, Relay>
  /** A word that stands in the memory of every process of the nations, to show that a search there finds what there is. */
  readonly planted: string
  /** Words that stand in the report: in the portion that goes, and in the one that may not. */
  readonly canary: string
  readonly heldCanary: string
  /** What the moments of the kills are drawn from; `ENTENTE_SEED` repeats them. */
  readonly seed: string
  running?: RunningWorld
  /** The nations' processes, from the moment that they answer: before the world as a whole is up. */
  nations: ReadonlyMap<string, NationProcess>
  readonly drafts: Map<string, string>
  readonly released: Map<string, Released>
  /** Data keys that a reader's client joined, by item. */
  readonly dataKeys: Map<string, Uint8Array>
  /** Places in the first draft, from 0, of the portions that go: what the officer was offered and took. */
  readonly goes: Set<number>
  /** What the auditors took with them while the nodes were alive. */
  readonly audit: Map<string, string>
  readonly sessions: Map<string, Actor>
}

/** What a step shows; the runner prints it. */
export type Evidence = Record<string, Json>

/** A check of the story that did not hold. */
export class CheckFailed extends Error {
  override name = 'CheckFailed'
}

/** Goes on only if `held`. */
export function check(held: boolean, what: string): asserts held {
  if (!held) throw new CheckFailed(what)
}

/** Ends a step of which a part does not exist yet: what was shown before stands, and the step does not count as passed. */
export function notBuilt(part: string): never {
  throw new CheckFailed(`not built: ${part}`)
}

/** What an earlier step left; throws with the step's number where it left nothing. */
export function left<T>(value: T | undefined, step: number): T {
  if (value === undefined) throw new CheckFailed(`needs what step ${step} did not leave`)
  return value
}

export function runningOf(scene: Scene): RunningWorld {
  return left(scene.running, 1)
}

/** A person, signed in at the address at which their node answers now. */
export async function actor(scene: Scene, nation: string, person: string): Promise<Actor> {
  const node = addressOf(runningOf(scene).nations, nation)
  const known = scene.sessions.get(`${nation} ${person}`)
  if (known !== undefined && known.session.node === node) return known
  const folder = deviceDirectory(scene.dir, nationOf(scene.world, nation), person)
  const signedIn = await access(join(folder, 'session.json')).then(
    () => true,
    () => false,
  )
  const session = signedIn ? await resumeSession({ deviceDir: folder, node }) : await loginAs({ node, deviceDir: folder, person })
  const made: Actor = { nation, person, folder, session }
  scene.sessions.set(`${nation} ${person}`, made)
  return made
}

/** One of the cast of the originator's nation. */
export async function originators(scene: Scene, role: 'author' | 'disclosureOfficer' | 'securityOfficer' | 'ownReader'): Promise<Actor> {
  const { story } = scene.world
  return actor(scene, story.originator, story.cast[role])
}

/** One of the cast of the recipient's nation. */
export async function recipients(
  scene: Scene,
  role: 'firstReader' | 'secondReader' | 'thirdReader' | 'recipientSecurityOfficer' | 'recipientClearanceOfficer',
): Promise<Actor> {
  const { story } = scene.world
  return actor(scene, story.recipient, story.cast[role])
}

/** Asks again and again until something is so; throws after `seconds`. */
export async function until<T>(what: string, seconds: number, ask: () => Promise<T | undefined>): Promise<T> {
  const end = performance.now() + seconds * 1_000
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (performance.now() > end) throw new CheckFailed(`${what}: not within ${seconds} s`)
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
}

/** The report's portions with the run's own canaries in their places. */
export function filled(
  scene: Scene,
  report: WorldReport,
): readonly { kind: 'text'; marking: string; texts: readonly { lang: string; text: string }[] }[] {
  return report.portions.map(({ marking, texts }) => ({
    kind: 'text',
    marking,
    texts: texts.map(({ lang, text }) => ({
      lang,
      text: text.replaceAll('{canary}', scene.canary).replaceAll('{held-canary}', scene.heldCanary),
    })),
  }))
}
