/**
 * Two nations with real processes whose clocks are ten minutes and a day apart, both ways. Each decides by its own clock;
 * what must hold: nothing widens, own reads and stops go on, everybody is told that it is the clocks, and when they are
 * right again all that waited goes. Last line: `N passed, N failed`.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { codeOf, shapes } from '@entente/canonical'
import { listItems, revokeItem } from '@entente/client'
import { officerSigner } from '#src/demo/devices.ts'
import { startNationProcess } from '#src/demo/nation-process.ts'
import { type RunningWorld, addressOf, awaitOpen, connect, startWorld } from '#src/demo/running.ts'
import { nationDirectory } from '#src/demo/set-up.ts'
import { nationOf, readWorld } from '#src/demo/world.ts'
import { type JoinedKey, type Seat, openOnce, releaseOne, seatOf } from './kill-acts.ts'

/** By how many seconds; `ENTENTE_CLOCKS=600,-600,86400,-86400` for all that this was made for. */
const APART = (process.env['ENTENTE_CLOCKS'] ?? '600,-86400').split(',').map(Number)
const HEALED_MILLISECONDS = 60_000

/** As much of an examination as is looked at. */
interface Examination {
  readonly checks: readonly { readonly code: string; readonly state: string; readonly values: Readonly<Record<string, string | number>> }[]
}

let passed = 0
let failed = 0

const dir = await mkdtemp(join(tmpdir(), 'entente-clocks-'))
const data = await readWorld(undefined)
const world = await startWorld(dir, data, { now: () => Math.floor(Date.now() / 1_000) })
say(`clocks apart by ${APART.join(', ')} s; ENTENTE_CLOCKS sets by how many`)
try {
  for (const seconds of APART) await round(world, seconds)
} finally {
  await world.stop()
  await rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
}
say(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

async function round(running: RunningWorld, seconds: number): Promise<void> {
  const name = `${seconds > 0 ? '+' : ''}${seconds} s`
  const { originator, recipient, cast, purpose } = data.story
  const keys: JoinedKey[] = []
  const at = (nation: string, person: string): Promise<Seat> => seatOf(dir, data, nation, person, addressOf(running.nations, nation))
  const [author, officer, security, own] = await Promise.all(
    [cast.author, cast.disclosureOfficer, cast.securityOfficer, cast.ownReader].map((person) => at(originator, person)),
  )
  if (author === undefined || officer === undefined || security === undefined || own === undefined) throw new TypeError('nobody acts')
  const stays = await releaseOne(data, author, officer)
  const stops = await releaseOne(data, author, officer)
  const before = await at(recipient, cast.firstReader)
  tell(await until(async () => (await listed(before)).includes(stops[recipient] ?? '')), `${name}: delivered while the clocks agree`)
  const known = await listed(before)

  await start(running, recipient, seconds)
  const reader = await onClock(seconds, () => at(recipient, cast.firstReader))
  const meanwhile = await releaseOne(data, author, officer)
  tell((await endOf(openOnce(own, meanwhile[originator] ?? '', purpose, keys))) === 'done', `${name}: own readers read`)
  const held = keys.length
  const key = await officerSigner(security.device)
  if (key === undefined) throw new TypeError('the officer signs nothing')
  const stop = revokeItem(security.client, { item: stops[recipient] ?? '', reason: 'withdrawn', officer: key })
  tell((await endOf(stop)) === 'done', `${name}: a stop acts`)
  const now = await onClock(seconds, () => listed(reader))
  tell(
    now.every((item) => known.includes(item)),
    `${name}: the partner's reader is shown nothing that was not there before`,
  )
  for (const item of [stays, stops]) {
    const end = await onClock(seconds, () => endOf(openOnce(reader, item[recipient] ?? '', purpose, keys)))
    const isToldWhy = end === 'node/clock'
    // To a clock a day behind, nobody is cleared yet: then there is nothing to open.
    const isNotYet = end === 'client/absent' && !now.includes(item[recipient] ?? '')
    tell(isToldWhy || isNotYet, `${name}: the partner's reader opens nothing, and is told why: ${end}`)
  }
  tell(keys.length === held, `${name}: no key was given`)
  for (const [nation, off, apart] of [
    [originator, 0, seconds],
    [recipient, seconds, -seconds],
  ] as const) {
    const { checks } = await onClock(off, async () => {
      const { client } = await at(nation, cast.auditors[nation] ?? '')
      return (await client.api.get('/api/doctor', shapes.json)) as unknown as Examination
    })
    const clock = checks.find(({ code }) => code === 'doctor/clock-skew')
    const said = Number(clock?.values['seconds'])
    tell(clock?.state === 'fail' && Math.abs(said - apart) < 5, `${name}: the doctor of ${nation} says so: ${clock?.state} ${said}`)
  }

  await start(running, recipient, 0)
  await awaitEverything(running, name)
  const again = await at(recipient, cast.firstReader)
  tell(await until(async () => (await listed(again)).includes(meanwhile[recipient] ?? '')), `${name}: what waited is delivered`)
  tell(await until(async () => !(await listed(again)).includes(stops[recipient] ?? '')), `${name}: the stop came over`)
  tell((await endOf(openOnce(again, stays[recipient] ?? '', purpose, keys))) === 'done', `${name}: what was there opens again`)
}

/** Lets somebody act whose device's clock is off by so many seconds: this process's clock, meanwhile. */
async function onClock<T>(seconds: number, act: () => Promise<T>): Promise<T> {
  const { now } = Date
  Date.now = () => now() + seconds * 1_000
  try {
    return await act()
  } finally {
    Date.now = now
  }
}

/** Starts a nation's node anew, all of its processes on a clock that is off by so many seconds. */
async function start(running: RunningWorld, nation: string, seconds: number): Promise<void> {
  await running.nations.get(nation)?.stop()
  const shift = `data:text/javascript,const{now}=Date;Date.now=()=>now()+${seconds * 1_000}`
  const environment = seconds === 0 ? {} : { NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --import=${shift}`.trim() }
  running.nations.set(nation, await startNationProcess(nationDirectory(dir, nationOf(data, nation)), environment))
  await connect(dir, data, running.nations)
}

async function awaitEverything(running: RunningWorld, name: string): Promise<void> {
  const end = await endOf(Promise.all([...running.nations.values()].map(awaitOpen)))
  tell(end === 'done', `${name}: with right clocks every log is open: ${end}`)
}

async function listed(seat: Seat): Promise<readonly string[]> {
  return (await listItems(seat.client)).items.map(({ item }) => item)
}

async function endOf(act: Promise<unknown>): Promise<string> {
  try {
    await act
    return 'done'
  } catch (error) {
    return codeOf(error)
  }
}

async function until(holds: () => Promise<boolean>): Promise<boolean> {
  const last = performance.now() + HEALED_MILLISECONDS
  while (performance.now() < last) {
    if (await holds().catch(() => false)) return true
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  return false
}

function tell(holds: boolean, what: string): void {
  if (holds) passed++
  else failed++
  say(`${holds ? 'ok  ' : 'FAIL'} ${what}`)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
