import { type HybridSigner, toBase64Url } from '@entente/canonical'
import type { ClearanceAct } from '@entente/clearance'
import { nodeCrypto } from '@entente/crypto-node'
import { enrolmentCodeDigest, signAct, signAsDevice, signEnrolmentCode } from '@entente/exchange'
import { loginAs, type Session } from '../login/index.ts'
import { call } from './call.ts'
import { holderSigner, officerSigner } from './devices.ts'
import { deviceDirectory } from './set-up.ts'
import type { World, WorldNation, WorldPerson } from './world.ts'

const DAY_SECONDS = 86_400

/** An act before it has a number. */
export type ActContent = ClearanceAct extends infer One ? (One extends ClearanceAct ? Omit<One, 'number' | 'at' | 'by'> : never) : never

/** A clearance officer who is signed in, with the key that signs acts. */
export interface ClearanceDesk {
  readonly session: Session
  readonly officer: string
  readonly signer: HybridSigner
  readonly realm: World['realm']
}

/** Signs the nation's clearance officer in. */
export async function openDesk(dir: string, world: World, nation: WorldNation, address: string): Promise<ClearanceDesk> {
  const officer = nation.persons.find(({ roles }) => roles.includes('clearance-officer'))
  if (officer === undefined) throw new TypeError(`${nation.nation} has no clearance officer`)
  const folder = deviceDirectory(dir, nation, officer.id)
  const signer = await officerSigner(folder)
  if (signer === undefined) throw new TypeError(`the device of ${officer.id} signs nothing`)
  return {
    session: await loginAs({ node: address, deviceDir: folder, person: officer.id }),
    officer: officer.id,
    signer,
    realm: world.realm,
  }
}

/** Enters acts of the clearance office, in order, each signed by its officer. */
export async function enterActs(desk: ClearanceDesk, acts: readonly ActContent[], now: () => number): Promise<void> {
  let { number } = await call<{ number: number }>(desk.session, 'GET', '/api/clearance/next')
  for (const content of acts) {
    const act = { ...content, number, at: now(), by: desk.officer } as ClearanceAct
    await call(desk.session, 'POST', '/api/clearance/acts', { signed: await signAct(nodeCrypto, desk.realm, act, desk.signer) })
    number++
  }
}

/** What a person's row in the world means in acts. */
export function actsFor(person: WorldPerson, now: number): readonly ActContent[] {
  const { clearance } = person
  if (clearance === undefined) return []
  const until = now + clearance.days * DAY_SECONDS
  return [
    {
      act: 'grant',
      person: person.id,
      clearance: clearance.level,
      citizenships: clearance.citizenships,
      validFrom: now - 60,
      validUntil: until,
    },
    ...(clearance.briefings ?? []).map((briefing): ActContent => ({ act: 'brief', person: person.id, briefing, until })),
    ...clearance.areas.map(({ area, role, purposes }): ActContent => ({ act: 'assign', person: person.id, area, role, purposes, until })),
  ]
}

/**
 * Grants what the world says to every person of a nation and enrols their devices towards each originator. The codes go from
 * officer to person by hand, here within this process.
 */
export async function grantAndEnrol(dir: string, world: World, nation: WorldNation, address: string, now: () => number): Promise<void> {
  const desk = await openDesk(dir, world, nation, address)
  await enterActs(
    desk,
    nation.persons.flatMap((person) => actsFor(person, now())),
    now,
  )
  const cleared = nation.persons.filter(({ clearance }) => clearance !== undefined)
  await Promise.all(cleared.map((person) => enrol(dir, world, nation, desk, person, now)))
}

/** As `grantAndEnrol`, for one person to whom the office grants anew. */
export async function enrolPerson(
  dir: string,
  world: World,
  nation: WorldNation,
  desk: ClearanceDesk,
  person: WorldPerson,
  now: () => number,
): Promise<void> {
  await enterActs(desk, actsFor(person, now()), now)
  await enrol(dir, world, nation, desk, person, now)
}

async function enrol(
  dir: string,
  world: World,
  nation: WorldNation,
  desk: ClearanceDesk,
  { id }: WorldPerson,
  now: () => number,
): Promise<void> {
  const code = toBase64Url(nodeCrypto.random(18))
  const given = { realm: world.realm, person: id, digest: enrolmentCodeDigest(nodeCrypto, code), at: now() }
  await call(desk.session, 'POST', '/api/clearance/codes', { signed: await signEnrolmentCode(nodeCrypto, given, desk.signer) })
  const folder = deviceDirectory(dir, nation, id)
  const session = await loginAs({ node: desk.session.node, deviceDir: folder, person: id })
  for (const { nation: originator } of world.nations) {
    const body = { realm: world.realm, person: id, code, originator, at: now() }
    await call(session, 'POST', '/api/enrolments', {
      signed: await signAsDevice(await holderSigner(folder, originator), 'enrolment', body),
    })
  }
}

/** The clearance office states its counts to the partner. Gives the statement's number. */
export async function sendRoster(desk: ClearanceDesk, world: World, to: string): Promise<number> {
  return (await call<{ number: number }>(desk.session, 'POST', '/api/rosters', { agreement: world.agreement, to })).number
}
