import { join } from 'node:path'
import { nodeCrypto as crypto } from '@entente/crypto-node'
import {
  Projection,
  homeKeys,
  loadTrust,
  logPlans,
  openDatabase,
  openLedger,
  openWitness,
  pathsOf,
  readConfig,
  readRecords,
  readSeeds,
  secondWitnessName,
  witnessSigners,
} from '@entente/node'

type Service = Awaited<ReturnType<typeof openLedger>>

/** Size of a log in a checkpoint or in what is sent to a witness: the second line of the note, behind the request's head. */
function sizeIn(body: string): number {
  return Number(/\n\n?log\.[^\n]+\n(?<size>\d+)\n/u.exec(`\n${body}`)?.groups?.['size'])
}

/**
 * The ledger of a nation that has no partner, with its own second witness and its projection beside it, on the real disk. `witnessed` is
 * told the size that the witness has answered for.
 */
export async function openNationLedger(
  dir: string,
  witnessed: (size: number) => void = () => {},
): Promise<{
  readonly service: Service
  readonly projection: Projection
  readonly realm: 'exercise' | 'operational'
  readonly now: () => number
  readonly close: () => Promise<void>
}> {
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
  const database = openDatabase(join(paths.node, 'projection.sqlite'))
  const owner = { nation: trust.own.nation, rowKey: new Uint8Array(32), notice }
  const projection = await Projection.open(crypto, database.db, owner)
  await readRecords(paths.ledger, projection.next, (record) => projection.apply(record))
  const plans = await logPlans(crypto, trust, seeds.logs)
  const options = async () => ({
    crypto,
    folder: paths.ledger,
    plans,
    async cosign(_: string, body: string) {
      const answer = await witness.add(body)
      const size = sizeIn(body)
      // Of the empty tree there is nothing to lose.
      if (answer.status === 200 && size > 0) witnessed(size)
      return answer
    },
    now,
    durable: (records: readonly Uint8Array[]) => projection.take(records),
    notice,
  })
  const service = await openLedger(options, witness)
  return {
    service,
    projection,
    realm,
    now,
    async close() {
      await service.close()
      database.close()
    },
  }
}
