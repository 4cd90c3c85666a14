import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Crypto, type HybridPublicKey, fromBase64Url, hybridSigner, readJson } from '@entente/canonical'
import { compile } from '@entente/decision'
import {
  type AppendInput,
  type Appended,
  type CrashPoint,
  type EngineOptions,
  type JournalDisk,
  type KeyRing,
  type KeysApi,
  type LedgerApi,
  type LedgerHostApi,
  type Nation,
  type OfficeApi,
  type OfficeService,
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
  makeItemKey,
  openBlobs,
  openDatabase,
  openDrafts,
  openItemKey,
  openItemKeys,
  openJournal,
  openLedger,
  openOffice,
  openWitness,
  partnerRoutes,
  pathsOf,
  readConfig,
  readSeeds,
  releaseShare,
  rowKeyOf,
  removeReleasedDrafts,
  sealRefusal,
  secondWitnessName,
  watchContacts,
  witnessSigners,
  witnessedKeys,
} from '@entente/node'
import type { BrokenTwin } from './broken-twin.ts'
import type { Chance } from './chance.ts'
import type { VirtualClock } from './clock.ts'
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
  alive: boolean
  end(): Promise<void>
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
    now.alive = false
    this.#ended = now.end()
    await this.#ended
  }

  #kill(incarnation: Incarnation): void {
    incarnation.alive = false
    this.crashAfter = undefined
    if (this.#now === incarnation) this.#now = undefined
    this.journal.crash(this.#ground.chance)
    this.officeJournal.crash(this.#ground.chance)
    this.#ended = incarnation.end()
  }

  async #assemble(): Promise<Incarnation> {
    const { crypto, clock, wire, patienceMilliseconds, journalDisk, twin } = this.#ground
    const { dir, code } = this
    const now = (): number => clock.now(code)
    const paths = pathsOf(dir)
    const journalPath = join(paths.ledger, 'journal')
    const config = await readConfig(dir)
    const trust = await loadTrust(crypto, paths.trust, join(paths.node, 'anchors.json'))
    const policies = await loadPolicies(config.nations)
    const decider = compile({
      deciding: config.nation,
      agreements: [...trust.agreements.values()].flat(),
      policies: [...policies.values()],
    })
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
      plans: await logPlans(crypto, trust, ledgerSeeds.logs),
      cosign: (name, body) => Promise.resolve(host.cosign({ witness: name, body })),
      now,
      durable: (records) => host.durable({ records }),
      notice,
      crashPoint,
      disk: journalDisk === undefined ? this.journal.open() : await journalDisk(journalPath),
    })
    const own = trust.own.keys.witness.find((one) => one.name !== secondName)?.name ?? ''
    const service = await openLedger(
      options,
      await openWitness(crypto, join(paths.ledger, 'witness'), {
        signers: await witnessSigners(crypto, ledgerSeeds.witness, own),
        keysOf: witnessedKeys(crypto, trust),
        now,
        notice,
      }),
    )
    const ledger = localPeer<LedgerApi>(twin?.ledger?.(code, service.api) ?? service.api)
    const written = journalDisk === undefined ? this.journal.content : await readFile(journalPath)
    await openJournal(readOnly(written), (payload) => projection.apply(decodeRecord(payload)))

    // A trust of its own, as the process has: nothing that the node verified counts for it.
    const keys = localPeer<KeysApi>(await this.#keysApi({ ...trust }, policies, twin?.keysNow?.(code, now) ?? now))
    const office = localPeer<OfficeApi>(await this.#officeApi(config.realm, config.names.office, now))
    const people = readJson(await readFile(join(paths.node, 'people.json'))) as unknown as readonly Person[]

    const onEntered = (input: AppendInput, appended: Appended): void => {
      if (state.alive) this.onEntered(input, appended)
    }
    const sound: Nation = {
      crypto,
      config,
      dir,
      trust: () => trust,
      decider: () => decider,
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
        if (state.alive) sender.wake()
      },
      notice,
    }
    const nation = twin?.nation?.(code, sound) ?? sound
    await removeReleasedDrafts(nation)
    await destroyStoppedKeys(nation)
    const sender = new Sender(nation)
    const incarnation: Incarnation = {
      nation,
      ledger: service.api,
      sender,
      get alive() {
        return state.alive
      },
      set alive(alive: boolean) {
        state.alive = alive
        if (!alive) for (const peer of [ledger, keys, office, witness]) peer.cut()
      },
      async end() {
        void sender.stop()
        // The database is left to the collector: what is still under way in this start may look at it once more.
        await service.close().catch(() => {})
      },
    }
    return incarnation
  }

  async #keysApi(trust: KeyRing['trust'], policies: KeyRing['policies'], now: () => number): Promise<KeysApi> {
    const { crypto } = this.#ground
    const seeds = await readSeeds(join(pathsOf(this.dir).keys, 'keys.json'), ['kek', 'kas'])
    const kek = fromBase64Url(seeds.kek)
    const service = { kid: 'kas-1', key: await crypto.kemKey(fromBase64Url(seeds.kas)) }
    const ring: KeyRing = { crypto, trust, policies, service, itemKey: (item, sealed) => openItemKey(crypto, kek, item, sealed), now }
    return {
      serviceKey: () => ({ kid: service.kid, publicKey: service.key.publicKey }),
      itemKey: ({ item }) => makeItemKey(crypto, kek, item),
      release: async (input) => {
        const share = await releaseShare(ring, input)
        this.onShare(input.request)
        return share
      },
      refuse: (input) => sealRefusal(ring, input),
    }
  }

  async #officeApi(realm: Nation['config']['realm'], name: string, now: () => number): Promise<OfficeService['api']> {
    const { crypto } = this.#ground
    const { office: folder } = pathsOf(this.dir)
    const seeds = await readSeeds(join(folder, 'keys.json'), ['issuer', 'statusEd25519', 'statusMldsa65', 'pseudonym'])
    const officers = readJson(await readFile(join(folder, 'officers.json'))) as unknown as Readonly<Record<string, HybridPublicKey>>
    const { api } = await openOffice(
      {
        crypto,
        realm,
        nation: this.code,
        name,
        kid: 'issuer-1',
        issuer: await crypto.signer('Ed25519', fromBase64Url(seeds.issuer)),
        status: hybridSigner(
          await crypto.signer('Ed25519', fromBase64Url(seeds.statusEd25519)),
          await crypto.signer('ML-DSA-65', fromBase64Url(seeds.statusMldsa65)),
        ),
        pseudonymSecret: fromBase64Url(seeds.pseudonym),
        officers,
        now,
      },
      async () => this.officeJournal.open(),
    )
    return api
  }
}
