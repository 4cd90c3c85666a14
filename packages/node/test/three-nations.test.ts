import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { signAgreement } from '@entente/agreement'
import { canonicalText } from '@entente/canonical'
import { NodeError, listItems, listProposals, pathsOf } from '@entente/node'
import { AgreementHands, type World, authorityKeysOf, handsOf } from '@entente/testkit'
import { endOf } from './codes.ts'
import { READER, THIRD, threeNations, withThird } from './three-nations-world.ts'

/** Number of the version that each nation has in force, and whether a later one narrows there. */
function standing(hands: readonly AgreementHands[]): readonly string[] {
  return hands.map(({ newest: { body, narrowingOnly } }) => `${body.version}${narrowingOnly === true ? ' narrows' : ''}`)
}

function all(world: World): readonly [AgreementHands, AgreementHands, AgreementHands] {
  const { originator, recipient } = handsOf(world)
  return [originator, recipient, new AgreementHands(world, world.nation(THIRD))]
}

const marking = (world: World): string => `SECRET//REL ${[world.originator.code, world.recipient.code, THIRD].sort().join(', ')}`

test('a third nation joins: it proposes, all three sign, the version is in force on all, and only what is released after it reaches the third', async () => {
  await using world = await threeNations('third')
  const hands = all(world)
  const [originator, recipient, third] = hands
  const [reader, other] = [await world.firstReader(), await world.reader(READER)]
  const before = await world.deliver({ marking: marking(world) })
  assert.equal(await endOf(world.open(reader, before)), 'done')
  // Under the version of two nothing goes to a third, whoever is invited.
  assert.equal(await endOf(world.release({ marking: marking(world), to: [THIRD] })), 'node/refused')

  const proposal = await third.propose(originator.next(await withThird(world)))
  await world.settle()
  for (const nation of world.nations) assert.equal((await listProposals(nation.parts)).proposals[0]?.id, proposal, nation.code)
  for (const hand of hands) {
    await hand.initial(proposal)
    await world.settle()
  }
  await originator.seal(proposal)
  await third.seal(proposal)
  await world.settle()
  world.clock.advance(5)
  assert.deepEqual(standing(hands), ['1', '1', '1'], 'two of three authorities are not three')
  await world.nation(THIRD).restart()
  await recipient.seal(proposal)
  await world.settle()
  world.clock.advance(5)
  assert.deepEqual(standing(hands), ['2', '2', '2'])
  assert.equal(new Set(hands.map(({ newest }) => newest.since)).size, 1, 'in one second on all three')

  const { items } = await world.release({ marking: marking(world), to: [world.recipient.code, THIRD] })
  await world.settle()
  const [theirs = '', its = ''] = [items[world.recipient.code], items[THIRD]]
  assert.equal(await endOf(world.open(reader, theirs)), 'done')
  assert.equal(await endOf(world.open(other, its)), 'done')
  // What was released before reached two, and stays with them: no rendition of it is the third's, and no list of the third has it.
  assert.equal(await endOf(world.open(reader, before)), 'done')
  const { parts } = world.nation(THIRD)
  const lines = (await listItems(parts, READER, {})).items.map(({ item }) => item)
  assert.deepEqual(lines, [its])
  assert.equal(await parts.db.selectFrom('items').select('item').where('item', '=', before).executeTakeFirst(), undefined)
})

test('an invited nation speaks of the agreement and of nothing under it, under no other key than its own, and leaves as it came', async () => {
  await using world = await threeNations('guest')
  const hands = all(world)
  const [originator, , third] = hands
  const change = await withThird(world)
  const own = world.originator.parts.trust().anchors.authorities[world.originator.code]
  // A body that names somebody else's key for the party that joins.
  const forged = originator.next((body) => {
    const changed = change(body)
    return {
      ...changed,
      parties: (changed.parties ?? []).map((one) => (one.nation === THIRD && own !== undefined ? { ...one, authorityKey: own } : one)),
    }
  })
  assert.equal(await endOf(originator.propose(forged)), 'agreement/anchor')
  // What makes it no party is not its to propose.
  assert.equal(await endOf(third.propose(originator.next(() => ({})))), 'exchange/life-party')
  assert.equal(await endOf(third.notice({ notice: 'suspend' })), 'node/absent')

  const proposal = await originator.propose(originator.next(change))
  await world.settle()
  for (const hand of hands) {
    await hand.initial(proposal)
    await world.settle()
  }
  for (const hand of hands) await hand.seal(proposal)
  await world.settle()
  world.clock.advance(5)
  assert.deepEqual(standing(hands), ['2', '2', '2'])
  const other = await world.reader(READER)
  const { items } = await world.release({ marking: marking(world), to: [THIRD] })
  await world.settle()
  const item = items[THIRD] ?? ''
  assert.equal(await endOf(world.open(other, item)), 'done')

  // Withdrawal from three: from then on it is no member, and the others go on.
  await third.notice({ notice: 'withdraw' })
  await world.settle()
  world.clock.advance(5)
  assert.notEqual(await endOf(world.open(other, item)), 'done')
  assert.equal(await endOf(world.release({ marking: marking(world), to: [THIRD] })), 'node/refused')
  const reader = await world.firstReader()
  assert.equal(await endOf(world.open(reader, await world.deliver({ marking: marking(world) }))), 'done')
})

test('a version that gives the party that joins another key is not believed, whoever signed it', async () => {
  await using world = await threeNations('forged')
  const { originator, recipient, data, crypto } = world
  const [hand] = all(world)
  const change = await withThird(world)
  const keys = await authorityKeysOf(world, originator)
  const body = hand.next((one) => {
    const changed = change(one)
    const [authorityKey, countersigningKey] = keys.map(({ publicKey }) => publicKey)
    if (authorityKey === undefined || countersigningKey === undefined) throw new Error('an authority has two keys')
    return {
      ...changed,
      parties: (changed.parties ?? []).map((party) => (party.nation === THIRD ? { ...party, authorityKey, countersigningKey } : party)),
    }
  })
  const signed = await signAgreement(crypto, body, ...keys, ...(await authorityKeysOf(world, recipient)))
  await recipient.crash()
  await writeFile(join(pathsOf(recipient.dir).trust, 'agreements', `${data.agreement}-0002.json`), canonicalText(signed as never))
  await assert.rejects(recipient.start(), (error) => error instanceof NodeError && error.values['reason'] === 'agreement/anchor')
})
