import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readLetters, revokeItem } from '@entente/client'
import { twoNations } from '@entente/testkit'
import { clientOf, codeIs } from './flows-world.ts'

const said = (letters: Awaited<ReturnType<typeof readLetters>>): readonly string[] =>
  letters.map(({ type, to, state }) => `${type} ${to} ${state}`)

test('an offer and a stop wait while the partner is away, and are confirmed by its signature when it is back', async () => {
  await using world = await twoNations({ seed: 'letters' })
  const { cast } = world.data.story
  const item = await world.deliver()
  await using officer = await clientOf(world, world.originator, cast.disclosureOfficer)
  assert.deepEqual(said(await readLetters(officer, item)), ['offer JPN accepted'])
  world.wire.cut = true
  await revokeItem(officer, { item, reason: 'withdrawn', officer: world.officerKey(cast.disclosureOfficer) })
  assert.deepEqual(said(await readLetters(officer, item)), ['offer JPN accepted', 'revoke JPN waiting'])
  world.wire.cut = false
  await world.settle()
  const [offer, stop] = await readLetters(officer, item)
  assert.equal(stop?.state, 'accepted')
  assert.equal(offer?.state, 'accepted')
  assert.ok(offer.received >= offer.at && stop.received >= stop.at)
  assert.notEqual(stop.type, offer.type)
})

test('a receipt that the partner did not sign for this letter is shown as wrong and not as confirmed', async () => {
  await using world = await twoNations({ seed: 'letters-forged' })
  const { cast } = world.data.story
  const item = await world.deliver()
  const codes: Record<string, string> = {
    'a receipt of another letter': 'exchange/receipt-mismatch',
    'a changed receipt': 'exchange/signature-invalid',
    'no receipt at all': 'exchange/malformed',
  }
  for (const [name, code] of Object.entries(codes)) {
    await using officer = await clientOf(world, world.originator, cast.securityOfficer, (path, answer) =>
      path.endsWith('/letters') ? bent(answer, name) : answer,
    )
    const [letter] = await readLetters(officer, item)
    assert.deepEqual(letter?.state === 'wrong' ? letter.code : letter?.state, code, name)
  }
})

test('who may not oversee, who asks about another nation’s item and who asks about none learn the same; a home item has no letters', async () => {
  await using world = await twoNations({ seed: 'letters-absent' })
  const { cast } = world.data.story
  const { own, items } = await world.release()
  await world.settle()
  const given = items[world.recipient.code] ?? assert.fail()
  await using officer = await clientOf(world, world.originator, cast.securityOfficer)
  assert.deepEqual(await readLetters(officer, own), [])
  await using author = await clientOf(world, world.originator, cast.author)
  const overseer = world.data.nations
    .find(({ nation }) => nation === world.recipient.code)
    ?.persons.find(({ roles }) => roles.includes('security-officer'))
  await using abroad = await clientOf(world, world.recipient, overseer?.id ?? assert.fail())
  for (const [client, item] of [
    [author, given],
    [abroad, given],
    [officer, '00000000-0000-4000-8000-000000000000'],
  ] as const)
    await assert.rejects(readLetters(client, item), codeIs('client/absent'))
})

function bent(answer: Uint8Array, how: string): Uint8Array {
  const { letters } = JSON.parse(new TextDecoder().decode(answer)) as {
    letters: { seq: number; receipt: { body: { at: number } } | object }[]
  }
  const changed = letters.map((letter) => {
    if (how === 'a receipt of another letter') return { ...letter, seq: letter.seq + 1 }
    if (how === 'no receipt at all') return { ...letter, receipt: { body: {} } }
    const { receipt } = letter as { receipt: { body: { at: number } } }
    return { ...letter, receipt: { ...receipt, body: { ...receipt.body, at: receipt.body.at + 1 } } }
  })
  return new TextEncoder().encode(JSON.stringify({ letters: changed }))
}
