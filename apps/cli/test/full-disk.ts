/**
 * A nation with real processes on a small disk of its own that fills up to its last byte: everybody is told that there is
 * no room, nothing that was refused is half done, nothing that was acknowledged is lost, the processes live, and when there is room
 * everything goes on. Skipped, with a line that says so, where no such disk can be mounted. Last line: `N passed, N failed`.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { codeOf, shapes } from '@entente/canonical'
import { draftReport, listDrafts, listItems, revokeItem } from '@entente/client'
import { officerSigner } from '#src/demo/devices.ts'
import { startNationProcess } from '#src/demo/nation-process.ts'
import { addressOf, awaitOpen, connect, startWorld } from '#src/demo/running.ts'
import { nationDirectory } from '#src/demo/set-up.ts'
import { nationOf, readWorld } from '#src/demo/world.ts'
import { type JoinedKey, type Seat, openOnce, releaseOne, seatOf } from './kill-acts.ts'

const SIZE = '24m'
const HEALED_MILLISECONDS = 60_000

let passed = 0
let failed = 0

const dir = await mkdtemp(join(tmpdir(), 'entente-full-'))
if (isMountable(join(dir, 'try'))) await run()
else say('skipped: a small file system of its own can be mounted by root on Linux only')
await rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
say(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

async function run(): Promise<void> {
  const data = await readWorld(undefined)
  const { originator, recipient, cast, purpose } = data.story
  const home = nationDirectory(dir, nationOf(data, originator))
  const options = { now: () => Math.floor(Date.now() / 1_000) }
  await (await startWorld(dir, data, options)).stop()
  moveToSmallDisk(home)
  const world = await startWorld(dir, data, options)
  try {
    const at = (nation: string, person: string): Promise<Seat> => seatOf(dir, data, nation, person, addressOf(world.nations, nation))
    const seats = async () => ({
      author: await at(originator, cast.author),
      officer: await at(originator, cast.disclosureOfficer),
      security: await at(originator, cast.securityOfficer),
      own: await at(originator, cast.ownReader),
      reader: await at(recipient, cast.firstReader),
    })
    const first = await seats()
    const keys: JoinedKey[] = []
    const items = await releaseOne(data, first.author, first.officer)
    const given = items[recipient] ?? ''
    tell(
      await until(async () => (await endOf(openOnce(first.reader, given, purpose, keys))) === 'done'),
      'with room: released, delivered, opened',
    )
    const drafts = (await listDrafts(first.author.client.api)).length
    const key = await officerSigner(first.security.device)
    if (key === undefined) throw new TypeError('the officer signs nothing')
    const stop = (): Promise<string> =>
      endOf(revokeItem(first.security.client, { item: given, reason: 'withdrawn', wholeReport: false, officer: key }))
    const draft = (): Promise<unknown> =>
      draftReport(first.author.client, {
        title: { en: 'EXERCISE' },
        area: data.story.area,
        portions: [{ kind: 'text', marking: data.story.fileMarking, texts: [{ lang: 'en', text: 'EXERCISE. '.repeat(500) }] }],
      })

    const ballast = fill(home)
    const held = keys.length
    for (const [name, act] of [
      ['a draft', draft],
      ['a list', () => listItems(first.own.client)],
      ['an opening by an own reader', () => openOnce(first.own, items[originator] ?? '', purpose, keys)],
    ] as const) {
      const end = await endOf(act())
      tell(end === 'node/disk-full', `full: ${name} is told that there is no room: ${end}`)
    }
    const partners = await endOf(openOnce(first.reader, given, purpose, keys))
    tell(
      ['node/partner-unreachable', 'node/not-cosigned', 'node/refused', 'client/absent'].includes(partners),
      `full: the partner's reader is refused: ${partners}`,
    )
    tell(keys.length === held, 'full: no key was given')
    const stopped = await stop()
    tell(stopped === 'node/disk-full', `full: a stop that is not durable is not acknowledged: ${stopped}`)
    const lists = await endOf(listItems(first.reader.client))
    tell(lists === 'done', `full: the partner's own lists live: ${lists}`)
    const { checks } = (await first.security.client.api.get('/api/doctor', shapes.json)) as unknown as {
      readonly checks: readonly { readonly code: string; readonly state: string }[]
    }
    tell(
      checks.some(({ code, state }) => code === 'doctor/disk-free' && state === 'fail'),
      'full: the doctor says so',
    )
    const alive = await endOf(
      Promise.race([world.nations.get(originator)?.exited.then(() => Promise.reject(new Error('gone'))), pause(500)]),
    )
    tell(alive === 'done', 'full: the processes live')

    await world.nations.get(originator)?.kill()
    const started = await startNationProcess(home).then(
      async (nation) => {
        await nation.stop()
        return 'started'
      },
      (error: unknown) => (error as { values?: { code?: string } }).values?.code ?? String(error),
    )
    tell(started === 'node/disk-full', `full: killed, it does not start, and says why: ${started}`)

    rmSync(ballast)
    world.nations.set(originator, await startNationProcess(home))
    await connect(dir, data, world.nations)
    await Promise.all([...world.nations.values()].map(awaitOpen))
    const again = await seats()
    tell((await listDrafts(again.author.client.api)).length === drafts, 'room again: no half of a draft is there')
    tell(
      (await listItems(again.own.client)).items.some(({ item }) => item === items[originator]),
      'room again: what was released is there',
    )
    tell((await endOf(openOnce(again.reader, given, purpose, keys))) === 'done', 'room again: what was not stopped opens')
    const more = fill(home)
    await endOf(listItems(again.own.client))
    rmSync(more)
    tell(
      await until(async () => (await endOf(listItems(again.own.client))) === 'done'),
      'full and room again, without a restart: lists live',
    )
    const last = await releaseOne(data, again.author, again.officer).catch(() => ({}) as Readonly<Record<string, string>>)
    tell(
      await until(async () => (await endOf(openOnce(again.reader, last[recipient] ?? '', purpose, keys))) === 'done'),
      'a release goes its way',
    )
    tell(await until(() => allCosigned(again.security)), 'every entry is cosigned')
  } finally {
    await world.stop()
    execFileSync('umount', ['-l', home])
  }
}

/** Puts a nation's folder on a file system of its own, which can be filled. */
function moveToSmallDisk(folder: string): void {
  renameSync(folder, `${folder}.large`)
  mkdirSync(folder)
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE},mode=0700`, 'tmpfs', folder])
  cpSync(`${folder}.large`, folder, { recursive: true, preserveTimestamps: true })
  rmSync(`${folder}.large`, { recursive: true })
}

/** Takes all the room that is left; gives the file that does. */
function fill(folder: string): string {
  const path = join(folder, 'ballast')
  const file = openSync(path, 'a')
  for (const size of [1_048_576, 65_536, 4_096, 1]) while (grows(file, size));
  closeSync(file)
  return path
}

function grows(file: number, size: number): boolean {
  const before = fstatSync(file).size
  try {
    writeSync(file, new Uint8Array(size))
  } catch (error) {
    if (codeOf(error) !== 'ENOSPC') throw error
  }
  return fstatSync(file).size > before
}

function isMountable(folder: string): boolean {
  mkdirSync(folder)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    return false
  }
  execFileSync('umount', [folder])
  return true
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
    await pause(200)
  }
  return false
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

function tell(holds: boolean, what: string): void {
  if (holds) passed++
  else failed++
  say(`${holds ? 'ok  ' : 'FAIL'} ${what}`)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
