import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Delegation, completeSpecimen, readAgreementTemplate } from '@entente/agreement'
import { type HybridSigner, type Json, type Signed, fromBase64Url, hybridSigner, toHex } from '@entente/canonical'
import type { PersonStatus } from '@entente/clearance'
import {
  type Card,
  type ReleaseStatement,
  REPORT_MEDIA_TYPE,
  cardDigest,
  collect,
  encodePolicy,
  makeKeys,
  seal,
  signStatement,
  writeReport,
  statementId,
} from '@entente/container'
import { nodeCrypto as crypto } from '@entente/crypto-node'
import { compile } from '@entente/decision'
import { attributesOf, printMarking, toStanag4774 } from '@entente/label'
import { pathsOf, readConfig } from '#src/config.ts'
import { makeItemKey } from '#src/keys/item-key.ts'
import { Engine } from '#src/ledger/engine.ts'
import { witnessSigners } from '#src/ledger/keys.ts'
import { homeKeys, logPlans } from '#src/ledger/plans.ts'
import { openWitness } from '#src/ledger/witnessing.ts'
import type { Nation } from '#src/nation.ts'
import { loadPolicies } from '#src/policies.ts'
import type { Peer } from '#src/processes/ipc.ts'
import { readSeeds } from '#src/seeds.ts'
import { hybridFrom, initNation, makeKeyStatement, pairNation, signAsAuthority } from '#src/setup.ts'
import { openBlobs } from '#src/store/blobs.ts'
import { openDatabase } from '#src/store/database.ts'
import { openDrafts } from '#src/store/drafts.ts'
import { openItemKeys } from '#src/store/item-keys.ts'
import { Projection } from '#src/store/projection.ts'
import { loadTrust, secondWitnessName, witnessName } from '#src/trust.ts'
import { announceContainer, completeUpload, takePart } from '#src/use-cases/upload.ts'
import type { HandedIn } from '#src/use-cases/check-rendition.ts'
import type { PreparedRendition } from '#src/use-cases/sealing.ts'

const root = join(import.meta.dirname, '../../..')
const nations = join(root, 'nations')

async function hybrid(seed: number): Promise<HybridSigner> {
  const bytes = new Uint8Array(32).fill(seed)
  return hybridSigner(await crypto.signer('Ed25519', bytes), await crypto.signer('ML-DSA-65', bytes))
}

export const officer = await hybrid(21)
export const lesser = await hybrid(22)
export const stranger = await hybrid(23)

const PEOPLE = [
  { id: 'chen', names: { en: 'Chen (EXERCISE)', ja: 'チェン（訓練）' }, roles: ['author', 'reader'] },
  { id: 'walker', names: { en: 'Walker (EXERCISE)', ja: 'ウォーカー（訓練）' }, roles: ['disclosure-officer', 'author'] },
  { id: 'morgan', names: { en: 'Morgan (EXERCISE)', ja: 'モーガン（訓練）' }, roles: ['reader'] },
]

/** Two nations as their administrators make them, and the working parts of the first one in this process. */
export class DraftingWorld {
  readonly folder: string
  readonly notices: string[] = []
  /** People as the office knows them. */
  readonly office = new Map<string, PersonStatus>()
  nation!: Nation
  engine!: Engine
  now = Math.floor(Date.now() / 1000)
  woken = 0
  #close: () => void = () => {}

  private constructor(folder: string) {
    this.folder = folder
  }

  /** With `delegations` the agreement delegates to offices; `office` is the one that the key statement names for its officer. */
  static async make(given: { readonly delegations?: readonly Delegation[]; readonly office?: string } = {}): Promise<DraftingWorld> {
    const world = new DraftingWorld(await mkdtemp(join(tmpdir(), 'entente-drafting-')))
    await world.#found(given)
    await world.#open()
    return world
  }

  get own(): string {
    return join(this.folder, 'aus')
  }

  async #found({ delegations, office }: { readonly delegations?: readonly Delegation[]; readonly office?: string }): Promise<void> {
    const partner = join(this.folder, 'jpn')
    const address = { host: '127.0.0.1', port: 1 }
    const common = { realm: 'exercise', people: address, partner: address, nations, demoProvider: true }
    const ausKey = (await initNation(this.own, { ...common, nation: 'AUS', domain: 'aus.entente.example', persons: PEOPLE })).authorityKey
    const jpnKey = (await initNation(partner, { ...common, nation: 'JPN', domain: 'jpn.entente.example', persons: [] })).authorityKey
    const until = this.now + 86_400 * 400
    await makeKeyStatement(this.own, {
      links: [{ agreement: 'jpn-aus', partner: 'JPN' }],
      officers: [
        {
          officer: 'walker',
          key: officer.publicKey,
          ceiling: 'SECRET',
          areas: ['maritime'],
          until,
          ...(office === undefined ? {} : { office }),
        },
        { officer: 'zed', key: lesser.publicKey, ceiling: 'PROTECTED', areas: ['air'], until },
      ],
      clearanceOfficers: {},
      number: 1,
    })
    const parcel = await makeKeyStatement(partner, {
      links: [{ agreement: 'jpn-aus', partner: 'AUS' }],
      officers: [],
      clearanceOfficers: {},
      number: 1,
    })
    const template = readAgreementTemplate(await readFile(join(root, 'agreements/jpn-aus/agreement.json')))
    const complete = completeSpecimen(template, { authorityKeys: { AUS: ausKey, JPN: jpnKey }, inForceFrom: this.now - 86_400 })
    const body = { ...complete, ...(delegations === undefined ? {} : { delegations }) } as unknown as Json
    const [one, other] = [await signAsAuthority(this.own, body), await signAsAuthority(partner, body)]
    const agreement = { body: one.body, signatures: [...one.signatures, ...other.signatures] }
    await pairNation(this.own, { parcel, anchor: await readFile(join(pathsOf(partner).node, 'tls-anchor.pem'), 'utf8'), agreement })
  }

  async #open(): Promise<void> {
    const paths = pathsOf(this.own)
    const config = await readConfig(this.own)
    const trust = await loadTrust(crypto, paths.trust, join(paths.node, 'anchors.json'))
    const policies = await loadPolicies(nations)
    const now = (): number => this.now
    const notice = (code: string): void => void this.notices.push(code)
    const database = openDatabase(':memory:')
    const { db } = database
    const projection = await Projection.open(crypto, db, { nation: config.nation, rowKey: new Uint8Array(32), notice })
    const ledgerSeeds = await readSeeds(join(paths.ledger, 'keys.json'), ['logs'])
    const witness = await readSeeds(join(paths.witness, 'keys.json'), ['witness'])
    const partner = await readSeeds(join(this.folder, 'jpn/ledger/keys.json'), ['witness'])
    const second = secondWitnessName(config.names.kas, 'exercise')
    const partnerWitness = witnessName('https://kas.jpn.entente.example', 'exercise')
    const ours = logPlans(crypto, trust, ledgerSeeds.logs)
    const keysByOrigin = new Map((await ours).map((plan) => [plan.origin, plan.signers.map(({ key }) => key)]))
    const witnesses = new Map([
      [
        second,
        await openWitness(crypto, join(this.folder, 'second'), {
          signers: await witnessSigners(crypto, witness.witness, second),
          keysOf: homeKeys(crypto, trust),
          now,
          notice,
        }),
      ],
      [
        partnerWitness,
        await openWitness(crypto, join(this.folder, 'partner-witness'), {
          signers: await witnessSigners(crypto, partner.witness, partnerWitness),
          keysOf: (origin) => keysByOrigin.get(origin),
          now,
          notice,
        }),
      ],
    ])
    this.engine = await Engine.open({
      crypto,
      folder: paths.ledger,
      plans: await ours,
      cosign: async (name, text) => witnesses.get(name)?.add(text) ?? { status: 404, body: '' },
      now,
      durable: (records) => projection.take(records),
      notice,
    })
    const { engine } = this
    const kek = fromBase64Url((await readSeeds(join(paths.keys, 'keys.json'), ['kek'])).kek)
    const peer = (own: Record<string, (body: never) => unknown>) =>
      ({ call: async (op: string, body: unknown) => own[op]?.(body as never), gone: new Promise(() => {}) }) as unknown as Peer<never>
    const seeds = await readSeeds(join(paths.node, 'keys.json'), ['envelopeEd25519', 'envelopeMldsa65', 'nonce'])
    const decider = compile({ deciding: 'AUS', agreements: [...trust.agreements.values()].flat(), policies: [...policies.values()] })
    this.nation = {
      crypto,
      dir: this.own,
      config,
      trust: () => trust,
      decider: () => decider,
      standing: () => ({ trust, decider, changes: {} }),
      renewTrust: () => Promise.resolve(),
      trustRefused: () => new Map(),
      policies,
      now,
      async enter(input) {
        const appended = await engine.append(input)
        await projection.applied(appended.n)
        return appended
      },
      ledger: peer({
        link: ({ link }: { link: string }) => engine.sequencer.link(link),
        status: () => ({ logs: engine.status(), next: engine.next, closed: engine.closed() }),
      }),
      keys: peer({ itemKey: ({ item }: { item: string }) => makeItemKey(crypto, kek, item) }),
      office: peer({ person: ({ person }: { person: string }) => this.office.get(person) ?? { state: 'unknown' } }),
      db,
      listing: projection.listing,
      blobs: await openBlobs(crypto, join(paths.node, 'containers')),
      drafts: await openDrafts(join(paths.node, 'drafts')),
      draftFiles: await openBlobs(crypto, join(paths.node, 'draft-files')),
      itemKeys: await openItemKeys(join(paths.node, 'item-keys')),
      partners: undefined as never,
      contacts: undefined as never,
      envelopes: await hybridFrom(seeds.envelopeEd25519, seeds.envelopeMldsa65),
      nonceKey: fromBase64Url(seeds.nonce),
      people: PEOPLE,
      person: (id) => PEOPLE.find((person) => person.id === id),
      wake: () => void this.woken++,
      notice,
    }
    this.#close = () => database.close()
  }

  /** The office clears somebody. */
  clear(person: string, clearance: string, area = 'maritime'): void {
    this.office.set(person, {
      state: 'cleared',
      clearance,
      citizenships: ['AUS'],
      validUntil: this.now + 86_400 * 365,
      assignments: [{ area, role: 'analyst', purposes: ['assessment'], until: this.now + 86_400 * 365 }],
      briefings: [],
      devices: [],
    })
  }

  /** What an officer's client does with a prepared rendition: seals, signs, uploads. */
  async handIn(
    prepared: PreparedRendition,
    given: {
      readonly signer?: HybridSigner
      readonly change?: (body: ReleaseStatement) => ReleaseStatement
      readonly card?: Partial<Card>
      readonly unsalted?: true
      readonly text?: string
    } = {},
  ): Promise<HandedIn> {
    const { nation } = this
    const { label, keyControl } = prepared
    const policy = nation.policies.get(label.policy)
    if (policy === undefined) throw new Error('no policy')
    const [first, second] = prepared.keyServices.map(({ name, kid, publicKey }) => ({ name, kid, kem: fromBase64Url(publicKey) }))
    if (first === undefined) throw new Error('no key service')
    const keys = await makeKeys(crypto, {
      policy: encodePolicy(prepared.item, attributesOf(label, policy)),
      control: keyControl,
      originator: first,
      ...(second === undefined ? {} : { recipient: second }),
    })
    const card: Card = {
      item: prepared.item,
      title: { en: 'EXERCISE report' },
      area: prepared.area,
      banner: printMarking(label, policy, { form: 'banner' }),
      originator: 'AUS',
      ...(given.unsalted === true ? {} : { salt: 'A'.repeat(43) }),
      ...given.card,
    }
    const report = collect()
    const portions = prepared.portions.map(
      (_, index) => ({ id: `p${index}`, label, kind: 'text', texts: [{ lang: 'en', text: given.text ?? 'EXERCISE text' }] }) as const,
    )
    await writeReport({ crypto, report: { title: card.title, area: card.area, portions }, content: () => [] }, report.sink)
    const out = collect()
    const { portions: _, keyServices: __, ...fixed } = prepared
    let signed: Signed<ReleaseStatement> | undefined
    await seal(
      [report.bytes()],
      {
        crypto,
        keys,
        label,
        labelXml: toStanag4774(label, policy),
        mediaType: REPORT_MEDIA_TYPE,
        segmentBytes: 16_384,
        statement: async (digests) => {
          const body: ReleaseStatement = {
            realm: 'exercise',
            ...fixed,
            foreignClients: false,
            cardDigest: cardDigest(crypto, card),
            ...digests,
          }
          signed = await signStatement(crypto, given.signer ?? officer, given.change?.(body) ?? body)
          return signed
        },
      },
      out.sink,
    )
    const bytes = out.bytes()
    assert.ok(signed)
    const container = { sha256: toHex(crypto.sha256(bytes)), size: bytes.length }
    const upload = await announceContainer(nation, 'walker', { statement: statementId(crypto, signed.body), size: container.size })
    await takePart(nation, 'walker', upload, { number: 0, bytes, sha256: container.sha256 })
    assert.deepEqual(await completeUpload(nation, 'walker', upload, { size: container.size }), container)
    return { signed, card, container }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.engine.close()
    this.#close()
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** The code of what a promise rejects with, or `ok`. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
    return 'ok'
  } catch (error) {
    return (error as { code?: string }).code ?? String((error as Error).stack)
  }
}
