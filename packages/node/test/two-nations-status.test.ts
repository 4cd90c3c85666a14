import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PartnerWatch, type Contacts, type PartnerCalls, NodeError, watchContacts } from '@entente/node'
import { peopleDoor, twoNations } from '@entente/testkit'

interface Partner {
  readonly nation: string
  readonly names: { readonly en: string; readonly ja: string }
  readonly reachable: boolean
  readonly since: number
}

test('a partner that goes and comes back shows in the status of everybody, without a call of anybody', async () => {
  await using world = await twoNations({ seed: 'status' })
  const { originator, recipient, clock, wire } = world
  const door = await peopleDoor(originator, (code) => ({ en: code }))
  const status = async (person: string) => {
    const calls = wire.calls.length
    const answer = await door.inject({ method: 'GET', url: '/api/status', headers: { 'x-person': person } })
    assert.equal(wire.calls.length, calls, 'the network is not asked')
    assert.equal(answer.statusCode, 200)
    const { partners, ...rest } = answer.json<{ partners: Partner[] } & Record<string, unknown>>()
    return { rest, partner: partners[0] ?? assert.fail() }
  }
  const { cast } = world.data.story
  const began = await status(cast.author)
  const now = clock.now(originator.code)
  assert.deepEqual(began.rest, { realm: 'exercise', nation: originator.code, exercise: true, now })
  const names = [...originator.parts.policies.values()].find(({ nation }) => nation === recipient.code)?.nationNames
  assert.deepEqual([began.partner.nation, began.partner.names, began.partner.reachable], [recipient.code, names, true])

  const watch = new PartnerWatch(originator.parts)
  const looked = async (): Promise<number> => {
    const before = wire.calls.length
    await watch.look()
    return wire.calls.length - before
  }
  clock.advance(60)
  assert.equal(await looked(), 1)
  assert.equal(await looked(), 0, 'contact was recent')
  assert.deepEqual((await status(cast.securityOfficer)).partner, began.partner, 'the state did not begin anew')
  wire.cut = true
  clock.advance(10)
  const cutAt = clock.now(originator.code)
  assert.equal(await looked(), 1)
  clock.advance(10)
  assert.equal(await looked(), 1)
  const away = (await status(cast.disclosureOfficer)).partner
  assert.deepEqual([away.reachable, away.since], [false, cutAt])
  wire.cut = false
  clock.advance(10)
  await looked()
  const back = (await status(cast.author)).partner
  assert.deepEqual([back.reachable, back.since], [true, clock.now(originator.code)])
  const stranger = await door.inject({ method: 'GET', url: '/api/status', headers: { 'x-person': 'nobody' } })
  assert.equal(stranger.statusCode, 401)
  await door.close()
})

/** Calls whose ends the test holds. */
function heldCalls(): { readonly calls: PartnerCalls; readonly ends: PromiseWithResolvers<never>[] } {
  const ends: PromiseWithResolvers<never>[] = []
  const held = (): Promise<never> => {
    const end = Promise.withResolvers<never>()
    ends.push(end)
    return end.promise
  }
  return { calls: { post: held, ask: held, download: held, close() {} }, ends }
}

test('a refusal is contact; a call that hung says nothing after a later one was answered; what fails here says nothing', async () => {
  let now = 100
  const { calls, ends } = heldCalls()
  const { partners, contacts }: { partners: PartnerCalls; contacts: Contacts } = watchContacts(calls, () => now)
  const unreachable = new NodeError('node/partner-unreachable', 'gone')
  const call = () => partners.ask('XKA', '/nonces', {}).catch(() => {})
  assert.deepEqual(contacts.with('XKA'), { reachable: true, since: 100 })
  const hanging = call()
  const refused = partners.download('XKA', '/containers', {}).catch(() => {})
  const broken = partners.post('XKA', '/inbox', 'text/plain', new Uint8Array()).catch(() => {})
  now = 110
  ends[1]?.reject(new NodeError('node/partner-refused', 'no'))
  await refused
  const first = contacts.with('XKA')
  assert.deepEqual([first.reachable, first.since, first.at], [true, 100, 110])
  now = 120
  ends[0]?.reject(unreachable)
  await hanging
  ends[2]?.reject(new NodeError('node/trust', 'never paired'))
  await broken
  assert.deepEqual(contacts.with('XKA'), first)
  const last = call()
  ends[3]?.reject(unreachable)
  await last
  assert.deepEqual([contacts.with('XKA').reachable, contacts.with('XKA').since, contacts.with('XKB').reachable], [false, 120, true])
})
