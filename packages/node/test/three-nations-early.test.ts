// What one nation says may overtake, on another link, what a second nation said before it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listItems, listProposals } from '@entente/node'
import { AgreementHands, type HostedNation, type World } from '@entente/testkit'
import { endOf } from './codes.ts'
import { THIRD, threeNations, withThird } from './three-nations-world.ts'

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`it never came that ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Waits until one nation's letters to another, at least one more than were there, have their receipts; gives how many there are. */
async function told(from: HostedNation, to: HostedNation, before = -1): Promise<number> {
  let count = 0
  await until(`${from.code} told ${to.code}`, async () => {
    const letters = await from.parts.db.selectFrom('envelopes').select(['link', 'receipt']).where('direction', '=', 'out').execute()
    const sent = letters.filter(({ link }) => link.endsWith(`:${to.code}`))
    count = sent.length
    return count > before && sent.every(({ receipt }) => receipt !== null)
  })
  return count
}

/** Cuts the line from one nation to another, one way. */
function cut(world: World, from: HostedNation, to: HostedNation): void {
  world.wire.fault = (call) => (call.from === from.code && call.to === to.code ? 'lose' : undefined)
}

async function heal(world: World): Promise<void> {
  world.wire.fault = () => undefined
  await world.settle()
}

const initialled = async (nation: HostedNation) => (await listProposals(nation.parts)).proposals.map((one) => one.initialled)

test('an initial, a comment and a counter-proposal that overtake the proposal that they speak of count once it comes, also after a restart', async () => {
  await using world = await threeNations('early-initial')
  const { originator, recipient } = world
  const third = world.nation(THIRD)
  const [proposer, initialling] = [new AgreementHands(world, originator), new AgreementHands(world, recipient)]
  cut(world, originator, third)
  const before = await told(recipient, third)
  const body = proposer.next(await withThird(world))
  const proposal = await proposer.propose(body)
  await until('the proposal came', async () => (await listProposals(recipient.parts)).proposals.length === 1)
  await initialling.comment(proposal, 'agreed')
  await initialling.initial(proposal)
  const counter = await initialling.propose({ ...body, title: { ...body.title, en: 'EXERCISE: another' } }, proposal)
  await told(recipient, third, before + 2)
  assert.deepEqual(await initialled(third), [], 'nothing that could be initialled is here')
  await third.restart()
  await heal(world)
  for (const nation of world.nations) {
    const { proposals } = await listProposals(nation.parts)
    assert.deepEqual(new Set(proposals.map(({ id }) => id)), new Set([proposal, counter]), nation.code)
    const one = proposals.find(({ id }) => id === proposal)
    assert.deepEqual(one?.initialled, [recipient.code], nation.code)
    assert.equal(one.acts, 3, nation.code)
  }
})

test('a word of holding that overtakes the last signature counts once that comes, and an offer under a version that lacks a third word is listed once it is in force', async () => {
  await using world = await threeNations('early-word')
  const { originator, recipient } = world
  const third = world.nation(THIRD)
  const hands = world.nations.map((nation) => new AgreementHands(world, nation))
  const versions = () => hands.map(({ newest: { body, narrowingOnly } }) => `${body.version}${narrowingOnly === true ? ' narrows' : ''}`)
  const [first, second, last] = [originator, recipient, third].map((nation) => new AgreementHands(world, nation)) as [
    AgreementHands,
    AgreementHands,
    AgreementHands,
  ]
  const proposal = await first.propose(first.next(await withThird(world)))
  await world.settle()
  for (const hand of hands) {
    await hand.initial(proposal)
    await world.settle()
  }
  await second.seal(proposal)
  await last.seal(proposal)
  await world.settle()

  // The originator's seals reach the recipient, which holds the version and proves it to the third; they do not reach the third.
  cut(world, originator, third)
  const before = await told(recipient, third)
  await first.seal(proposal)
  await told(recipient, third, before)
  assert.equal(last.newest.body.version, 1)
  // Now the third has them, holds it too, and proves it to the originator; it cannot speak to the recipient.
  cut(world, third, recipient)
  await until('the version is in force at the originator', () => {
    world.clock.advance(1)
    for (const nation of world.nations) nation.parts.wake()
    return Promise.resolve(first.newest.body.version === 2 && first.newest.narrowingOnly !== true)
  })
  assert.equal(second.newest.narrowingOnly, true, 'the third word is missing')
  world.clock.advance(5)
  const reader = await world.firstReader()
  const offers = await told(originator, recipient)
  const marking = `SECRET//REL ${[originator.code, recipient.code].sort().join(', ')}`
  const { items } = await world.release({ marking })
  const item = items[recipient.code] ?? ''
  await told(originator, recipient, offers)
  const listed = async () => (await listItems(recipient.parts, reader.id, {})).items.map((one) => one.item)
  assert.deepEqual(await listed(), [], 'listed to nobody before the version is in force')
  assert.notEqual(await endOf(world.open(reader, item)), 'done')
  await heal(world)
  world.clock.advance(5)
  assert.deepEqual(versions(), ['2', '2', '2'])
  assert.deepEqual(await listed(), [item])
  assert.equal(await endOf(world.open(reader, item)), 'done')
})
