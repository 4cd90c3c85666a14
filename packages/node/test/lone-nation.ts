/** One real nation that never paired, in real processes: enough for everything that does not need a partner. */
import { execFileSync } from 'node:child_process'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nodeCrypto } from '@entente/crypto-node'
import type { Json } from '@entente/canonical'
import { pathsOf } from '#src/config.ts'
import { witnessSigners } from '#src/ledger/keys.ts'
import { homeKeys, logPlans } from '#src/ledger/plans.ts'
import { openLedger } from '#src/ledger/service.ts'
import { openWitness } from '#src/ledger/witnessing.ts'
import { wallClock } from '#src/processes/clock.ts'
import type { Role } from '#src/processes/supervise.ts'
import { readSeeds } from '#src/seeds.ts'
import { initNation, makeKeyStatement } from '#src/setup.ts'
import { HOME_LOG, loadTrust, secondWitnessName } from '#src/trust.ts'
import { entryFor } from '#src/use-cases/entries.ts'

/** Makes the directory of a nation with its statement, below `parent` or in a temporary directory. */
export async function makeLoneNation(parent?: string): Promise<{ readonly dir: string } & AsyncDisposable> {
  const dir = parent === undefined ? await mkdtemp(join(tmpdir(), 'entente-lone-')) : join(parent, 'nation')
  const place = { host: '127.0.0.1', port: 0 }
  await initNation(dir, {
    realm: 'exercise',
    nation: 'AAA',
    domain: 'aaa.entente.example',
    people: place,
    partner: place,
    nations: fileURLToPath(new URL('../../../nations', import.meta.url)),
    demoProvider: true,
    persons: [],
  })
  await makeKeyStatement(dir, { links: [], officers: [], clearanceOfficers: {}, number: 1 })
  return { dir, [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true, maxRetries: 5 }) }
}

/** Enters `count` acts into the home log, cosigned by the second witness, while the node does not run. */
export async function enterActs(dir: string, count: number): Promise<void> {
  const paths = pathsOf(dir)
  const trust = await loadTrust(nodeCrypto, paths.trust, join(paths.ledger, 'anchors.json'))
  const name = secondWitnessName(trust.own.names.kas, trust.anchors.realm)
  const notice = (): void => {}
  const { witness: seed } = await readSeeds(join(paths.witness, 'keys.json'), ['witness'])
  const second = await openWitness(nodeCrypto, join(paths.witness, 'state'), {
    signers: await witnessSigners(nodeCrypto, seed, name),
    keysOf: homeKeys(nodeCrypto, trust),
    now: wallClock,
    notice,
  })
  const { logs } = await readSeeds(join(paths.ledger, 'keys.json'), ['logs'])
  const plans = await logPlans(nodeCrypto, trust, logs)
  const ledger = await openLedger(
    async () => ({
      crypto: nodeCrypto,
      folder: paths.ledger,
      plans,
      cosign: (_, body) => second.add(body),
      now: wallClock,
      durable: () => {},
      notice,
    }),
    second,
  )
  await ledger.api.reconcile({})
  for (let act = 0; act < count; act++) {
    const at = wallClock()
    const entry = entryFor({ crypto: nodeCrypto, config: { realm: 'exercise' } as never }, HOME_LOG, at, { act: 'list', count: act })
    const cosigned = { by: name, withinMilliseconds: 10_000 }
    await ledger.api.append({ at, kind: 'list', body: {}, entries: [entry], effects: [], conditions: [], cosigned })
  }
  await ledger.close()
}

/** Keeps a folder as it stands, to be put back later. */
export async function keepFolder(folder: string): Promise<() => Promise<void>> {
  const kept = await mkdtemp(join(tmpdir(), 'entente-kept-'))
  await cp(folder, kept, { recursive: true })
  return async () => {
    await rm(folder, { recursive: true })
    await cp(kept, folder, { recursive: true })
    await rm(kept, { recursive: true })
  }
}

/** A GET of a node, by the address that it gives itself, without a name service. */
export function getJson(peopleUrl: string, path: string): Promise<{ readonly status: number; readonly body: { [member: string]: Json } }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: { [member: string]: Json } }>()
  request({ host: '127.0.0.1', port: new URL(peopleUrl).port, path }, (answer) => {
    let text = ''
    answer.on('data', (piece: Buffer) => (text += piece.toString()))
    answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: JSON.parse(text) as { [member: string]: Json } }))
  })
    .once('error', reject)
    .end()
  return promise
}

/** The process number of one of this process's nation's children. */
export async function childOf(role: Role): Promise<number> {
  const pids = execFileSync('ps', ['-o', 'pid=', '--ppid', String(process.pid)], { encoding: 'utf8' })
    .trim()
    .split(/\s+/u)
  for (const pid of pids) {
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    if (words.includes(`${role}-process.ts`)) return Number(pid)
  }
  throw new Error(`no ${role} process`)
}
