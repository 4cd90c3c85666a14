import { join } from 'node:path'
import { nodeCrypto as crypto } from '@entente/crypto-node'
import {
  homeKeys,
  loadTrust,
  logPlans,
  openLedger,
  openWitness,
  pathsOf,
  readConfig,
  readSeeds,
  secondWitnessName,
  witnessSigners,
} from '@entente/node'

type Service = Awaited<ReturnType<typeof openLedger>>

/** The ledger of a nation that has no partner, with its own second witness beside it, on the real disk. */
export async function openNationLedger(
  dir: string,
): Promise<{ readonly service: Service; readonly realm: 'exercise' | 'operational'; readonly now: () => number }> {
  const paths = pathsOf(dir)
  const { realm, names } = await readConfig(dir)
  const trust = await loadTrust(crypto, paths.trust, join(paths.ledger, 'anchors.json'))
  const seeds = await readSeeds(join(paths.ledger, 'keys.json'), ['logs', 'witness'])
  const witnessSeeds = await readSeeds(join(paths.witness, 'keys.json'), ['witness'])
  const now = (): number => Math.floor(Date.now() / 1_000)
  const notice = (): void => {}
  const witness = await openWitness(crypto, join(paths.witness, 'state'), {
    signers: await witnessSigners(crypto, witnessSeeds.witness, secondWitnessName(names.kas, realm)),
    keysOf: homeKeys(crypto, trust),
    now,
    notice,
  })
  const plans = await logPlans(crypto, trust, seeds.logs)
  const options = async () => ({
    crypto,
    folder: paths.ledger,
    plans,
    cosign: (_: string, body: string) => witness.add(body),
    now,
    durable: () => {},
    notice,
  })
  return { service: await openLedger(options, witness), realm, now }
}
