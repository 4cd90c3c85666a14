import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EntenteError, type Json, toHex, utf8 } from '@entente/canonical'
import {
  type DraftParts,
  type OpenedItem,
  draftReport,
  listItems,
  openItem,
  readEvidence,
  readPins,
  releaseReport,
  revokeItem,
  submitDraft,
  verifyEntries,
} from '@entente/client'
import { whole } from '@entente/container'
import { nodeCrypto } from '@entente/crypto-node'
import { type World, twoNations } from '@entente/testkit'
import { type Meddle, clientOf, codeIs, demoPolicies, enrolled, opening, scratch } from './flows-world.ts'

const FILE = new Uint8Array(9_000_000).map((_, at) => at % 251)

function parts(marking: string): DraftParts {
  return {
    title: { en: 'EXERCISE: three portions', ja: '演習：三つの部分' },
    area: 'maritime',
    portions: [
      {
        kind: 'text',
        marking,
        texts: [
          { lang: 'en', text: 'EXERCISE. This goes.' },
          { lang: 'ja', text: '演習。これは渡す。' },
        ],
      },
      { kind: 'text', marking: 'SECRET//AUSTEO', texts: [{ lang: 'en', text: 'EXERCISE. This stays.' }] },
      {
        kind: 'file',
        marking,
        name: '図 1.bin',
        mediaType: 'application/octet-stream',
        read: async function* () {
          yield FILE.subarray(0, 5_000_000)
          yield FILE.subarray(5_000_000)
        },
      },
    ],
  }
}

interface Stage {
  readonly world: World
  readonly own: string
  readonly given: string
}

/** Author, officer: written, reviewed, sealed and released by the flows alone. */
async function released(world: World): Promise<Stage> {
  const { cast, fileMarking } = world.data.story
  await using author = await clientOf(world, world.originator, cast.author)
  const sent: number[] = []
  const draft = await draftReport(author, parts(fileMarking), { progress: ({ bytes }) => sent.push(bytes) })
  assert.deepEqual(sent, [8_388_608, 9_000_000])
  await submitDraft(author.api, draft.id)
  await using officer = await clientOf(world, world.originator, cast.disclosureOfficer)
  const officerKey = world.officerKey(cast.disclosureOfficer)
  const { items } = await releaseReport(officer, { draft: draft.id, to: [world.recipient.code], officer: officerKey, scratch })
  await world.settle()
  const of = (nation: string): string => items.find(({ recipient }) => recipient === nation)?.item ?? ''
  return { world, own: of(world.originator.code), given: of(world.recipient.code) }
}

async function read(opened: OpenedItem): Promise<{ texts: string[]; files: Record<string, string>; ids: string[] }> {
  const texts: string[] = []
  const files: Record<string, string> = {}
  const ids: string[] = []
  for await (const part of opened.parts) {
    if (part.kind === 'report') {
      ids.push(...part.report.portions.map(({ id }) => id))
      texts.push(...part.report.portions.flatMap((portion) => (portion.kind === 'text' ? portion.texts.map(({ text }) => text) : [])))
    } else files[part.portion.name] = toHex(nodeCrypto.sha256(await whole(part.content)))
  }
  return { texts, files, ids }
}

test('a report is written, released, opened by both nations, stopped, and every entry about it holds', async () => {
  await using world = await twoNations({ seed: 'client-flows' })
  const { cast } = world.data.story
  const { own, given } = await released(world)
  const digest = toHex(world.crypto.sha256(FILE))

  await using reader = await clientOf(world, world.recipient, cast.firstReader)
  const holder = await enrolled(world, reader, cast.firstReader)
  const { purpose } = world.data.story
  const listed = async (q?: string) => listItems(reader, { purpose, limit: 1, ...(q === undefined ? {} : { q }) })
  const unread = await listed()
  assert.deepEqual([unread.count, unread.next, unread.searched], [1, undefined, undefined])
  assert.deepEqual(
    unread.items.map(({ item, opened: at }) => [item, at]),
    [[given, undefined]],
  )
  const opened = await openItem(reader, opening(world, given, holder))
  assert.deepEqual(
    opened.evidence.entries.map(({ fields }) => fields['act']),
    ['open', 'grant'],
  )
  const got = await read(opened)
  assert.deepEqual(got.texts, ['EXERCISE. This goes.', '演習。これは渡す。'])
  assert.deepEqual(got.files, { '図 1.bin': digest })
  const [line] = (await listed('ＥＸＥＲＣＩＳＥ origin:' + world.originator.code)).items
  assert.deepEqual([line?.item, line?.opened], [given, opened.evidence.entries[1]?.at])
  assert.equal((await listed('"nothing & nobody=1"')).count, 0)
  await assert.rejects(listed('"open'), codeIs('node/bad-search'))

  await using ownReader = await clientOf(world, world.originator, cast.author)
  const ownHolder = await enrolled(world, ownReader, cast.author)
  const atHome = await openItem(ownReader, opening(world, own, ownHolder))
  assert.equal(atHome.evidence.entries.length, 1)
  const home = await read(atHome)
  assert.deepEqual(home.texts, ['EXERCISE. This goes.', '演習。これは渡す。', 'EXERCISE. This stays.'])
  const [homeLine] = (await listItems(ownReader, { purpose })).items
  assert.deepEqual([homeLine?.item, homeLine?.opened], [own, atHome.evidence.entries[0]?.at])
  assert.ok(
    got.ids.every((id) => !home.ids.includes(id)),
    'a tear line keeps no id',
  )

  await world.settle()
  await using security = await clientOf(world, world.originator, cast.securityOfficer)
  const checked = await verifyEntries(security, await readEvidence(security, given))
  assert.ok(checked.length >= 2)
  assert.deepEqual(new Set(checked.map(({ state }) => state)), new Set(['proven']))
  const [first] = checked
  assert.ok(first !== undefined)
  const [bent] = await verifyEntries(security, [{ ...first.entry, act: 'grant' }])
  assert.equal(bent?.state, 'wrong')

  const stopped = await revokeItem(security, { item: given, reason: 'withdrawn', officer: world.officerKey(cast.securityOfficer) })
  assert.deepEqual(stopped.items, [given])
  await assert.rejects(openItem(reader, opening(world, given, holder)), codeIs('client/absent'))
})

test('what is refused and what is not there are one error', async () => {
  await using world = await twoNations({ seed: 'client-absent' })
  const { cast } = world.data.story
  const { given } = await released(world)
  await using second = await clientOf(world, world.recipient, cast.secondReader)
  const holder = await enrolled(world, second, cast.secondReader)
  const thrown = async (item: string): Promise<unknown> =>
    openItem(second, opening(world, item, holder)).then(
      () => assert.fail(),
      (error: unknown) => error,
    )
  const refused = await thrown(given)
  const missing = await thrown('00000000-0000-4000-8000-000000000000')
  const told = (error: unknown) => error instanceof EntenteError && [(error as EntenteError).code, error.message, error.values]
  assert.deepEqual(told(refused), told(missing))
  assert.ok(codeIs('client/absent')(refused))
})

test('a node that lies gets no signature', async (t) => {
  await using world = await twoNations({ seed: 'client-lies' })
  const { cast, fileMarking } = world.data.story
  const { given } = await released(world)
  const path = `/api/items/${given}`
  const flip = (bytes: Uint8Array): Uint8Array => bytes.map((byte, at) => (at === 5_000 ? byte ^ 1 : byte))
  const bend =
    (change: (value: Record<string, Json>) => void, at: string): Meddle =>
    (asked, answer) => {
      if (asked.split('?')[0] !== at) return answer
      const value = JSON.parse(Buffer.from(answer).toString()) as Record<string, Json>
      change(value)
      return utf8(JSON.stringify(value))
    }
  const lies: readonly [string, Meddle, string][] = [
    ['another container', (asked, answer) => (asked === `${path}/container` ? flip(answer) : answer), 'container/payload-digest'],
    [
      'another card',
      bend((value) => void (value['card'] = { ...(value['card'] as object), title: { en: 'EXERCISE: other' } }), path),
      'container/card-digest',
    ],
    ['another serial', bend((value) => void (value['serial'] = 2), path), 'client/other-item'],
    ['another statement', bend((value) => void (value['statement'] = 'ab'.repeat(32)), path), 'client/other-item'],
  ]
  for (const [name, lie, code] of lies) {
    await t.test(name, async () => {
      await using reader = await clientOf(world, world.recipient, cast.firstReader, lie)
      await assert.rejects(
        openItem(
          reader,
          opening(world, given, () => assert.fail('a signature was asked for')),
        ),
        codeIs(code),
      )
    })
  }
  await t.test('keys of its own', async () => {
    await using reader = await clientOf(world, world.recipient, cast.firstReader)
    const { anchors } = reader.pins.trust
    const strangers = {
      ...anchors,
      authorities: { ...anchors.authorities, [world.originator.code]: world.officerKey(cast.securityOfficer).publicKey },
    }
    await assert.rejects(readPins(world.crypto, reader.api, strangers, { policies: await demoPolicies() }), codeIs('client/trust'))
  })
  await t.test('a key statement older than one seen', async () => {
    await using reader = await clientOf(world, world.recipient, cast.firstReader)
    const seen = { [world.originator.code]: 2 }
    await assert.rejects(
      readPins(world.crypto, reader.api, reader.pins.trust.anchors, { policies: await demoPolicies(), seen }),
      codeIs('client/trust'),
    )
  })
  const prepared =
    (change: (rendition: Record<string, Json>) => void): Meddle =>
    (asked, answer) => {
      if (!asked.endsWith('/sealing')) return answer
      const value = JSON.parse(Buffer.from(answer).toString()) as { renditions: Record<string, Json>[] }
      const rendition = value.renditions.at(-1)
      if (rendition !== undefined) change(rendition)
      return utf8(JSON.stringify(value))
    }
  const own = {
    classification: 'OFFICIAL',
    categories: [],
    personRules: [],
    originators: [{ nation: world.originator.code, releasableTo: 'neutral' }],
  }
  const sealings: readonly [string, Meddle, string][] = [
    ['a lower label', prepared((one) => void (one['label'] = { ...(one['label'] as object), ...own })), 'client/rendition-label'],
    [
      'another key',
      prepared(
        (one) =>
          void (one['keyServices'] = (one['keyServices'] as Record<string, Json>[]).map((key) => ({
            ...key,
            name: 'https://kas.other.example',
          }))),
      ),
      'client/rendition-key',
    ],
    ['a portion that was not shown', prepared((one) => void (one['portions'] = ['other'])), 'client/rendition-portions'],
    ['another grant', prepared((one) => void (one['basis'] = { ...(one['basis'] as object), grant: 'other' })), 'client/rendition-basis'],
    ['another nation', prepared((one) => void (one['recipient'] = 'XXX')), 'client/rendition-basis'],
  ]
  await using author = await clientOf(world, world.originator, cast.author)
  const { id } = await draftReport(author, { ...parts(fileMarking), portions: parts(fileMarking).portions.slice(0, 1) })
  await submitDraft(author.api, id)
  for (const [name, lie, code] of sealings) {
    await t.test(name, async () => {
      await using officer = await clientOf(world, world.originator, cast.disclosureOfficer, lie)
      const key = world.officerKey(cast.disclosureOfficer)
      await assert.rejects(releaseReport(officer, { draft: id, to: [world.recipient.code], officer: key, scratch }), codeIs(code))
    })
  }
})
