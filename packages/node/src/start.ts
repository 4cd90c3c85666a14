import type { AddressInfo } from 'node:net'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fromBase64Url, readJson } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import { message } from '@entente/words'
import { type NationConfig, pathsOf, readConfig, writeDurably } from './config.ts'
import { NodeError } from './errors.ts'
import { HealthWatch } from './health.ts'
import { checkFormat } from './format.ts'
import { createHttp, listenOnFreePort, mount, readPages, servePages } from './http/index.ts'
import { statuses } from './http/statuses.ts'
import { IDENTITY_PREFIX, type Person, createAuthenticator, createProvider, findIn } from './identity/index.ts'
import { readRecords } from './ledger/engine.ts'
import { LivingTrust } from './living-trust.ts'
import type { Nation } from './nation.ts'
import { partnerCalls } from './partner/client.ts'
import { watchContacts } from './partner/contacts.ts'
import { partnerServer } from './partner/server.ts'
import { loadTls } from './partner/tls.ts'
import { collectMetrics } from './metrics/collect.ts'
import { Counts } from './metrics/instruments.ts'
import { otlpBody } from './metrics/otlp.ts'
import { pushMetrics } from './metrics/push.ts'
import { loadPolicies, policyOf } from './policies.ts'
import type { KeysApi, LedgerApi, OfficeApi, WitnessApi } from './processes/apis.ts'
import { wallClock } from './processes/clock.ts'
import { faultOf, noticesOf } from './processes/notice.ts'
import { startChild } from './processes/supervise.ts'
import { registerRoutes } from './routes/index.ts'
import { readSeeds } from './seeds.ts'
import { hybridFrom } from './setup.ts'
import { openBlobs } from './store/blobs.ts'
import { openDatabase } from './store/database.ts'
import { openDrafts } from './store/drafts.ts'
import { openItemKeys } from './store/item-keys.ts'
import { Projection } from './store/projection.ts'
import { rowKeyOf } from './store/row-mac.ts'
import { type Trust, loadTrust, secondWitnessName } from './trust.ts'
import { trustFiles } from './use-cases/agreement-steps.ts'
import { AgreementWatch } from './use-cases/hold-agreement.ts'
import { partnerRoutes } from './use-cases/partner-routes.ts'
import { removeReleasedDrafts } from './use-cases/remove-draft.ts'
import { Sender } from './use-cases/send-envelopes.ts'
import { destroyStoppedKeys } from './use-cases/stop-item.ts'
import { PartnerWatch } from './use-cases/watch-partners.ts'

/** A nation's node that answers. */
export interface RunningNation {
  readonly nation: string
  /** Where its people reach it. */
  readonly peopleUrl: string
  readonly partnerPort: number
  stop(): Promise<void>
}

const BODY_LIMIT_BYTES = 9_437_184
const notice = noticesOf('node')
/** Between two questions to the witnesses: short at first, for a partner that starts at the same moment. */
const RECONCILE_MILLISECONDS = { first: 100, longest: 1_000 } as const
/** An upload that nobody went on with for this long is given up, at the next start. */
const ABANDONED_SECONDS = 604_800

/** What whoever starts a node gives it beside its directory. */
export interface StartOptions {
  /** Folder of the built pages; without it the node has its API only. */
  readonly pages?: string
  /** Of an exercise: address at which its people's devices are handed to browsers. */
  readonly devices?: string
}

/**
 * Starts a nation: its ledger, keys, office and witness processes, its projection (brought up to the journal), the listener
 * for its people and, once it is paired, the one for partners. Throws `node/config`, `node/trust` and `node/newer-format`.
 */
export async function startNation(dir: string, options: StartOptions = {}): Promise<RunningNation> {
  const paths = pathsOf(dir)
  await checkFormat(dir)
  const config = await readConfig(dir)
  const policies = await loadPolicies(config.nations)
  refuseOutsideExercise(
    config,
    [...policies.values()].every((policy) => policy.realm === 'exercise'),
  )
  const anchors = join(paths.node, 'anchors.json')
  const living = await LivingTrust.open(nodeCrypto, { folder: paths.trust, anchors }, policies)
  const trust = (): Trust => living.standing.trust
  const tls = await loadTls(dir, trust())
  const seeds = await readSeeds(join(paths.node, 'keys.json'), ['envelopeEd25519', 'envelopeMldsa65', 'nonce'])
  const envelopes = await hybridFrom(seeds.envelopeEd25519, seeds.envelopeMldsa65)
  const people = readJson(await readFile(join(paths.node, 'people.json'))) as unknown as readonly Person[]

  const counts = { acts: new Counts<string>(), answers: new Counts<string>(), reachable: new Map<string, boolean>() }
  const calls = partnerCalls({
    crypto: nodeCrypto,
    dir,
    trust,
    tls: () => tls,
    signer: envelopes,
    now: wallClock,
    onCall: (partner, answered) => void counts.reachable.set(partner, answered),
  })
  const { partners, contacts } = watchContacts(calls, wallClock)
  // The other processes start while this one opens its own stores; what the ledger says before then waits for them.
  const projecting = Promise.withResolvers<Projection>()
  const witnessing = startChild<WitnessApi>('witness', dir, {})
  const starting = Promise.all([
    startChild<LedgerApi>('ledger', dir, {
      durable: async ({ records }: { records: readonly Uint8Array[] }) => (await projecting.promise).take(records),
      async cosign({ witness: name, body }: { witness: string; body: string }) {
        if (name === secondWitnessName(config.names.kas, config.realm)) return (await witnessing).peer.call('witness', { body })
        const partner = [...trust().partners.values()].find((statement) => statement.keys.witness.some((one) => one.name === name))
        if (partner === undefined) throw new NodeError('node/trust', 'no such witness')
        const answer = await partners.post(partner.nation, '/witness', 'text/plain', new TextEncoder().encode(body))
        return { status: answer.status, body: new TextDecoder().decode(answer.body) }
      },
    }),
    startChild<KeysApi>('keys', dir, {}, config.nations),
    startChild<OfficeApi>('office', dir, {}),
    witnessing,
  ])
  // Told where it is awaited; until then a failure must not end the process without a word.
  starting.catch(() => {})

  const database = openDatabase(join(paths.node, 'projection.sqlite'))
  const { db } = database
  const rowKey = rowKeyOf(nodeCrypto, fromBase64Url(seeds.nonce))
  const projection = await Projection.open(nodeCrypto, db, { nation: config.nation, rowKey, notice })
  projecting.resolve(projection)

  let peopleUrl = `http://${config.people.host}:${config.people.port}`
  const person = findIn(people)
  const storage = {
    load: (name: string) => readFile(join(paths.node, `identity-${name}.json`), 'utf8').catch(() => undefined),
    save: (name: string, text: string) => writeDurably(join(paths.node, `identity-${name}.json`), text),
  }
  const provider = await createProvider({
    baseUrl: () => peopleUrl,
    audience: config.names.node,
    people,
    nation: policyOf(policies, config.nation)?.nationNames,
    demo: true,
    ...(options.devices === undefined ? {} : { devices: options.devices }),
    storage,
    now: wallClock,
    onFault: (error) => notice('identity/fault', { fault: faultOf(error) }),
  })
  const authenticate = createAuthenticator({
    keys: provider.keys,
    isIssuer: provider.isIssuer,
    audience: config.names.node,
    baseUrl: () => peopleUrl,
    person,
    now: wallClock,
  })
  const [ledger, keys, office, witness] = await starting
  await readRecords(paths.ledger, projection.next, (record) => projection.apply(record))

  const nation: Nation = {
    crypto: nodeCrypto,
    config,
    dir,
    trust,
    decider: () => living.standing.decider,
    standing: () => living.standing,
    renewTrust: () => living.renew(),
    trustRefused: () => living.refused,
    policies,
    now: wallClock,
    async enter(input) {
      await projection.ready()
      const appended = await ledger.peer.call('append', input)
      if (!appended.repeated) counts.acts.add(input.kind)
      await projection.applied(appended.n)
      return appended
    },
    ledger: ledger.peer,
    keys: keys.peer,
    office: office.peer,
    db,
    listing: projection.listing,
    blobs: await openBlobs(nodeCrypto, join(paths.node, 'containers')),
    drafts: await openDrafts(join(paths.node, 'drafts')),
    draftFiles: await openBlobs(nodeCrypto, join(paths.node, 'draft-files')),
    itemKeys: await openItemKeys(join(paths.node, 'item-keys')),
    partners,
    contacts,
    envelopes,
    nonceKey: fromBase64Url(seeds.nonce),
    people,
    person,
    wake() {
      sender.wake()
      agreements.wake()
    },
    notice,
  }
  living.attach({
    ledger: ledger.peer,
    keys: keys.peer,
    upTo: (next) => projection.applied(next - 1),
    files: () => trustFiles(nation),
    notice,
  })
  const agreements = new AgreementWatch(nation)
  // What an earlier run entered and did not come to write stands from here on; a version that never was there is no reason not to start.
  await nation.renewTrust()
  await removeReleasedDrafts(nation)
  const abandoned = wallClock() - ABANDONED_SECONDS
  await Promise.all([nation.blobs.sweep(abandoned), nation.draftFiles.sweep(abandoned)])
  await destroyStoppedKeys(nation)
  const sender = new Sender(nation)

  const processes = { ledger, keys, office, witness }
  const health = new HealthWatch({
    processes,
    ledger: ledger.peer,
    probe: join(paths.node, 'health-probe'),
    trust: () => loadTrust(nodeCrypto, paths.trust, anchors),
    kept: () => living.refused.size > 0,
    notice,
  })
  const app = createHttp({
    info: { title: `Entente ${config.nation}`, version: '1' },
    authenticate,
    bodyLimitBytes: BODY_LIMIT_BYTES,
    statuses,
    wording: (code, values) => ({ en: message('en', code, values), ja: message('ja', code, values) }),
    onEvent: ({ event, method, route, error }) => notice(event, { method, route, fault: faultOf(error) }),
    onAnswer: (status) => counts.answers.add(`${Math.floor(status / 100)}xx`),
    health: async () => {
      const { codes, closed } = await health.look()
      return { ready: codes.length === 0, members: { nation: config.nation, realm: config.realm, closed: [...closed], codes: [...codes] } }
    },
  })
  mount(app, IDENTITY_PREFIX, (path) => provider.find(path))
  registerRoutes(app, nation)
  if (options.pages !== undefined) servePages(app, options.pages, await readPages(options.pages))
  await app.ready()
  const port = await listenOnFreePort(app.server, { preferred: config.people.port, host: '127.0.0.1' })
  peopleUrl = `http://${config.people.host}:${port}`

  const server =
    trust().partners.size === 0
      ? undefined
      : partnerServer({ crypto: nodeCrypto, trust, tls: () => tls, routes: partnerRoutes(nation), now: wallClock, notice })
  const partnerPort =
    server === undefined ? 0 : await listenOnFreePort(server, { preferred: config.partner.port, host: config.partner.host })
  await writeDurably(
    paths.running,
    JSON.stringify({ pid: process.pid, peopleUrl, partnerPort: (server?.address() as AddressInfo | null)?.port ?? 0 }),
  )
  sender.start()
  agreements.wake()
  const watch = new PartnerWatch(nation)
  watch.start()
  notice('process/started', { nation: config.nation, version: process.version })

  const startedAt = wallClock()
  const resource = { 'service.name': 'entente-node', 'service.instance.id': `${config.nation}/${config.realm}` }
  const metrics =
    config.metrics === undefined
      ? undefined
      : pushMetrics({
          url: config.metrics.otlp,
          everySeconds: config.metrics.everySeconds,
          collect: async () => otlpBody(await collectMetrics(nation, counts, processes), { resource, startedAt, now: wallClock() }),
          notice,
        })
  const stopping = new AbortController()
  void (async () => {
    // A log is open for releases once its witness has said that it saw no more of it than we have.
    for (
      let wait: number = RECONCILE_MILLISECONDS.first;
      !stopping.signal.aborted;
      wait = Math.min(wait * 1.5, RECONCILE_MILLISECONDS.longest)
    ) {
      await ledger.peer.call('reconcile', {}).catch(() => {})
      const closures = await ledger.peer.call('status', {}).then(
        (status) => Object.values(status.closures),
        () => ['unasked'] as const,
      )
      // What a person must end is not ended by asking again.
      if (closures.every((closure) => closure === 'quarantine')) return
      await new Promise((resolve) => setTimeout(resolve, wait))
    }
  })()
  for (const [role, child] of Object.entries(processes)) {
    void child.peer.gone.then(() => {
      if (stopping.signal.aborted) return
      notice('process/gone', { role })
      // A node without one of its processes can do nothing right; whoever started it starts it again, whole.
      process.exitCode = 70
      process.kill(process.pid, 'SIGTERM')
    })
  }

  return {
    nation: config.nation,
    peopleUrl,
    partnerPort,
    async stop() {
      stopping.abort()
      watch.stop()
      await agreements.stop()
      await metrics?.stop()
      await sender.stop()
      server?.closeAllConnections()
      server?.close()
      await app.close()
      partners.close()
      await ledger.stop()
      await Promise.all([keys.stop(), office.stop(), witness.stop()])
      await db.destroy().catch(() => {})
      database.close()
      notice('process/stopped', {})
    },
  }
}

/** The demonstration's provider is the only way to sign in that is built, and it serves exercises only: anything else does not start. */
function refuseOutsideExercise(config: NationConfig, allExercise: boolean): void {
  if (!config.demoProvider || !allExercise || config.realm !== 'exercise') {
    throw new NodeError('node/config', 'people can sign in through the demonstration provider only, and that in exercises only', {
      values: { what: 'demoProvider' },
    })
  }
}
