/**
 * Two nations in two network namespaces, with real processes and one cable between them, which is pulled out, swallows what
 * is sent, or swallows it one way. While it is so: own reads go on, stops act, a partner's item waits; afterwards everything
 * is delivered and every entry cosigned. Skipped, with a line that says so, where there are no namespaces. Last line:
 * `N passed, N failed`.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canonicalText, codeOf, readJson, shapes } from '@entente/canonical'
import { listItems, revokeItem } from '@entente/client'
import { officerSigner } from '#src/demo/devices.ts'
import { type NationProcess, startNationProcess } from '#src/demo/nation-process.ts'
import { askForPorts, awaitOpen, startWorld } from '#src/demo/running.ts'
import { nationDirectory } from '#src/demo/set-up.ts'
import { type LoadedWorld, nationOf, otherThan, readWorld } from '#src/demo/world.ts'
import { writeWhole } from '#src/demo/write-whole.ts'
import { type JoinedKey, type Seat, openOnce, releaseOne, seatOf } from './kill-acts.ts'
import { Cable, noNamespaces } from './namespaces.ts'

const PARTNER_PORT = 4_700
/** What a person waits at most for something of their own nation, whatever the line does; in milliseconds. */
const LIVE_MILLISECONDS = 5_000
/** Everything has gone so long after the cable is whole: lost segments are sent again at growing distances. */
const HEALED_MILLISECONDS = 60_000

let passed = 0
let failed = 0

const missing = noNamespaces()
if (missing === undefined) await run()
else say(`skipped: ${missing}`)
say(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

/** Everybody who acts here, signed in. */
interface Seats {
  readonly author: Seat
  readonly officer: Seat
  readonly security: Seat
  readonly own: Seat
  readonly reader: Seat
  readonly auditors: readonly Seat[]
}

async function run(): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'entente-split-'))
  const data = await readWorld(undefined)
  const started: NationProcess[] = []
  try {
    // Made at one place, as nations are made; then each goes to its own.
    await (await startWorld(dir, data, { now: () => Math.floor(Date.now() / 1_000) })).stop()
    await using cable = new Cable()
    const order = [data.story.originator, data.story.recipient] as const
    for (const [at, nation] of order.entries()) await settleAt(dir, data, nation, cable, at as 0 | 1)
    for (const [at, nation] of order.entries())
      started.push(await startNationProcess(nationDirectory(dir, nationOf(data, nation)), {}, cable.places[at as 0 | 1].through))
    await Promise.all(started.map(awaitOpen))
    const seats = await seatsOf(dir, data, started)
    await round(data, seats, 'cable pulled out', { spoil: () => cable.unplug(), mend: () => cable.plug() })
    await round(data, seats, 'both ways swallowed', {
      spoil: () => both((at) => cable.mute(at)),
      mend: () => both((at) => cable.unmute(at)),
    })
    await round(data, seats, 'what the originator sends is swallowed', { spoil: () => cable.mute(0), mend: () => cable.unmute(0) })
    await Promise.all(started.map((nation) => nation.stop()))
  } finally {
    await Promise.all(started.map((nation) => nation.stop()))
    await rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
}

function both(act: (at: 0 | 1) => void): void {
  act(0)
  act(1)
}

/** Tells a nation where it stands on the cable, where the other does, and through which door its people come. */
async function settleAt(dir: string, data: LoadedWorld, nation: string, cable: Cable, at: 0 | 1): Promise<void> {
  const folder = nationDirectory(dir, nationOf(data, nation))
  await askForPorts(folder, { people: await cable.door(at), partner: PARTNER_PORT })
  const config = readJson(await readFile(join(folder, 'config.json'))) as { partner: { port: number } }
  const here = { ...config, partner: { ...config.partner, host: cable.places[at].address } }
  await writeWhole(join(folder, 'config.json'), canonicalText(here))
  const there = { host: cable.places[at === 0 ? 1 : 0].address, port: PARTNER_PORT }
  await writeWhole(join(folder, 'peers.json'), canonicalText({ [`https://node.${otherThan(data, nation).domain}`]: there }))
}

async function seatsOf(dir: string, data: LoadedWorld, started: readonly NationProcess[]): Promise<Seats> {
  const { originator, recipient, cast } = data.story
  const at = (nation: string, person: string): Promise<Seat> =>
    seatOf(dir, data, nation, person, started.find((one) => one.nation === nation)?.peopleUrl ?? '')
  return {
    author: await at(originator, cast.author),
    officer: await at(originator, cast.disclosureOfficer),
    security: await at(originator, cast.securityOfficer),
    own: await at(originator, cast.ownReader),
    reader: await at(recipient, cast.firstReader),
    auditors: await Promise.all([originator, recipient].map((nation) => at(nation, cast.auditors[nation] ?? ''))),
  }
}

async function round(
  data: LoadedWorld,
  seats: Seats,
  name: string,
  line: { readonly spoil: () => void; readonly mend: () => void },
): Promise<void> {
  const { originator, recipient, purpose } = data.story
  const { own, reader, security } = seats
  const keys: JoinedKey[] = []
  const before = await releaseOne(data, seats.author, seats.officer)
  const given = before[recipient] ?? ''
  tell(await until(async () => isListed(reader, given)), `${name}: a report is delivered while the line is whole`)
  tell((await endOf(openOnce(reader, given, purpose, keys))) === 'done', `${name}: and opens`)

  line.spoil()
  // Begun while the item lives, and still under way while it is stopped.
  const asking = endOf(openOnce(reader, given, purpose, keys))
  const during = await live(`${name}: a report is released`, () => releaseOne(data, seats.author, seats.officer))
  await live(`${name}: an own reader opens it`, () => openOnce(own, during?.[originator] ?? '', purpose, keys))
  await live(`${name}: the reader's list is there`, async () => {
    if (await isListed(reader, during?.[recipient] ?? '')) throw new Error('what was released meanwhile is listed')
  })
  const officer = await officerSigner(security.device)
  if (officer === undefined) throw new TypeError('the officer signs nothing')
  await live(`${name}: a stop acts`, () => revokeItem(security.client, { item: given, reason: 'withdrawn', wholeReport: true, officer }))
  await live(`${name}: what is stopped opens for nobody at home`, async () => {
    const end = await endOf(openOnce(own, before[originator] ?? '', purpose, keys))
    if (end !== 'client/absent') throw new Error(end)
  })
  const end = await asking
  tell(end === 'node/partner-unreachable', `${name}: the partner's reader is told that the other side cannot be reached: ${end}`)

  line.mend()
  const begun = performance.now()
  tell(await until(async () => isListed(reader, during?.[recipient] ?? '')), `${name}: what was released meanwhile is delivered`)
  tell(await until(async () => !(await isListed(reader, given))), `${name}: the stop came over`)
  tell(
    await until(async () => (await endOf(openOnce(reader, during?.[recipient] ?? '', purpose, keys))) === 'done'),
    `${name}: what waited opens`,
  )
  tell((await endOf(openOnce(reader, given, purpose, keys))) === 'client/absent', `${name}: what was stopped does not`)
  for (const auditor of seats.auditors)
    tell(await until(async () => allCosigned(auditor)), `${name}: every entry of ${auditor.nation} is cosigned`)
  say(`     ${name}: mended in ${((performance.now() - begun) / 1_000).toFixed(1)} s`)
}

/** Something of the own nation, which no line may slow down. */
async function live<T>(name: string, act: () => Promise<T>): Promise<T | undefined> {
  const begun = performance.now()
  try {
    const value = await act()
    const milliseconds = Math.round(performance.now() - begun)
    tell(milliseconds < LIVE_MILLISECONDS, `${name} (${milliseconds} ms)`)
    return value
  } catch (error) {
    tell(false, `${name}: ${codeOf(error)} ${String(error)}`)
    return undefined
  }
}

async function isListed(seat: Seat, item: string): Promise<boolean> {
  return (await listItems(seat.client)).items.some((one) => one.item === item)
}

async function allCosigned(auditor: Seat): Promise<boolean> {
  const { logs, closed } = (await auditor.client.api.get('/api/ledger', shapes.json)) as unknown as {
    readonly logs: readonly { readonly size: number; readonly cosigned: Readonly<Record<string, number>> }[]
    readonly closed: readonly string[]
  }
  return closed.length === 0 && logs.every(({ size, cosigned }) => Object.values(cosigned).every((one) => one === size))
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
