import { loginAs } from '../login/index.ts'
import { call } from './call.ts'
import { grantAndEnrol, openDesk, sendRoster } from './clearances.ts'
import { DemoError } from './errors.ts'
import { deviceDirectory } from './set-up.ts'
import { type LoadedWorld, type WorldNation, nationOf, otherThan } from './world.ts'

/** Both clearance offices grant what the world says, and state their counts to each other. Throws `demo/set-up-failed` and `demo/call-refused`. */
export async function grantClearances(
  dir: string,
  world: LoadedWorld,
  addressOf: (nation: string) => string,
  now: () => number,
): Promise<void> {
  await Promise.all(world.nations.map((nation) => grantAndEnrol(dir, world, nation, addressOf(nation.nation), now)))
  await Promise.all(world.nations.map((nation) => stateRoster(dir, world, nation, addressOf)))
}

const ROSTER_WAIT_MILLISECONDS = 15_000

/** The office states its counts, and the partner is seen to hold them. */
async function stateRoster(dir: string, world: LoadedWorld, nation: WorldNation, addressOf: (nation: string) => string): Promise<void> {
  const desk = await openDesk(dir, world, nation, addressOf(nation.nation))
  const partner = otherThan(world, nation.nation)
  const number = await sendRoster(desk, world, partner.nation)
  const reader = partner.persons.find(({ roles }) => roles.includes('clearance-officer'))
  if (reader === undefined) return
  const session = await loginAs({
    node: addressOf(partner.nation),
    deviceDir: deviceDirectory(dir, nationOf(world, partner.nation), reader.id),
    person: reader.id,
  })
  const until = performance.now() + ROSTER_WAIT_MILLISECONDS
  while (performance.now() < until) {
    const { rosters } = await call<{ rosters: readonly { nation: string; number: number }[] }>(session, 'GET', '/api/rosters')
    if (rosters.some((one) => one.nation === nation.nation && one.number >= number)) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new DemoError('demo/set-up-failed', `the roster of ${nation.nation} did not arrive`, { values: { command: 'rosters', code: '' } })
}
