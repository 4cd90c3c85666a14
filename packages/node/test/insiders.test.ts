/** What two insiders can do together, and cannot: the cells of the table in SECURITY.md. */
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { type HybridSigner, type Json, fromBase64, fromBase64Url, keyIdOf, toBase64Url } from '@entente/canonical'
import { signRoster } from '@entente/clearance'
import { joinShares, unwrapShare } from '@entente/container'
import { signStop } from '@entente/exchange'
import { enterWithLetter, hybridFrom, openItem, openItemKey, pathsOf, readSeeds, stopItem } from '@entente/node'
import { type HostedNation, type World, demoWorld, freshHybrid, handIn, sealReport, twoNations } from '@entente/testkit'
import { endOf } from './codes.ts'
import { decrypt, entriesOf, releaseUnchecked, permitsAnything, wrappedShares } from './insiders-world.ts'
import { itemTag } from '#src/processes/notice.ts'

const WRONG_KEY = 'container/root-signature'

/** This nation's own share of an item, from the files below its directory and nothing else. */
async function shareInFiles(nation: HostedNation, item: string, at: number): Promise<Uint8Array> {
  const { crypto, itemKeys } = nation.parts
  const seeds = await readSeeds(join(pathsOf(nation.dir).keys, 'keys.json'), ['kek', 'kas'])
  const sealed = await itemKeys.find(item)
  const key =
    sealed === undefined
      ? await crypto.kemKey(fromBase64Url(seeds.kas))
      : (await openItemKey(crypto, fromBase64Url(seeds.kek), item, sealed)).key
  return unwrapShare(crypto, key, fromBase64((await wrappedShares(nation, item))[at] ?? ''))
}

/** The clearance officer of R clears a person as the first reader is cleared. */
async function clearLikeFirst(world: World, person: string): Promise<void> {
  const desk = world.desk(world.recipient)
  const now = world.clock.now()
  const { firstReader } = world.data.story.cast
  const like = world.data.nations.flatMap(({ persons }) => persons).find(({ id }) => id === firstReader)?.clearance
  assert.ok(like !== undefined)
  const { level: clearance, citizenships } = like
  await desk.act(person, { act: 'grant', clearance, citizenships, validFrom: now - 1, validUntil: now + 86_400 })
  for (const { area, role, purposes } of like.areas) await desk.act(person, { act: 'assign', area, role, purposes, until: now + 86_400 })
}

test("author and administrator (O): what no officer signed is no item, at home or at the partner's", async () => {
  await using world = await twoNations({ seed: 'insiders/no-officer' })
  const { renditions } = await world.seal({ signer: await freshHybrid(world.crypto) })
  for (const rendition of renditions) await releaseUnchecked(world, rendition)
  await world.settle()
  const own = await world.reader(world.data.story.cast.ownReader)
  for (const { signed } of renditions) {
    if (signed.body.recipient === world.originator.code) {
      await assert.rejects(own.prepare(signed.body.item), /not here|nothing is here/u)
      assert.ok(
        world.originator.noticed.some(
          ({ code, values }) => code === 'register/row-does-not-hold' && values['item'] === itemTag(world.crypto, signed.body.item),
        ),
      )
    } else {
      assert.deepEqual(await world.recipient.parts.db.selectFrom('items').select('item').execute(), [])
      assert.ok(
        world.recipient.noticed.some(({ code, values }) => code === 'inbox/refused' && values['reason'] === 'container/statement-signer'),
      )
    }
  }
})

test('disclosure officer and administrator (O): a second login passes the two-person rule, and the release stands signed in both ledgers', async () => {
  await using world = await twoNations({ seed: 'insiders/second-login' })
  const { cast } = world.data.story
  const { parts } = world.originator
  // The officer writes under a login that the administrator made for them; under their own it is refused.
  assert.equal(
    await endOf(sealReport(world.originator, world.crypto, { ...world.hands, author: cast.disclosureOfficer }, {})),
    'node/own-report',
  )
  const item = await world.deliver()
  const [released] = await entriesOf(world.originator, 'release', item)
  const [delivered] = await entriesOf(world.recipient, 'deliver', item)
  assert.ok(released !== undefined && released['statement'] === delivered?.['statement'])
  const row = await parts.db.selectFrom('items').select('signed').where('item', '=', item).executeTakeFirstOrThrow()
  const { signatures } = JSON.parse(row.signed) as { signatures: readonly { keyId: string }[] }
  assert.deepEqual(
    signatures.map(({ keyId }) => keyId),
    [keyIdOf(world.crypto, world.officerKey(cast.disclosureOfficer).publicKey)],
  )
  const { logs } = await world.originator.ledger.status({})
  assert.ok(logs.every(({ size, cosigned }) => Object.values(cosigned).every((one) => one >= size)))
})

test('security officer and administrator (O): given the role, their delegation releases too, under their own signature', async () => {
  await using world = await twoNations({ seed: 'insiders/security-officer' })
  const officer = world.data.story.cast.securityOfficer
  const hands = { ...world.hands, officer, officerKey: world.officerKey(officer) }
  const { items } = await handIn(world.originator, hands, await sealReport(world.originator, world.crypto, hands, {}))
  await world.settle()
  const item = items[world.recipient.code] ?? ''
  const row = await world.recipient.parts.db.selectFrom('items').select('signed').where('item', '=', item).executeTakeFirstOrThrow()
  assert.ok(row.signed.includes(keyIdOf(world.crypto, hands.officerKey.publicKey)))
  assert.equal((await entriesOf(world.originator, 'release', item)).length, 1)
  // What their delegation does not cover they cannot release, whatever the administrator makes them; nor under another's name.
  const other = { ...hands, officer: world.data.story.cast.disclosureOfficer }
  const borrowed = await sealReport(world.originator, world.crypto, other, {})
  assert.equal(await endOf(handIn(world.originator, other, borrowed)), 'node/above-delegation')
})

test("disclosure officer and administrator (O): above the officer's delegation nothing goes, though their own node goes along", async () => {
  const folder = await mkdtemp(join(tmpdir(), 'entente-insiders-'))
  try {
    // The authority let the officer release up to a level below that of the report.
    const demo = await demoWorld()
    const text = await readFile(demo.world, 'utf8')
    await writeFile(join(folder, 'world.json'), text.replaceAll('"ceiling": "SECRET"', '"ceiling": "PROTECTED"'))
    await using world = await twoNations({ seed: 'insiders/delegation', data: { ...demo, world: join(folder, 'world.json') } })
    assert.equal(await endOf(world.release()), 'node/above-delegation')
    const { parts } = world.originator
    const trust = parts.trust()
    const delegations = trust.own.delegations.map((one) => ({ ...one, ceiling: 'SECRET' }))
    Object.assign(parts, { trust: () => ({ ...trust, own: { ...trust.own, delegations } }) })
    const { own, items } = await world.release()
    await world.settle()
    assert.ok(
      world.recipient.noticed.some(({ code, values }) => code === 'inbox/refused' && values['reason'] === 'container/statement-signer'),
    )
    const { db } = world.recipient.parts
    assert.deepEqual(await db.selectFrom('items').select('item').execute(), [], `${items[world.recipient.code]} was taken`)
    // At home the key process has its own copy of what the authority signed.
    let shares = 0
    world.originator.onShare = () => shares++
    const reader = await world.reader(world.data.story.cast.ownReader)
    assert.notEqual(await endOf(reader.open(own)), 'done')
    assert.equal(shares, 0)
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('reader and administrator (R): a node that permits everything gets no key that O does not give; the attempt stands in the ledger of O', async () => {
  await using world = await twoNations({ seed: 'insiders/reader-and-admin' })
  const item = await world.deliver()
  const barred = await world.reader(world.data.story.cast.secondReader)
  permitsAnything(world.recipient)
  // R's own share is given on R's own grant; it opens nothing without O's.
  let shares = 0
  world.originator.onShare = () => shares++
  assert.equal(await endOf(barred.open(item)), 'refused')
  assert.equal(shares, 0)
  assert.equal((await entriesOf(world.originator, 'refuse', item)).length, 1)
  assert.equal((await entriesOf(world.originator, 'open', item)).length, 0)
})

test('administrator (O) and reader (R): an originator that permits everything opens nothing for whom R does not grant', async () => {
  await using world = await twoNations({ seed: 'insiders/admin-and-reader' })
  const reader = await world.firstReader()
  const item = await world.deliver()
  const barred = await world.reader(world.data.story.cast.secondReader)
  permitsAnything(world.originator)
  const credential = await reader.credential(world.originator.code, world.data.agreement, item)
  // Neither with a credential of their own, nor with the request of a reader who may.
  assert.equal(await endOf(barred.open(item)), 'node/absent')
  const { request } = await reader.prepare(item, { credential })
  assert.equal(await endOf(openItem(world.recipient.parts, barred.id, request)), 'node/absent')
  assert.equal((await entriesOf(world.originator, 'open', item)).length, 0)
  assert.equal((await entriesOf(world.recipient, 'grant', item)).length, 0)
})

test('administrators of both nodes: together they open what no rule permits, and it stands in both ledgers', async () => {
  await using world = await twoNations({ seed: 'insiders/both-admins' })
  const item = await world.deliver()
  const barred = await world.reader(world.data.story.cast.secondReader)
  for (const nation of world.nations) permitsAnything(nation)
  assert.equal(await endOf(barred.open(item)), 'done')
  assert.equal((await entriesOf(world.originator, 'open', item)).length, 1)
  assert.equal((await entriesOf(world.recipient, 'grant', item)).length, 1)
  // And not without the entries: with the link cut nobody cosigns, and no key process gives a share.
  let shares = 0
  for (const nation of world.nations) nation.onShare = () => shares++
  const opening = await barred.prepare(item)
  world.wire.cut = true
  assert.notEqual(await endOf(barred.send(opening)), 'done')
  assert.equal(shares, 0)
})

test("administrator and keys' host of one nation: its files open its own items without an entry, and a rendition of both never", async () => {
  await using world = await twoNations({ seed: 'insiders/key-files' })
  const { own, items } = await world.release()
  await world.settle()
  const item = items[world.recipient.code] ?? ''
  assert.ok((await decrypt(world.originator, own, await shareInFiles(world.originator, own, 0))).length > 0)
  const ofO = await shareInFiles(world.originator, item, 0)
  const ofR = await shareInFiles(world.recipient, item, 1)
  assert.equal(await endOf(decrypt(world.originator, item, ofO)), WRONG_KEY)
  assert.equal(await endOf(decrypt(world.recipient, item, ofR)), WRONG_KEY)
  assert.equal(await endOf(shareInFiles(world.recipient, item, 0)), 'container/wrapped-key')
  // Both nations' hosts together: everything, and no entry of it. No software of two parties holds against both.
  assert.ok((await decrypt(world.recipient, item, joinShares([ofO, ofR]))).length > 0)
  for (const nation of world.nations)
    for (const id of [own, item])
      assert.deepEqual([...(await entriesOf(nation, 'open', id)), ...(await entriesOf(nation, 'grant', id))], [])
})

test('clearance officer and reader (R): a false clearance opens, and each opening stands in the ledger of O by pseudonym', async () => {
  await using world = await twoNations({ seed: 'insiders/false-clearance' })
  const { cast } = world.data.story
  const item = await world.deliver()
  assert.equal(await endOf(world.reader(cast.thirdReader)), 'clearance/act-impossible', 'without a clearance not even a device')
  await clearLikeFirst(world, cast.thirdReader)
  const person = await world.reader(cast.thirdReader)
  assert.equal(await endOf(person.open(item)), 'done')
  const opened = await entriesOf(world.originator, 'open', item)
  assert.deepEqual(
    opened.map(({ act, decision }) => [act, decision]),
    [['open', 'permit']],
  )
  assert.ok(!JSON.stringify(opened).includes(person.id), 'by pseudonym')
})

test("reader and reader (R): a request in another's hands opens nothing, and an answer only for whose it is", async () => {
  await using world = await twoNations({ seed: 'insiders/two-readers' })
  const reader = await world.firstReader()
  const item = await world.deliver()
  const opening = await reader.prepare(item)
  // The other may open it too, by an own request.
  await clearLikeFirst(world, world.data.story.cast.thirdReader)
  const colleague = await world.reader(world.data.story.cast.thirdReader)
  assert.equal(await endOf(openItem(world.recipient.parts, colleague.id, opening.request)), 'node/absent')
  assert.equal(await endOf(colleague.open(item)), 'done')
  const answers = await openItem(world.recipient.parts, reader.id, opening.request)
  const other = await reader.prepare(item)
  assert.equal(await endOf(colleague.join({ ...opening, ephemeral: other.ephemeral }, answers)), 'exchange/answer-invalid')
  assert.equal(await endOf(reader.join(opening, answers)), 'done')
})

test("security officer (R) and administrator (R): nobody stops, offers or speaks for what is the originator's", async () => {
  await using world = await twoNations({ seed: 'insiders/foreign-stop' })
  const reader = await world.firstReader()
  const item = await world.deliver()
  const { parts } = world.recipient
  const persons = world.data.nations.find(({ nation }) => nation === world.recipient.code)?.persons ?? []
  const officer = world.officerKey(persons.find(({ roles }) => roles.includes('security-officer'))?.id ?? '')
  const order = { realm: parts.config.realm, item, serial: 1, reason: 'withdrawn', at: parts.now() } as const
  const signed = await signStop(world.crypto, order, officer)
  assert.equal(await endOf(stopItem(parts, item, { reason: 'withdrawn', signed })), 'node/absent')
  assert.equal(await endOf(stopItem(world.originator.parts, item, { reason: 'withdrawn', signed })), 'exchange/stranger-key')
  // A letter that the administrator of R makes, under R's own envelope key.
  await enterWithLetter(
    parts,
    { at: parts.now(), kind: 'stop-letter', body: {}, entries: [], effects: [], conditions: [] },
    {
      partner: world.originator.code,
      agreement: world.data.agreement,
      type: 'revoke',
      body: { item, serial: 1, reason: 'withdrawn', effective: parts.now() },
    },
  )
  await world.settle()
  assert.equal((await world.originator.ledger.item({ item }))?.stopped, false)
  assert.equal(await endOf(reader.open(item)), 'done')
})

test('administrator (R) and the keys of its witness: with the witness key swapped no key process gives anything', async () => {
  await using world = await twoNations({ seed: 'insiders/witness', patienceMilliseconds: 800 })
  const reader = await world.firstReader()
  const item = await world.deliver()
  const path = join(pathsOf(world.recipient.dir).ledger, 'keys.json')
  const kept = JSON.parse(await readFile(path, 'utf8')) as Record<string, string>
  await writeFile(path, JSON.stringify({ ...kept, witness: toBase64Url(world.crypto.random(32)) }))
  await world.recipient.restart()
  let shares = 0
  for (const nation of world.nations) nation.onShare = () => shares++
  const opening = await reader.prepare(item)
  assert.notEqual(await endOf(reader.send(opening)), 'done')
  assert.equal(shares, 0)
  await writeFile(path, JSON.stringify(kept))
  await world.recipient.restart()
  await world.settle()
  assert.equal(await endOf(reader.open(item)), 'done')
})

test("clearance officer (R) and administrator (R): what they sign in the name of another nation's office is not taken", async () => {
  await using world = await twoNations({ seed: 'insiders/foreign-roster' })
  const { parts } = world.recipient
  const seeds = await readSeeds(join(pathsOf(world.recipient.dir).office, 'keys.json'), ['statusEd25519', 'statusMldsa65'])
  const key = await hybridFrom(seeds.statusEd25519, seeds.statusMldsa65)
  const send = async (nation: string, signer: HybridSigner): Promise<string | undefined> => {
    const cells = [{ clearance: 'TEKIKAKU-TOKUTEI', area: 'maritime', role: 'reader', count: 9 }]
    const roster = { nation, agreement: world.data.agreement, at: parts.now(), number: 7, cells }
    await enterWithLetter(
      parts,
      { at: parts.now(), kind: 'roster', body: {}, entries: [], effects: [], conditions: [] },
      {
        partner: world.originator.code,
        agreement: world.data.agreement,
        type: 'roster',
        body: (await signRoster(world.crypto, parts.config.realm, roster, signer)) as unknown as Json,
      },
    )
    await world.settle()
    const { db } = world.originator.parts
    const row = await db.selectFrom('meta').select('value').where('name', 'like', 'roster:%').executeTakeFirst()
    return row === undefined ? undefined : (JSON.parse(row.value) as { body: { nation: string } }).body.nation
  }
  assert.equal(await send(world.originator.code, key), undefined, "O's name under R's key")
  assert.equal(await send(world.recipient.code, await freshHybrid(world.crypto)), undefined, "R's name under a key of nobody")
  assert.equal(await send(world.recipient.code, key), world.recipient.code)
})
