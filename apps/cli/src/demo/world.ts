import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Realm, type Shape, readDocument, shapes } from '@entente/canonical'
import * as v from 'valibot'
import { DemoError } from './errors.ts'

/** A sentence or name in both languages. */
export interface Bilingual {
  readonly en: string
  readonly ja: string
}

/** What a person's clearance office will grant at the first start. */
export interface WorldClearance {
  /** Code of the nation's own scheme. */
  readonly level: string
  readonly citizenships: readonly string[]
  readonly days: number
  /** Need to know; empty for a person who is cleared and needs to know nothing. */
  readonly areas: readonly { readonly area: string; readonly role: string; readonly purposes: readonly string[] }[]
  /** Values of categories that the person was briefed on, as `tag/value`. */
  readonly briefings?: readonly string[]
}

/** A person of the world. All are invented. */
export interface WorldPerson {
  readonly id: string
  readonly names: Bilingual
  /** What the person does, for the list that the demo prints. */
  readonly duty: Bilingual
  readonly roles: readonly string[]
  readonly clearance?: WorldClearance
  /** What this officer's device key may sign. */
  readonly delegation?: { readonly ceiling: string; readonly areas: readonly string[]; readonly days: number }
}

/** A nation of the world. */
export interface WorldNation {
  readonly nation: string
  readonly names: Bilingual
  /** Name of its folder, lower case. */
  readonly folder: string
  /** Domain of its stable names. */
  readonly domain: string
  readonly people: { readonly host: string; readonly port: number }
  readonly partner: { readonly port: number }
  readonly persons: readonly WorldPerson[]
}

/** A report of the story. `{canary}` in a text becomes a word that exists nowhere else, a new one each run. */
export interface WorldReport {
  readonly title: Bilingual
  readonly portions: readonly { readonly marking: string; readonly texts: readonly { readonly lang: string; readonly text: string }[] }[]
}

/** Who plays what in the story, and what is written. */
export interface WorldStory {
  readonly originator: string
  readonly recipient: string
  readonly area: string
  readonly purpose: string
  readonly cast: {
    readonly author: string
    readonly disclosureOfficer: string
    readonly securityOfficer: string
    /** A reader of the originator's own nation. */
    readonly ownReader: string
    /** Clearance and need to know, clearance only, neither: all of the recipient. */
    readonly firstReader: string
    readonly secondReader: string
    readonly thirdReader: string
    readonly recipientSecurityOfficer: string
    readonly recipientClearanceOfficer: string
    /** By nation. */
    readonly auditors: Readonly<Record<string, string>>
  }
  /** Marking of a `--file` that names none. */
  readonly fileMarking: string
  readonly first: WorldReport
  readonly second: WorldReport
  readonly third: WorldReport
  readonly fourth: WorldReport
}

/** Everything that a demonstration is made of, as data. */
export interface World {
  readonly version: 1
  readonly realm: Realm
  readonly title: Bilingual
  /** Name of the folder below `agreements`. */
  readonly agreement: string
  readonly nations: readonly WorldNation[]
  readonly story: WorldStory
}

/** A world with the folders that its names refer to. */
export interface LoadedWorld extends World {
  /** Folder with `<iso3>/nation.json`. */
  readonly policies: string
  /** File with the agreement's template. */
  readonly template: string
}

const word = shapes.shortText
const bilingual = v.strictObject({ en: word, ja: word })
const days = v.pipe(shapes.natural, v.minValue(1), v.maxValue(3_650))
const port = v.pipe(shapes.natural, v.minValue(1_024), v.maxValue(65_535))
const folder = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{0,31}$/u))

const person = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,64}$/u)),
  names: bilingual,
  duty: bilingual,
  roles: v.array(word),
  clearance: v.exactOptional(
    v.strictObject({
      level: word,
      citizenships: v.pipe(v.array(shapes.nation), v.minLength(1)),
      days,
      areas: v.array(v.strictObject({ area: word, role: word, purposes: v.array(word) })),
      briefings: v.exactOptional(v.array(word)),
    }),
  ),
  delegation: v.exactOptional(v.strictObject({ ceiling: word, areas: v.array(word), days })),
})

const report = v.strictObject({
  title: bilingual,
  portions: v.array(v.strictObject({ marking: v.string(), texts: v.array(v.strictObject({ lang: word, text: v.string() })) })),
})

const worldShape: Shape<World> = v.strictObject({
  version: v.literal(1),
  realm: shapes.realm,
  title: bilingual,
  agreement: folder,
  nations: v.pipe(
    v.array(
      v.strictObject({
        nation: shapes.nation,
        names: bilingual,
        folder,
        domain: word,
        people: v.strictObject({ host: word, port }),
        partner: v.strictObject({ port }),
        persons: v.array(person),
      }),
    ),
    v.length(2),
  ),
  story: v.strictObject({
    originator: shapes.nation,
    recipient: shapes.nation,
    area: word,
    purpose: word,
    cast: v.strictObject({
      author: word,
      disclosureOfficer: word,
      securityOfficer: word,
      ownReader: word,
      firstReader: word,
      secondReader: word,
      thirdReader: word,
      recipientSecurityOfficer: word,
      recipientClearanceOfficer: word,
      auditors: v.record(v.string(), word),
    }),
    fileMarking: v.string(),
    first: report,
    second: report,
    third: report,
    fourth: report,
  }),
})

const CHECKOUT = fileURLToPath(new URL('../../../../', import.meta.url))

/** Reads a world: the one that comes with Entente, or the folder given (`world.json`, `nations/`, `agreements/`). Throws `demo/not-a-world`. */
export async function readWorld(given: string | undefined): Promise<LoadedWorld> {
  const root = given ?? CHECKOUT
  const file = given === undefined ? join(root, 'demo', 'world.json') : join(root, 'world.json')
  let world: World
  try {
    world = readDocument(worldShape, await readFile(file), 'world.json')
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new DemoError('demo/not-a-world', `${file}: ${why}`, { cause, values: { dir: root, why } })
  }
  return { ...world, policies: join(root, 'nations'), template: join(root, 'agreements', world.agreement, 'agreement.json') }
}

/** A nation of a world by its code; throws for one that the world has not. */
export function nationOf(world: World, nation: string): WorldNation {
  const found = world.nations.find((one) => one.nation === nation)
  if (found === undefined) throw new TypeError(`the world has no nation ${nation}`)
  return found
}

/** The other one of the two. */
export function otherThan(world: World, nation: string): WorldNation {
  const found = world.nations.find((one) => one.nation !== nation)
  if (found === undefined) throw new TypeError(`the world has one nation`)
  return found
}

/** A nation's person by id; throws for one that it has not. */
export function personOf(nation: WorldNation, id: string): WorldPerson {
  const found = nation.persons.find((one) => one.id === id)
  if (found === undefined) throw new TypeError(`${nation.nation} has no ${id}`)
  return found
}
