import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { NodeRefusal, absent } from '@entente/client'
import { utf8 } from '@entente/canonical'
import { exitOf } from '#src/errors.ts'
import { main } from '#src/main.ts'

interface Transcript {
  readonly exit: number
  readonly out: string
  readonly err: string
}

/** A command line, run in this process; `terminal` says what its output is. */
async function entente(
  args: readonly string[],
  given: { readonly input?: string; readonly terminal?: boolean; readonly env?: Record<string, string> } = {},
): Promise<Transcript> {
  let [out, err] = ['', '']
  const exit = await main(args, {
    stdin: (async function* () {
      yield utf8(given.input ?? '')
    })(),
    stdout: {
      isTTY: given.terminal ?? false,
      write: (text) => void (out += typeof text === 'string' ? text : Buffer.from(text).toString()),
    },
    stderr: { write: (text) => void (err += text) },
    env: given.env ?? {},
  })
  return { exit, out, err }
}

test('a marking, in words and as data', async () => {
  const data = await entente(['label', 'parse', '--scheme', 'aus'], { input: 'SECRET//REL AUS, JPN\n' })
  assert.equal(data.exit, 0)
  assert.equal((JSON.parse(data.out) as { portion: string }).portion, '(S//REL AUS/JPN)')
  const exercise = await entente(['label', 'parse', '--scheme', 'exercise-aus'], { input: 'SECRET//REL AUS, JPN\n' })
  assert.equal((JSON.parse(exercise.out) as { banner: string }).banner, 'SECRET//REL AUS, JPN')
  const words = await entente(['label', 'parse', '--scheme', 'aus'], { input: 'SECRET//REL AUS, JPN\n', terminal: true })
  assert.equal(words.out, 'SECRET//REL AUS/JPN   (S//REL AUS/JPN)\n')
})

test('a marking that is none: refused, with its code, in both languages', async () => {
  const told = await Promise.all(['en', 'ja'].map((lang) => entente(['label', 'parse', '--lang', lang], { input: 'SECRT\n' })))
  assert.deepEqual(
    told.map(({ exit }) => exit),
    [1, 1],
  )
  const [english, japanese] = told.map(({ out }) => JSON.parse(out) as { code: string; message: string })
  assert.equal(english?.code, 'label/unknown-classification')
  assert.equal(japanese?.code, english?.code)
  assert.notEqual(japanese?.message, english?.message)
})

test('markings as arguments; help of a group; what is missing or unknown is named', async () => {
  const parsed = await entente(['label', 'parse', 'SECRET//AUSTEO', '(P)'], { terminal: true })
  assert.deepEqual([parsed.exit, parsed.out], [0, 'SECRET//AUSTEO   (S//AUSTEO)\nPROTECTED   (P)\n'])
  for (const args of [
    ['help', 'ledger'],
    ['ledger', '--help', '--lang', 'ja'],
  ]) {
    const { exit, out } = await entente(args)
    assert.equal(exit, 0)
    assert.match(out, /^entente ledger verify --log/mu)
    assert.match(out, /^entente ledger show/mu)
  }
  assert.match((await entente(['ledger', 'verify'])).err, /`--log` is missing/u)
  assert.match((await entente(['label', 'parse', '--nothing', '--lang', 'ja'])).err, /`--nothing` というオプションはありません/u)
})

test("an agreement: its articles in the reader's language", async () => {
  const english = await entente(['agreement', 'show'], { terminal: true })
  const japanese = await entente(['agreement', 'show', '--lang=ja'], { terminal: true })
  assert.deepEqual([english.exit, japanese.exit], [0, 0])
  assert.match(japanese.out, /[ぁ-ん]/u)
  assert.doesNotMatch(english.out, /[ぁ-ん]/u)
})

test('wrong use: three lines, exit 2', async (t) => {
  const uses: readonly [readonly string[], string][] = [
    [['repot', 'list'], 'cli/unknown-command'],
    [['ledger', 'verify'], 'cli/usage'],
    [['container', 'inspect'], 'cli/usage'],
    [['report', 'list', '--colour'], 'cli/usage'],
  ]
  for (const [args, code] of uses) {
    await t.test(args.join(' '), async () => {
      const { exit, out, err } = await entente(args)
      assert.equal(exit, 2)
      assert.equal(out, '')
      const lines = err.trimEnd().split('\n')
      assert.deepEqual(
        lines.map((line) => line.split(':')[0]),
        ['error', 'hint', 'code'],
      )
      assert.equal(lines[2], `code: ${code}`)
      assert.doesNotMatch(err, /…|there are no words/u)
    })
  }
})

test('alone it gives a short help, in the language that is asked for', async () => {
  const english = await entente([])
  const japanese = await entente([], { env: { LANG: 'ja_JP.UTF-8' } })
  assert.deepEqual([english.exit, japanese.exit], [0, 0])
  assert.match(english.out, /report open/u)
  assert.match(japanese.out, /[ぁ-ん]/u)
})

test('what is no container is not verified, what is not there cannot be used', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'entente-test-'))
  try {
    await writeFile(join(folder, 'note.txt'), 'EXERCISE: no container')
    const other = await entente(['container', 'inspect', join(folder, 'note.txt')])
    assert.equal(other.exit, 3)
    assert.match(other.err, /^code: container\//mu)
    const missing = await entente(['container', 'inspect', join(folder, 'nothing')])
    assert.equal(missing.exit, 1)
    assert.match(missing.err, /^code: cli\/file$/mu)
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('marked text does not come onto a terminal unasked, and nobody is asked for a key', async () => {
  for (const args of [
    ['report', 'open', '00000000-0000-4000-8000-000000000000'],
    ['container', 'open', 'saved.tdf'],
  ]) {
    const { exit, err, out } = await entente([...args, '--as', 'nobody', '--dir', '/nowhere'], { terminal: true })
    assert.deepEqual([exit, out], [1, ''])
    assert.match(err, /^code: cli\/terminal$/mu)
  }
})

test('exit codes: refused and absent are one, what does not verify and what cannot be reached are told apart', () => {
  assert.equal(exitOf(absent().code), 1)
  assert.equal(exitOf(new NodeRefusal('node/refused', 403, {}).code), 1)
  assert.equal(exitOf('client/trust'), 3)
  assert.equal(exitOf('exchange/proof-invalid'), 3)
  assert.equal(exitOf('login/unreachable'), 4)
  assert.equal(exitOf('no-area'), 70)
})

test('as a process of its own: exit code, results on one stream, problems on the other', () => {
  const script = fileURLToPath(new URL('../src/main.ts', import.meta.url))
  const run = (args: readonly string[], input = '') =>
    spawnSync(process.execPath, ['--conditions=entente-source', '--disable-warning=ExperimentalWarning', script, ...args], {
      input,
      encoding: 'utf8',
    })
  const read = run(['label', 'parse', '--scheme', 'jpn'], '極秘\n')
  assert.deepEqual([read.status, read.stderr], [0, ''])
  assert.equal((JSON.parse(read.stdout) as { ok: boolean }).ok, true)
  const unknown = run(['nothing', '--lang', 'ja'])
  assert.deepEqual([unknown.status, unknown.stdout], [2, ''])
  assert.match(unknown.stderr, /^error: .*[ぁ-んァ-ヶ]/u)
})
