import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { test } from 'node:test'
import type { Agreement } from '@entente/agreement'
import { canonicalText } from '@entente/canonical'
import { signRestoration } from '@entente/exchange'
import { listAgreements, listProposals, pathsOf } from '@entente/node'
import { type AgreementHands, type World, amend, handsOf, twoNations } from '@entente/testkit'
import { acceptRestoration } from '#src/use-cases/reconcile-restored.ts'
import { endOf } from './codes.ts'

/** The body with the ceiling of the originator's classified grant at this classification. */
function ceiling(world: World, classification: string) {
  return (body: Agreement): Partial<Agreement> => ({
    grants: body.grants.map((grant) =>
      grant.from === world.originator.code && grant.floor !== undefined ? { ...grant, ceiling: classification } : grant,
    ),
  })
}

function titled(en: string) {
  return (body: Agreement): Partial<Agreement> => ({ title: { ...body.title, en: `EXERCISE ${en}` } })
}

function standing(hands: { readonly [Side in 'originator' | 'recipient']: AgreementHands }): readonly string[] {
  return [hands.originator, hands.recipient].map(
    ({ newest: { body, narrowingOnly } }) => `${body.version}${narrowingOnly === true ? ' narrows' : ''}`,
  )
}

async function stateAt(world: World, side: 'originator' | 'recipient'): Promise<string | undefined> {
  const { agreements } = await listAgreements(world[side].parts, undefined)
  return agreements.find(({ agreement }) => agreement === world.data.agreement)?.state
}

test('a version that enters by an exchange of notes says nothing before both notes are there, and all of it afterwards', async () => {
  await using world = await twoNations({ seed: 'notes' })
  const hands = handsOf(world)
  const { originator, recipient } = hands
  const [article = ''] = originator.newest.body.articles.map(({ id }) => id)
  const reader = await world.firstReader()
  const item = await world.deliver()
  const proposal = await amend(world, (body) => ({ ...ceiling(world, 'PROTECTED')(body), entry: { article, by: 'notes' } }))
  await world.settle()
  world.clock.advance(5)
  assert.deepEqual(standing(hands), ['2 narrows', '2 narrows'], 'signed and held by both, and no note yet')
  assert.equal(await endOf(world.open(reader, item)), 'done', 'without the notes it takes nothing away either')

  assert.equal(await endOf(originator.notice({ notice: 'note', version: '0'.repeat(64) })), 'node/absent')
  await originator.notice({ notice: 'note', version: proposal }, 'first')
  await world.settle()
  assert.deepEqual(standing(hands), ['2 narrows', '2 narrows'])
  await originator.notice({ notice: 'note', version: proposal }, 'second')
  await world.settle()
  assert.deepEqual(standing(hands), ['2 narrows', '2 narrows'], "one nation's note is no exchange")
  await world.recipient.restart()
  // The second note is given while the line is cut: it counts where it is known, and is told when it can be.
  world.wire.cut = true
  await recipient.notice({ notice: 'note', version: proposal })
  assert.deepEqual(standing(hands), ['2 narrows', '2'])
  world.wire.cut = false
  await world.settle()
  world.clock.advance(5)
  assert.notEqual(await endOf(world.open(reader, item)), 'done')
  assert.deepEqual(standing(hands), ['2', '2'])
  assert.equal(originator.newest.since, recipient.newest.since)
  const fresh = await world.deliver({ marking: `PROTECTED//REL ${[world.originator.code, world.recipient.code].sort().join(', ')}` })
  assert.equal(await endOf(world.open(reader, fresh)), 'done')
  // A version that enters by signature takes no note.
  const plain = await amend(world, () => ({ entry: { article, by: 'signature' } }))
  await world.settle()
  assert.equal(await endOf(originator.notice({ notice: 'note', version: plain })), 'exchange/life-notice')
})

test('a counter-proposal takes the place of what it answers, over restarts of both', async () => {
  await using world = await twoNations({ seed: 'counter' })
  const hands = handsOf(world)
  const { originator, recipient } = hands
  const first = await originator.propose(originator.next(titled('first')))
  await world.settle()
  const counter = await recipient.propose(recipient.next(ceiling(world, 'PROTECTED')), first)
  await world.settle()
  const states = async (side: 'originator' | 'recipient'): Promise<ReadonlyMap<string, string>> =>
    new Map((await listProposals(world[side].parts)).proposals.map(({ id, state }) => [id, state]))
  assert.deepEqual([(await states('originator')).get(first), (await states('recipient')).get(first)], ['answered', 'answered'])
  await world.originator.restart()
  const again = await originator.propose(originator.next(titled('again')), counter)
  await world.settle()
  await world.recipient.restart()
  await world.settle()
  const answers = (await listProposals(world.recipient.parts)).proposals.map(({ id, answers: of }) => [id, of] as const)
  assert.deepEqual([new Map(answers).get(again), new Map(answers).get(counter)], [counter, first])
  for (const hand of [recipient, originator]) {
    await hand.initial(counter)
    await world.settle()
  }
  for (const hand of [recipient, originator]) await hand.seal(counter)
  await world.settle()
  world.clock.advance(5)
  assert.deepEqual(standing(hands), ['2', '2'])
  assert.deepEqual([originator.newest.id, recipient.newest.id], [counter, counter])
  assert.deepEqual([(await states('originator')).get(first), (await states('recipient')).get(again)], ['superseded', 'superseded'])
})

test('nobody withdraws from an agreement of two, resumes what is not suspended, or resumes alone', async () => {
  await using world = await twoNations({ seed: 'withdraw' })
  const { originator, recipient } = handsOf(world)
  assert.equal(await endOf(originator.notice({ notice: 'withdraw' })), 'exchange/life-notice')
  assert.equal(await endOf(originator.notice({ notice: 'resume', of: '0'.repeat(64) })), 'exchange/life-notice')
  const one = await originator.notice({ notice: 'suspend' })
  const two = await recipient.notice({ notice: 'suspend' })
  await world.settle()
  world.clock.advance(2)
  // Each suspension is lifted by both; one that is lifted leaves the other.
  for (const hand of [originator, recipient]) await hand.notice({ notice: 'resume', of: one })
  await world.settle()
  world.clock.advance(2)
  assert.deepEqual([await stateAt(world, 'originator'), await stateAt(world, 'recipient')], ['suspended', 'suspended'])
  await originator.notice({ notice: 'resume', of: two })
  await world.settle()
  world.clock.advance(2)
  assert.deepEqual([await stateAt(world, 'originator'), await stateAt(world, 'recipient')], ['suspended', 'suspended'])
  await recipient.notice({ notice: 'resume', of: two })
  await world.settle()
  world.clock.advance(2)
  assert.deepEqual([await stateAt(world, 'originator'), await stateAt(world, 'recipient')], ['in-force', 'in-force'])
  await originator.notice({ notice: 'terminate' })
  await world.settle()
  world.clock.advance(400 * 86_400)
  assert.deepEqual([await stateAt(world, 'originator'), await stateAt(world, 'recipient')], ['ended', 'ended'])
  assert.notEqual(await endOf(world.release()), 'done')
})

test('a node that came out of a backup takes a suspension by both persons, and nothing else; it holds when the quarantine is over', async () => {
  await using world = await twoNations({ seed: 'quarantine' })
  const { originator, recipient } = handsOf(world)
  const reader = await world.firstReader()
  const item = await world.deliver()
  await world.settle()
  const { dir, code } = world.originator
  const made = world.clock.now()
  await world.originator.crash()
  const mark = { made, restored: made, records: 1 }
  await writeFile(pathsOf(dir).restored, canonicalText(mark))
  await world.originator.start()
  assert.notEqual(await endOf(world.open(reader, item)), 'done')
  assert.equal(await endOf(originator.propose(originator.next(() => ({})))), 'node/quarantined')
  assert.equal(await endOf(originator.notice({ notice: 'suspend' })), 'done')
  assert.equal(await stateAt(world, 'originator'), 'suspended')
  const order = { realm: 'exercise', nation: code, made, records: 1, at: world.originator.parts.now() } as const
  const officer = world.officerKey(world.data.story.cast.securityOfficer)
  await acceptRestoration(world.originator.parts, await signRestoration(world.crypto, order, officer))
  await world.settle()
  assert.equal(await stateAt(world, 'recipient'), 'suspended')
  assert.notEqual(await endOf(world.open(reader, item)), 'done')
  const of = await originator.suspension()
  for (const hand of [originator, recipient]) await hand.notice({ notice: 'resume', of })
  await world.settle()
  world.clock.advance(2)
  assert.equal(await endOf(world.open(reader, item)), 'done')
})

test('a backup from before a suspension brings nothing back: the witness saw more, and the partner knows of it', async () => {
  await using world = await twoNations({ seed: 'older' })
  const { originator } = handsOf(world)
  const reader = await world.firstReader()
  const item = await world.deliver()
  const older = world.originator.journal.content.slice()
  await originator.notice({ notice: 'suspend' })
  await world.settle()
  await world.originator.crash()
  world.originator.journal.restore(older)
  await world.originator.start()
  assert.notEqual(await endOf(world.open(reader, item)), 'done')
  assert.equal(await stateAt(world, 'recipient'), 'suspended')
  assert.notEqual(await endOf(world.release()), 'done')
})
