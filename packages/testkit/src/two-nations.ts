import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Crypto, HybridSigner } from '@entente/canonical'
import { type StopReason, signStop } from '@entente/exchange'
import { type JournalDisk, sendRoster, stopItem } from '@entente/node'
import { type Chance, chanceOf, seededCrypto } from './chance.ts'
import { hasUnproven, trustsFollowed } from './agreement-hands.ts'
import { VirtualClock } from './clock.ts'
import type { BrokenTwin } from './broken-twin.ts'
import { clear, found, freshOfficers, setUp } from './founding.ts'
import { type Ground, HostedNation } from './hosted-nation.ts'
import { ClearanceDesk, Reader } from './person.ts'
import { type Hands, type ReleaseWish, type ReleasedReport, type SealedRendition, handIn, sealReport } from './release.ts'
import { Wire } from './wire.ts'
import { type WorldData, type WorldFolder, demoWorld } from './world-data.ts'

/** How a world is made. */
export interface WorldOptions {
  /** Ids, salts, nonces and faults come from it. */
  readonly seed: string
  /** Where the data lies; the demonstration's if absent. */
  readonly data?: WorldFolder
  /** How long an act waits for a cosignature, in real milliseconds; 4,000 if absent. */
  readonly patienceMilliseconds?: number
  /** The crypto of everybody; the real one with chance from the seed if absent. */
  readonly crypto?: Crypto
  /** Opens the disk under a nation's journal at this path; a disk in memory, which the test holds, if absent. */
  readonly journalDisk?: (path: string) => Promise<JournalDisk>
  /** A world that was kept, to begin from; a fresh one is made if absent. */
  readonly from?: KeptWorld
  /** Folder that the world's own folder is made in; the system's for temporary files if absent. */
  readonly within?: string
  /** Parts that somebody broke on purpose. */
  readonly twin?: BrokenTwin
}

/** A world at rest, to begin others from: to make keys, sign agreements and clear people takes longer than most tests do. */
export interface KeptWorld extends AsyncDisposable {
  readonly dir: string
  readonly data: WorldData
  readonly officers: ReadonlyMap<string, HybridSigner>
  /** By nation. */
  readonly disks: ReadonlyMap<string, { readonly journal: Uint8Array; readonly officeJournal: Uint8Array }>
}

const DEFAULT_PATIENCE_MILLISECONDS = 4_000

/** Two nations in one process: real engines, offices, key rings and signatures on disks, a clock and a wire that the test holds. */
export class World implements AsyncDisposable {
  readonly crypto: Crypto
  readonly clock: VirtualClock
  readonly chance: Chance
  readonly wire: Wire
  readonly data: WorldData
  readonly originator: HostedNation
  readonly recipient: HostedNation
  readonly nations: readonly HostedNation[]
  readonly #ground: Ground
  readonly #dir: string
  readonly #desks: ReadonlyMap<string, ClearanceDesk>
  readonly #officers: ReadonlyMap<string, HybridSigner>
  readonly #readers = new Map<string, Reader>()

  /** @internal Made by `twoNations`. */
  constructor(
    ground: Ground,
    dir: string,
    data: WorldData,
    nations: readonly HostedNation[],
    desks: ReadonlyMap<string, ClearanceDesk>,
    officers: ReadonlyMap<string, HybridSigner>,
  ) {
    this.crypto = ground.crypto
    this.clock = ground.clock
    this.chance = ground.chance
    this.wire = ground.wire
    this.data = data
    this.nations = nations
    this.#ground = ground
    this.#dir = dir
    this.#desks = desks
    this.#officers = officers
    this.originator = found(nations.find(({ code }) => code === data.story.originator))
    this.recipient = found(nations.find(({ code }) => code === data.story.recipient))
  }

  /**
   * A second world that stands where this one stands now: same nations, keys, records, files, people and time, and from
   * here on apart. Everything must have settled. `crypto` is the copy's own.
   */
  async copy(crypto: Crypto, seed: string): Promise<World> {
    const dir = await mkdtemp(join(tmpdir(), 'entente-world-'))
    await cp(this.#dir, dir, { recursive: true })
    const ground: Ground = { ...this.#ground, crypto, clock: new VirtualClock(this.clock.now()), chance: chanceOf(seed), wire: new Wire() }
    const nations = this.nations.map(
      ({ code, journal, officeJournal }) =>
        new HostedNation(code, join(dir, code), ground, { ledger: journal.content, office: officeJournal.content }),
    )
    await startAll(nations)
    const desks = new Map(nations.map((nation) => [nation.code, this.desk(this.nation(nation.code)).at(nation, crypto)]))
    const copy = new World(ground, dir, this.data, nations, desks, this.#officers)
    for (const [id, reader] of this.#readers) copy.#readers.set(id, reader.at(copy.nation(reader.host.code), crypto))
    return copy
  }

  /** The nation of this code. */
  nation = (code: string): HostedNation => found(this.nations.find((one) => one.code === code))

  /** The clearance officer's desk of a nation. */
  desk(nation: HostedNation): ClearanceDesk {
    return found(this.#desks.get(nation.code))
  }

  /** An officer's device key. */
  officerKey(person: string): HybridSigner {
    return found(this.#officers.get(person))
  }

  /** Who releases, by the world's data. */
  get hands(): Hands {
    const { cast, area, fileMarking: marking } = this.data.story
    return {
      author: cast.author,
      officer: cast.disclosureOfficer,
      officerKey: this.officerKey(cast.disclosureOfficer),
      area,
      marking,
      partner: this.recipient.code,
    }
  }

  /** Seals a report without handing it in. */
  seal(wish: ReleaseWish = {}): Promise<{ readonly draft: string; readonly renditions: readonly SealedRendition[] }> {
    return sealReport(this.originator, this.crypto, this.hands, wish)
  }

  /** Writes, reviews, seals and releases a report; the offer is on its way then. */
  async release(wish: ReleaseWish = {}): Promise<ReleasedReport> {
    return handIn(this.originator, this.hands, await this.seal(wish))
  }

  /** Releases and waits until the offer is taken and receipted; gives the partner's item. */
  async deliver(wish: ReleaseWish = {}): Promise<string> {
    const { items } = await this.release(wish)
    await this.settle()
    return found(items[this.recipient.code])
  }

  /** A reader with a device that is enrolled towards both nations. */
  async reader(id: string): Promise<Reader> {
    const known = this.#readers.get(id)
    if (known !== undefined) return known
    const home = found(
      this.nations.find(({ code }) =>
        found(this.data.nations.find(({ nation }) => nation === code)).persons.some((person) => person.id === id),
      ),
    )
    const reader = new Reader(id, home, this.crypto, this.data.story.purpose)
    const code = await this.desk(home).code(id)
    for (const originator of [home.code, ...home.parts.trust().partners.keys()]) await reader.enrol(originator, code)
    this.#readers.set(id, reader)
    return reader
  }

  /** The recipient's reader with clearance and need to know. */
  firstReader(): Promise<Reader> {
    return this.reader(this.data.story.cast.firstReader)
  }

  /** Opens an item as a reader; the report's bytes, or undefined where an answer refuses. */
  open = (reader: Reader, item: string): Promise<Uint8Array | undefined> => reader.open(item)

  /** Stops an item of the originator's for ever. */
  async revoke(item: string, reason: StopReason = 'withdrawn'): Promise<number> {
    const { parts } = this.originator
    const order = { realm: parts.config.realm, item, serial: 1, reason, at: parts.now() }
    const signed = await signStop(this.crypto, order, this.officerKey(this.data.story.cast.securityOfficer))
    return (await stopItem(parts, item, { reason, signed })).n
  }

  /** Sends a roster from one nation to the other. */
  async roster(from: HostedNation): Promise<number> {
    const to = from === this.originator ? this.recipient : this.originator
    return (await sendRoster(from.parts, { agreement: this.data.agreement, to: to.code })).number
  }

  /** Lets everything go and waits until every letter has its receipt and every log its cosignature. Throws when that does not come. */
  async settle(withinMilliseconds = 20_000): Promise<void> {
    const until = Date.now() + withinMilliseconds
    for (let calm = false; ;) {
      this.wire.letGo()
      const waiting = await this.unsettled()
      if (waiting === '' && calm) return
      if (Date.now() > until) throw new Error(`the world does not settle: ${waiting}`)
      calm = waiting === ''
      // What came last may just be changing a trust; a step that follows from it is then on its way.
      if (calm) await trustsFollowed(this.nations)
      for (const nation of this.nations) if (nation.isUp) nation.parts.wake()
      if (!calm) await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  /** What waits for its receipt or cosignature still; empty when nothing does. Asks closed logs' witnesses once more. */
  async unsettled(): Promise<string> {
    for (const nation of this.nations) {
      if (!nation.isUp) continue
      const { logs, closed } = await nation.ledger.status({})
      if (closed.length > 0) await nation.ledger.reconcile({})
      const behind = logs.find(({ size, cosigned }) => Object.values(cosigned).some((one) => one < size))
      if (behind !== undefined) return `${nation.code} ${behind.log}`
      const letter = await nation.parts.db
        .selectFrom('envelopes')
        .select('id')
        .where('direction', '=', 'out')
        .where('receipt', 'is', null)
        .executeTakeFirst()
      if (await hasUnproven(nation)) return `${nation.code} agreement`
      if (letter !== undefined) return `${nation.code} letter ${letter.id}`
    }
    return ''
  }

  /** Ends in order and stays as it is, to begin other worlds from. Gone when it is disposed of. */
  async keep(): Promise<KeptWorld> {
    for (const nation of this.nations) await nation.stop()
    const dir = this.#dir
    return {
      dir,
      data: this.data,
      officers: this.#officers,
      disks: new Map(
        this.nations.map(({ code, journal, officeJournal }) => [code, { journal: journal.content, officeJournal: officeJournal.content }]),
      ),
      [Symbol.asyncDispose]: () => removed(dir),
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.wire.cut = true
    this.wire.letGo()
    for (const nation of this.nations) await nation.crash()
    await removed(this.#dir)
  }
}

/** A write that was under way when its nation ended may still make a file. */
function removed(dir: string): Promise<void> {
  return rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 })
}

/** Two nations that have paired, cleared their people and exchanged rosters. */
export async function twoNations(options: WorldOptions): Promise<World> {
  const { from } = options
  const folder = options.data ?? (await demoWorld())
  const data = from?.data ?? (JSON.parse(await readFile(folder.world, 'utf8')) as WorldData)
  const dir = await mkdtemp(join(options.within ?? tmpdir(), 'entente-world-'))
  const chance = chanceOf(options.seed)
  const ground: Ground = {
    crypto: options.crypto ?? seededCrypto(`${options.seed}/crypto`),
    clock: new VirtualClock(Math.floor(Date.now() / 1_000) + 1),
    chance,
    wire: new Wire(),
    patienceMilliseconds: options.patienceMilliseconds ?? DEFAULT_PATIENCE_MILLISECONDS,
    ...(options.journalDisk === undefined ? {} : { journalDisk: options.journalDisk }),
    ...(options.twin === undefined ? {} : { twin: options.twin }),
  }
  const officers = from?.officers ?? (await freshOfficers(ground.crypto, data))
  if (from === undefined) await setUp(dir, folder, data, officers, ground.clock.now())
  else await cp(from.dir, dir, { recursive: true })
  const nations = data.nations.map(({ nation }) => new HostedNation(nation, join(dir, nation), ground))
  for (const nation of nations) {
    const disks = from?.disks.get(nation.code)
    if (disks === undefined) continue
    nation.journal.restore(disks.journal)
    nation.officeJournal.restore(disks.officeJournal)
  }
  await startAll(nations)
  const desks = new Map<string, ClearanceDesk>()
  for (const [at, { nation, persons }] of data.nations.entries()) {
    const officer = found(persons.find(({ roles }) => roles.includes('clearance-officer'))).id
    const desk = new ClearanceDesk(found(nations[at]), ground.crypto, officer, found(officers.get(officer)))
    desks.set(nation, desk)
    if (from === undefined) for (const person of persons) await clear(desk, person, ground.clock.now())
  }
  return new World(ground, dir, data, nations, desks, officers)
}

async function startAll(nations: readonly HostedNation[]): Promise<void> {
  await Promise.all(nations.map((nation) => nation.start()))
  await Promise.all(nations.map((nation) => nation.ledger.reconcile({})))
}
