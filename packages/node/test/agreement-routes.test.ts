import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toHex } from '@entente/canonical'
import type { RosterStatement } from '@entente/clearance'
import { handsOf, peopleDoor, twoNations } from '@entente/testkit'

test('who has a role reads agreements, proposals and what they may list; only negotiators and signatories act, and nobody else finds the door', async () => {
  await using world = await twoNations({ seed: 'routes', patienceMilliseconds: 300 })
  const { recipient } = handsOf(world)
  const nation = world.recipient
  const item = await world.deliver()
  const proposal = await recipient.propose(recipient.next(() => ({})))
  await recipient.comment(proposal, 'EXERCISE: as it was')
  const door = await peopleDoor(nation, (code) => ({ en: code, ja: code }))
  const ask = async (person: string, method: 'GET' | 'POST', url: string, payload?: object) => {
    const answer = await door.inject({ method, url, headers: { 'x-person': person }, ...(payload === undefined ? {} : { payload }) })
    return { status: answer.statusCode, raw: answer.rawPayload, text: answer.body }
  }
  const json = async <T>(person: string, url: string): Promise<T> => JSON.parse((await ask(person, 'GET', url)).text) as T
  const { firstReader, secondReader } = world.data.story.cast
  const negotiator = nation.parts.people.find(({ roles }) => roles.includes('negotiator'))?.id ?? ''
  const signatory = nation.parts.people.find(({ roles }) => roles.includes('signatory'))?.id ?? ''

  // Standing of now and of another time.
  const { agreements } = await json<{
    agreements: { state: string; versions: { number: number; state: string; signed: { signatures: unknown[] } }[] }[]
  }>(firstReader, '/api/agreements')
  assert.deepEqual(
    agreements.map(({ state, versions }) => [state, versions.map((one) => [one.number, one.state, one.signed.signatures.length])]),
    [['in-force', [[1, 'in-force', 4]]]],
  )
  assert.equal((await json<{ agreements: { state: string }[] }>(firstReader, '/api/agreements?at=1')).agreements[0]?.state, 'none')

  // Proposals, with the bytes that are signed.
  const { proposals } = await json<{ proposals: { id: string; state: string; acts: number }[] }>(firstReader, '/api/agreements/proposals')
  assert.deepEqual(
    proposals.map(({ id, state, acts }) => [id, state, acts]),
    [[proposal, 'proposed', 2]],
  )
  const view = await json<{ said: { act: string; officer?: string; text?: string }[] }>(
    firstReader,
    `/api/agreements/proposals/${proposal}`,
  )
  assert.deepEqual(
    view.said.map(({ act, officer, text }) => [act, officer, text]),
    [
      ['propose', negotiator, undefined],
      ['comment', negotiator, 'EXERCISE: as it was'],
    ],
  )
  const bytes = await ask(firstReader, 'GET', `/api/agreements/proposals/${proposal}/signing-bytes`)
  assert.equal(toHex(world.crypto.sha256(bytes.raw)), proposal)

  // What is not there, and what is not for them, is one answer.
  const nothing = await ask(negotiator, 'GET', `/api/agreements/proposals/${'0'.repeat(64)}`)
  const closed = await ask(firstReader, 'POST', '/api/agreements/acts', { signed: {} })
  assert.deepEqual([nothing.status, nothing.text], [404, closed.text])
  assert.equal(closed.status, 404)
  for (const [person, url] of [
    [signatory, '/api/agreements/acts'],
    [negotiator, '/api/agreements/seals'],
    [negotiator, '/api/agreements/notices'],
  ] as const) {
    assert.equal((await ask(person, 'POST', url, { signed: {} })).status, 404)
  }
  // A negotiator with nonsense in hand, and one whose body is another's, are refused by code.
  assert.equal((await ask(negotiator, 'POST', '/api/agreements/acts', { signed: {} })).status, 400)
  assert.equal((await ask(signatory, 'POST', '/api/agreements/seals', { proposal, signature: {} })).status, 400)
  assert.equal((await ask(signatory, 'POST', '/api/agreements/notices', { signed: { body: {}, signatures: [] } })).status, 400)

  // Holdings are what the caller may list: an item of somebody else changes nothing.
  const held = await json<{ holdings: { item: string; from: string; to: string; basis: { agreement: string } }[] }>(
    firstReader,
    '/api/agreements/holdings',
  )
  assert.deepEqual(
    held.holdings.map(({ item: one, from, to, basis }) => [one, from, to, basis.agreement]),
    [[item, world.originator.code, nation.code, world.data.agreement]],
  )
  assert.deepEqual(await json(secondReader, '/api/agreements/holdings'), { holdings: [] })

  // Rosters are counts, of the partner and of what was told it; a reader finds nothing there.
  await world.roster(world.originator)
  const before = await json<{ rosters: RosterStatement[] }>(negotiator, '/api/agreements/rosters')
  await world.roster(nation)
  const told = await json<{ rosters: RosterStatement[] }>(signatory, '/api/agreements/rosters')
  assert.deepEqual(
    told.rosters.map((roster) => roster.nation),
    [nation.code, world.originator.code],
  )
  const own = (rosters: readonly RosterStatement[]): number => rosters.find((roster) => roster.nation === nation.code)?.number ?? 0
  assert.equal(own(told.rosters), own(before.rosters) + 1)
  const { rosterMinimum } = nation.parts.trust().agreements.get(world.data.agreement)?.[0]?.body ?? { rosterMinimum: 0 }
  const cells = told.rosters.flatMap((roster) => roster.cells)
  assert.ok(
    cells.length > 0 &&
      cells.every(({ count, fewerThan }) => (count ?? rosterMinimum) >= rosterMinimum && (fewerThan ?? rosterMinimum) >= rosterMinimum),
  )
  const barred = await ask(firstReader, 'GET', '/api/agreements/rosters')
  assert.deepEqual([barred.status, barred.text], [nothing.status, nothing.text])
  await door.close()
})
