import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose'
import { loginAs, nodeFetch } from '@entente/cli'
import { AuthError, createProvider, ReplayWindow } from '@entente/node'
import { memoryStorage, openWorld, PEOPLE, type World } from './identity-world.ts'

type Key = Parameters<SignJWT['sign']>[0]
type Holder = { readonly token: string; readonly key: Key; readonly jwk: JWK }

/** Signs a person in and takes token and key out of the device, as a thief would. */
async function holder(world: World, person: string): Promise<Holder> {
  const deviceDir = await mkdtemp(join(tmpdir(), 'entente-identity-'))
  try {
    await loginAs({ node: world.baseUrl, deviceDir, person })
    const read = async (name: string): Promise<Record<string, string>> => JSON.parse(await readFile(join(deviceDir, name), 'utf8')) as never
    const { kty = '', crv = '', x = '', y = '', d = '' } = await read('dpop-key.json')
    const jwk: JWK = { kty, crv, x, y }
    return { token: (await read('session.json'))['accessToken'] ?? '', key: await importJWK({ ...jwk, d }, 'ES256'), jwk }
  } finally {
    await rm(deviceDir, { recursive: true })
  }
}

type Claims = { htm?: string; htu?: string; iat?: number; jti?: string; ath?: string }

async function proof(
  world: World,
  { token, key, jwk }: Holder,
  claims: Claims = {},
  header: { typ?: string; alg?: string; jwk?: JWK } = {},
): Promise<string> {
  const ath = createHash('sha256').update(token).digest('base64url')
  const now = Math.floor(Date.now() / 1000)
  return await new SignJWT({ htm: 'GET', htu: `${world.baseUrl}/api/me`, ath, iat: now, jti: randomUUID(), ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk, ...header })
    .sign(key)
}

async function ask(
  world: World,
  headers: Record<string, string>,
  path = '/api/me',
): Promise<{ status: number; code: string | undefined; challenge: string | null }> {
  const answer = await nodeFetch(`${world.baseUrl}${path}`, { headers })
  const { code } = (await answer.json()) as { code?: string }
  return { status: answer.status, code, challenge: answer.headers.get('www-authenticate') }
}

test('a token opens nothing without a fresh proof by its own key, for this request, once', async () => {
  await using world = await openWorld()
  const sato = await holder(world, 'sato')
  const taka = await holder(world, 'takahashi')
  const authorization = `DPoP ${sato.token}`
  const codeOf = async (dpop: string, path?: string): Promise<string | undefined> => (await ask(world, { authorization, dpop }, path)).code
  const now = Math.floor(Date.now() / 1000)

  const good = await proof(world, sato)
  assert.equal((await ask(world, { authorization, dpop: good })).status, 200)
  assert.equal(await codeOf(good), 'auth/proof-replayed')
  assert.equal((await ask(world, { authorization })).code, 'auth/proof-missing')
  assert.equal((await ask(world, { authorization: `Bearer ${sato.token}`, dpop: await proof(world, sato) })).code, 'auth/scheme')
  // Another person's key, with a proof that is otherwise right for the stolen token.
  assert.equal(await codeOf(await proof(world, { ...taka, token: sato.token })), 'auth/proof-other-key')
  // The proof names the right key and is signed by another.
  assert.equal(await codeOf(await proof(world, { ...taka, token: sato.token }, {}, { jwk: sato.jwk })), 'auth/proof-not-valid')
  const wrong: [Claims, string][] = [
    [{ htm: 'POST' }, 'auth/proof-not-valid'],
    [{ htu: `${world.baseUrl}/api/items/mine` }, 'auth/proof-not-valid'],
    [{ htu: `http://aus.localhost:${world.port}/api/me` }, 'auth/proof-not-valid'],
    [{ ath: createHash('sha256').update(taka.token).digest('base64url') }, 'auth/proof-not-valid'],
    [{ jti: '' }, 'auth/proof-not-valid'],
    [{ iat: now - 90 }, 'auth/proof-stale'],
    [{ iat: now + 60 }, 'auth/proof-stale'],
  ]
  for (const [claims, code] of wrong) assert.equal(await codeOf(await proof(world, sato, claims)), code, JSON.stringify(claims))
  assert.equal(await codeOf(await proof(world, sato, {}, { typ: 'JWT' })), 'auth/proof-not-valid')
  assert.equal(await codeOf('a.b.c'), 'auth/proof-not-valid')
  assert.equal(await codeOf(`${await proof(world, sato)}, ${await proof(world, sato)}`), 'auth/proof-not-valid')
  // A query is no part of the address that a proof names (RFC 9449 section 4.2).
  assert.equal((await ask(world, { authorization, dpop: await proof(world, sato) }, '/api/me?x=1')).status, 200)
})

test('an expired token is refused, with the challenge that tells a client to renew', async () => {
  await using world = await openWorld({ lifetimes: { accessToken: 30, refreshToken: 600, session: 600 } })
  const sato = await holder(world, 'sato')
  // The node has verified it before, and remembers that.
  assert.equal((await ask(world, { authorization: `DPoP ${sato.token}`, dpop: await proof(world, sato) })).status, 200)
  world.ahead = 31
  const dpop = await proof(world, sato, { iat: Math.floor(Date.now() / 1000) + 31 })
  const answer = await ask(world, { authorization: `DPoP ${sato.token}`, dpop })
  assert.equal(answer.status, 401)
  assert.equal(answer.code, 'auth/token-expired')
  assert.match(answer.challenge ?? '', /^DPoP error="invalid_token"/u)
})

test("another nation's token, a forged one and one with another signature are refused", async () => {
  await using jpn = await openWorld()
  await using aus = await openWorld({ host: 'aus.localhost', audience: 'https://node.aus.entente.example' })
  const foreign = await holder(aus, 'sato')
  assert.equal((await ask(jpn, { authorization: `DPoP ${foreign.token}`, dpop: await proof(jpn, foreign) })).code, 'auth/token-not-valid')

  const own = await holder(jpn, 'sato')
  const [head = '', body = '', signature = ''] = own.token.split('.')
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>
  assert.equal(claims['aud'], 'https://node.jpn.entente.example')
  assert.equal(claims['sub'], 'sato')
  assert.equal(claims['roles'], undefined)
  const raised = Buffer.from(JSON.stringify({ ...claims, sub: 'takahashi' })).toString('base64url')
  const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url')
  const { privateKey, publicKey } = await generateKeyPair('EdDSA')
  const forged = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', jwk: await exportJWK(publicKey) })
    .sign(privateKey)
  for (const token of [`${head}.${raised}.${signature}`, `${none}.${body}.`, forged]) {
    const answer = await ask(jpn, { authorization: `DPoP ${token}`, dpop: await proof(jpn, { ...own, token }) })
    assert.equal(answer.code, 'auth/token-not-valid', token)
  }
})

test('keys outlive a restart, and a person who is gone has no access though the token holds', async () => {
  const storage = memoryStorage()
  const first = await openWorld({ storage })
  const sato = await holder(first, 'sato')
  await first[Symbol.asyncDispose]()
  await using second = await openWorld({ storage, people: PEOPLE.filter(({ id }) => id !== 'sato') })
  assert.equal(second.baseUrl, first.baseUrl)
  const answer = await ask(second, { authorization: `DPoP ${sato.token}`, dpop: await proof(second, sato) })
  // The person's provider path went with the person.
  assert.equal(answer.code, 'auth/token-not-valid')
})

test('an item that is not there, one that is not for the caller, and a route that is not there are the same bytes', async () => {
  await using world = await openWorld()
  const sato = await holder(world, 'sato')
  const answers: string[] = []
  for (const path of ['/api/items/none', '/api/items/theirs', '/api/nothing']) {
    const dpop = await proof(world, sato, { htu: `${world.baseUrl}${path}` })
    const socket = net.connect(world.port, '127.0.0.1')
    socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: DPoP ${sato.token}\r\ndpop: ${dpop}\r\n\r\n`)
    let text = ''
    for await (const part of socket) text += String(part)
    answers.push(text.replace(/^date: .*\r\n/imu, ''))
  }
  assert.equal(new Set(answers).size, 1, answers.join('\n---\n'))
  assert.match(answers[0] ?? '', /^HTTP\/1\.1 404 /u)
})

test('bodies: unknown members, coercion, doubled members, fractions, null, other types and too many bytes are refused', async () => {
  await using world = await openWorld()
  const sato = await holder(world, 'sato')
  const post = async (body: string, type = 'application/json'): Promise<{ status: number; code?: string; values?: unknown }> => {
    const dpop = await proof(world, sato, { htm: 'POST', htu: `${world.baseUrl}/api/notes` })
    const headers = { authorization: `DPoP ${sato.token}`, dpop, 'content-type': type }
    const answer = await nodeFetch(`${world.baseUrl}/api/notes`, { method: 'POST', headers, body })
    const { code, values } = (await answer.json()) as { code?: string; values?: unknown }
    return { status: answer.status, ...(code === undefined ? {} : { code, values }) }
  }
  assert.deepEqual(await post('{"text":"a","count":2}'), { status: 200 })
  assert.deepEqual(await post('{"text":"a","more":1}'), {
    status: 400,
    code: 'http/body-not-valid',
    values: { part: 'body', where: '', rule: 'additionalProperties' },
  })
  assert.deepEqual(await post('{"text":"a","count":"2"}'), {
    status: 400,
    code: 'http/body-not-valid',
    values: { part: 'body', where: '/count', rule: 'type' },
  })
  assert.equal((await post('{"text":"a","text":"b"}')).code, 'http/body-not-json')
  assert.equal((await post('{"text":"a","count":1.5}')).code, 'http/body-not-json')
  assert.equal((await post('{"text":null}')).code, 'http/body-not-json')
  assert.equal((await post('')).status, 400)
  assert.deepEqual(await post('{}', 'text/plain'), { status: 415, code: 'http/media-type', values: undefined })
  assert.deepEqual(await post(JSON.stringify({ text: 'a'.repeat(2000) })), {
    status: 413,
    code: 'http/body-too-large',
    values: { limit: 1024 },
  })
})

test('the provider demands pushed requests, PKCE, a bound key and a registered address', async () => {
  await using world = await openWorld()
  const at = `${world.baseUrl}/identity/as/sato`
  const discovery = (await (await nodeFetch(`${at}/.well-known/openid-configuration`)).json()) as Record<string, unknown>
  assert.equal(discovery['issuer'], at)
  assert.equal(discovery['require_pushed_authorization_requests'], true)
  assert.deepEqual(discovery['code_challenge_methods_supported'], ['S256'])
  assert.deepEqual(discovery['token_endpoint_auth_methods_supported'], ['none'])
  // The Host header has no say in what the provider calls itself.
  const spoofed = (await (
    await nodeFetch(`${at}/.well-known/openid-configuration`, { headers: { host: 'evil.example' } })
  ).json()) as Record<string, unknown>
  assert.equal(spoofed['token_endpoint'], `${at}/token`)

  const push = async (changes: Record<string, string>): Promise<string | undefined> => {
    const request = {
      client_id: 'entente-cli',
      response_type: 'code',
      redirect_uri: 'http://127.0.0.1/callback',
      scope: 'openid api',
      code_challenge: 'a'.repeat(43),
      code_challenge_method: 'S256',
    }
    const body = new URLSearchParams(Object.entries({ ...request, ...changes }).filter(([, value]) => value !== ''))
    return ((await (await nodeFetch(`${at}/request`, { method: 'POST', body })).json()) as { error?: string }).error
  }
  assert.equal(await push({}), undefined)
  assert.equal(await push({ code_challenge: '', code_challenge_method: '' }), 'invalid_request')
  assert.equal(await push({ code_challenge_method: 'plain' }), 'invalid_request')
  assert.equal(await push({ redirect_uri: 'https://evil.example/callback' }), 'invalid_request')
  assert.equal(await push({ client_id: 'someone' }), 'invalid_client')
  const direct = await nodeFetch(`${at}/auth?client_id=entente-cli&response_type=code&redirect_uri=http://127.0.0.1/callback&scope=openid`)
  assert.match(`${direct.status} ${direct.headers.get('location')} ${await direct.text()}`, /invalid_request/u)

  const people = (await (await nodeFetch(`${world.baseUrl}/identity/people`)).json()) as { people: { issuer: string }[] }
  assert.deepEqual(
    people.people.map(({ issuer }) => issuer),
    ['/identity/as/sato', '/identity/as/takahashi'],
  )
})

test('saved state that does not read stops the start instead of beginning anew', async () => {
  for (const name of ['keys', 'grants'] as const) {
    const storage = memoryStorage()
    storage.texts.set(name, '{"version":2}')
    const made = createProvider({
      baseUrl: () => 'http://x.localhost:1',
      audience: 'https://node.x.example',
      people: PEOPLE,
      demo: true,
      storage,
      now: () => 1,
    })
    await assert.rejects(
      made,
      (error) => error instanceof AuthError && error.code === 'auth/state-not-valid' && error.values['what'] === name,
    )
  }
})

test('a replay window forgets nothing within its seconds', () => {
  const seen = new ReplayWindow(70)
  assert.equal(seen.admit('a', 1000), true)
  assert.equal(seen.admit('a', 1069), false)
  assert.equal(seen.admit('b', 1075), true)
  assert.equal(seen.admit('a', 1075), false)
  assert.equal(seen.admit('b', 1144), false)
  assert.equal(seen.admit('a', 1300), true)
})
