/**
 * Cuts the power of a ledger on paper: runs it under strace while it acknowledges acts, rebuilds its folder from synced
 * writes only at several moments, opens it there and looks for every act that had been acknowledged by then. Needs
 * `strace`. Last line: `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process'
import { createReadStream, readFileSync, statSync } from 'node:fs'
import { cp, mkdtemp, readFile, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { nodeCrypto as crypto } from '@entente/crypto-node'
import { WitnessRecords, decodeRecord, initNation, makeKeyStatement, openDatabase, openJournal, pathsOf } from '@entente/node'
import { readOnly } from '@entente/testkit'
import { openNationLedger } from './open-ledger.ts'
import { SyncedFiles } from './synced-files.ts'

const ACTS = 300
/** A cut after every so many acknowledgements. */
const EVERY = 13
const CALLS = 'openat,write,writev,pwrite64,pwritev,pwritev2,fsync,fdatasync,ftruncate,rename,renameat,renameat2,unlink,unlinkat'

let passed = 0
let failed = 0

if (spawnSync('strace', ['-V']).status === 0) await run()
else {
  console.log('FAIL strace is not installed (apt-get install strace): nothing was tried')
  failed++
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

async function run(): Promise<void> {
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'entente-power-')))
  try {
    const nation = join(dir, 'nation')
    const before = join(dir, 'before')
    const place = { host: '127.0.0.1', port: 0 }
    await initNation(nation, {
      realm: 'exercise',
      nation: 'XKA',
      domain: 'xka.entente.example',
      people: place,
      partner: place,
      nations: dir,
      demoProvider: true,
      persons: [],
    })
    await makeKeyStatement(nation, { links: [], officers: [], clearanceOfficers: {}, number: 1 })
    await cp(nation, before, { recursive: true })
    const trace = join(dir, 'trace')
    const ledger = join(import.meta.dirname, 'ledger.ts')
    const traced = spawnSync(
      'strace',
      [
        '-f',
        '-y',
        '-xx',
        '-s',
        '8388608',
        '-o',
        trace,
        '-e',
        `trace=${CALLS}`,
        process.execPath,
        '--conditions=entente-source',
        '--disable-warning=ExperimentalWarning',
        ledger,
        nation,
        String(ACTS),
      ],
      { encoding: 'utf8', env: { ...process.env, UV_USE_IO_URING: '0' } },
    )
    tell(traced.status === 0, `the ledger ran under strace (${traced.status}) ${traced.stderr.slice(0, 400)}`)
    const files = new SyncedFiles(nation, (path) => known(before + path.slice(nation.length)))
    // The broken twin believes in no sync: it must lose what was acknowledged, or this run proves nothing.
    const twin = new SyncedFiles(nation, (path) => known(before + path.slice(nation.length)))
    let next = EVERY
    for await (const line of createInterface({ input: createReadStream(trace), crlfDelay: Infinity })) {
      if (!/f(?:data)?sync/u.test(line)) twin.take(line)
      if (!files.take(line) || files.acknowledged.length < next) continue
      next = files.acknowledged.length + EVERY
      await cut(files, before, join(dir, 'after'))
    }
    tell(files.acknowledged.filter((what) => what.startsWith('act-')).length >= ACTS, `${ACTS} acts were acknowledged`)
    await cut(files, before, join(dir, 'after'))
    tell(
      (await lostAfter(twin, before, join(dir, 'after'))).lost.length === files.acknowledged.length,
      'broken twin: without its syncs everything is lost',
    )
  } finally {
    await rm(dir, { recursive: true, force: true, maxRetries: 10 })
  }
}

async function cut(files: SyncedFiles, before: string, after: string): Promise<void> {
  const { lost, closed, projected, behind } = await lostAfter(files, before, after)
  tell(
    lost.length === 0 && closed === '' && projected,
    `power cut after ${files.acknowledged.length} acknowledged acts and sizes: ${lost.length} lost${closed === '' ? '' : `, closed: ${closed}`}, ${behind} records made again in the projection, which is ${projected ? 'whole' : 'NOT WHOLE'}`,
  )
}

/**
 * Rebuilds what a power cut leaves now, opens a ledger there, and gives what had been promised and is not there: acts in the journal,
 * sizes that the witness has answered for; and whether the projection, made from the journal where it is behind, says what the journal says.
 */
async function lostAfter(
  files: SyncedFiles,
  before: string,
  after: string,
): Promise<{ readonly lost: readonly string[]; readonly closed: string; readonly projected: boolean; readonly behind: number }> {
  await rm(after, { recursive: true, force: true, maxRetries: 10 })
  await cp(before, after, { recursive: true })
  await files.rebuild(after)
  const paths = pathsOf(after)
  const database = openDatabase(join(paths.node, 'projection.sqlite'))
  const applied = await database.db.selectFrom('meta').select('value').where('name', '=', 'applied').executeTakeFirst()
  database.close()
  // Asked before the ledger does: its reconciliation brings a forgetful witness up to date.
  const { states } = await WitnessRecords.open(crypto, join(paths.witness, 'state'))
  const witnessed = [...states.values()][0]?.size ?? 0
  const { service, projection, close } = await openNationLedger(after)
  const closed = (await service.api.reconcile({})).closed.join(' ')
  const found = new Set<unknown>()
  let records = 0
  await openJournal(readOnly(await readFile(join(after, 'ledger', 'journal'))), (payload) => {
    records++
    for (const { opening } of decodeRecord(payload).entries)
      for (const { name, value } of opening.fields) if (name === 'purpose') found.add(value)
  })
  const projected = projection.next === records && isWhole(join(paths.node, 'projection.sqlite'), found)
  await close()
  const lost = files.acknowledged.filter((what) =>
    what.startsWith('size-') ? Number(what.slice('size-'.length)) > witnessed : !found.has(what),
  )
  return { lost, closed, projected, behind: records - Number(applied?.value ?? 0) }
}

/** Whether SQLite finds the file sound, and in it the entry of every act. */
function isWhole(path: string, acts: ReadonlySet<unknown>): boolean {
  using sqlite = new DatabaseSync(path)
  const sound = sqlite.prepare('PRAGMA integrity_check').get() as { readonly integrity_check: string }
  const rows = sqlite.prepare('SELECT opening FROM entries').all() as { readonly opening: string }[]
  const entered = new Set(
    rows.flatMap(({ opening }) =>
      (JSON.parse(opening) as { readonly fields: { name: string; value: unknown }[] }).fields.map(({ value }) => value),
    ),
  )
  return sound.integrity_check === 'ok' && [...acts].every((act) => entered.has(act))
}

function known(path: string): Buffer | undefined {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true ? readFileSync(path) : undefined
}

function tell(holds: boolean, what: string): void {
  if (holds) passed++
  else failed++
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${what}`)
}
