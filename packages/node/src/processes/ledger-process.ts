import { join } from 'node:path'
import { nodeCrypto } from '@entente/crypto-node'
import { readRestoredMark } from '../backup/restore.ts'
import { pathsOf } from '../config.ts'
import type { EngineOptions } from '../ledger/engine.ts'
import { claimFence } from '../ledger/fence.ts'
import { logPlans, witnessedKeys } from '../ledger/plans.ts'
import { witnessSigners } from '../ledger/keys.ts'
import { openLedger } from '../ledger/service.ts'
import { openWitness } from '../ledger/witnessing.ts'
import { readSeeds } from '../seeds.ts'
import { loadTrust, witnessName } from '../trust.ts'
import type { LedgerHostApi } from './apis.ts'
import { offer, tellFaults } from './child.ts'
import { wallClock } from './clock.ts'
import type { Peer } from './ipc.ts'
import { noticesOf } from './notice.ts'

/** A ledger whose node was killed has ended within this time, however busy the machine. */
const ENDING_MILLISECONDS = 5_000

const notice = noticesOf('ledger')
tellFaults(notice)
const [dir = ''] = process.argv.slice(2)
const paths = pathsOf(dir)
const anchors = join(paths.ledger, 'anchors.json')
const fence = await claimFence(paths.ledger, { patienceMilliseconds: ENDING_MILLISECONDS })
const seeds = await readSeeds(join(paths.ledger, 'keys.json'), ['logs', 'witness'])
let trust = await loadTrust(nodeCrypto, paths.trust, anchors)
let keysOf = witnessedKeys(nodeCrypto, trust)
const host = Promise.withResolvers<Peer<LedgerHostApi>>()

const witness = await openWitness(nodeCrypto, join(paths.ledger, 'witness'), {
  signers: await witnessSigners(nodeCrypto, seeds.witness, witnessName(trust.own.names.kas, trust.anchors.realm)),
  keysOf: (origin) => keysOf(origin),
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
  quarantined: (await readRestoredMark(dir)) !== undefined,
  durable: (records) => void host.promise.then((peer) => peer.call('durable', { records })).catch(() => {}),
  notice,
})

const ledger = await openLedger(options, witness, async () => {
  trust = await loadTrust(nodeCrypto, paths.trust, anchors)
  keysOf = witnessedKeys(nodeCrypto, trust)
})

host.resolve(
  offer<LedgerHostApi>(ledger.api, async () => {
    await ledger.close()
    await fence.release()
  }),
)
