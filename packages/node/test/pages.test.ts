/** What a node hands out to browsers: the files of one build, under one policy, and nothing beside them. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { codeOf } from '@entente/canonical'
import { createHttp } from '@entente/node'
import { ABSENT_BODY, contentPolicy, readPages, servePages } from '#src/http/index.ts'
import { statuses } from '#src/http/statuses.ts'

const STYLE = `sha256-${'A'.repeat(43)}=`
const FILES = { 'index.html': '<!doctype html><title>Entente</title>', 'assets/main-1a2b3c.js': 'export {}\n' }

interface Built extends AsyncDisposable {
  readonly folder: string
  ask(path: string, method?: 'GET' | 'HEAD' | 'POST'): Promise<{ status: number; headers: Record<string, unknown>; body: string }>
}

/** A folder of built pages and a server over it; `change` is written over the manifest. */
async function built(change: object = {}): Promise<Built> {
  const folder = await mkdtemp(join(tmpdir(), 'entente-pages-'))
  await mkdir(join(folder, 'assets'))
  const files = Object.entries(FILES).map(([path, text]) => ({
    path,
    type: path.endsWith('.js') ? 'text/javascript; charset=utf-8' : 'text/html; charset=utf-8',
    size: text.length,
    sha256: createHash('sha256').update(text).digest('hex'),
  }))
  for (const [path, text] of Object.entries(FILES)) await writeFile(join(folder, path), text)
  await writeFile(join(folder, 'secret.txt'), 'not of the build')
  const manifest = { version: 1, screens: ['inbox'], styles: [STYLE], files, ...change }
  await writeFile(join(folder, 'pages.json'), JSON.stringify(manifest))
  const app = createHttp({
    info: { title: 'pages', version: '1' },
    authenticate: () => Promise.reject(new Error('pages ask for nobody')),
    bodyLimitBytes: 1_000,
    statuses,
    wording: (code) => ({ en: code, ja: code }),
    onEvent: () => {},
  })
  return {
    folder,
    async ask(path, method = 'GET') {
      if (!app.hasRoute({ url: '/', method: 'GET' })) servePages(app, folder, await readPages(folder))
      const { statusCode, headers, body } = await app.inject({ method, url: path })
      return { status: statusCode, headers, body }
    },
    async [Symbol.asyncDispose]() {
      await app.close()
      await rm(folder, { recursive: true })
    },
  }
}

test('each address of a screen is the one page, under a policy that lets it speak to its own node alone', async () => {
  await using pages = await built()
  for (const path of ['/', '/signed-in', '/inbox', '/inbox/5c9e0f3a-1c1b-4a5e-9f57-0c3a9d1b2e4f']) {
    const { status, headers, body } = await pages.ask(path)
    assert.equal(status, 200, path)
    assert.equal(body, FILES['index.html'])
    const said = Object.fromEntries(Object.entries(headers).filter(([name]) => !['date', 'connection', 'keep-alive'].includes(name)))
    assert.deepEqual(said, {
      'cache-control': 'no-store',
      'content-length': String(FILES['index.html'].length),
      'content-security-policy':
        `default-src 'none'; script-src 'self'; style-src 'self' '${STYLE}'; img-src 'self' blob:; font-src 'self'; connect-src 'self'; ` +
        "worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; " +
        'trusted-types entente ProseMirrorClipboard',
      'content-type': 'text/html; charset=utf-8',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': 'camera=(), microphone=(), geolocation=()',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
  }
})

test('the policy lets no string become script or style, and names no other host', () => {
  const policy = contentPolicy([])
  assert.doesNotMatch(policy, /unsafe|https?:|\*|data:/u)
  assert.match(policy, /require-trusted-types-for 'script'/u)
})

test('an asset has the hash of its content in its name, and may be kept for ever', async () => {
  await using pages = await built()
  const { status, headers, body } = await pages.ask('/assets/main-1a2b3c.js')
  assert.equal(status, 200)
  assert.equal(body, FILES['assets/main-1a2b3c.js'])
  assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable')
  assert.equal(headers['content-type'], 'text/javascript; charset=utf-8')
  assert.equal(headers['x-content-type-options'], 'nosniff')
})

test('what the manifest does not name is not there, whatever the path looks like', async () => {
  await using pages = await built()
  const paths = [
    '/secret.txt',
    '/pages.json',
    '/assets/secret.txt',
    '/assets/..%2fsecret.txt',
    '/assets/../secret.txt',
    '/assets/%2e%2e/secret.txt',
    '/assets/main-1a2b3c.js%00.txt',
    '/assets/',
    '/index.html',
    '/queue',
    '/inbox2',
  ]
  for (const path of paths) {
    const { status, body, headers } = await pages.ask(path)
    assert.equal(status, 404, path)
    assert.equal(body, ABSENT_BODY, path)
    assert.doesNotMatch(String(headers['content-security-policy']), /script-src/u)
  }
})

test('pages are got, and nothing else is done with them', async () => {
  await using pages = await built()
  for (const method of ['POST', 'HEAD'] as const) assert.equal((await pages.ask('/', method)).status, 404, method)
})

const BENT: readonly (readonly [string, object])[] = [
  ['a path that leaves the folder', { files: [{ path: '../secret.txt', type: 'text/plain', size: 1, sha256: '0'.repeat(64) }] }],
  ['a path that begins at the root', { files: [{ path: '/etc/hosts', type: 'text/plain', size: 1, sha256: '0'.repeat(64) }] }],
  ['a folder below the assets', { files: [{ path: 'assets/a/b.js', type: 'text/plain', size: 1, sha256: '0'.repeat(64) }] }],
  ['a digest that is none', { files: [{ path: 'a.js', type: 'text/plain', size: 1, sha256: 'x' }] }],
  ['a style that would open the policy', { styles: ["'unsafe-inline'"] }],
  ['a screen that is a path', { screens: ['inbox/../api'] }],
  ['a member that nobody knows', { more: 1 }],
  ['another version', { version: 2 }],
]

for (const [what, change] of BENT) {
  test(`a manifest is refused: ${what}`, async () => {
    await using pages = await built(change)
    await assert.rejects(readPages(pages.folder), (error) => codeOf(error) !== 'unknown')
  })
}

test('a manifest that is a whole one is read; a folder without one says so', async () => {
  await using pages = await built()
  assert.deepEqual((await readPages(pages.folder)).screens, ['inbox'])
  await rm(join(pages.folder, 'pages.json'))
  await assert.rejects(readPages(pages.folder), { code: 'ENOENT' })
})
