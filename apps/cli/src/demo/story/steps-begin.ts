import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { authorityKeys, verifyAgreement, readSignedAgreement } from '@entente/agreement'
import { nodeCrypto } from '@entente/crypto-node'
import { call } from '../call.ts'
import { processTree, proportionalSetSize } from '../memory.ts'
import { startWorld } from '../running.ts'
import { nationDirectory } from '../set-up.ts'
import { otherThan, type WorldNation } from '../world.ts'
import { PLANTED_VARIABLE, storyPorts } from './ports.ts'
import { type Evidence, type Scene, actor, check, originators, recipients, runningOf } from './scene.ts'
import { deviceAnchors } from './trust.ts'

/** Free ports are wanted: a demonstration may run beside the story. */
const STORY_PORT = 14_601

export async function agreementAndPairing(scene: Scene, evidence: Evidence): Promise<void> {
  const { world, dir, relays } = scene
  const begin = performance.now()
  scene.running = await startWorld(dir, world, {
    now: scene.now,
    ports: storyPorts(scene, STORY_PORT),
    reachedAt: (nations) => {
      scene.nations = nations
      return Object.fromEntries([...relays].map(([nation, relay]) => [nation, relay.port]))
    },
    environment: { [PLANTED_VARIABLE]: scene.planted },
  })
  evidence['started'] = `${((performance.now() - begin) / 1_000).toFixed(1)} s`
  const { setUp } = scene.running
  check(setUp !== undefined, 'a first start')
  const [ours, theirs] = world.nations.map(({ nation }) => setUp.words[nation]?.join(' '))
  check(ours !== undefined && ours === theirs && ours.split(' ').length >= 4, 'both sides read the same words')
  evidence['words'] = ours
  for (const nation of world.nations) evidence[`agreement ${nation.nation}`] = await agreementHeldBy(scene, nation)
  const pids = await processTree([...scene.running.nations.values()].map(({ pid }) => pid))
  const bytes = await proportionalSetSize(pids)
  evidence['processes'] = pids.length
  if (bytes !== undefined) evidence['memory'] = `${Math.round(bytes / 1e6)} MB PSS`
}

/** What a nation holds, checked against the keys that its people's devices pin. */
async function agreementHeldBy(scene: Scene, nation: WorldNation): Promise<string> {
  const folder = join(nationDirectory(scene.dir, nation), 'trust', 'agreements')
  const names = (await readdir(folder)).sort()
  check(names.length === 1, `one agreement at ${nation.nation}`)
  const signed = readSignedAgreement(await readFile(join(folder, names[0] ?? '')))
  const { authorities } = await deviceAnchors(scene, nation)
  check(Object.keys(authorities).length === 2, 'two authorities are pinned')
  await verifyAgreement(nodeCrypto, signed, { anchors: authorities })
  const keys = signed.body.parties.flatMap(authorityKeys)
  check(keys.length === 4 && signed.signatures.length === 4, 'both persons of both authorities signed')
  return `${signed.body.agreement} version ${signed.body.version}, signed by ${Object.keys(authorities).sort().join(' and ')}`
}

export async function clearancesAndRosters(scene: Scene, evidence: Evidence): Promise<void> {
  runningOf(scene)
  const { world } = scene
  for (const nation of world.nations) {
    const officer = nation.persons.find(({ roles }) => roles.includes('clearance-officer'))
    check(officer !== undefined, `${nation.nation} has a clearance officer`)
    const desk = await actor(scene, nation.nation, officer.id)
    const states: Record<string, string> = {}
    for (const person of nation.persons) {
      const status = await call<{
        state: string
        clearance?: string
        assignments?: readonly { area: string }[]
        devices?: readonly unknown[]
      }>(desk.session, 'GET', `/api/clearance/people/${person.id}`)
      const areas = (status.assignments ?? []).map(({ area }) => area)
      const wanted = person.clearance
      if (wanted === undefined) check(status.state === 'unknown', `${person.id} is not cleared`)
      else {
        check(status.state === 'cleared' && status.clearance === wanted.level, `${person.id} holds ${wanted.level}`)
        check(
          areas.join(' ') ===
            wanted.areas
              .map(({ area }) => area)
              .sort()
              .join(' '),
          `${person.id} needs to know what the office said`,
        )
        check(status.devices?.length === 2, `${person.id} has a device key towards each nation`)
      }
      states[person.id] = wanted === undefined ? 'none' : `${status.clearance} [${areas.join(' ')}]`
    }
    evidence[`cleared ${nation.nation}`] = states
    const { rosters } = await call<{
      rosters: readonly { nation: string; number: number; at: number; cells: readonly { count?: number; fewerThan?: number }[] }[]
    }>(desk.session, 'GET', '/api/rosters')
    const roster = rosters.find((one) => one.nation === otherThan(world, nation.nation).nation)
    check(roster !== undefined, `${nation.nation} holds the partner's roster statement`)
    check(
      roster.cells.length > 0 && roster.cells.every(({ count, fewerThan }) => (count === undefined) !== (fewerThan === undefined)),
      'a count or a bound in every cell',
    )
    evidence[`roster at ${nation.nation}`] = { from: roster.nation, number: roster.number, at: roster.at, cells: roster.cells.length }
  }
  // Everybody whom the later steps need can sign in.
  await Promise.all([originators(scene, 'author'), originators(scene, 'disclosureOfficer'), recipients(scene, 'firstReader')])
}
