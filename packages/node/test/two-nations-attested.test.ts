import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Agreement } from '@entente/agreement'
import { codeOf } from '@entente/canonical'
import { listItems } from '@entente/node'
import { type Reader, type World, amend, twoNations } from '@entente/testkit'
import { endOf } from './codes.ts'

const CODES = { organisation: 'EXERCISE-ANALYSIS', post: 'EXERCISE-WATCH', facility: 'EXERCISE-ROOM-1' } as const
type Claim = keyof typeof CODES
const DAY = 86_400

/** The originator's classified grant, for readers of one organisation, post and facility. */
function narrowed(world: World) {
  return (body: Agreement): Partial<Agreement> => ({
    grants: body.grants.map((grant) =>
      grant.from === world.originator.code && grant.floor !== undefined
        ? {
            ...grant,
            person: { ...grant.person, organisations: [CODES.organisation], posts: [CODES.post], facilities: [CODES.facility] },
          }
        : grant,
    ),
  })
}

test('a grant for an organisation, a post and a facility opens to whom the own office attests all three, for as long as it does', async () => {
  await using world = await twoNations({ seed: 'attested' })
  const { recipient, data } = world
  const desk = world.desk(recipient)
  const { firstReader, secondReader } = data.story.cast
  const attest = (person: string, claim: Claim, days = 30, code: string = CODES[claim]): Promise<void> =>
    desk.act(person, { act: 'attest', claim, code, until: world.clock.now() + days * DAY })
  const until = world.clock.now() + 300 * DAY
  await desk.act(secondReader, { act: 'assign', area: data.story.area, role: 'reader', purposes: [data.story.purpose], until })
  // Nothing reads such a code yet: it would be of no use to anybody.
  assert.equal(await endOf(attest(firstReader, 'post')), 'clearance/input')
  await amend(world, narrowed(world))
  await world.settle()
  world.clock.advance(5)

  const [reader, other] = [await world.reader(firstReader), await world.reader(secondReader)]
  const item = await world.deliver()
  const ends = async (): Promise<readonly string[]> => Promise.all([reader, other].map((one) => endOf(world.open(one, item))))
  const listed = async (who: Reader): Promise<boolean> =>
    (await listItems(recipient.parts, who.id, {})).items.some((line) => line.item === item)
  const isDone = (end: string | undefined): boolean => end === 'done'

  assert.deepEqual((await ends()).map(isDone), [false, false])
  await attest(firstReader, 'organisation')
  await attest(firstReader, 'post')
  assert.deepEqual((await ends()).map(isDone), [false, false], 'two of three are not three')
  assert.equal(await listed(reader), false)
  await attest(firstReader, 'facility', 2)
  assert.deepEqual((await ends()).map(isDone), [true, false])
  assert.deepEqual([await listed(reader), await listed(other)], [true, false])

  // What was attested and then taken back stops a request that is under way.
  const underWay = await reader.prepare(item)
  await desk.act(firstReader, { act: 'retract', claim: 'organisation' })
  assert.equal(isDone(await endOf(reader.send(underWay))), false)
  assert.deepEqual((await ends()).map(isDone), [false, false])
  await attest(firstReader, 'organisation')
  assert.deepEqual((await ends()).map(isDone), [true, false])

  // The facility was for two days; the office remembers all of it over a restart.
  await recipient.restart()
  await world.settle()
  assert.deepEqual((await ends()).map(isDone), [true, false])
  world.clock.advance(2 * DAY)
  assert.deepEqual((await ends()).map(isDone), [false, false])
})

test('the node takes no act about nobody, and none under a code that nobody here knows; what takes something away needs neither', async () => {
  await using world = await twoNations({ seed: 'unknown-codes' })
  const { recipient, data } = world
  const desk = world.desk(recipient)
  const person = data.story.cast.thirdReader
  const until = world.clock.now() + DAY
  const grant = { act: 'grant', citizenships: [recipient.code], validFrom: world.clock.now(), validUntil: until } as const
  const level = recipient.parts.policies.values().find(({ nation }) => nation === recipient.code)?.clearances[0]?.code ?? ''
  const refused = async (who: string, act: Parameters<typeof desk.act>[1]): Promise<string> => {
    const before = await recipient.parts.office.call('nextAct', {})
    const end = await desk.act(who, act).then(() => 'done', codeOf)
    const after = await recipient.parts.office.call('nextAct', {})
    return after.number === before.number ? end : `${end} and was entered`
  }
  assert.equal(await refused('nobody-at-all', { ...grant, clearance: level }), 'clearance/input')
  assert.equal(await refused(person, { ...grant, clearance: 'NOSUCH' }), 'clearance/input')
  await desk.act(person, { ...grant, clearance: level })
  assert.equal(await refused(person, { act: 'upgrade', clearance: 'NOSUCH', validUntil: until }), 'clearance/input')
  assert.equal(await refused(person, { act: 'assign', area: 'nosuch', role: 'reader', purposes: [], until }), 'clearance/input')
  assert.equal(await refused(person, { act: 'brief', briefing: 'nosuch/NOSUCH', until }), 'clearance/input')
  assert.equal(await refused(person, { act: 'attest', claim: 'post', code: 'NOSUCH', until }), 'clearance/input')
  assert.equal(await endOf(desk.code('nobody-at-all')), 'clearance/input')
  assert.equal(await refused('nobody-at-all', { act: 'withdraw' }), 'clearance/act-impossible')
  assert.equal(await refused(person, { act: 'withdraw' }), 'done and was entered')
})
