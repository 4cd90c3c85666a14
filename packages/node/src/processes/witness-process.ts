import { join } from 'node:path'
import { nodeCrypto } from '@entente/crypto-node'
import { pathsOf } from '../config.ts'
import { homeKeys } from '../ledger/plans.ts'
import { witnessSigners } from '../ledger/keys.ts'
import { openWitness } from '../ledger/witnessing.ts'
import { readSeeds } from '../seeds.ts'
import { loadTrust, secondWitnessName } from '../trust.ts'
import { offer, tellFaults } from './child.ts'
import { wallClock } from './clock.ts'
import { noticesOf } from './notice.ts'

const notice = noticesOf('witness')
tellFaults(notice)
const [dir = ''] = process.argv.slice(2)
const paths = pathsOf(dir)
const trust = await loadTrust(nodeCrypto, paths.trust, join(paths.witness, 'anchors.json'))
const seeds = await readSeeds(join(paths.witness, 'keys.json'), ['witness'])
const witness = await openWitness(nodeCrypto, join(paths.witness, 'state'), {
  signers: await witnessSigners(nodeCrypto, seeds.witness, secondWitnessName(trust.own.names.kas, trust.anchors.realm)),
  keysOf: homeKeys(nodeCrypto, trust),
  now: wallClock,
  notice,
})

offer({ witness: ({ body }: { body: string }) => witness.add(body) }, () => Promise.resolve())
