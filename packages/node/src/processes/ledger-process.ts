import { join } from 'node:path'
import { nodeCrypto } from '@entente/crypto-node'
import { pathsOf } from '../config.ts'
import { Engine, type EngineOptions } from '../ledger/engine.ts'
import { claimFence } from '../ledger/fence.ts'
import { logPlans, witnessedKeys } from '../ledger/plans.ts'
import { witnessSigners } from '../ledger/keys.ts'
import { openWitness } from '../ledger/witnessing.ts'
import { readSeeds } from '../seeds.ts'
import { loadTrust, witnessName } from '../trust.ts'
import type { LedgerApi, LedgerHostApi } from './apis.ts'
import { offer } from './child.ts'
import { wallClock } from './clock.ts'
import type { Peer } from './ipc.ts'
import { notice } from './notice.ts'

const [dir = ''] = process.argv.slice(2)
const paths = pathsOf(dir)
const anchors = join(paths.ledger, 'anchors.json')
const fence = await claimFence(paths.ledger)
const seeds = await readSeeds(join(paths.ledger, 'keys.json'), ['logs', 'witness'])
const trust = await loadTrust(nodeCrypto, paths.trust, anchors)
const keysOf = witnessedKeys(nodeCrypto, trust)
const host = Promise.withResolvers<Peer<LedgerHostApi>>()

const witness = await openWitness(nodeCrypto, join(paths.ledger, 'witness'), {
  signers: await witnessSigners(nodeCrypto, seeds.witness, witnessName(trust.own.names.kas, trust.anchors.realm)),
  keysOf,
  now: wallClock,
  notice,
})

const options = async (): Promise<EngineOptions> => ({
  crypto: nodeCrypto,
  folder: paths.ledger,
  plans: await logPlans(nodeCrypto, trust, seeds.logs),
  async cosign(name, body) {
    await fence.check()
    return (await host.promise).call('cosign', { witness: name, body })
  },
  now: wallClock,
  durable: (records) => void host.promise.then((peer) => peer.call('durable', { records })).catch(() => {}),
  notice,
})

let engine = await Engine.open(await options())
let reopening: Promise<void> | undefined

/** After a full disk or another write error: folds what the disk holds, and goes on from there. */
async function sound(): Promise<Engine> {
  if (engine.broken === undefined) return engine
  reopening ??= (async () => {
    await engine.close().catch(() => {})
    engine = await Engine.open(await options())
    await engine.reconcile()
  })().finally(() => {
    reopening = undefined
  })
  await reopening
  return engine
}

const api: LedgerApi = {
  append: async (input) => (await sound()).append(input),
  proof: async (input) => (await sound()).proof(input),
  link: ({ link }) => engine.sequencer.link(link),
  item: ({ item }) => engine.sequencer.item(item),
  witness: ({ body }) => witness.add(body),
  status: () => ({ logs: engine.status(), next: engine.next, closed: engine.closed() }),
  reconcile: async () => ({ closed: await (await sound()).reconcile() }),
}

host.resolve(
  offer<LedgerHostApi>(api, async () => {
    await engine.close()
    await fence.release()
  }),
)
