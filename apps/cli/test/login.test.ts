import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { memoryStorage, openWorld } from '../../../packages/node/test/identity-world.ts'
import { login, loginAs, LoginError, logout, nodeFetch, resumeSession } from '@entente/cli'

async function folder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'entente login '))
  return { path, [Symbol.asyncDispose]: async () => rm(path, { recursive: true }) }
}

const isLogin =
  (code: LoginError['code']) =>
  (error: unknown): boolean =>
    error instanceof LoginError && error.code === code

test('two people sign in side by side through the real code flow, and each is who they are', async () => {
  await using world = await openWorld()
  await using one = await folder()
  await using two = await folder()
  const node = world.baseUrl
  const sato = await loginAs({ node, deviceDir: one.path, person: 'sato' })
  const takahashi = await loginAs({ node, deviceDir: two.path, person: 'takahashi' })
  assert.equal(sato.person, 'sato')
  const me = async (session: typeof sato): Promise<{ person: string; roles: string[]; thumbprint: string }> =>
    (await (await session.fetch('/api/me')).json()) as never
  const [a, b, again] = [await me(sato), await me(takahashi), await me(sato)]
  assert.deepEqual([a.person, a.roles], ['sato', ['author']])
  assert.deepEqual([b.person, b.roles], ['takahashi', ['officer', 'reader']])
  assert.notEqual(a.thumbprint, b.thumbprint)
  assert.deepEqual(again, a)
})

test('the secrets of a device are readable by their owner only, and the session is taken up again', async () => {
  await using world = await openWorld()
  await using device = await folder()
  const deviceDir = join(device.path, 'device')
  await loginAs({ node: world.baseUrl, deviceDir, person: 'sato' })
  assert.deepEqual((await readdir(deviceDir)).toSorted(), ['dpop-key.json', 'session.json'])
  for (const name of await readdir(deviceDir)) assert.equal((await stat(join(deviceDir, name))).mode & 0o777, 0o600)
  assert.equal((await stat(deviceDir)).mode & 0o777, 0o700)
  const again = await resumeSession({ deviceDir })
  assert.equal((await again.fetch('/api/me')).status, 200)
})

test('an expired token is renewed once for many requests; after a restart on another port the session goes on', async () => {
  const storage = memoryStorage()
  await using device = await folder()
  const deviceDir = device.path
  {
    await using world = await openWorld({ storage })
    await loginAs({ node: world.baseUrl, deviceDir, person: 'sato' })
    const later = await resumeSession({ deviceDir, now: () => Math.floor(Date.now() / 1000) + 1000 })
    const answers = await Promise.all([later.fetch('/api/me'), later.fetch('/api/me'), later.fetch('/api/me')])
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200],
    )
  }
  await using elsewhere = await openWorld({ storage, host: 'moved.localhost' })
  const moved = await resumeSession({ deviceDir, node: elsewhere.baseUrl, now: () => Math.floor(Date.now() / 1000) + 1000 })
  assert.equal((await moved.fetch('/api/me')).status, 200)
})

test('a person whom the exercise does not know cannot sign in', async () => {
  await using world = await openWorld()
  await using device = await folder()
  for (const person of ['nobody', '../all', 'SATO']) {
    await assert.rejects(loginAs({ node: world.baseUrl, deviceDir: device.path, person }), isLogin('login/person-unknown'))
  }
  await assert.rejects(resumeSession({ deviceDir: device.path }), isLogin('login/no-session'))
})

test('after signing out the device knows nothing and the provider no longer renews', async () => {
  await using world = await openWorld()
  await using device = await folder()
  const deviceDir = device.path
  await loginAs({ node: world.baseUrl, deviceDir, person: 'sato' })
  const late = await resumeSession({ deviceDir, now: () => Math.floor(Date.now() / 1000) + 1000 })
  await logout({ deviceDir })
  await assert.rejects(late.fetch('/api/me'), isLogin('login/ended'))
  await assert.rejects(resumeSession({ deviceDir }), isLogin('login/no-session'))
})

test('with a browser: the address is shown, the person is chosen there, the answer comes to a loopback port', async () => {
  await using world = await openWorld()
  await using device = await folder()
  const browsed = Promise.withResolvers<Response>()
  const session = await login({
    node: world.baseUrl,
    deviceDir: device.path,
    page: 'you may close this window',
    waitSeconds: 20,
    show: (address) => void browse(address, 'takahashi').then(browsed.resolve, browsed.reject),
  })
  assert.equal(session.person, 'takahashi')
  assert.equal(await (await browsed.promise).text(), 'you may close this window\n')
})

test('nobody signs in: the wait ends', async () => {
  await using world = await openWorld()
  await using device = await folder()
  await assert.rejects(
    login({ node: world.baseUrl, deviceDir: device.path, page: '', show: () => {}, waitSeconds: 0.05 }),
    isLogin('login/timed-out'),
  )
})

test('tokens never go to another address, nor over plain http to another machine', async () => {
  await using world = await openWorld()
  await using device = await folder()
  const session = await loginAs({ node: world.baseUrl, deviceDir: device.path, person: 'sato' })
  await assert.rejects(session.fetch('http://aus.localhost:1/api/me'), isLogin('login/not-secure'))
  await assert.rejects(nodeFetch('http://node.aus.entente.example/'), isLogin('login/not-secure'))
  await assert.rejects(nodeFetch('http://aus.localhost:1/'), isLogin('login/unreachable'))
})

/** What a browser does: cookies by path, redirects, the form as the page has it. */
async function browse(start: URL, person: string): Promise<Response> {
  const cookies = new Map<string, string>()
  let address = start
  let form: URLSearchParams | undefined
  for (;;) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer: Response = await nodeFetch(address, {
      method: form === undefined ? 'GET' : 'POST',
      headers: { accept: 'text/html', cookie },
      body: form,
    })
    for (const set of answer.headers.getSetCookie())
      cookies.set(set.slice(0, set.indexOf('=')), set.slice(set.indexOf('=') + 1, set.indexOf(';')))
    const to = answer.headers.get('location')
    form = undefined
    if (to !== null) address = new URL(to, address.href)
    else if (address.pathname === '/callback') return answer
    else {
      const page = await answer.text()
      assert.match(page, /<form method="post">/u)
      assert.ok(page.includes(`value="${person}"`))
      assert.match(answer.headers.get('content-security-policy') ?? '', /form-action 'self' http:\/\/127\.0\.0\.1:\d+$/u)
      form = new URLSearchParams({ person })
    }
  }
}
