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
import { decodeRecord, initNation, makeKeyStatement, openJournal } from '@entente/node'
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
    tell(files.acknowledged.length >= ACTS, `${files.acknowledged.length} acts were acknowledged`)
    await cut(files, before, join(dir, 'after'))
    tell(
      (await lostAfter(twin, before, join(dir, 'after'))).lost.length === files.acknowledged.length,
      'broken twin: without its syncs everything is lost',
    )
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

async function cut(files: SyncedFiles, before: string, after: string): Promise<void> {
  const { lost, closed } = await lostAfter(files, before, after)
  tell(
    lost.length === 0 && closed === '',
    `power cut after ${files.acknowledged.length} acknowledged acts: ${lost.length} lost${closed === '' ? '' : `, closed: ${closed}`}`,
  )
}

/** Rebuilds what a power cut leaves now, opens a ledger there, and gives the acknowledged acts that it does not have. */
async function lostAfter(
  files: SyncedFiles,
  before: string,
  after: string,
): Promise<{ readonly lost: readonly string[]; readonly closed: string }> {
  await rm(after, { recursive: true, force: true })
  await cp(before, after, { recursive: true })
  await files.rebuild(after)
  const { service } = await openNationLedger(after)
  const closed = (await service.api.reconcile({})).closed.join(' ')
  const found = new Set<unknown>()
  await openJournal(readOnly(await readFile(join(after, 'ledger', 'journal'))), (payload) => {
    for (const { opening } of decodeRecord(payload).entries)
      for (const { name, value } of opening.fields) if (name === 'purpose') found.add(value)
  })
  await service.close()
  return { lost: files.acknowledged.filter((act) => !found.has(act)), closed }
}

function known(path: string): Buffer | undefined {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true ? readFileSync(path) : undefined
}

function tell(holds: boolean, what: string): void {
  if (holds) passed++
  else failed++
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${what}`)
}
