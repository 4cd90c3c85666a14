import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import net from 'node:net'
import { test } from 'node:test'
import { createHttp, HttpError, listenOnFreePort } from '@entente/node'
import { openWorld } from './identity-world.ts'

/** The bytes that come back for the bytes of a request, `Date` removed. */
async function raw(port: number, request: string): Promise<string> {
  const socket = net.connect(port, '127.0.0.1')
  socket.write(request)
  let text = ''
  for await (const part of socket) text += String(part)
  return text.replace(/^date: .*\r\n/imu, '')
}

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`

test('unknown routes, methods, identity paths and addresses that are none get the same bytes', async () => {
  await using world = await openWorld()
  const answers = await Promise.all([
    raw(world.port, get('/api/nothing')),
    raw(world.port, get('/other')),
    raw(world.port, get('/identity/as/nobody/.well-known/openid-configuration')),
    raw(world.port, get('/identity/as/sato/userinfo')),
    raw(world.port, get('/api/%zz')),
    raw(world.port, `DELETE /api/me HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`),
    // A body that is too large or of a strange type does not tell a missing route from a present one.
    raw(
      world.port,
      `POST /api/none HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: text/x\r\ncontent-length: 5000\r\n\r\n${'a'.repeat(5000)}`,
    ),
  ])
  assert.deepEqual(new Set(answers).size, 1, answers.join('\n---\n'))
  const [first] = answers
  assert.match(first, /^HTTP\/1\.1 404 /u)
  assert.match(first, /content-type: application\/problem\+json/u)
  assert.doesNotMatch(first, /instance|request|x-powered-by|nothing"/iu)
})

test('a route says 401 to somebody unknown, with the scheme, before it reads a body', async () => {
  await using world = await openWorld()
  const answer = await raw(
    world.port,
    `POST /api/notes HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: text/x\r\ncontent-length: 3\r\n\r\nabc`,
  )
  assert.match(answer, /^HTTP\/1\.1 401 /u)
  assert.match(answer, /www-authenticate: DPoP algs=/u)
  assert.match(answer, /"code":"auth\/credential-missing"/u)
})

test('errors become problems by the table; what is not in it is 500 without detail, told to the operator only', async () => {
  await using world = await openWorld()
  const known = await raw(world.port, get('/api/teapot'))
  assert.match(known, /^HTTP\/1\.1 418 /u)
  const problem: unknown = JSON.parse(known.slice(known.indexOf('\r\n\r\n')))
  const expected = {
    type: 'https://entente.example/problems/test/teapot',
    title: 'the sentence of test/teapot',
    status: 418,
    code: 'test/teapot',
    values: { cups: 2 },
  }
  assert.deepEqual(problem, expected)
  const unknown = await raw(world.port, get('/api/broken'))
  assert.match(unknown, /^HTTP\/1\.1 500 /u)
  assert.doesNotMatch(unknown, /secret/u)
  assert.equal(world.events.length, 1)
})

test('health is open; the description is OpenAPI 3.1 of the routes that exist and of no others', async () => {
  await using world = await openWorld()
  const health = await raw(world.port, get('/api/health'))
  assert.match(health, /\{"status":"ok","realm":"exercise"\}$/u)
  for (const header of ['cache-control: no-store', 'x-content-type-options: nosniff', "content-security-policy: default-src 'none'"])
    assert.ok(health.includes(header), header)
  const text = await raw(world.port, get('/api/openapi.json').replace('HTTP/1.1', 'HTTP/1.0'))
  const document = JSON.parse(text.slice(text.indexOf('\r\n\r\n'))) as {
    openapi: string
    paths: Record<string, Record<string, { security?: object[]; requestBody?: object }>>
  }
  assert.equal(document.openapi, '3.1.0')
  assert.deepEqual(Object.keys(document.paths), [
    '/api/broken',
    '/api/health',
    '/api/health/live',
    '/api/items/{item}',
    '/api/me',
    '/api/notes',
    '/api/openapi.json',
    '/api/teapot',
  ])
  assert.deepEqual(document.paths['/api/health']?.['get']?.security, [])
  assert.equal(document.paths['/api/me']?.['get']?.security, undefined)
  assert.ok(document.paths['/api/notes']?.['post']?.requestBody)
})

test('bytes that are not HTTP get a bare 400', async () => {
  await using world = await openWorld()
  assert.equal(await raw(world.port, 'nonsense\r\n\r\n'), 'HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
})

test('the next free port is taken, and the search ends', async () => {
  const [first, second, third] = [createServer(), createServer(), createServer()]
  const port = await listenOnFreePort(first, { preferred: 42_650 })
  const next = await listenOnFreePort(second, { preferred: port })
  assert.ok(next > port)
  assert.equal((second.address() as AddressInfo).port, next)
  await assert.rejects(
    listenOnFreePort(third, { preferred: port, tries: 0 }),
    (error) => error instanceof HttpError && error.code === 'http/no-port',
  )
  for (const server of [first, second]) server.close()
})

test('a route that says nothing of access needs a person', async () => {
  let asked = 0
  const app = createHttp({
    info: { title: 't', version: '0' },
    authenticate: async () => {
      asked++
      throw new HttpError('http/absent', 'no')
    },
    bodyLimitBytes: 10,
    statuses: {},
    wording: (code) => ({ en: code }),
    onEvent: () => {},
  })
  app.get('/api/x', async () => 'never')
  const answer = await app.inject({ url: '/api/x' })
  assert.equal(answer.statusCode, 404)
  assert.equal(asked, 1)
  await app.close()
})
