/** Two nations in real processes, a report with marked words in it, and the people who handle it: for tests of what runs a node. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { draftReport, memoryScratch, openItem, releaseReport, revokeItem, submitDraft } from '@entente/client'
import { holderSigner, officerSigner } from '#src/demo/devices.ts'
import { startNationProcess } from '#src/demo/nation-process.ts'
import { type RunningWorld, addressOf, awaitOpen, connect, startWorld } from '#src/demo/running.ts'
import { type LoadedWorld, readWorld } from '#src/demo/world.ts'
import { type Seat, seatOf } from './kill-acts.ts'

/** Words that stand nowhere else: in the title and in the text of the report, and as its file's name. */
export const CANARIES = { title: 'EXERCISE-title-0f3a9c', text: 'EXERCISE-text-演習-5b71de' } as const

/** A world that runs, in a directory of its own; goes with `await using`. */
export class OperationsWorld implements AsyncDisposable {
  readonly dir: string
  readonly data: LoadedWorld
  readonly running: RunningWorld

  private constructor(dir: string, data: LoadedWorld, running: RunningWorld) {
    this.dir = dir
    this.data = data
    this.running = running
  }

  /** In a directory of its own; `prepare` may put two nations there, which are then started and not made. */
  static async start(
    options: { readonly prepare?: (dir: string) => Promise<void>; readonly environment?: Readonly<Record<string, string>> } = {},
  ): Promise<OperationsWorld> {
    const dir = await mkdtemp(join(tmpdir(), 'entente-operations-'))
    const { prepare, environment = {} } = options
    const data = await readWorld(undefined)
    try {
      await prepare?.(dir)
      const ports = Object.fromEntries(data.nations.map(({ nation }) => [nation, { people: 0, partner: 0 }]))
      const now = (): number => Math.floor(Date.now() / 1_000)
      return new OperationsWorld(dir, data, await startWorld(dir, data, { now, ports, environment }))
    } catch (error) {
      await rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
      throw error
    }
  }

  /** The directory of a nation. */
  folder(nation: string): string {
    return this.process(nation).dir
  }

  process(nation: string): NonNullable<ReturnType<RunningWorld['nations']['get']>> {
    const process_ = this.running.nations.get(nation)
    if (process_ === undefined) throw new TypeError(`${nation} does not run`)
    return process_
  }

  /** Stops a nation, changes what `between` changes on its disk or in its configuration, and starts it again. */
  async restart(
    nation: string,
    configure: (config: Readonly<Record<string, unknown>>) => unknown = (config) => config,
    between: (folder: string) => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    const dir = this.folder(nation)
    await this.process(nation).stop()
    const path = join(dir, 'config.json')
    await writeFile(path, JSON.stringify(configure(JSON.parse(await readFile(path, 'utf8')) as Readonly<Record<string, unknown>>)))
    await between(dir)
    this.running.nations.set(nation, await startNationProcess(dir))
    await connect(this.dir, this.data, this.running.nations)
  }

  /** Waits until no log is closed. */
  async allOpen(): Promise<void> {
    await Promise.all([...this.running.nations.values()].map(awaitOpen))
  }

  seat(nation: string, person: string): Promise<Seat> {
    return seatOf(this.dir, this.data, nation, person, addressOf(this.running.nations, nation))
  }

  /** Writes, reviews and releases the marked report; the recipient's item. */
  async release(): Promise<string> {
    const { cast, originator, recipient, area, fileMarking } = this.data.story
    const author = await this.seat(originator, cast.author)
    const officer = await this.seat(originator, cast.disclosureOfficer)
    const texts = [{ lang: 'en' as const, text: CANARIES.text }]
    const { id } = await draftReport(author.client, {
      title: { en: CANARIES.title },
      area,
      portions: [{ kind: 'text', marking: fileMarking, texts }],
    })
    await submitDraft(author.client.api, id)
    const { items } = await releaseReport(officer.client, {
      draft: id,
      to: [recipient],
      officer: await keyOf(officer),
      scratch: async () => memoryScratch(),
    })
    const item = items.find((one) => one.recipient === recipient)?.item
    if (item === undefined) throw new TypeError('nothing went to the recipient')
    return item
  }

  /** Opens an item as somebody of the recipient's; its text, or the code of what refused. */
  async open(item: string, person: string = this.data.story.cast.firstReader): Promise<string> {
    const reader = await this.seat(this.data.story.recipient, person)
    try {
      const { parts } = await openItem(reader.client, {
        item,
        purpose: this.data.story.purpose,
        holder: (originator) => holderSigner(reader.device, originator),
        scratch: async () => memoryScratch(),
      })
      let text = ''
      for await (const part of parts) if (part.kind === 'report') text += JSON.stringify(part)
      return text
    } catch (error) {
      return String((error as { readonly code?: unknown }).code ?? error)
    }
  }

  /** Opens until it opens, for as long as an offer may be on its way. */
  async openWhenThere(item: string, withinMilliseconds = 20_000): Promise<string> {
    const until = performance.now() + withinMilliseconds
    for (;;) {
      const answer = await this.open(item)
      if (answer.includes(CANARIES.text) || performance.now() > until) return answer
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }

  /** Stops an item as the originator's security officer. */
  async revoke(item: string): Promise<void> {
    const { cast, originator } = this.data.story
    const officer = await this.seat(originator, cast.securityOfficer)
    await revokeItem(officer.client, { item, reason: 'withdrawn', officer: await keyOf(officer) })
  }

  /** Everything that a nation's processes have logged. */
  log(nation: string): Promise<string> {
    return readFile(join(this.folder(nation), 'logs', 'node.jsonl'), 'utf8')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.running.stop()
    await rm(this.dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
}

async function keyOf(officer: Seat): Promise<NonNullable<Awaited<ReturnType<typeof officerSigner>>>> {
  const key = await officerSigner(officer.device)
  if (key === undefined) throw new TypeError('the officer signs nothing')
  return key
}
