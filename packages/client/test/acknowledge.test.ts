import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Json, Signer } from '@entente/canonical'
import { type Client, type EvidenceEntry, type OpenedItem, openItem, readDamage, readEvidence, verifyEntries } from '@entente/client'
import { type JoinedReceipt, signJoined } from '@entente/exchange'
import { enterWithLetter } from '@entente/node'
import { type HostedNation, type World, twoNations } from '@entente/testkit'
import { clientOf, codeIs, enrolled, opening } from './flows-world.ts'

async function readAll(opened: OpenedItem): Promise<void> {
  for await (const part of opened.parts) if (part.kind === 'file') for await (const _ of part.content);
}

/** What a nation's entries say became of openings of an item, in order. */
async function outcomes(host: HostedNation, item: string): Promise<string[]> {
  const rows = await host.parts.db
    .selectFrom('entries')
    .select('opening')
    .where('item', '=', item)
    .where('act', '=', 'joined')
    .orderBy('n')
    .execute()
  return rows.flatMap(({ opening: text }) =>
    (JSON.parse(text) as { fields: { name: string; value: Json }[] }).fields.flatMap(({ name, value }) =>
      name === 'outcome' ? [value as string] : [],
    ),
  )
}

/** What a screen would send by itself: a receipt about an opening, signed with a key. */
async function say(client: Client, item: string, holder: Signer, said: Pick<JoinedReceipt, 'request' | 'leaf' | 'outcome'>): Promise<void> {
  const joined = await signJoined({ realm: 'exercise', at: client.now(), ...said }, holder)
  await client.api.send('/api/openings/joined', { item, joined })
}

function aboutOf({ evidence }: OpenedItem): { readonly request: string; readonly leaf: string } {
  return { request: evidence.request, leaf: evidence.entries[0]?.leafHash ?? assert.fail() }
}

async function evidenceAt(world: World, host: HostedNation, item: string): Promise<readonly EvidenceEntry[]> {
  const { persons } = world.data.nations.find(({ nation }) => nation === host.code) ?? assert.fail()
  const officer = persons.find(({ roles }) => roles.includes('security-officer'))?.id ?? assert.fail()
  await using client = await clientOf(world, host, officer)
  const entries = (await readEvidence(client, item)).filter(({ act }) => act === 'joined')
  assert.deepEqual(new Set((await verifyEntries(client, entries)).map(({ state }) => state)), new Set(['proven']))
  const [first] = entries
  if (first !== undefined) assert.equal((await verifyEntries(client, [{ ...first, outcome: 'failed' }]))[0]?.state, 'wrong')
  return entries
}

test('a reader acknowledges what was opened: one entry in both nations, proven, and in the damage assessment', async () => {
  await using world = await twoNations({ seed: 'acknowledge' })
  const { originator, recipient } = world
  const { cast } = world.data.story
  const item = await world.deliver()
  await using reader = await clientOf(world, recipient, cast.firstReader)
  const holder = await enrolled(world, reader, cast.firstReader)
  const opened = await openItem(reader, opening(world, item, holder))
  await assert.rejects(opened.acknowledge(), codeIs('client/absent'))
  await readAll(opened)
  await opened.acknowledge()
  await opened.acknowledge()
  // A day and some records later the sequencer has forgotten the receipt, and it is still the same one.
  world.clock.advance(90_000)
  const record = { at: world.clock.now(), kind: 'test', body: {}, entries: [], effects: [], conditions: [] }
  await Promise.all(Array.from({ length: 1_024 }, () => recipient.parts.enter(record)))
  await opened.acknowledge()
  await world.settle()
  for (const host of [originator, recipient]) {
    assert.deepEqual(await outcomes(host, item), ['opened', 'acknowledged'])
    assert.deepEqual(
      (await evidenceAt(world, host, item)).map(({ outcome }) => outcome),
      ['opened', 'acknowledged'],
    )
  }
  await using security = await clientOf(world, originator, cast.securityOfficer)
  const { items } = await readDamage(security.api, item, 'item')
  assert.deepEqual(
    items.map(({ permits, counts }) => [permits.map(({ outcome }) => outcome), counts]),
    [[['acknowledged'], { entered: 1, joined: 1, possible: 0 }]],
  )
})

test('an own reader acknowledges an own item at home', async () => {
  await using world = await twoNations({ seed: 'acknowledge-home' })
  const { cast } = world.data.story
  const { own } = await world.release()
  await world.settle()
  await using author = await clientOf(world, world.originator, cast.author)
  const opened = await openItem(author, opening(world, own, await enrolled(world, author, cast.author)))
  await assert.rejects(opened.acknowledge(), codeIs('client/absent'))
  await readAll(opened)
  await opened.acknowledge()
  await opened.acknowledge()
  assert.deepEqual(await outcomes(world.originator, own), ['opened', 'acknowledged'])
})

test('an acknowledgement without an opening by that request is refused as what is not there', async () => {
  await using world = await twoNations({ seed: 'acknowledge-refused' })
  const { originator, recipient } = world
  const { cast } = world.data.story
  const { own, items } = await world.release()
  await world.settle()
  const given = items[recipient.code] ?? assert.fail()
  for (const [host, person, item] of [
    [recipient, cast.firstReader, given],
    [originator, cast.author, own],
  ] as const) {
    await using reader = await clientOf(world, host, person)
    const holderOf = await enrolled(world, reader, person)
    const holder = await holderOf(originator.code)
    const [first, second] = [await openItem(reader, opening(world, item, holderOf)), await openItem(reader, opening(world, item, holderOf))]
    await readAll(first)
    const { request, leaf } = aboutOf(first)
    const other = aboutOf(second)
    const refused: readonly [string, Pick<JoinedReceipt, 'request' | 'leaf'>, string][] = [
      ['another leaf', { request, leaf: 'ab'.repeat(32) }, item],
      ['a request that nobody made', { request: 'ab'.repeat(32), leaf: 'cd'.repeat(32) }, item],
      ['a request that opened nothing yet', other, item],
      ['another item', { request, leaf }, item === own ? given : own],
      ['an item that is not there', { request, leaf }, '00000000-0000-4000-8000-000000000000'],
    ]
    for (const [name, about, of] of refused)
      await assert.rejects(say(reader, of, holder, { ...about, outcome: 'acknowledged' }), codeIs('client/absent'), name)
    const thief = await world.crypto.signer('Ed25519')
    await assert.rejects(say(reader, item, thief, { request, leaf, outcome: 'acknowledged' }), codeIs('exchange/joined-invalid'))
    await say(reader, item, holder, { ...other, outcome: 'failed' })
    await assert.rejects(say(reader, item, holder, { ...other, outcome: 'acknowledged' }), codeIs('client/absent'))
    await say(reader, item, holder, { ...other, outcome: 'opened' })
    assert.deepEqual(await outcomes(host, item), ['opened', 'failed'], 'what failed stays so')
    await second.close()
  }
})

test('an originator takes no acknowledgement of what nobody said was opened', async () => {
  await using world = await twoNations({ seed: 'acknowledge-lie' })
  const { originator, recipient } = world
  const { cast } = world.data.story
  const item = await world.deliver()
  await using reader = await clientOf(world, recipient, cast.firstReader)
  const holderOf = await enrolled(world, reader, cast.firstReader)
  const opened = await openItem(reader, opening(world, item, holderOf))
  const receipt = { realm: 'exercise', at: reader.now(), ...aboutOf(opened), outcome: 'acknowledged' } as const
  const body = (await signJoined(receipt, await holderOf(originator.code))) as unknown as Json
  const act = { at: reader.now(), kind: 'joined', body: {}, entries: [], effects: [], conditions: [] }
  await enterWithLetter(recipient.parts, act, { partner: originator.code, agreement: world.data.agreement, type: 'joined', body })
  await world.settle()
  assert.deepEqual(await outcomes(originator, item), [])
  const { outcome } = await originator.parts.db.selectFrom('openings').select('outcome').executeTakeFirstOrThrow()
  assert.equal(outcome, null)
  const { receipt: answer } = await recipient.parts.db
    .selectFrom('envelopes')
    .select('receipt')
    .where('type', '=', 'joined')
    .where('direction', '=', 'out')
    .executeTakeFirstOrThrow()
  assert.match(Buffer.from(answer ?? []).toString(), /"code":"not-permitted"/u)
  await opened.close()
})
