import assert from 'node:assert/strict'
import { readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Agreement } from '@entente/agreement'
import { canonicalText } from '@entente/canonical'
import { NodeError, examineNode, listProposals, pathsOf } from '@entente/node'
import { type World, type WireFault, amend, handsOf, twoNations } from '@entente/testkit'
import { endOf } from './codes.ts'

/** The body with a lower ceiling of the originator's classified grant. */
function lower(world: World) {
  return (body: Agreement): Partial<Agreement> => ({
    grants: body.grants.map((grant) =>
      grant.from === world.originator.code && grant.floor !== undefined ? { ...grant, ceiling: 'PROTECTED' } : grant,
    ),
  })
}

/** Number of the version that each has in force. */
function inForce(world: World): readonly string[] {
  return Object.values(handsOf(world)).map(
    ({ newest: { body, narrowingOnly } }) => `${body.version}${narrowingOnly === true ? ' narrows' : ''}`,
  )
}

test('a node that is killed right after any record of the life goes on from it', async () => {
  await using kept = await (await twoNations({ seed: 'killed' })).keep()
  for (const side of ['originator', 'recipient'] as const) {
    for (let record = 0; record < 6; record++) {
      await using world = await twoNations({ seed: `killed/${side}/${record}`, from: kept, patienceMilliseconds: 1_500 })
      const nation = world[side]
      const hands = handsOf(world)
      let left = record
      let restarted: Promise<void> = Promise.resolve()
      nation.onEntered = ({ kind }) => {
        if (kind.startsWith('agreement-') && left-- === 0) restarted = nation.restart()
      }
      const again = async (act: () => Promise<unknown>): Promise<void> => {
        await act().catch(() => {})
        await restarted
        await world.settle()
      }
      const body = hands.originator.next(lower(world))
      await again(() => hands.originator.propose(body))
      // What was entered before the crash is refused as done before, or gets the same answer; what was not is done now.
      await again(() => hands.originator.propose(body))
      const [line] = (await listProposals(world.recipient.parts)).proposals
      const found = line?.id ?? ''
      await again(() => hands.originator.initial(found))
      await again(() => hands.recipient.initial(found))
      await again(() => hands.originator.initial(found))
      await again(() => hands.recipient.initial(found))
      for (let round = 0; round < 2; round++) {
        for (const who of ['first', 'second'] as const) {
          await again(() => hands.originator.seal(found, who))
          await again(() => hands.recipient.seal(found, who))
        }
      }
      world.clock.advance(60)
      assert.deepEqual(inForce(world), ['2', '2'], `${side} ${record}`)
    }
  }
})

test('through loss, repetition and delay every step comes once', async () => {
  await using world = await twoNations({ seed: 'faulty-life', patienceMilliseconds: 1_500 })
  const faults: (WireFault | undefined)[] = [undefined, undefined, 'lose', 'lose-answer', 'twice']
  world.wire.fault = () => faults[world.chance.below(faults.length)]
  const proposal = await amend(world, lower(world))
  await world.settle(60_000)
  assert.deepEqual(inForce(world), ['2', '2'])
  for (const nation of world.nations) {
    const rows = await nation.parts.db.selectFrom('agreement_steps').select(['id', 'kind']).where('proposal', '=', proposal).execute()
    const kinds = Object.groupBy(rows, ({ kind }) => kind)
    assert.deepEqual([kinds.act?.length, kinds.seal?.length, kinds.held?.length, kinds.proof?.length], [3, 4, 1, 2])
  }
})

test('files below trust/ that a crash left unwritten are made of the journal at the next start', async () => {
  await using world = await twoNations({ seed: 'unwritten', patienceMilliseconds: 1_500 })
  const { originator } = handsOf(world)
  await amend(world, lower(world))
  await world.settle()
  await originator.notice({ notice: 'suspend' })
  await world.settle()
  const { trust } = pathsOf(world.recipient.dir)
  const before = await filesBelow(trust)
  await world.recipient.crash()
  for (const folder of ['held', 'notices']) await rm(join(trust, folder), { recursive: true })
  await rm(join(trust, 'agreements', 'jpn-aus-0002.json'))
  await world.recipient.start()
  assert.deepEqual(await filesBelow(trust), before)
  assert.deepEqual(inForce(world), ['2', '2'])
})

test('a node does not start on a version that does not hold, and says which', async () => {
  await using world = await twoNations({ seed: 'tampered', patienceMilliseconds: 1_500 })
  await amend(world, lower(world))
  await world.settle()
  await world.recipient.crash()
  const file = join(pathsOf(world.recipient.dir).trust, 'agreements', 'jpn-aus-0002.json')
  const signed = JSON.parse(await readFile(file, 'utf8')) as { body: Agreement; signatures: unknown[] }
  const changes: readonly [string, string][] = [
    ['canonical/signature-invalid', canonicalText({ ...signed, body: { ...signed.body, inForceFrom: 1 } } as never)],
    ['canonical/signature-missing', canonicalText({ ...signed, signatures: signed.signatures.slice(1) } as never)],
  ]
  for (const [reason, text] of changes) {
    await writeFile(file, text)
    await assert.rejects(world.recipient.start(), (error) => {
      assert.ok(error instanceof NodeError)
      assert.deepEqual(
        [error.code, error.values['agreement'], error.values['version'], error.values['reason']],
        ['node/trust', 'jpn-aus', 2, reason],
      )
      return true
    })
  }
})

test('a process that cannot verify the folder keeps what it had; the doctor names it, and nothing opens on the difference', async () => {
  await using world = await twoNations({ seed: 'kept', patienceMilliseconds: 1_500 })
  const reader = await world.firstReader()
  const item = await world.deliver()
  // The key process has other anchors than the rest: it believes nothing that is signed with these keys any more.
  const anchors = join(pathsOf(world.originator.dir).keys, 'anchors.json')
  const whole = await readFile(anchors, 'utf8')
  const other = JSON.parse(whole) as { authorities: Record<string, unknown> }
  const [one = '', two = ''] = Object.keys(other.authorities)
  await writeFile(anchors, JSON.stringify({ ...other, authorities: { [one]: other.authorities[two], [two]: other.authorities[one] } }))
  await amend(world, (body) => ({ title: { ...body.title, en: 'EXERCISE another title' } }))
  await world.settle()
  world.clock.advance(5)
  const checks = await examineNode(world.originator.parts)
  assert.deepEqual(
    checks.filter(({ code }) => code === 'doctor/trust-kept').map(({ name, state }) => [name, state]),
    [['keys', 'fail']],
  )
  assert.notEqual(await endOf(world.open(reader, item)), 'done')
  await writeFile(anchors, whole)
  await world.originator.parts.renewTrust()
  assert.equal(
    (await examineNode(world.originator.parts)).some(({ code }) => code === 'doctor/trust-kept'),
    false,
  )
  assert.equal(await endOf(world.open(reader, item)), 'done')
})

test('clocks apart: while only one has come to the version nothing is answered, and before and after it by one', async () => {
  for (const skew of [20, -20]) {
    await using world = await twoNations({ seed: `skew/${skew}`, patienceMilliseconds: 1_500 })
    const reader = await world.firstReader()
    const item = await world.deliver()
    await amend(world, (body) => ({ title: { ...body.title, en: 'EXERCISE another title' } }), 200)
    await world.settle()
    const { originator, recipient } = handsOf(world)
    assert.equal(originator.newest.since, recipient.newest.since)
    const start = originator.newest.since ?? 0
    world.clock.skew(world.recipient.code, skew)
    assert.equal(await endOf(world.open(reader, item)), 'done')
    // The clock that is ahead has come to it, the other one has not.
    world.clock.advance(start - Math.max(skew, 0) + 10 - world.clock.now())
    assert.notEqual(await endOf(world.open(reader, item)), 'done')
    world.clock.advance(40)
    assert.equal(await endOf(world.open(reader, item)), 'done')
  }
})

async function filesBelow(folder: string): Promise<readonly string[]> {
  return (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.json')).sort()
}
