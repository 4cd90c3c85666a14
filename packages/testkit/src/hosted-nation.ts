import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Crypto, fromBase64Url, hybridSigner, readJson } from '@entente/canonical'
import {
  AgreementWatch,
  type AppendInput,
  type Appended,
  type CrashPoint,
  type EngineOptions,
  type JournalDisk,
  type KeysApi,
  type LedgerApi,
  type LedgerHostApi,
  LivingTrust,
  type Nation,
  type OfficeApi,
  type Person,
  type WitnessApi,
  Projection,
  Sender,
  decodeRecord,
  destroyStoppedKeys,
  findIn,
  homeKeys,
  loadPolicies,
  loadTrust,
  logPlans,
  openBlobs,
  openDatabase,
  openDrafts,
  openItemKeys,
  openJournal,
  openLedger,
  openWitness,
  partnerRoutes,
  pathsOf,
  readConfig,
  readRestoredMark,
  readSeeds,
  rowKeyOf,
  removeReleasedDrafts,
  secondWitnessName,
  trustFiles,
  watchContacts,
  witnessSigners,
  witnessedKeys,
} from '@entente/node'
import type { BrokenTwin } from './broken-twin.ts'
import type { Chance } from './chance.ts'
import type { VirtualClock } from './clock.ts'
import { hostedKeys, hostedOffice } from './hosted-processes.ts'
import { localPeer } from './local-peers.ts'
import { MemoryDisk, readOnly } from './memory-disk.ts'
import type { Wire } from './wire.ts'

/** What a hosted nation stands on; it outlives every crash. */
export interface Ground {
  readonly crypto: Crypto
  readonly clock: VirtualClock
  readonly chance: Chance
  readonly wire: Wire
  /** How long an act waits for a cosignature, in real milliseconds: a test does not wait as long as a person would. */
  readonly patienceMilliseconds: number
  /** Opens the disk under the ledger's journal in place of the one in memory; for benchmarks. */
  readonly journalDisk?: (path: string) => Promise<JournalDisk>
  /** What stands in the place of sound parts, in a world that must be found out. */
  readonly twin?: BrokenTwin
}

/** What a nation noticed, for an administrator. */
export interface Noticed {
  readonly code: string
  readonly values: Readonly<Record<string, string | number>>
}

/** Everything of one start of a nation; void after a crash. */
interface Incarnation {
  readonly nation: Nation
  readonly ledger: LedgerApi
  readonly sender: Sender
  readonly agreements: AgreementWatch
  alive: boolean
  /** `diedHere`: as if the process had died. */
  end(diedHere: boolean): Promise<void>
}

/**
 * One nation of a world: the real node's parts, each behind a channel of its own as if it were a process, on disks that
 * the world owns. `parts` is the nation as use cases take it.
 */
export class HostedNation {
  readonly code: string
  readonly dir: string
  readonly noticed: Noticed[] = []
  /** The disk under the ledger's journal. */
  readonly journal: MemoryDisk
  /** The disk under the clearance office's journal. */
  readonly officeJournal: MemoryDisk
  readonly #ground: Ground
  #now: Incarnation | undefined
  /** Resolves when whatever an earlier start left behind has come to rest. */
  #ended: Promise<void> = Promise.resolve()
  /** Crash after the next time that this point is passed. */
  crashAfter: CrashPoint | undefined
  /** Sees every share that the key process gives, with the request it is for. */
  onShare: (request: string) => void = () => {}
  /** Sees every checkpoint that the ledger sends to a witness. */
  onCheckpoint: (witness: string, body: string) => void = () => {}
  /** Sees every act that the ledger acknowledged, before whoever entered it hears of it. */
  onEntered: (input: AppendInput, appended: Appended) => void = () => {}

  /** `journals` are what the disks under the journals hold at first; nothing if absent. */
  constructor(code: string, dir: string, ground: Ground, journals?: { readonly ledger: Uint8Array; readonly office: Uint8Array }) {
    this.journal = new MemoryDisk(journals?.ledger)
    this.officeJournal = new MemoryDisk(journals?.office)
    this.code = code
    this.dir = dir
    this.#ground = ground
    ground.wire.join(code, () => {
      const now = this.#now
      return now === undefined ? { routes: {} as never, alive: false } : this.#endOf(now)
    })
  }

  readonly #ends = new WeakMap<Incarnation, { readonly routes: ReturnType<typeof partnerRoutes>; readonly alive: boolean }>()

  #endOf(incarnation: Incarnation): { readonly routes: ReturnType<typeof partnerRoutes>; readonly alive: boolean } {
    let end = this.#ends.get(incarnation)
    if (end === undefined) {
      end = {
        routes: partnerRoutes(incarnation.nation),
        get alive() {
          return incarnation.alive
        },
      }
      this.#ends.set(incarnation, end)
    }
    return end
  }

  /** The nation's working parts; throws while it is down. */
  get parts(): Nation {
    if (this.#now === undefined) throw new Error(`${this.code} is down`)
    return this.#now.nation
  }

  get isUp(): boolean {
    return this.#now !== undefined
  }

  /** The ledger of this start, without a channel between: for looking. */
  get ledger(): LedgerApi {
    if (this.#now === undefined) throw new Error(`${this.code} is down`)
    return this.#now.ledger
  }

  /** Starts from what the disks hold: replays the journal, makes the projection anew, asks the witnesses. */
  async start(): Promise<void> {
    if (this.#now !== undefined) throw new Error(`${this.code} runs already`)
    await this.#ended
    this.#now = await this.#assemble()
    await this.#now.ledger.reconcile({})
    this.#now.sender.start()
    this.#now.agreements.wake()
  }

  /** Ends at once: nothing that was not synced is certain, no call comes back. */
  async crash(): Promise<void> {
    const now = this.#now
    if (now === undefined) return
    this.#kill(now)
    await this.#ended
  }

  /** Crashes and starts again from the same disks. */
  async restart(): Promise<void> {
    await this.crash()
    await this.start()
  }

  /** Ends in order. */
  async stop(): Promise<void> {
    const now = this.#now
    if (now === undefined) return
    this.#now = undefined
    await now.sender.stop()
    this.#ended = now.end(false)
    await this.#ended
    now.alive = false
  }

  #kill(incarnation: Incarnation): void {
    incarnation.alive = false
    this.crashAfter = undefined
    if (this.#now === incarnation) this.#now = undefined
    this.journal.crash(this.#ground.chance)
    this.officeJournal.crash(this.#ground.chance)
    this.#ended = incarnation.end(true)
  }

  async #assemble(): Promise<Incarnation> {
    const { crypto, clock, wire, patienceMilliseconds, journalDisk, twin } = this.#ground
    const { dir, code } = this
    const now = (): number => clock.now(code)
    const paths = pathsOf(dir)
    const journalPath = join(paths.ledger, 'journal')
    const config = await readConfig(dir)
    const policies = await loadPolicies(config.nations)
    const living = await LivingTrust.open(crypto, { folder: paths.trust, anchors: join(paths.node, 'anchors.json') }, policies)
    const { trust } = living.standing
    const nodeSeeds = await readSeeds(join(paths.node, 'keys.json'), ['envelopeEd25519', 'envelopeMldsa65', 'nonce'])
    const notice = (noticed: string, values: Record<string, string | number> = {}): void =>
      void this.noticed.push({ code: noticed, values })
    const state: { alive: boolean } = { alive: true }
    const isAlive = (): boolean => state.alive

    const database = openDatabase(':memory:')
    const rowKey = rowKeyOf(crypto, fromBase64Url(nodeSeeds.nonce))
    const projection = await Projection.open(crypto, database.db, { nation: config.nation, rowKey, notice })
    const { partners, contacts } = watchContacts(wire.callsOf(code, isAlive), now)

    const secondName = secondWitnessName(config.names.kas, config.realm)
    const witnessSeeds = await readSeeds(join(paths.witness, 'keys.json'), ['witness'])
    const second = await openWitness(crypto, join(paths.witness, 'state'), {
      signers: await witnessSigners(crypto, witnessSeeds.witness, secondName),
      keysOf: homeKeys(crypto, trust),
      now,
      notice,
    })
    const witness = localPeer<WitnessApi>({ witness: ({ body }: { body: string }) => second.add(body) })

    const crashPoint = (point: CrashPoint): void => {
      if (!state.alive) throw new Error('the process is gone')
      if (this.crashAfter !== point) return
      this.#kill(incarnation)
      throw new Error(`crashed after ${point}`)
    }
    const see = (name: string, body: string): void => this.onCheckpoint(name, body)
    const host: LedgerHostApi = {
      durable: ({ records }) => {
        if (state.alive) projection.take(twin?.durable?.(code, records) ?? records)
      },
      async cosign({ witness: name, body }) {
        if (!state.alive) throw new Error('the process is gone')
        see(name, body)
        if (name === secondName) return witness.peer.call('witness', { body })
        const partner = [...trust.partners.values()].find((statement) => statement.keys.witness.some((one) => one.name === name))
        const answer = await partners.post(partner?.nation ?? '', '/witness', 'text/plain', new TextEncoder().encode(body))
        return { status: answer.status, body: new TextDecoder().decode(answer.body) }
      },
    }
    const ledgerSeeds = await readSeeds(join(paths.ledger, 'keys.json'), ['logs', 'witness'])
    const options = async (): Promise<EngineOptions> => ({
      crypto,
      folder: paths.ledger,
      plans: await logPlans(crypto, living.standing.trust, ledgerSeeds.logs),
      cosign: (name, body) => Promise.resolve(host.cosign({ witness: name, body })),
      now,
      durable: (records) => host.durable({ records }),
      notice,
      crashPoint,
      quarantined: (await readRestoredMark(dir)) !== undefined,
      disk: journalDisk === undefined ? this.journal.open() : await journalDisk(journalPath),
    })
    const own = trust.own.keys.witness.find((one) => one.name !== secondName)?.name ?? ''
    let ledgerTrust = trust
    const service = await openLedger(
      options,
      await openWitness(crypto, join(paths.ledger, 'witness'), {
        signers: await witnessSigners(crypto, ledgerSeeds.witness, own),
        keysOf: (origin) => witnessedKeys(crypto, ledgerTrust)(origin),
        now,
        notice,
      }),
      async () => {
        ledgerTrust = await loadTrust(crypto, paths.trust, join(paths.ledger, 'anchors.json'))
      },
    )
    const ledger = localPeer<LedgerApi>(twin?.ledger?.(code, service.api) ?? service.api)
    const written = journalDisk === undefined ? this.journal.content : await readFile(journalPath)
    await openJournal(readOnly(written), (payload) => projection.apply(decodeRecord(payload)))

    const keys = localPeer<KeysApi>(
      await hostedKeys(crypto, dir, policies, twin?.keysNow?.(code, now) ?? now, (request) => this.onShare(request)),
    )
    const office = localPeer<OfficeApi>(await hostedOffice(crypto, dir, config, now, () => this.officeJournal.open()))
    const people = readJson(await readFile(join(paths.node, 'people.json'))) as unknown as readonly Person[]

    const onEntered = (input: AppendInput, appended: Appended): void => {
      if (state.alive) this.onEntered(input, appended)
    }
    const sound: Nation = {
      crypto,
      config,
      dir,
      trust: () => living.standing.trust,
      decider: () => living.standing.decider,
      standing: () => living.standing,
      renewTrust: () => living.renew(),
      trustRefused: () => living.refused,
      policies,
      now,
      async enter(input) {
        const { cosigned } = input
        const hurried =
          cosigned === undefined
            ? input
            : { ...input, cosigned: { ...cosigned, withinMilliseconds: Math.min(cosigned.withinMilliseconds, patienceMilliseconds) } }
        await projection.ready()
        const appended = await ledger.peer.call('append', hurried)
        onEntered(input, appended)
        await projection.applied(appended.n)
        return appended
      },
      ledger: ledger.peer,
      keys: keys.peer,
      office: office.peer,
      db: database.db,
      listing: projection.listing,
      blobs: await openBlobs(crypto, join(paths.node, 'containers')),
      drafts: await openDrafts(join(paths.node, 'drafts')),
      draftFiles: await openBlobs(crypto, join(paths.node, 'draft-files')),
      itemKeys: await openItemKeys(join(paths.node, 'item-keys')),
      partners,
      contacts,
      envelopes: hybridSigner(
        await crypto.signer('Ed25519', fromBase64Url(nodeSeeds.envelopeEd25519)),
        await crypto.signer('ML-DSA-65', fromBase64Url(nodeSeeds.envelopeMldsa65)),
      ),
      nonceKey: fromBase64Url(nodeSeeds.nonce),
      people,
      person: findIn(people),
      wake: () => {
        if (!state.alive) return
        sender.wake()
        agreements.wake()
      },
      notice,
    }
    const nation = twin?.nation?.(code, sound) ?? sound
    living.attach({
      ledger: ledger.peer,
      keys: keys.peer,
      upTo: (next) => projection.applied(next - 1),
      files: () => trustFiles(nation),
      notice,
    })
    await nation.renewTrust()
    await removeReleasedDrafts(nation)
    await destroyStoppedKeys(nation)
    const sender = new Sender(nation)
    const agreements = new AgreementWatch(nation)
    const incarnation: Incarnation = {
      nation,
      ledger: service.api,
      sender,
      agreements,
      get alive() {
        return state.alive
      },
      set alive(alive: boolean) {
        state.alive = alive
        if (!alive) for (const peer of [ledger, keys, office, witness]) peer.cut()
      },
      async end(diedHere) {
        void sender.stop()
        void agreements.stop()
        // The database is left to the collector: what is still under way in this start may look at it once more.
        await service.close(diedHere).catch(() => {})
      },
    }
    return incarnation
  }
}
