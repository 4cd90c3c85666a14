/**
 * Kills a nation's node or ledger process in the middle of many acts, again and again, and checks that whatever a client
 * saw acknowledged is there after the restart, once, and that no client joined a key without an entry. `ENTENTE_KILL_ROUNDS`
 * rounds; unless it says, 20 with `ENTENTE_FULL=1` and 2 without. `ENTENTE_SEED` repeats a run's moments. Last line:
 * `N passed, N failed`.
 */
import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromBase64Url, fromUtf8, toHex } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import { type LogReport, parsePolicy, verifyLog } from '@entente/ledger'
import { type JournalRecord, decodeRecord, openJournal } from '@entente/node'
import { chanceOf, readOnly } from '@entente/testkit'
import { ask } from '#src/demo/call.ts'
import { type NationProcess, startNationProcess } from '#src/demo/nation-process.ts'
import { type RunningWorld, addressOf, awaitOpen, connect, startWorld } from '#src/demo/running.ts'
import { deviceDirectory } from '#src/demo/set-up.ts'
import { type WorldNation, nationOf, otherThan, readWorld } from '#src/demo/world.ts'
import { type Session, loginAs } from '#src/login/index.ts'
import {
  type CheckedLog,
  type JoinedKey,
  type Seat,
  allInReview,
  missingFor,
  openOnce,
  openUntil,
  releaseOne,
  seatOf,
  submitUntil,
} from './kill-acts.ts'

const ROUNDS = Number(process.env['ENTENTE_KILL_ROUNDS'] ?? (process.env['ENTENTE_FULL'] === '1' ? 20 : 2))
const ACTS = 200
const CALLERS = 24
/** Openings in each round before the kill. */
const OPENINGS = 3
const SETTLE_MILLISECONDS = 30_000
const seed = process.env['ENTENTE_SEED'] ?? String(Date.now())
const chance = chanceOf(seed)

/** What clients saw acknowledged, outside of everything that is killed. */
interface Acknowledged {
  readonly lists: Set<string>
  readonly rosters: Set<number>
  /** Drafts that were given to review. */
  readonly submitted: Set<string>
  /** Data keys that readers' clients joined. */
  readonly joined: JoinedKey[]
}

let passed = 0
const failures: string[] = []

function check(holds: boolean, what: string): void {
  if (holds) passed++
  else failures.push(what)
}

const clock = (): number => Math.floor(Date.now() / 1_000)
const dir = await mkdtemp(join(tmpdir(), 'entente-kill-'))
const data = await readWorld(undefined)
const home = nationOf(data, data.story.originator)
const acknowledged: Acknowledged = { lists: new Set(), rosters: new Set(), submitted: new Set(), joined: [] }
const total = (): number => acknowledged.lists.size + acknowledged.rosters.size + acknowledged.submitted.size + acknowledged.joined.length
tell(`${ROUNDS} rounds; ENTENTE_KILL_ROUNDS sets how many`)
const world = await startWorld(dir, data, { now: clock })
try {
  const items = await deliver(world)
  for (let round = 1; round <= ROUNDS; round++) await playRound(world, items, round)
} finally {
  await world.stop()
  await rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
}
for (const failure of failures) tell(`FAIL ${failure}`)
tell(`seed ${seed}, ${total()} acknowledged acts in ${ROUNDS} rounds, ${acknowledged.joined.length} of them openings`)
tell(`${passed} passed, ${failures.length} failed`)
process.exitCode = failures.length === 0 ? 0 : 1

/** Releases one report to both nations, and waits until the partner has it. */
async function deliver(running: RunningWorld): Promise<Readonly<Record<string, string>>> {
  const { cast } = data.story
  const items = await releaseOne(
    data,
    await seat(running, home.nation, cast.author),
    await seat(running, home.nation, cast.disclosureOfficer),
  )
  const reader = await seat(running, data.story.recipient, cast.firstReader)
  const until = performance.now() + SETTLE_MILLISECONDS
  while (acknowledged.joined.length === 0) {
    try {
      await openOnce(reader, items[data.story.recipient] ?? '', data.story.purpose, acknowledged.joined)
    } catch (error) {
      if (performance.now() > until) throw error
      await pause(100)
    }
  }
  return items
}

function seat(running: RunningWorld, nation: string, person: string): Promise<Seat> {
  return seatOf(dir, data, nation, person, addressOf(running.nations, nation))
}

async function playRound(running: RunningWorld, items: Readonly<Record<string, string>>, round: number): Promise<void> {
  const victim = running.nations.get(home.nation)
  if (victim === undefined) throw new TypeError(`${home.nation} does not run`)
  const role = chance.below(2) === 0 ? 'node' : 'ledger'
  const before = total()
  const openedBefore = acknowledged.joined.length
  const count = (): number => total() - before
  const ended = { now: false }
  const callers = await sessions(running, home)
  const acts = callers.map((session, at) => actUntil(session, `r${round}c${at}`, at === 0, ended))
  const { cast, purpose, recipient } = data.story
  const readers = [await seat(running, home.nation, cast.ownReader), await seat(running, recipient, cast.firstReader)]
  const others = [
    ...readers.map((reader) => openUntil(reader, items[reader.nation] ?? '', purpose, acknowledged.joined, ended)),
    submitUntil(data, await seat(running, home.nation, cast.author), acknowledged.submitted, ended),
  ]
  const until = performance.now() + SETTLE_MILLISECONDS
  while (performance.now() < until && (count() < ACTS || acknowledged.joined.length < openedBefore + OPENINGS)) await pause(5)
  await pause(chance.below(120))
  if (role === 'node') await victim.kill()
  else process.kill(childOf(victim.pid, 'ledger-process'), 'SIGKILL')
  ended.now = true
  await Promise.all([...acts, ...others, victim.exited])
  const acts200 = count()
  const openings = acknowledged.joined.length - openedBefore
  running.nations.set(home.nation, await startAgain(victim.dir))
  await connect(dir, data, running.nations)
  await Promise.all([...running.nations.values()].map(awaitOpen))
  await checkRound(running, `round ${round} (${role} killed after ${acts200} acts)`)
  check(openings >= OPENINGS, `round ${round}: ${openings} openings before the kill`)
  tell(`round ${round}: ${role} killed after ${acts200} acknowledged acts, ${openings} of them openings`)
}

/** Many callers of one nation: every one a person signed in on a device. */
async function sessions(running: RunningWorld, nation: WorldNation): Promise<readonly Session[]> {
  const node = addressOf(running.nations, nation.nation)
  const officer = nation.persons.find(({ roles }) => roles.includes('clearance-officer'))
  const readers = nation.persons.filter(({ roles }) => roles.includes('reader') || roles.includes('author'))
  const people = [officer, ...readers].filter((person) => person !== undefined)
  const signedIn = await Promise.all(people.map(({ id }) => loginAs({ node, deviceDir: deviceDirectory(dir, nation, id), person: id })))
  const [first, ...others] = signedIn
  if (first === undefined) throw new TypeError('nobody can act')
  return [first, ...Array.from({ length: CALLERS }, (_, at) => others[at % others.length] ?? first)]
}

/** Acts until the node is gone; an act counts when its answer was read. */
async function actUntil(session: Session, name: string, sendsRosters: boolean, ended: { readonly now: boolean }): Promise<void> {
  for (let act = 0; !ended.now; act++) {
    try {
      if (sendsRosters) {
        const answer = await ask(session, 'POST', '/api/rosters', { agreement: data.agreement, to: otherThan(data, home.nation).nation })
        if (answer.status === 200) acknowledged.rosters.add((JSON.parse(fromUtf8(answer.bytes)) as { number: number }).number)
      } else {
        const purpose = `${name}a${act}`
        const answer = await ask(session, 'GET', `/api/items?purpose=${purpose}`)
        if (answer.status === 200) acknowledged.lists.add(purpose)
      }
    } catch {
      // Killed under the call: whether it stands is not known, and nothing was promised.
      await pause(5)
    }
  }
}

/** Starts a nation again; what is left of the one before may hold its logs for a moment longer. */
async function startAgain(nationDir: string): Promise<NationProcess> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startNationProcess(nationDir)
    } catch (error) {
      if (attempt === 20) throw error
      await pause(250)
    }
  }
}

async function checkRound(running: RunningWorld, name: string): Promise<void> {
  const partner = otherThan(data, home.nation)
  const until = performance.now() + SETTLE_MILLISECONDS
  let own = await journalOf(running, home.nation)
  let theirs = await journalOf(running, partner.nation)
  while (
    performance.now() < until &&
    [...acknowledged.rosters].some((number) => !fieldsOf(theirs, 'roster-received', 'number').includes(number))
  ) {
    await pause(100)
    own = await journalOf(running, home.nation)
    theirs = await journalOf(running, partner.nation)
  }
  const lists = new Set(fieldsOf(own, 'list', 'purpose'))
  check(
    [...acknowledged.lists].every((purpose) => lists.has(purpose)),
    `${name}: every acknowledged list has its entry`,
  )
  const sent = fieldsOf(own, 'roster', 'number')
  check(
    [...acknowledged.rosters].every((number) => sent.includes(number)),
    `${name}: every acknowledged roster has its entry`,
  )
  const received = fieldsOf(theirs, 'roster-received', 'number')
  check(
    [...acknowledged.rosters].every((number) => received.includes(number)),
    `${name}: every acknowledged roster was delivered`,
  )
  check(new Set(received).size === received.length, `${name}: nothing was delivered twice`)
  check(
    [own, theirs].every((records) => records.every(({ n }, at) => n === at)),
    `${name}: record numbers are contiguous`,
  )
  const logs: CheckedLog[] = []
  for (const nation of [home, partner]) logs.push(...(await checkLogs(running, nation, await journalOf(running, nation.nation), name)))
  const missing = acknowledged.joined.flatMap((key) => missingFor(key, home.nation, logs) ?? [])
  check(missing.length === 0, `${name}: no key without an entry: ${missing.join(', ')}`)
  check(
    await allInReview(await seat(running, home.nation, data.story.cast.author), acknowledged.submitted),
    `${name}: every draft that was given to review is in review`,
  )
}

async function checkLogs(
  running: RunningWorld,
  nation: WorldNation,
  records: readonly JournalRecord[],
  name: string,
): Promise<readonly CheckedLog[]> {
  const auditor = nation.persons.find(({ roles }) => roles.includes('auditor'))
  if (auditor === undefined) throw new TypeError(`${nation.nation} has no auditor`)
  const session = await loginAs({
    node: addressOf(running.nations, nation.nation),
    deviceDir: deviceDirectory(dir, nation, auditor.id),
    person: auditor.id,
  })
  const folder = join(running.nations.get(nation.nation)?.dir ?? '', 'ledger', 'logs')
  const checked: CheckedLog[] = []
  for (const log of await readdir(folder)) {
    const { status, bytes } = await ask(session, 'GET', `/api/ledger/policy?log=${log}`)
    if (status !== 200) {
      check(false, `${name}: ${nation.nation} ${log}: no policy (${status})`)
      continue
    }
    const entries = records.flatMap((record) => record.entries).filter((entry) => entry.log === log)
    const size = entries.length
    const until = performance.now() + SETTLE_MILLISECONDS
    let report = await verified(join(folder, log), bytes, entries)
    while ((!report.ok || (report.checkpoint?.size ?? 0) < size) && performance.now() < until) {
      await pause(100)
      report = await verified(join(folder, log), bytes, entries)
    }
    check(
      report.ok && (report.checkpoint?.size ?? -1) >= size,
      `${name}: ${nation.nation} ${log} is whole and cosigned: ${report.findings.map(({ code }) => code).join(' ')}`,
    )
    const leaves = entries.map(({ leaf }, at) => [at, toHex(nodeCrypto.sha256(fromBase64Url(leaf)))] as const)
    checked.push({ nation: nation.nation, report, leaves: new Map(leaves) })
  }
  return checked
}

/** Verifies a log from its files; what the journal says of its openings is disclosed, and so checked against the entries. */
async function verified(folder: string, policy: Uint8Array, entries: JournalRecord['entries']): Promise<LogReport> {
  const parsed = parsePolicy(nodeCrypto, policy)
  const disclosed = entries
    .map(({ opening }, index) => ({ index, opening }))
    .filter(({ opening }) => opening.fields.some(({ name, value }) => name === 'act' && (value === 'open' || value === 'grant')))
  return verifyLog(nodeCrypto, {
    policy: parsed,
    disclosure: { log: parsed.logs[0]?.key.name ?? '', entries: disclosed },
    reader: async (path) => readFile(join(folder, path)).catch(() => undefined),
  })
}

async function journalOf(running: RunningWorld, nation: string): Promise<readonly JournalRecord[]> {
  const records: JournalRecord[] = []
  const bytes = await readFile(join(running.nations.get(nation)?.dir ?? '', 'ledger', 'journal'))
  await openJournal(readOnly(bytes), (payload) => void records.push(decodeRecord(payload)))
  return records
}

function fieldsOf(records: readonly JournalRecord[], act: string, field: string): readonly unknown[] {
  return records.flatMap(({ entries }) =>
    entries
      .map(({ opening }) => new Map(opening.fields.map(({ name, value }) => [name, value])))
      .filter((fields) => fields.get('act') === act)
      .map((fields) => fields.get(field)),
  )
}

/** The child of a process whose command line names this script. */
function childOf(parent: number, script: string): number {
  const lines = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(parent)], { encoding: 'utf8' }).split('\n')
  const line = lines.find((one) => one.includes(script))
  if (line === undefined) throw new Error(`no ${script} below ${parent}`)
  return Number(line.trim().split(' ')[0])
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`)
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
