/** What a node hands out is held against a build: over real HTTP, with a server that lies in one way at a time. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { contentPolicy } from '../../../packages/node/src/http/pages.ts'
import { policyDifferences } from '#src/commands/page-policy.ts'
import { main } from '#src/main.ts'

const STYLE = `sha256-${'A'.repeat(43)}=`
const TYPES = { html: 'text/html; charset=utf-8', js: 'text/javascript; charset=utf-8' }
const FILES: Readonly<Record<string, string>> = {
  'assets/main-1a2b3c.js': 'export {}\n',
  'index.html': '<!doctype html><title>Entente</title>',
}
const typeOf = (path: string): string => (path.endsWith('.js') ? TYPES.js : TYPES.html)

interface Answer {
  status: number
  headers: Record<string, string>
  body: string
  /** The connection breaks behind the body. */
  cut?: boolean
  /** What follows later, behind the body. */
  more?: string
}

interface Served extends AsyncDisposable {
  readonly folder: string
  readonly address: string
  /** Runs the command; gives its exit code and what it printed as JSON. */
  verify(): Promise<{ readonly exit: number; readonly said: Said; readonly err: string }>
}

interface Said {
  readonly ok?: boolean
  readonly compared?: number
  readonly differences?: readonly Readonly<Record<string, string>>[]
}

/** A build in a folder, and a server that hands it out as a node does, but for what `lie` changes of an answer. */
async function served(lie: (path: string, answer: Answer) => void = () => {}): Promise<Served> {
  const folder = await mkdtemp(join(tmpdir(), 'entente-verify-client-'))
  await mkdir(join(folder, 'assets'))
  for (const [path, text] of Object.entries(FILES)) await writeFile(join(folder, path), text)
  const files = Object.entries(FILES).map(([path, text]) => ({
    path,
    type: typeOf(path),
    size: text.length,
    sha256: createHash('sha256').update(text).digest('hex'),
  }))
  await writeFile(join(folder, 'pages.json'), JSON.stringify({ version: 1, screens: ['inbox'], styles: [STYLE], files }))
  const server = createServer((request, response) => {
    const path = request.url ?? '/'
    const file = path.startsWith('/assets/') ? path.slice(1) : 'index.html'
    const answer: Answer = { status: 200, headers: { 'content-type': typeOf(file) }, body: FILES[file] ?? '' }
    if (file === 'index.html') answer.headers['content-security-policy'] = contentPolicy([STYLE])
    lie(path, answer)
    response.writeHead(answer.status, answer.headers)
    if (answer.cut === true) response.write(answer.body, () => response.destroy())
    else response.write(answer.body, () => setTimeout(() => response.end(answer.more), answer.more === undefined ? 0 : 20))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = `http://jpn.localhost:${(server.address() as AddressInfo).port}`
  return {
    folder,
    address,
    verify: () => verify([address, '--build', folder]),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
      await rm(folder, { recursive: true })
    },
  }
}

async function verify(args: readonly string[], lang = 'en'): Promise<{ exit: number; said: Said; err: string }> {
  let [out, err] = ['', '']
  const exit = await main(['verify-client', ...args, '--lang', lang], {
    stdin: (async function* () {})(),
    stdout: { isTTY: false, write: (text) => void (out += typeof text === 'string' ? text : Buffer.from(text).toString()) },
    stderr: { write: (text) => void (err += text) },
    env: {},
  })
  return { exit, said: out === '' ? {} : (JSON.parse(out) as Said), err }
}

test('the same bytes under the same policy: verified, at every address of the page', async () => {
  const asked: string[] = []
  await using node = await served((path) => void asked.push(path))
  const { exit, said } = await node.verify()
  assert.equal(exit, 0)
  assert.deepEqual([said.ok, said.compared, said.differences], [true, 5, []])
  assert.deepEqual(asked.toSorted(), ['/', '/assets/main-1a2b3c.js', '/inbox', '/inbox/verify-client', '/signed-in'])
})

test('one byte changed, in the script or in the page of one screen: not verified, and which is said', async () => {
  for (const at of ['/assets/main-1a2b3c.js', '/inbox/verify-client']) {
    await using node = await served((path, answer) => {
      if (path === at) answer.body = answer.body.replace('e', 'f')
    })
    const { exit, said } = await node.verify()
    assert.deepEqual([exit, said.ok, said.differences], [3, false, [{ code: 'cli/page-differs', path: at }]])
  }
})

test('bytes that go on behind the whole file: read no further, not verified', async () => {
  await using node = await served((path, answer) => {
    if (path.startsWith('/assets/')) answer.more = ' '.repeat(4_000_000)
  })
  const { exit, said } = await node.verify()
  assert.deepEqual([exit, said.differences], [3, [{ code: 'cli/page-differs', path: '/assets/main-1a2b3c.js' }]])
})

test('a file missing, or somewhere else: not verified, redirects are not followed', async () => {
  for (const status of [404, 302]) {
    await using node = await served((path, answer) => {
      if (path.startsWith('/assets/')) Object.assign(answer, { status, headers: { location: '/' }, body: '' })
    })
    const { exit, said } = await node.verify()
    const expected = { code: 'cli/page-missing', path: '/assets/main-1a2b3c.js', status: String(status) }
    assert.deepEqual([exit, said.differences], [3, [expected]])
  }
})

test('a weaker policy: not verified, and its directives are named', async () => {
  const weaker: readonly (readonly [string, (policy: string) => string, string])[] = [
    ['none at all', () => '', ''],
    ['inline script', (policy) => policy.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'"), 'script-src'],
    ['another host', (policy) => policy.replace("connect-src 'self'", "connect-src 'self' https://elsewhere.example"), 'connect-src'],
    ['no Trusted Types', (policy) => policy.replace("; require-trusted-types-for 'script'", ''), 'require-trusted-types-for'],
    ['a default', (policy) => policy.replace("default-src 'none'", 'default-src *'), 'default-src'],
    ['a directive more', (policy) => `${policy}; script-src-elem *`, 'script-src-elem'],
    ['the laxer first', (policy) => `script-src *; ${policy}`, 'script-src'],
    ['another style', (policy) => policy.replace(STYLE, `sha256-${'B'.repeat(43)}=`), 'style-src'],
  ]
  for (const [why, change, directive] of weaker) {
    await using node = await served((path, answer) => {
      if (path === '/signed-in') answer.headers['content-security-policy'] = change(contentPolicy([STYLE]))
    })
    const { exit, said } = await node.verify()
    assert.equal(exit, 3, why)
    const [first, ...others] = said.differences ?? []
    assert.deepEqual([first?.['code'], first?.['path'], others], ['cli/page-policy', '/signed-in', []], why)
    if (directive !== '') assert.equal(first?.['directives'], directive, why)
  }
})

test('the policy that nodes give is the one that is asked for', () => {
  for (const styles of [[], [STYLE]]) assert.deepEqual(policyDifferences(contentPolicy(styles), styles), [])
})

test('the same bytes as another type, packed, or on the way elsewhere: not verified', async () => {
  for (const [header, value] of [
    ['content-type', 'text/html; charset=iso-2022-jp'],
    ['content-encoding', 'identity'],
    ['refresh', '0; url=https://elsewhere.example'],
    ['link', '</other.css>; rel=stylesheet'],
  ] as const) {
    await using node = await served((path, answer) => {
      if (path === '/') answer.headers[header] = value
    })
    const { exit, said } = await node.verify()
    assert.deepEqual([exit, said.differences], [3, [{ code: 'cli/page-header', path: '/', header }]], header)
  }
})

test('a build that is not what it says of itself verifies nobody', async () => {
  await using node = await served()
  await writeFile(join(node.folder, 'index.html'), '<!doctype html><title>Entente!</title>')
  const { exit, said } = await node.verify()
  assert.deepEqual([exit, said.differences], [3, [{ code: 'cli/build-differs', path: 'index.html' }]])
})

test('nobody answers: unreachable; an answer that stops in the middle too; no address, no build: said so', async () => {
  await using node = await served()
  const gone = await verify(['http://jpn.localhost:1', '--build', node.folder])
  assert.equal(gone.exit, 4)
  assert.match(gone.err, /code: login\/unreachable/u)
  await using broken = await served((path, answer) => {
    if (path === '/') answer.cut = true
  })
  assert.equal((await broken.verify()).exit, 4)
  for (const args of [[], ['jpn'], ['file:///etc']]) assert.equal((await verify(args)).exit, 2, args.join())
  const none = await verify([node.address, '--build', join(node.folder, 'nothing')])
  assert.match(none.err, /code: cli\/file/u)
})
