import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { completeSpecimen, mergeSignatures, readAgreementTemplate } from '@entente/agreement'
import { type HybridSigner, type Json, type Realm, fromBase64Url, hybridSigner } from '@entente/canonical'
import { type ClearanceAct, signRoster } from '@entente/clearance'
import { type Card, type ReleaseStatement, cardDigest, signStatement, statementId } from '@entente/container'
import { nodeCrypto as crypto } from '@entente/crypto-node'
import { compile } from '@entente/decision'
import { signAct } from '@entente/exchange'
import { parseMarking } from '@entente/label'
import type { FastifyInstance } from 'fastify'
import { pathsOf, readConfig } from '#src/config.ts'
import { NodeError } from '#src/errors.ts'
import { createHttp } from '#src/http/index.ts'
import { statuses } from '#src/http/statuses.ts'
import { openJournal, openJournalFile } from '#src/journal/journal.ts'
import { witnessSigners } from '#src/ledger/keys.ts'
import { homeKeys, logPlans, witnessedKeys } from '#src/ledger/plans.ts'
import { type LedgerService, openLedger } from '#src/ledger/service.ts'
import { openWitness } from '#src/ledger/witnessing.ts'
import type { Nation } from '#src/nation.ts'
import { Office } from '#src/office/office.ts'
import { loadPolicies } from '#src/policies.ts'
import type { AppendInput, LedgerApi, OfficeApi } from '#src/processes/apis.ts'
import { wallClock } from '#src/processes/clock.ts'
import type { Peer } from '#src/processes/ipc.ts'
import { registerOversight } from '#src/routes/oversight.ts'
import { type Seeds, readSeeds } from '#src/seeds.ts'
import { hybridFrom, initNation, makeKeyStatement, pairNation, signAsAuthority } from '#src/setup.ts'
import { openDatabase } from '#src/store/database.ts'
import { type ItemKeys, openItemKeys } from '#src/store/item-keys.ts'
import { Projection } from '#src/store/projection.ts'
import { type Trust, loadTrust, logName, secondWitnessName, witnessName } from '#src/trust.ts'
import { entryFor } from '#src/use-cases/entries.ts'
import { giveNonce } from '#src/use-cases/give-nonce.ts'

const ROOT = join(import.meta.dirname, '../../..')
const NATIONS = join(ROOT, 'nations')
const REALM: Realm = 'exercise'
export const LINK_LOG: string = logName('jpn-aus', 'JPN')
export const DAY = 86_400

/** Roles by person of the originating nation. */
const PEOPLE: Readonly<Record<string, readonly string[]>> = {
  walker: ['disclosure-officer'],
  singh: ['security-officer', 'auditor'],
  morgan: ['reader'],
  taylor: ['clearance-officer'],
}

export async function signer(seed: number): Promise<HybridSigner> {
  return hybridSigner(
    await crypto.signer('Ed25519', new Uint8Array(32).fill(seed)),
    await crypto.signer('ML-DSA-65', new Uint8Array(32).fill(seed)),
  )
}

export const officer: HybridSigner = await signer(41)
export const stranger: HybridSigner = await signer(42)
export const clearanceOfficer: HybridSigner = await signer(43)

/** What a refusal answers. */
export interface Problem {
  readonly code: string
  readonly values: Readonly<Record<string, string | number>>
}

/** What one call of the API answered; `body` where it was JSON. */
export interface Answer<Body> {
  readonly status: number
  readonly text: string
  readonly type: string
  readonly body: Body
}

/** The originator AUS with everything real but processes and sockets; JPN witnesses its logs and can be cut off. */
export class OversightWorld {
  readonly dir: string
  readonly nation: Nation
  readonly itemKeys: ItemKeys
  readonly trust: Trust
  readonly app: FastifyInstance
  /** Whether JPN can be reached. */
  linked: boolean = true
  /** Seconds by which the clock of JPN is ahead. */
  partnerAhead: number = 0
  /** Seconds by which the clock of AUS is ahead. */
  ahead: number = 0
  readonly notices: string[] = []
  readonly closers: (() => unknown)[] = []

  private constructor(parts: Pick<OversightWorld, 'dir' | 'itemKeys' | 'trust'> & { nation: (world: OversightWorld) => Nation }) {
    this.dir = parts.dir
    this.itemKeys = parts.itemKeys
    this.trust = parts.trust
    this.nation = parts.nation(this)
    this.app = createHttp({
      info: { title: 'test', version: '1' },
      authenticate: async ({ headers }) => {
        const person = String(headers['x-person'])
        return { person, roles: PEOPLE[person] ?? [], client: 'test', thumbprint: 'test' }
      },
      bodyLimitBytes: 1_048_576,
      statuses,
      wording: (code) => ({ en: code }),
      onEvent: ({ error }) => this.notices.push(error instanceof Error ? (error.stack ?? error.message) : String(error)),
    })
    registerOversight(this.app, this.nation)
  }

  static async make(): Promise<OversightWorld> {
    const folder = await mkdtemp(join(tmpdir(), 'entente-oversight-'))
    const dirs = { AUS: join(folder, 'aus'), JPN: join(folder, 'jpn') }
    await setUp(dirs)
    const paths = pathsOf(dirs.AUS)
    const config = await readConfig(dirs.AUS)
    const trust = await loadTrust(crypto, paths.trust, join(paths.node, 'anchors.json'))
    const partnerTrust = await loadTrust(crypto, pathsOf(dirs.JPN).trust, join(pathsOf(dirs.JPN).node, 'anchors.json'))
    const policies = await loadPolicies(NATIONS)
    const decider = compile({ deciding: 'AUS', agreements: [...trust.agreements.values()].flat(), policies: [...policies.values()] })
    const seeds = await readSeeds(join(paths.node, 'keys.json'), ['envelopeEd25519', 'envelopeMldsa65', 'nonce'])
    const database = openDatabase(join(paths.node, 'projection.sqlite'))
    const { db } = database
    const projection = await Projection.open(crypto, db, { nation: 'AUS', rowKey: new Uint8Array(32), notice: () => {} })
    const itemKeys = await openItemKeys(join(paths.node, 'item-keys'))
    const office = await officeOf(dirs.AUS)
    const envelopes = await hybridFrom(seeds.envelopeEd25519, seeds.envelopeMldsa65)
    const world: { current?: OversightWorld } = {}
    const ledger = await ledgerOf(dirs, trust, partnerTrust, projection, () => world.current?.linked ?? true)
    await ledger.api.reconcile({})
    const nation = (self: OversightWorld): Nation =>
      ({
        crypto,
        config,
        dir: dirs.AUS,
        trust: () => trust,
        decider: () => decider,
        standing: () => ({ trust, decider, changes: {} }),
        renewTrust: () => Promise.resolve(),
        trustRefused: () => new Map(),
        policies,
        person: (id: string) =>
          PEOPLE[id] === undefined ? undefined : { id, names: { en: `${id}, EXERCISE`, ja: `演習・${id}` }, roles: PEOPLE[id] },
        now: () => wallClock() + self.ahead,
        async enter(input: AppendInput) {
          const appended = await ledger.api.append(input)
          await projection.applied(appended.n)
          return appended
        },
        ledger: inProcess<LedgerApi>(ledger.api),
        office: inProcess<OfficeApi>(office.api),
        db,
        itemKeys,
        partners: {
          async ask(_: string, __: string, body: Json) {
            if (!self.linked) throw new NodeError('node/partner-unreachable', 'the link is cut', { values: { nation: 'JPN' } })
            const partner = {
              crypto,
              config: { ...config, nation: 'JPN' },
              nonceKey: new Uint8Array(32).fill(9),
              now: () => wallClock() + self.partnerAhead,
            }
            return giveNonce(partner, 'AUS', body)
          },
        },
        envelopes,
        nonceKey: fromBase64Url(seeds.nonce),
        wake: () => {},
        notice: (code: string) => void self.notices.push(code),
      }) as unknown as Nation
    const made = new OversightWorld({ dir: dirs.AUS, itemKeys, trust, nation })
    world.current = made
    await made.app.ready()
    made.closers.push(
      () => made.app.close(),
      () => ledger.close(),
      () => office.close(),
      () => db.destroy().catch(() => {}),
      () => database.close(),
      () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
    )
    return made
  }

  async ask<Body = Problem>(person: string, method: 'GET' | 'POST', url: string, payload?: object): Promise<Answer<Body>> {
    const answer = await this.app.inject({ method, url, headers: { 'x-person': person }, ...(payload === undefined ? {} : { payload }) })
    const type = answer.headers['content-type'] ?? ''
    return { status: answer.statusCode, text: answer.body, type, body: (type.includes('json') ? JSON.parse(answer.body) : {}) as Body }
  }

  /** Releases an item as its officer would; gives its statement. */
  async release(item: string, options: { readonly recipient: 'AUS' | 'JPN'; readonly report?: string }): Promise<ReleaseStatement> {
    const { nation, trust } = this
    const { recipient, report } = options
    const at = nation.now()
    const policy = [...nation.policies.values()].find((one) => one.nation === 'AUS')
    const version = trust.agreements.get('jpn-aus')?.at(-1)
    if (policy === undefined || version === undefined) throw new Error('the world is not whole')
    const label = parseMarking(recipient === 'JPN' ? 'SECRET//REL AUS/JPN' : 'SECRET//AUSTEO', { policy, form: 'banner', created: at })
    const card: Card = { item, title: { en: 'EXERCISE notice' }, area: 'maritime', banner: 'SECRET', originator: 'AUS' }
    const body: ReleaseStatement = {
      realm: REALM,
      item,
      serial: 1,
      originator: 'AUS',
      recipient,
      label,
      labelXmlDigest: 'a'.repeat(96),
      area: 'maritime',
      ...(recipient === 'JPN' ? { basis: { agreement: 'jpn-aus', version: version.id, article: '5', grant: 'aus-jpn-classified' } } : {}),
      keyControl: recipient === 'JPN' ? 'both' : 'originator',
      expires: at + 30 * DAY,
      released: at,
      foreignClients: false,
      cardDigest: cardDigest(crypto, card),
      payloadDigest: 'b'.repeat(96),
      manifestDigest: 'c'.repeat(96),
      keyServices: [{ name: 'https://kas.aus.entente.example', kid: `item.${item}`, role: 'originator' }],
    }
    const signed = await signStatement(crypto, officer, body)
    const statement = statementId(crypto, body)
    await this.itemKeys.keep(item, new Uint8Array(32).fill(1))
    await nation.enter({
      at,
      kind: 'release',
      body: {
        items: [{ signed, statement, card, container: 'd'.repeat(64), containerSize: 1, ...(report === undefined ? {} : { report }) }],
      } as unknown as Json,
      entries: [entryFor(nation, recipient === 'JPN' ? LINK_LOG : 'home', at, { act: 'release', item, serial: 1, statement })],
      effects: [{ effect: 'item', item, serial: 1, statement, state: 'released' }],
      conditions: [],
    })
    return body
  }

  /** The counts that JPN's office sent. */
  async receiveRoster(count: number): Promise<void> {
    const seeds = await readSeeds(join(this.dir, '../jpn/office/keys.json'), ['statusEd25519', 'statusMldsa65'])
    const status = await hybridFrom(seeds.statusEd25519, seeds.statusMldsa65)
    const cells = [{ clearance: 'TEKIKAKU-TOKUTEI', area: 'maritime', role: 'reader', count }]
    const signed = await signRoster(crypto, REALM, { nation: 'JPN', agreement: 'jpn-aus', at: this.nation.now(), number: 1, cells }, status)
    const fact = { name: 'roster:jpn-aus:JPN', value: JSON.stringify(signed) }
    await this.nation.enter({ at: this.nation.now(), kind: 'received', body: { facts: [fact] }, entries: [], effects: [], conditions: [] })
  }

  signedAct(act: Omit<ClearanceAct, 'at' | 'by'>): ReturnType<typeof signAct> {
    return signAct(crypto, REALM, { at: this.nation.now(), by: 'EXERCISE-clearance', ...act } as ClearanceAct, clearanceOfficer)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const close of this.closers) await close()
  }
}

async function setUp(dirs: { readonly AUS: string; readonly JPN: string }): Promise<void> {
  const host = (nation: string) => ({ people: { host: `${nation}.localhost`, port: 0 }, partner: { host: '127.0.0.1', port: 0 } })
  const authorityKeys: Record<string, HybridSigner['publicKey']> = {}
  for (const nation of ['AUS', 'JPN'] as const) {
    const low = nation.toLowerCase()
    const { authorityKey } = await initNation(dirs[nation], {
      realm: REALM,
      nation,
      domain: `${low}.entente.example`,
      ...host(low),
      nations: NATIONS,
      demoProvider: true,
      persons: [],
    })
    authorityKeys[nation] = authorityKey
  }
  const parcel = async (nation: 'AUS' | 'JPN', partner: 'AUS' | 'JPN') =>
    makeKeyStatement(dirs[nation], {
      links: [{ agreement: 'jpn-aus', partner }],
      officers:
        nation === 'AUS'
          ? [
              {
                officer: 'EXERCISE-disclosure',
                key: officer.publicKey,
                ceiling: 'SECRET',
                areas: ['maritime'],
                until: wallClock() + 90 * DAY,
              },
            ]
          : [],
      clearanceOfficers: nation === 'AUS' ? { 'EXERCISE-clearance': clearanceOfficer.publicKey } : {},
      number: 1,
    })
  const parcels = { AUS: await parcel('AUS', 'JPN'), JPN: await parcel('JPN', 'AUS') }
  const template = readAgreementTemplate(await readFile(join(ROOT, 'agreements/jpn-aus/agreement.json')))
  const body = completeSpecimen(template, { authorityKeys, inForceFrom: wallClock() - DAY })
  const agreement = mergeSignatures(await signAsAuthority(dirs.AUS, body), await signAsAuthority(dirs.JPN, body))
  for (const [own, other] of [
    ['AUS', 'JPN'],
    ['JPN', 'AUS'],
  ] as const) {
    const anchor = await readFile(join(pathsOf(dirs[other]).node, 'tls-anchor.pem'), 'utf8')
    await pairNation(dirs[own], { parcel: parcels[other], anchor, agreement })
  }
}

async function ledgerOf(
  dirs: { readonly AUS: string; readonly JPN: string },
  trust: Trust,
  partner: Trust,
  projection: Projection,
  isLinked: () => boolean,
): Promise<LedgerService> {
  const paths = pathsOf(dirs.AUS)
  const { logs } = await readSeeds(join(paths.ledger, 'keys.json'), ['logs'])
  const second = secondWitnessName(trust.own.names.kas, REALM)
  const watch = { now: wallClock, notice: () => {} }
  const { witness: secondSeed } = await readSeeds(join(paths.witness, 'keys.json'), ['witness'])
  const home = await openWitness(crypto, join(paths.witness, 'state'), {
    ...watch,
    signers: await witnessSigners(crypto, secondSeed, second),
    keysOf: homeKeys(crypto, trust),
  })
  const { witness: seed } = await readSeeds(join(pathsOf(dirs.JPN).ledger, 'keys.json'), ['witness'])
  const across = await openWitness(crypto, join(pathsOf(dirs.JPN).ledger, 'witness'), {
    ...watch,
    signers: await witnessSigners(crypto, seed, witnessName(partner.own.names.kas, REALM)),
    keysOf: witnessedKeys(crypto, partner),
  })
  return openLedger(
    async () => ({
      crypto,
      folder: paths.ledger,
      plans: await logPlans(crypto, trust, logs),
      async cosign(name, text) {
        if (name === second) return home.add(text)
        if (!isLinked()) throw new Error('the link is cut')
        return across.add(text)
      },
      now: wallClock,
      durable: (records) => projection.take(records),
      notice: () => {},
    }),
    across,
  )
}

async function officeOf(dir: string): Promise<{ readonly api: OfficeApi; close(): Promise<void> }> {
  const { office: folder } = pathsOf(dir)
  const config = await readConfig(dir)
  const seeds: Seeds<'issuer' | 'statusEd25519' | 'statusMldsa65' | 'pseudonym'> = await readSeeds(join(folder, 'keys.json'), [
    'issuer',
    'statusEd25519',
    'statusMldsa65',
    'pseudonym',
  ])
  const journal = await openJournal(await openJournalFile(join(folder, 'journal')), () => {})
  const office = new Office(
    {
      crypto,
      realm: REALM,
      nation: config.nation,
      name: config.names.office,
      kid: 'issuer-1',
      issuer: await crypto.signer('Ed25519', fromBase64Url(seeds.issuer)),
      status: await hybridFrom(seeds.statusEd25519, seeds.statusMldsa65),
      pseudonymSecret: fromBase64Url(seeds.pseudonym),
      officers: { 'EXERCISE-clearance': clearanceOfficer.publicKey },
      now: wallClock,
    },
    journal,
    [],
  )
  const api = {
    nextAct: () => ({ number: office.nextAct() }),
    act: ({ signed }: { signed: unknown }) => office.act(signed),
    enrolmentCode: ({ signed }: { signed: unknown }) => office.enrolmentCode(signed),
    person: ({ person }: { person: string }) => office.person(person),
    roster: (input: Parameters<Office['roster']>[0]) => office.roster(input),
  } as unknown as OfficeApi
  return { api, close: () => journal.close() }
}

/** The operations of a process, called without one. */
function inProcess<Remote>(api: Remote): Peer<Remote> {
  return {
    gone: new Promise(() => {}),
    call: async (op, body) => (api[op] as (input: unknown) => never)(body),
  }
}
