/** Two nations that serve the pages, with their people at hand: what every test of a browser stands on. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Lang } from '@entente/words'
import { openDeviceDoor } from '../../cli/src/demo/device-door.ts'
import { startNationProcess } from '../../cli/src/demo/nation-process.ts'
import { readyPages } from '../../cli/src/demo/pages.ts'
import { type RunningWorld, addressOf, askForPorts, awaitOpen, connect, startWorld } from '../../cli/src/demo/running.ts'
import { type LoadedWorld, type WorldReport, readWorld } from '../../cli/src/demo/world.ts'
import { nodeFetch } from '../../cli/src/login/index.ts'
import { main } from '../../cli/src/main.ts'
import { chart } from './picture.ts'
import { setUpThree, withThirdNation } from './third-nation.ts'

export type { WorldReport }

/** A report of the story. */
export type StoryReport = 'first' | 'second' | 'third' | 'fourth'

type Files = Readonly<Record<string, Uint8Array | string>>

/** What `entente` answered. */
export interface Told {
  readonly exit: number
  readonly out: string
  readonly err: string
}

/** A report that was released. */
export interface Seeded {
  readonly draft: string
  /** Rendition of the own nation. */
  readonly own: string
  /** Rendition of the partner. */
  readonly given: string
}

/** Words that stand in the texts where the story has places for some. */
const WORDS: Readonly<Record<string, string>> = { canary: 'EXERCISE-WORD', 'held-canary': 'EXERCISE-HELD-WORD' }
const ARRIVAL_MILLISECONDS = 20_000

const clock = (): number => Math.floor(Date.now() / 1_000)

/** Two nations of the demonstration, in real processes on free ports, in a directory of their own; goes with `await using`. */
export class BrowserWorld implements AsyncDisposable {
  readonly dir: string
  readonly data: LoadedWorld
  readonly #running: RunningWorld
  readonly #environment: Readonly<Record<string, string>>
  readonly #lang: Lang
  readonly #ended: AsyncDisposableStack

  private constructor(own: {
    readonly dir: string
    readonly data: LoadedWorld
    readonly running: RunningWorld
    readonly environment: Readonly<Record<string, string>>
    readonly lang: Lang
    readonly ended: AsyncDisposableStack
  }) {
    this.dir = own.dir
    this.data = own.data
    this.#running = own.running
    this.#environment = own.environment
    this.#lang = own.lang
    this.#ended = own.ended
  }

  /**
   * Both nations, open, with clearances and devices, and no report; with `third` a third one beside them, and nobody cleared. `lang` is the
   * language of the command line and of drafts' first passages.
   */
  static async start({ lang = 'en', third = false }: { readonly lang?: Lang; readonly third?: boolean } = {}): Promise<BrowserWorld> {
    await using ended = new AsyncDisposableStack()
    const dir = await mkdtemp(join(tmpdir(), 'entente-pages-'))
    ended.defer(() => rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }))
    const data = third ? withThirdNation(await readWorld(undefined)) : await readWorld(undefined)
    if (third) await setUpThree(dir, data, clock())
    const nodes = new Map<string, string>()
    const door = await openDeviceDoor(dir, data, { port: 0, nodeOf: (nation) => nodes.get(nation) })
    ended.defer(() => door.close())
    const pages = await readyPages()
    if (pages === undefined) throw new TypeError('there are no pages, and nothing to build them with')
    const environment = { ENTENTE_DEVICES: door.address, ENTENTE_PAGES: pages }
    const ports = Object.fromEntries(data.nations.map(({ nation }) => [nation, { people: 0, partner: 0 }]))
    const running = await startWorld(dir, data, { now: clock, ports, environment })
    ended.defer(() => running.stop())
    for (const { nation } of data.nations) nodes.set(nation, addressOf(running.nations, nation))
    return new BrowserWorld({ dir, data, running, environment, lang, ended: ended.move() })
  }

  /** Address of a nation's node for its people, without the last slash. */
  address(nation: string): string {
    return addressOf(this.#running.nations, nation).replace(/\/$/u, '')
  }

  /** Address of the node of this person. */
  nodeOf(person: string): string {
    return this.address(this.#nationOf(person).nation)
  }

  /** The device of a person as the door hands it over: what stands behind `#device=`. */
  async parcelOf(person: string): Promise<string> {
    const door = `${this.#environment['ENTENTE_DEVICES'] ?? ''}/device?person=${person}&at=${encodeURIComponent(this.nodeOf(person))}`
    const { headers } = await nodeFetch(door)
    return new URL(headers.get('location') ?? '').hash.slice('#device='.length)
  }

  /** The person's name as the pages show it. */
  nameOf(person: string, lang: Lang): string {
    const found = this.#nationOf(person).persons.find(({ id }) => id === person)
    return found?.names[lang] ?? person
  }

  /** One command of `entente` as this person; whatever comes of it. */
  async told(person: string, args: readonly string[], lang: Lang = this.#lang): Promise<Told> {
    let [out, err] = ['', '']
    const { folder } = this.#nationOf(person)
    const exit = await main([...args, '--dir', this.dir, '--nation', folder, '--as', person, '--json', '--lang', lang], {
      stdin: nothing(),
      stdout: { write: (text) => void (out += typeof text === 'string' ? text : Buffer.from(text).toString()) },
      stderr: { write: (text) => void (err += text) },
      env: {},
    })
    return { exit, out, err }
  }

  /** As `told`, for what has to succeed; gives its JSON. */
  async entente<T>(person: string, ...args: readonly string[]): Promise<T> {
    const { exit, out, err } = await this.told(person, args)
    if (exit !== 0) throw new Error(`entente ${args.join(' ')} as ${person}: exit ${exit}\n${err}`)
    return JSON.parse(out) as T
  }

  /** Saves a report, one of the story or another, as its author; gives its draft. `files` go with it by name, under the story's marking. */
  async draft(which: StoryReport | WorldReport, files: Files = {}, author = this.data.story.cast.author): Promise<string> {
    const { story } = this.data
    const report = typeof which === 'string' ? story[which] : which
    const folder = await mkdtemp(join(this.dir, 'draft-'))
    const from = join(folder, 'report.json')
    await writeFile(from, JSON.stringify(written(report, story.area)))
    const given: string[] = []
    for (const [name, bytes] of Object.entries(files)) {
      await writeFile(join(folder, name), bytes)
      given.push('--file', `${join(folder, name)}=${story.fileMarking}`)
    }
    return (await this.entente<{ draft: string }>(author, 'report', 'draft', '--from', from, ...given)).draft
  }

  /** As `draft`, and sends it for review. */
  async submit(which: StoryReport | WorldReport, files?: Files, author = this.data.story.cast.author): Promise<string> {
    const draft = await this.draft(which, files, author)
    await this.entente(author, 'report', 'submit', draft)
    return draft
  }

  /** As `submit`, and releases it to the partner, at whom it is seen to arrive. The first one carries a picture. */
  async release(which: StoryReport, files: Files = pictured(which)): Promise<Seeded> {
    const { recipient, cast } = this.data.story
    const draft = await this.submit(which, files)
    const release = ['report', 'release', draft, '--to', recipient]
    const { items } = await this.entente<{ items: readonly { item: string; recipient: string }[] }>(cast.disclosureOfficer, ...release)
    const of = (wanted: boolean): string => items.find((one) => (one.recipient === recipient) === wanted)?.item ?? ''
    const [own, given] = [of(false), of(true)]
    await this.arrived(cast.firstReader, given)
    return { draft, own, given }
  }

  /** Waits until a person may list an item. */
  async arrived(person: string, item: string): Promise<void> {
    const until = performance.now() + ARRIVAL_MILLISECONDS
    while (performance.now() < until) {
      if ((await this.told(person, ['report', 'list'])).out.includes(item)) return
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    throw new Error(`${item} did not come to ${person}`)
  }

  /** Ends a nation's node in order. */
  async stopNation(nation: string): Promise<void> {
    await this.#running.nations.get(nation)?.stop()
  }

  /** Starts a nation again that was stopped, where it was before. */
  async startNation(nation: string): Promise<void> {
    const before = this.#running.nations.get(nation)
    if (before === undefined) throw new TypeError(`${nation} never ran`)
    await askForPorts(before.dir, { people: Number(new URL(before.peopleUrl).port), partner: before.partnerPort })
    const again = await startNationProcess(before.dir, this.#environment)
    this.#running.nations.set(nation, again)
    await connect(this.dir, this.data, this.#running.nations)
    await awaitOpen(again)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#ended.disposeAsync()
  }

  #nationOf(person: string): LoadedWorld['nations'][number] {
    const found = this.data.nations.find(({ persons }) => persons.some(({ id }) => id === person))
    if (found === undefined) throw new TypeError(`there is no ${person}`)
    return found
  }
}

async function* nothing(): AsyncGenerator<Uint8Array, void, void> {}

function pictured(which: StoryReport): Readonly<Record<string, Uint8Array>> {
  return which === 'first' ? { 'chart.png': chart() } : {}
}

/** A report of the story as the command line takes it. */
function written({ title, portions }: WorldReport, area: string): unknown {
  const filled = (text: string): string => text.replaceAll(/\{(?<word>[a-z-]+)\}/gu, (whole, word: string) => WORDS[word] ?? whole)
  return {
    title,
    area,
    portions: portions.map(({ marking, texts }) => ({
      marking,
      ...Object.fromEntries(texts.map(({ lang, text }) => [lang, filled(text)])),
    })),
  }
}
