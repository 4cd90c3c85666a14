import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Agreement } from '@entente/agreement'
import { listProposals } from '@entente/node'
import { type AgreementHands, type World, amend, handsOf, twoNations } from '@entente/testkit'
import { endOf } from './codes.ts'

const DAY = 86_400

/** The body with the ceiling of the originator's classified grant at this classification. */
function ceiling(world: World, classification: string) {
  return (body: Agreement): Partial<Agreement> => ({
    grants: body.grants.map((grant) =>
      grant.from === world.originator.code && grant.floor !== undefined ? { ...grant, ceiling: classification } : grant,
    ),
  })
}

/** Number of the version that a nation has in force, and whether a later one narrows there. */
function standing(hands: AgreementHands): string {
  const { body, narrowingOnly } = hands.newest
  return `${body.version}${narrowingOnly === true ? ' narrows' : ''}`
}

test('an amendment that narrows acts at once where it is held, and is in force when both have logged it', async () => {
  await using world = await twoNations({ seed: 'amend', patienceMilliseconds: 1_500 })
  const { originator, recipient } = handsOf(world)
  const reader = await world.firstReader()
  const item = await world.deliver()
  assert.equal(await endOf(world.open(reader, item)), 'done')

  const proposal = await originator.propose(originator.next(ceiling(world, 'PROTECTED')))
  await originator.comment(proposal, 'EXERCISE: less than before', '5')
  await world.settle()
  assert.equal(await originator.initial(proposal), 'initialled')
  await world.settle()
  assert.equal(await recipient.initial(proposal), 'settled')
  await world.settle()
  await originator.seal(proposal)
  await world.settle()
  world.clock.advance(5)
  assert.deepEqual([standing(originator), standing(recipient)], ['1', '1'])
  assert.equal(await endOf(world.open(reader, item)), 'done')

  // The recipient holds every signature first, and the originator is not told: it narrows there and widens nowhere.
  world.wire.cut = true
  await recipient.seal(proposal)
  assert.deepEqual([standing(originator), standing(recipient)], ['1', '2 narrows'])
  assert.equal(await endOf(reader.prepare(item)), 'node/partner-unreachable')
  world.wire.cut = false
  await world.settle()
  assert.deepEqual([standing(originator), standing(recipient)], ['2', '2'])
  assert.equal(originator.newest.since, recipient.newest.since)
  assert.equal(originator.newest.id, proposal)
  assert.notEqual(await endOf(world.open(reader, item)), 'done')

  const [line] = (await listProposals(world.originator.parts)).proposals
  assert.deepEqual([line?.state, line?.acts, line?.missing.length], ['in-force', 4, 0])

  // And wider again: what was released under the first version stays narrowed by the second, a new release opens.
  await amend(world, ceiling(world, 'SECRET'))
  await world.settle()
  world.clock.advance(5)
  assert.deepEqual([standing(originator), standing(recipient)], ['3', '3'])
  assert.notEqual(await endOf(world.open(reader, item)), 'done')
  const fresh = await world.deliver({ text: 'EXERCISE again' })
  assert.equal(await endOf(world.open(reader, fresh)), 'done')
})

test('nothing widens while one nation has not logged it; restarts in between change nothing', async () => {
  await using world = await twoNations({ seed: 'widen', patienceMilliseconds: 1_500 })
  const { originator, recipient } = handsOf(world)
  await amend(world, ceiling(world, 'PROTECTED'))
  await world.settle()
  world.clock.advance(5)
  assert.equal(await endOf(world.release()), 'node/refused')
  const proposal = await originator.propose(originator.next(ceiling(world, 'SECRET')))
  await world.settle()
  await originator.initial(proposal)
  await recipient.initial(proposal)
  await world.settle()
  await recipient.seal(proposal)
  await world.settle()
  world.wire.cut = true
  await originator.seal(proposal)
  assert.deepEqual([standing(originator), standing(recipient)], ['3 narrows', '2'])
  world.clock.advance(5)
  assert.notEqual(await endOf(world.release()), 'done')
  await world.originator.restart()
  assert.equal(standing(originator), '3 narrows')
  assert.notEqual(await endOf(world.release()), 'done')
  world.wire.cut = false
  await world.settle()
  assert.deepEqual([standing(originator), standing(recipient)], ['3', '3'])
  world.clock.advance(5)
  await world.recipient.restart()
  await world.originator.restart()
  await world.settle()
  assert.deepEqual([standing(originator), standing(recipient)], ['3', '3'])
  const reader = await world.firstReader()
  assert.equal(await endOf(world.open(reader, await world.deliver())), 'done')
})

test('a suspension acts when it is durable, link or no link, and ends when both have resumed', async () => {
  await using world = await twoNations({ seed: 'suspend', patienceMilliseconds: 1_500 })
  const { originator, recipient } = handsOf(world)
  const reader = await world.firstReader()
  const item = await world.deliver()
  const opening = await reader.prepare(item)
  world.wire.cut = true
  await originator.notice({ notice: 'suspend' }, 'first')
  assert.equal(await endOf(world.release({ text: 'EXERCISE one person alone suspends nothing' })), 'done')
  await originator.notice({ notice: 'suspend' }, 'second')
  assert.notEqual(await endOf(world.release({ text: 'EXERCISE suspended' })), 'done')
  world.wire.cut = false
  // The reader's nation may not know of it yet: the originator does.
  assert.notEqual(await endOf(reader.send(opening)), 'done')
  await world.settle()
  assert.notEqual(await endOf(world.open(reader, item)), 'done')

  await world.recipient.restart()
  await world.settle()
  assert.notEqual(await endOf(world.open(reader, item)), 'done')
  const suspension = await recipient.suspension()
  assert.equal(suspension, await originator.suspension())
  world.clock.advance(2)
  await recipient.notice({ notice: 'resume', of: suspension })
  await world.settle()
  assert.notEqual(await endOf(world.open(reader, item)), 'done')
  await originator.notice({ notice: 'resume', of: suspension })
  await world.settle()
  world.clock.advance(2)
  assert.equal(await endOf(world.open(reader, item)), 'done')
})

test('a termination ends all but what outlives it, after its days of notice', async () => {
  await using world = await twoNations({ seed: 'terminate', patienceMilliseconds: 1_500 })
  const { originator, recipient } = handsOf(world)
  const [article = ''] = originator.newest.body.articles.map(({ id }) => id)
  await amend(world, () => ({
    termination: { article, noticeDays: 2 },
    survival: { article, acts: ['list', 'open'], days: 3 },
  }))
  await world.settle()
  world.clock.advance(5)
  assert.deepEqual([standing(originator), standing(recipient)], ['2', '2'])
  const reader = await world.firstReader()
  const item = await world.deliver()
  await recipient.notice({ notice: 'terminate' })
  await world.settle()
  assert.equal(await endOf(world.open(reader, item)), 'done')
  const late = await world.deliver({ text: 'EXERCISE before the end' })
  world.clock.advance(2 * DAY)
  assert.notEqual(await endOf(world.release({ text: 'EXERCISE after the end' })), 'done')
  assert.equal(await endOf(world.open(reader, item)), 'done')
  assert.equal(await endOf(world.open(reader, late)), 'done')
  world.clock.advance(3 * DAY)
  assert.notEqual(await endOf(world.open(reader, item)), 'done')
})

test('what is out of turn, of another hand, or of an older time is refused, and changes nothing', async () => {
  await using world = await twoNations({ seed: 'refused', patienceMilliseconds: 1_500 })
  const { originator, recipient } = handsOf(world)
  const next = originator.next(() => ({}))
  const first = await originator.propose(next)
  assert.equal(await originator.propose(next), first, 'the same act again gets the same answer')
  assert.equal(await endOf(originator.seal(first)), 'exchange/life-not-settled')
  assert.equal(await endOf(originator.propose({ ...next, previous: '0'.repeat(64) })), 'exchange/life-previous')
  assert.equal(await endOf(originator.propose({ ...next, version: 3 })), 'exchange/life-number')
  assert.equal(
    await endOf(originator.propose({ ...next, grants: next.grants.map((grant) => ({ ...grant, areas: ['nowhere'] })) })),
    'agreement/unknown-area',
  )
  await world.settle()
  const counter = await recipient.propose(recipient.next(ceiling(world, 'PROTECTED')), first)
  await world.settle()
  await originator.initial(counter)
  assert.equal(await endOf(originator.initial(counter)), 'done')
  await world.settle()
  await recipient.initial(counter)
  await world.settle()
  assert.equal(await endOf(recipient.initial(first)), 'exchange/life-initialled')
  await originator.seal(counter)
  await recipient.seal(counter)
  await world.settle()
  assert.deepEqual([standing(originator), standing(recipient)], ['2', '2'])
  // The other text of that number can never come in any more, and the old version cannot come back.
  assert.equal(await endOf(recipient.initial(first)), 'exchange/life-number')
  assert.equal(await endOf(originator.seal(first)), 'exchange/life-number')
  const states = (await listProposals(world.recipient.parts)).proposals.map(({ id, state }) => [id, state])
  assert.deepEqual(new Map(states as never).get(first), 'superseded')
})

test('two texts that were initialled at once settle on one, the same on both nodes', async () => {
  await using world = await twoNations({ seed: 'crossing', patienceMilliseconds: 1_500 })
  const { originator, recipient } = handsOf(world)
  const one = await originator.propose(originator.next(ceiling(world, 'PROTECTED')))
  const two = await recipient.propose(recipient.next(() => ({}), 3))
  await world.settle()
  world.wire.cut = true
  await originator.initial(one)
  await recipient.initial(two)
  world.wire.cut = false
  await world.settle()
  const [stands, gives] = one < two ? [one, two] : [two, one]
  const mover = stands === one ? recipient : originator
  const other = stands === one ? originator : recipient
  assert.equal(await endOf(other.initial(gives)), 'exchange/life-initialled')
  assert.equal(await mover.initial(stands), 'settled')
  await world.settle()
  await originator.seal(stands)
  await recipient.seal(stands)
  await world.settle()
  assert.deepEqual([originator.newest.id, recipient.newest.id], [stands, stands])
})
