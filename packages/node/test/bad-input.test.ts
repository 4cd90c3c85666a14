import assert from 'node:assert/strict'
import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type Json, canonicalBytes } from '@entente/canonical'
import { sealEnvelope } from '@entente/exchange'
import { enterWithLetter, pathsOf, receiveEnvelope } from '@entente/node'
import { type HostedNation, type SealedRendition, type World, freshHybrid, handIn, peopleDoor, twoNations } from '@entente/testkit'
import { message } from '@entente/words'
import type { Manifest } from '@entente/container'
import { type Draft, loose, putTogether, takeApart } from '../../container/test/made.ts'
import { endOf } from './codes.ts'

/** A code counts as clear when both languages have their own sentence for it. */
function worded(code: string): void {
  const [en, ja] = [message('en', code), message('ja', code)]
  assert.ok(!en.includes('no words') && !ja.includes('説明のない'), `${code} has no words`)
  assert.notEqual(en, ja)
}

const wording = (code: string, values: Readonly<Record<string, string | number>>) => ({
  en: message('en', code, values),
  ja: message('ja', code, values),
})

/** Everything that must not have changed: entries, register, drafts, of both nations. */
async function state(world: World): Promise<unknown> {
  return Promise.all(
    world.nations.map(async ({ parts, ledger }) => ({
      next: (await ledger.status({})).next,
      items: await parts.db.selectFrom('items').select(['item', 'stopped']).orderBy('item').execute(),
      drafts: (await parts.drafts.all()).length,
    })),
  )
}

/** Runs a bad input, which must end with this code, worded, with nothing changed. */
async function refused(world: World, code: string, task: () => Promise<string>): Promise<void> {
  const before = await state(world)
  assert.equal(await task(), code)
  worded(code)
  assert.deepEqual(await state(world), before)
}

/** A request of a person at the people's door: the problem's code, or the status. */
async function asked(
  host: HostedNation,
  person: string,
  method: 'POST' | 'PUT' | 'GET',
  url: string,
  payload?: Json | Buffer,
): Promise<string> {
  const door = await peopleDoor(host, wording)
  try {
    const type = Buffer.isBuffer(payload) ? 'application/octet-stream' : 'application/json'
    const answer = await door.inject({
      method,
      url,
      headers: { 'x-person': person, ...(payload === undefined ? {} : { 'content-type': type }) },
      ...(payload === undefined ? {} : { payload: Buffer.isBuffer(payload) ? payload : JSON.stringify(payload) }),
    })
    return answer.statusCode < 300 ? 'done' : ((answer.json() as { code?: string }).code ?? String(answer.statusCode))
  } finally {
    await door.close()
  }
}

const draft = (marking: string): Json => ({
  title: { en: 'EXERCISE' },
  area: 'maritime',
  portions: [{ kind: 'text', marking, texts: [{ lang: 'en', text: 'EXERCISE' }] }],
})

test('markings: none, unknown, above the clearance', async (t) => {
  await using world = await twoNations({ seed: 'markings' })
  const { author, firstReader } = world.data.story.cast
  const cases: readonly [string, string, string][] = [
    ['unmarked portion', '', 'label/empty'],
    ['unknown marking', 'COSMIC', 'label/unknown-classification'],
    ['marking above the clearance', 'TOP SECRET//AUSTEO', 'node/above-clearance'],
  ]
  for (const [name, marking, code] of cases) {
    if (code === 'node/above-clearance') await world.desk(world.originator).act(author, { act: 'withdraw' })
    await t.test(name, () => refused(world, code, () => asked(world.originator, author, 'POST', '/api/drafts', draft(marking))))
  }
  await t.test('a person without the role finds nothing there', async () => {
    const before = await state(world)
    assert.equal(
      await asked(world.recipient, firstReader, 'POST', '/api/drafts', draft('秘')),
      await asked(world.recipient, firstReader, 'POST', '/api/nothing', {}),
    )
    assert.deepEqual(await state(world), before)
  })
})

/** A container with its manifest changed, well-formed again as a ZIP. */
async function bent(bytes: Uint8Array, change: (manifest: Draft<Manifest>) => unknown): Promise<Uint8Array<ArrayBuffer>> {
  const { payload, manifest } = await takeApart(bytes)
  const copy = loose(manifest)
  change(copy)
  return new Uint8Array(putTogether(payload, copy))
}

type Tampering = readonly [
  name: string,
  code: RegExp,
  tamper: (bytes: Uint8Array) => Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>,
]

const TAMPERINGS: readonly Tampering[] = [
  ['broken container', /^container\/(?:not-zip|zip-)/u, () => new Uint8Array(Buffer.from('EXERCISE, and no container'))],
  ['truncated container', /^container\/(?:not-zip|zip-)/u, (bytes) => bytes.slice(0, -40)],
  ['changed payload', /^container\/payload-/u, (bytes) => new Uint8Array(bytes.map((byte, at) => (at === 90 ? byte ^ 1 : byte)))],
  ['changed manifest', /^container\/statement-manifest$/u, (bytes) => bent(bytes, (m) => (m.payload.mimeType = 'text/plain'))],
  ['GMAC', /^container\/gmac$/u, (bytes) => bent(bytes, (m) => (m.encryptionInformation.integrityInformation.segmentHashAlg = 'GMAC'))],
  ['swapped policy', /^container\/(?:policy|statement)-/u, (bytes) => bent(bytes, (m) => (m.encryptionInformation.policy = 'e30='))],
  ['removed label', /^container\/assertions$/u, (bytes) => bent(bytes, (m) => m.assertions.splice(1, 1))],
  ['removed statement', /^container\/statement-missing$/u, (bytes) => bent(bytes, (m) => m.assertions.pop())],
]

test('containers at the door of the originator: every one is refused by code, and the draft stays', async (t: TestContext) => {
  await using world = await twoNations({ seed: 'containers' })
  for (const [name, expected, tamper] of TAMPERINGS) {
    await t.test(name, async () => {
      const before = (await world.originator.ledger.status({})).next
      let code = ''
      try {
        code = await endOf(world.release({ tamper: (bytes, recipient) => (recipient === world.recipient.code ? tamper(bytes) : bytes) }))
      } catch (error) {
        assert.fail(String(error))
      }
      assert.match(code, expected)
      worded(code)
      assert.equal((await world.originator.ledger.status({})).next, before)
    })
  }
  await t.test("a stranger's key", async () => {
    const signer = await freshHybrid(world.crypto)
    const code = await endOf(world.release({ signer }))
    assert.match(code, /^container\/statement-sign/u)
    worded(code)
  })
  await t.test('a statement about something else', async () => {
    const code = await endOf(world.release({ change: (body) => ({ ...body, expires: body.expires + 1 }) }))
    assert.equal(code, 'node/not-as-prepared')
    worded(code)
  })
  // Nothing was lost: every draft is still there to be released, and a right one goes.
  assert.equal((await world.originator.parts.drafts.all()).length, TAMPERINGS.length + 2)
  assert.equal(await endOf(world.deliver()), 'done')
})

/** Offers a rendition as an originator would that skips its own checks. */
async function offer(world: World, { signed, card }: SealedRendition, bytes: Uint8Array): Promise<void> {
  const { parts } = world.originator
  const sha256 = Buffer.from(world.crypto.sha256(bytes)).toString('hex')
  await parts.blobs.receive(
    sha256,
    bytes.length,
    (async function* () {
      yield bytes
    })(),
  )
  const { body } = signed
  const statement = '0'.repeat(64)
  await enterWithLetter(
    parts,
    {
      at: parts.now(),
      kind: 'release',
      body: { items: [{ signed, statement, card, container: sha256, containerSize: bytes.length }] },
      entries: [],
      effects: [],
      conditions: [],
    },
    {
      partner: world.recipient.code,
      agreement: world.data.agreement,
      type: 'offer',
      body: { item: body.item, serial: body.serial, statement, release: signed, card, container: sha256 } as unknown as Json,
      attachments: [{ sha256, size: bytes.length }],
    },
  )
}

test('containers at the door of the recipient: refused by a receipt, noticed by code, the link goes on', async (t) => {
  await using world = await twoNations({ seed: 'offers' })
  for (const [name, expected, tamper] of TAMPERINGS) {
    await t.test(name, async () => {
      const { renditions } = await world.seal()
      const rendition = renditions.find(({ signed }) => signed.body.recipient === world.recipient.code)
      if (rendition === undefined) throw new Error('nothing was sealed')
      world.recipient.noticed.length = 0
      await offer(world, rendition, await tamper(rendition.bytes))
      await world.settle()
      const noticed = world.recipient.noticed.find(({ code }) => code === 'inbox/refused')
      assert.match(String(noticed?.values['reason']), expected)
      worded(String(noticed?.values['reason']))
      assert.deepEqual(await world.recipient.parts.db.selectFrom('items').select('item').execute(), [])
    })
  }
  assert.equal(await endOf(world.deliver()), 'done')
})

test('envelopes: replayed with other content, reordered, wrongly addressed, by a stranger', async (t) => {
  await using world = await twoNations({ seed: 'bad-envelopes' })
  await world.roster(world.originator)
  await world.settle()
  const { originator, recipient } = world
  const make = async (more: Readonly<Record<string, unknown>>, signer = originator.parts.envelopes): Promise<Uint8Array> => {
    const body = { item: '00000000-0000-4000-8000-000000000000', serial: 1, reason: 'withdrawn', effective: world.clock.now() } as Json
    const envelope = {
      realm: 'exercise',
      from: originator.code,
      to: recipient.code,
      link: world.data.agreement,
      seq: 2,
      prev: 'ab'.repeat(32),
      type: 'revoke',
      at: world.clock.now(),
      body,
      attachments: [],
      ...more,
    }
    return new TextEncoder().encode((await sealEnvelope(world.crypto, envelope as never, signer)).text)
  }
  const cases: readonly [string, string, Uint8Array][] = [
    ['replayed number, other content', 'exchange/replay-differs', await make({ seq: 1, prev: '0'.repeat(64) })],
    ['another chain', 'exchange/wrong-previous', await make({})],
    ['wrongly addressed', 'exchange/wrong-addressee', await make({ to: originator.code, from: recipient.code })],
    ["a stranger's key", 'exchange/stranger-key', await make({}, await freshHybrid(world.crypto))],
    ['another realm', 'exchange/wrong-realm', await make({ realm: 'operational' })],
    ['not an envelope', 'exchange/malformed', canonicalBytes({})],
    ['too large', 'exchange/too-large', new Uint8Array(1_048_577)],
  ]
  for (const [name, code, bytes] of cases) {
    await t.test(name, () => refused(world, code, () => endOf(receiveEnvelope(recipient.parts, originator.code, bytes))))
  }
  await t.test('out of order', async () =>
    assert.deepEqual(await receiveEnvelope(recipient.parts, originator.code, await make({ seq: 7 })), { expected: 2 }),
  )
})

test('requests: expired credential, clock off, body over the limit', async (t) => {
  await using world = await twoNations({ seed: 'bad-requests' })
  const reader = await world.firstReader()
  const item = await world.deliver()
  const credential = await reader.credential(world.originator.code, world.data.agreement, item)
  const send = async (person: string, request: string) => asked(world.recipient, person, 'POST', '/api/openings', { request })
  world.clock.advance(9 * 3_600)
  await t.test('expired credential', async () => {
    const { request } = await reader.prepare(item, { credential })
    await refused(world, 'clearance/expired', () => send(reader.id, request))
  })
  for (const [name, seconds, code] of [
    ['slow', -600, 'clearance/stale'],
    ['fast', 600, 'clearance/issued-in-future'],
  ] as const) {
    await t.test(`a device's clock ten minutes ${name}`, async () => {
      const { request } = await reader.prepare(item, { issuedAt: world.clock.now() + seconds })
      await refused(world, code, () => send(reader.id, request))
    })
  }
  await t.test('body over the limit', async () => {
    const door = await peopleDoor(world.recipient, wording, 1_000)
    const answer = await door.inject({
      method: 'POST',
      url: '/api/openings',
      headers: { 'x-person': reader.id, 'content-type': 'application/json' },
      payload: JSON.stringify({ request: 'x'.repeat(2_000) }),
    })
    await door.close()
    assert.equal((answer.json() as { code: string }).code, 'http/body-too-large')
    worded('http/body-too-large')
  })
  await t.test('not JSON', () =>
    refused(world, 'http/body-not-json', async () => {
      const door = await peopleDoor(world.recipient, wording)
      const answer = await door.inject({
        method: 'POST',
        url: '/api/openings',
        headers: { 'x-person': reader.id, 'content-type': 'application/json' },
        payload: '{"request":1,"request":2}',
      })
      await door.close()
      return (answer.json() as { code: string }).code
    }),
  )
  assert.equal(await endOf(world.open(reader, item)), 'done')
})

test('a full disk under each thing that is written, once: a code, and nothing lost', async (t) => {
  await using world = await twoNations({ seed: 'full-disks' })
  const { author } = world.data.story.cast
  const { originator } = world
  await t.test('ledger journal', async () => {
    originator.journal.mood = 'full'
    await refused(world, 'node/disk-full', () =>
      asked(originator, world.data.story.cast.securityOfficer, 'POST', '/api/rosters', {
        agreement: world.data.agreement,
        to: world.recipient.code,
      }),
    )
    originator.journal.mood = 'sound'
  })
  await t.test('office journal', async () => {
    originator.officeJournal.mood = 'full'
    const end = await endOf(world.desk(originator).act(author, { act: 'suspend' }))
    originator.officeJournal.mood = 'sound'
    assert.equal(end, 'node/disk-full')
    worded(end)
    assert.equal((await originator.parts.office.call('person', { person: author })).state, 'cleared')
  })
  await t.test('container', async () => {
    const sealed = await world.seal()
    const [first] = sealed.renditions
    if (first === undefined) throw new Error('nothing was sealed')
    await symlink('/dev/full', join(pathsOf(originator.dir).node, 'containers', 'incoming', `${first.container.sha256}.partial`))
    await refused(world, 'node/disk-full', () => endOf(handIn(originator, world.hands, sealed)))
  })
  await originator.restart()
  await world.settle()
  assert.equal(await endOf(world.deliver()), 'done')
})
