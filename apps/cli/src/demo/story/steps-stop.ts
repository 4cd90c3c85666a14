import { createHash } from 'node:crypto'
import { nodeCrypto } from '@entente/crypto-node'
import { signStop } from '@entente/exchange'
import { call } from '../call.ts'
import { enterActs, openDesk } from '../clearances.ts'
import { officerSigner } from '../devices.ts'
import { addressOf } from '../running.ts'
import { nationDirectory } from '../set-up.ts'
import { nationOf, personOf } from '../world.ts'
import { type WorldReport } from '../world.ts'
import { nameCanary, searchFiles } from './canary.ts'
import { NotOpened, openItem } from './flows.ts'
import { releaseDraft } from './release-flow.ts'
import { grantAgain } from './grant-again.ts'
import { cut, heal, passed } from './link.ts'
import { startAgain } from './restart.ts'
import { wholeLogs } from './whole-logs.ts'
import {
  type Actor,
  type Evidence,
  type Released,
  type Scene,
  actor,
  check,
  left,
  originators,
  recipients,
  runningOf,
  until,
} from './scene.ts'
import { evidenceOf, listOf, submit, writeDraft } from './write.ts'

/** Writes, submits and releases a further report to the partner. */
async function releaseReport(scene: Scene, name: string, report: WorldReport): Promise<Released> {
  const author = await originators(scene, 'author')
  const draft = await writeDraft(scene, author, report, [])
  await submit(author, draft.id)
  const released = await releaseDraft(scene, await originators(scene, 'disclosureOfficer'), draft.id, scene.world.story.recipient)
  scene.released.set(name, released)
  return released
}

/** The originator's officer stops an item for ever; gives when it took effect. */
async function revoke(scene: Scene, item: string): Promise<{ readonly n: number; readonly effective: number }> {
  const officer = await originators(scene, 'securityOfficer')
  const signer = left(await officerSigner(officer.folder), 1)
  const reason = 'withdrawn'
  const signed = await signStop(nodeCrypto, { realm: scene.world.realm, item, serial: 1, reason, at: scene.now() }, signer)
  return call(officer.session, 'POST', `/api/items/${item}/revoke`, { reason, signed })
}

/** An attempt to open that must not succeed; gives what came instead. */
async function refusedOpening(scene: Scene, reader: Actor, item: string): Promise<string> {
  const { status, code } = await refusal(openItem(scene, reader, item))
  return `${status} ${code}`
}

async function refusal(opening: Promise<unknown>): Promise<NotOpened> {
  const refused = await opening.then(
    () => undefined,
    (error: unknown) => error,
  )
  check(refused instanceof NotOpened, `no opening: ${refused instanceof Error ? (refused.stack ?? '') : 'it opened'}`)
  return refused
}

async function officers(scene: Scene): Promise<{ readonly ours: Actor; readonly theirs: Actor }> {
  const { originator, recipient, cast } = scene.world.story
  return {
    ours: await actor(scene, originator, cast.securityOfficer),
    theirs: await actor(scene, recipient, cast.recipientSecurityOfficer),
  }
}

async function listed(scene: Scene, reader: Actor, item: string): Promise<void> {
  await until(`${reader.person} lists ${item}`, 60, async () =>
    (await listOf(scene, reader)).some((one) => one.item === item) ? true : undefined,
  )
}

export async function revoked(scene: Scene, evidence: Evidence): Promise<void> {
  const { given } = left(scene.released.get('first'), 5)
  const reader = await recipients(scene, 'firstReader')
  const { ours, theirs } = await officers(scene)
  const refusalsOf = async (officer: Actor): Promise<number> =>
    (await evidenceOf(officer, given)).filter(({ act }) => act === 'refuse').length
  // What ends before the other nation can be asked is an entry of the own nation's home log.
  const before = { ours: await refusalsOf(ours), theirs: await refusalsOf(theirs) }
  let asked: Promise<string> | undefined
  cut(scene)
  try {
    const { n } = await revoke(scene, given)
    evidence['stopped'] = `journal number ${n}, with the link cut`
    const known = await refusalsOf(theirs)
    evidence['attempt while cut'] = await refusedOpening(scene, reader, given)
    check((await refusalsOf(theirs)) === known + 1, 'the attempt that did not even get a nonce is an entry at home')
    const stop = (await evidenceOf(ours, given)).find(({ act }) => act === 'stop')
    check(stop !== undefined && stop.state === 'partner-pending', 'the stop stands and waits for its cosignature')
    // Only the way there: the reader's nation can ask, and cannot have heard of the stop.
    heal(scene, ours.nation)
    asked = refusedOpening(scene, reader, given)
    asked.catch(() => {})
    await until("the originator's refusal is an entry of its own", 20, async () =>
      (await refusalsOf(ours)) > before.ours ? true : undefined,
    )
  } finally {
    heal(scene)
  }
  evidence['attempt before they know'] = await asked
  await until('the stop is cosigned and known to both', 60, async () => {
    const stop = (await evidenceOf(ours, given)).find(({ act }) => act === 'stop')
    const known = (await evidenceOf(theirs, given)).some(({ act }) => act === 'recall-received')
    return stop?.state === 'cosigned' && known ? true : undefined
  })
  evidence['attempt when known'] = await refusedOpening(scene, reader, given)
  const after = { ours: await refusalsOf(ours), theirs: await refusalsOf(theirs) }
  check(after.ours > before.ours && after.theirs > before.theirs, 'the attempts that reached a node are entries of it')
  evidence['new refusals entered'] = { [ours.nation]: after.ours - before.ours, [theirs.nation]: after.theirs - before.theirs }
}

export async function withdrawn(scene: Scene, evidence: Evidence): Promise<void> {
  const { world } = scene
  const { recipient, originator, cast } = world.story
  const { given } = await releaseReport(scene, 'second', world.story.second)
  const reader = await recipients(scene, 'firstReader')
  await listed(scene, reader, given)
  const opened = await openItem(scene, reader, given)
  evidence['opened before'] = `${opened.entries.length} entries`
  const nation = nationOf(world, recipient)
  const desk = await openDesk(scene.dir, world, nation, addressOf(runningOf(scene).nations, recipient))
  const caught = await refusal(
    openItem(scene, reader, given, () => enterActs(desk, [{ act: 'withdraw', person: cast.firstReader }], scene.now)),
  )
  evidence['credential and request from before, sent after'] = `${caught.status} ${caught.code}`
  evidence['refused after'] = await refusedOpening(scene, reader, given)
  const { id, names } = personOf(nation, cast.firstReader)
  const family = names.en.split(' ')[0] ?? names.en
  const words = [id, names.en, names.ja, family].map(nameCanary)
  const own = nationDirectory(scene.dir, nation)
  const control = await searchFiles([own], words)
  check(control.sightings.length > 0, "the name is found where it belongs: in the reader's own nation")
  for (const relay of scene.relays.values()) await relay.flush()
  const other = await searchFiles(
    [nationDirectory(scene.dir, nationOf(world, originator)), ...[...scene.relays.values()].map(({ recording }) => recording)],
    words,
  )
  check(other.sightings.length === 0, `nothing at ${originator} holds the name: ${JSON.stringify(other.sightings)}`)
  evidence['searched'] = `${Math.round(other.bytes / 1e6)} MB at ${originator} and on the wire: not ${id}, not ${names.en}, not ${names.ja}`
}

const KILLS = 3
/** About what a release with its letters puts on the wire. */
const RELEASE_BYTES = 40_000
const KILL_WITHIN_MILLISECONDS = 5_000

export async function killed(scene: Scene, evidence: Evidence): Promise<void> {
  evidence['seed'] = scene.seed
  for (let kill = 1; kill <= KILLS; kill++) {
    const moment = createHash('sha256').update(`${scene.seed} ${kill}`).digest().readUInt32BE() % RELEASE_BYTES
    evidence[`kill ${kill}`] = await killAndDeliver(scene, moment)
  }
}

/** Kills the recipient's node once so many bytes of a release are under way; gives what came of it. */
async function killAndDeliver(scene: Scene, moment: number): Promise<string> {
  const { world } = scene
  const { recipient } = world.story
  const node = left(runningOf(scene).nations.get(recipient), 1)
  const passedBefore = passed(scene)
  const release = releaseReport(scene, 'third', world.story.third)
  // Told at the end; a failure in between must not end the process.
  release.catch(() => {})
  const latest = performance.now() + KILL_WITHIN_MILLISECONDS
  while (passed(scene) - passedBefore <= moment && performance.now() < latest) await new Promise((resolve) => setTimeout(resolve, 1))
  await node.kill()
  const underWay = passed(scene) - passedBefore
  const { given } = await release
  await startAgain(scene, recipient)
  const { ours, theirs } = await officers(scene)
  const delivered = await until('it is delivered', 60, async () => {
    const entries = (await evidenceOf(theirs, given)).filter(({ act }) => act === 'deliver')
    return entries.length > 0 ? entries : undefined
  })
  await until('its entry is cosigned on both sides', 60, async () => {
    const release_ = (await evidenceOf(ours, given)).find(({ act }) => act === 'release')
    const deliver = (await evidenceOf(theirs, given)).find(({ act }) => act === 'deliver')
    return release_?.state === 'cosigned' && deliver?.state === 'cosigned' ? true : undefined
  })
  const entries = (await evidenceOf(theirs, given)).filter(({ act }) => act === 'deliver')
  check(entries.length === 1, `delivered once, not ${entries.length} times`)
  return `process ${node.pid} after ${underWay} bytes (drawn: ${moment}); delivered once, entry ${delivered[0]?.index ?? -1} of ${delivered[0]?.log ?? ''}`
}

export async function cutLink(scene: Scene, evidence: Evidence): Promise<void> {
  const { world } = scene
  const third = left(scene.released.get('third'), 11)
  const reader = await grantAgain(scene)
  const ownReader = await originators(scene, 'ownReader')
  const { ours, theirs } = await officers(scene)
  await listed(scene, reader, third.given)
  let fourth: Released
  cut(scene)
  try {
    fourth = await releaseReport(scene, 'fourth', world.story.fourth)
    await revoke(scene, third.given)
    evidence['released and revoked'] = 'while the link was cut'
    const own = await openItem(scene, ownReader, fourth.own)
    evidence[`${ownReader.person} opens`] = `${own.entries.length} entry, cosigned by the own second witness`
    evidence[`${reader.person} cannot`] = await refusedOpening(scene, reader, third.given)
    check(!(await listOf(scene, reader)).some(({ item }) => item === fourth.given), 'what did not arrive is not listed')
  } finally {
    heal(scene)
  }
  await listed(scene, reader, fourth.given)
  await until('both know of the stop', 60, async () => {
    const stop = (await evidenceOf(ours, third.given)).find(({ act }) => act === 'stop')
    const known = (await evidenceOf(theirs, third.given)).some(({ act }) => act === 'recall-received')
    return stop?.state === 'cosigned' && known ? true : undefined
  })
  const opened = await openItem(scene, reader, fourth.given)
  evidence['after the heal'] = `${reader.person} opens the new one (${opened.entries.length} entries); the stop is known to both`
  for (const officer of [ours, theirs]) evidence[`logs of ${officer.nation}`] = await wholeLogs(scene, officer.nation)
}
