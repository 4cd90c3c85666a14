import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toHex } from '@entente/canonical'
import { nodeCrypto as crypto } from '@entente/crypto-node'
import { ABSENT_BODY, createHttp } from '#src/http/index.ts'
import { statuses } from '#src/http/statuses.ts'
import { registerRoutes } from '#src/routes/index.ts'
import { DraftingWorld } from './drafting-world.ts'

const NOBODY = '5c9e0f3a-1c1b-4a5e-9f57-0c3a9d1b2e4f'

/** The API over a world; a header names who calls, as a token would. */
async function openApi(world: DraftingWorld) {
  const faults: unknown[] = []
  const app = createHttp({
    info: { title: 'test', version: '0' },
    authenticate: async ({ headers }) => {
      const person = String(headers['x-person'])
      return { person, roles: world.nation.person(person)?.roles ?? [], client: 'test', thumbprint: 'test' }
    },
    bodyLimitBytes: 9_437_184,
    statuses,
    wording: (code) => ({ en: code }),
    onEvent: ({ error }) => faults.push(error),
  })
  registerRoutes(app, world.nation)
  await app.ready()
  const call = async (person: string, method: 'GET' | 'POST' | 'PUT', url: string, body?: object | Buffer) => {
    const bytes = Buffer.isBuffer(body)
    const answer = await app.inject({
      method,
      url,
      headers: {
        'x-person': person,
        ...(body === undefined ? {} : { 'content-type': bytes ? 'application/octet-stream' : 'application/json' }),
      },
      ...(body === undefined ? {} : { payload: bytes ? body : JSON.stringify(body) }),
    })
    assert.deepEqual(faults, [])
    return { status: answer.statusCode, text: answer.body, json: () => answer.json<Record<string, unknown>>() }
  }
  return { call, close: () => app.close() }
}

const FILE = Buffer.from('EXERCISE file')
const SHA256 = toHex(crypto.sha256(FILE))
const DRAFT = {
  title: { en: 'EXERCISE', ja: '訓練' },
  area: 'maritime',
  portions: [
    { kind: 'text', marking: '(S//REL AUS, JPN)', texts: [{ lang: 'ja', text: '訓練' }] },
    { kind: 'file', marking: 'SECRET//REL AUS, JPN', name: '航跡.csv', mediaType: 'text/csv', size: FILE.length, sha256: SHA256 },
  ],
}

test('over HTTP, from the first draft to the release and its list', async () => {
  await using world = await DraftingWorld.make()
  world.clear('chen', 'NV1')
  world.clear('morgan', 'NV1')
  await world.engine.reconcile()
  const { call, close } = await openApi(world)
  const draft = (await call('chen', 'POST', '/api/drafts', DRAFT)).json()
  assert.equal(draft['banner'], 'SECRET//REL AUS, JPN')
  const at = `/api/drafts/${String(draft['id'])}`
  const { upload } = (await call('chen', 'POST', `${at}/files`, { sha256: SHA256, size: FILE.length })).json()
  assert.equal((await call('chen', 'PUT', `/api/uploads/${String(upload)}/parts/0?sha256=${SHA256}`, FILE)).status, 204)
  assert.equal((await call('chen', 'POST', `/api/uploads/${String(upload)}/complete`, { sha256: SHA256, size: FILE.length })).status, 200)
  assert.equal((await call('chen', 'POST', `${at}/submit`)).json()['state'], 'review')
  assert.equal((await call('walker', 'GET', `${at}/files/${SHA256}`)).text, FILE.toString())
  assert.equal(((await call('walker', 'GET', '/api/drafts')).json()['drafts'] as object[]).length, 1)
  for (const person of ['walker', 'chen'])
    assert.equal((await call(person, 'GET', `${at}/disclosure?to=JPN`)).json()['tearLineBanner'], 'SECRET//REL AUS, JPN')
  assert.equal((await call('morgan', 'GET', `${at}/disclosure?to=JPN`)).text, ABSENT_BODY)
  const { renditions } = (await call('walker', 'POST', `${at}/sealing`, { to: ['JPN'] })).json() as {
    renditions: Parameters<DraftingWorld['handIn']>[0][]
  }
  const handedIn = await Promise.all(renditions.map((rendition) => world.handIn(rendition)))
  const released = await call('walker', 'POST', '/api/releases', { draft: draft['id'], renditions: handedIn })
  assert.equal(released.status, 201, released.text)
  const { items } = (await call('morgan', 'GET', '/api/items?purpose=assessment')).json() as {
    items: { item: string; containerSize: number }[]
  }
  const [item] = items
  assert.equal(items.length, 1)
  assert.equal((await call('morgan', 'GET', `/api/items/${item?.item}`)).json()['serial'], 1)
  assert.equal((await call('morgan', 'GET', `/api/items/${item?.item}/container`)).status, 200)
  const found = (await call('morgan', 'GET', '/api/items?limit=200&q=exercise%20origin%3AAUS')).json() as {
    count: number
    searched: object
  }
  assert.deepEqual([found.count, Object.keys(found.searched)], [1, ['fields', 'notSearched']])
  for (const [query, code] of [
    ['limit=0', 'http/body-not-valid'],
    ['limit=201', 'http/body-not-valid'],
    ['limit=1e2', 'http/body-not-valid'],
    ['after=%20', 'http/body-not-valid'],
    ['after=AAAA', 'node/bad-request'],
    ['q=%22open', 'node/bad-search'],
    ['order=rank', 'http/body-not-valid'],
  ] as const) {
    const refused = await call('morgan', 'GET', `/api/items?${query}`)
    assert.deepEqual([refused.status, refused.json()['code']], [400, code], query)
  }
  const trust = (await call('morgan', 'GET', '/api/trust')).json() as { agreements: object[]; statements: object[] }
  assert.deepEqual([trust.agreements.length, trust.statements.length], [1, 2])
  const { nonce } = (await call('morgan', 'POST', '/api/nonces', { originator: 'AUS', thumbprint: 'a'.repeat(43) })).json()
  assert.equal(typeof nonce, 'string')
  await close()
})

test('without the role, for another person, and for what is not there: the same bytes, whatever was sent', async () => {
  await using world = await DraftingWorld.make()
  world.clear('chen', 'NV1')
  const { call, close } = await openApi(world)
  const draft = (await call('chen', 'POST', '/api/drafts', { ...DRAFT, portions: DRAFT.portions.slice(0, 1) })).json()
  const id = String(draft['id'])
  const answers = await Promise.all([
    call('morgan', 'POST', '/api/drafts', DRAFT),
    call('morgan', 'POST', '/api/drafts', { wrong: true }),
    call('morgan', 'GET', '/api/drafts'),
    call('walker', 'GET', `/api/drafts/${id}`),
    call('walker', 'GET', `/api/drafts/${id}/disclosure?to=JPN`),
    call('morgan', 'GET', `/api/drafts/${id}/disclosure?to=JPN`),
    call('chen', 'GET', `/api/drafts/${NOBODY}/disclosure?to=JPN`),
    call('walker', 'GET', `/api/drafts/${NOBODY}`),
    call('chen', 'POST', `/api/drafts/${id}/sealing`, { to: [] }),
    call('walker', 'POST', `/api/drafts/${id}/sealing`, { to: [] }),
    call('walker', 'POST', `/api/drafts/${NOBODY}/sealing`, { to: [] }),
    ...['withdraw', 'discard'].flatMap((undo) => [
      call('walker', 'POST', `/api/drafts/${id}/${undo}`),
      call('morgan', 'POST', `/api/drafts/${id}/${undo}`),
      call('chen', 'POST', `/api/drafts/${NOBODY}/${undo}`),
    ]),
    call('chen', 'POST', `/api/drafts/${id}/return`, { wrong: true }),
    call('walker', 'POST', `/api/drafts/${id}/return`, { code: 'not-useful' }),
    call('chen', 'POST', `/api/uploads/${'0'.repeat(82)}/complete`, { sha256: SHA256, size: 1 }),
    call('morgan', 'GET', `/api/items/${NOBODY}`),
    call('morgan', 'GET', '/api/nothing'),
  ])
  for (const { status, text } of answers) assert.deepEqual([status, text], [404, ABSENT_BODY])
  const unmarked = await call('chen', 'POST', '/api/drafts', { ...DRAFT, portions: [{ ...DRAFT.portions[0], marking: '' }] })
  assert.deepEqual([unmarked.status, unmarked.json()['code']], [400, 'label/empty'])
  assert.equal((await call('chen', 'POST', `/api/drafts/${id}/submit`)).status, 200)
  for (const body of [{ reason: 'EXERCISE' }, { code: 'because' }, { code: 'other', reason: '' }]) {
    const returned = await call('walker', 'POST', `/api/drafts/${id}/return`, body)
    assert.deepEqual([returned.status, returned.json()['code']], [400, 'http/body-not-valid'])
  }
  assert.equal((await call('chen', 'POST', `/api/drafts/${id}/withdraw`)).json()['state'], 'draft')
  assert.equal((await call('chen', 'POST', `/api/drafts/${id}/withdraw`)).status, 409)
  assert.deepEqual([(await call('chen', 'POST', `/api/drafts/${id}/discard`)).status, (await world.nation.drafts.all()).length], [204, 0])
  const extra = await call('chen', 'POST', '/api/drafts', { ...DRAFT, surprise: 1 })
  assert.deepEqual([extra.status, extra.json()['code']], [400, 'http/body-not-valid'])
  await close()
})
