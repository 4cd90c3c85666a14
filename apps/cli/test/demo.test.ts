import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { codeOf } from '@entente/canonical'
import { lockDirectory } from '#src/demo/lock.ts'
import { processTree, proportionalSetSize } from '#src/demo/memory.ts'
import { readOptions } from '#src/demo/options.ts'
import { startRelay } from '#src/demo/relay.ts'
import { keyCanary, nameCanary, searchFiles, searchMemory, wordCanary } from '#src/demo/story/canary.ts'
import { readWorld } from '#src/demo/world.ts'

const io = { stdout: { write: () => true }, stderr: { write: () => true }, env: { LANG: 'ja_JP.UTF-8' } }

async function scratch(t: { after(work: () => Promise<void>): void }): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'entente demo-'))
  t.after(() => rm(dir, { recursive: true, force: true }))
  return dir
}

test('the world that comes with Entente reads, and everybody in the story is in it', async () => {
  const world = await readWorld(undefined)
  assert.equal(world.realm, 'exercise')
  const { cast, originator, recipient } = world.story
  const people = new Map(world.nations.map(({ nation, persons }) => [nation, new Set(persons.map(({ id }) => id))]))
  for (const id of [cast.author, cast.disclosureOfficer, cast.securityOfficer, cast.ownReader])
    assert.ok(people.get(originator)?.has(id), id)
  for (const id of [cast.firstReader, cast.secondReader, cast.thirdReader, cast.recipientSecurityOfficer])
    assert.ok(people.get(recipient)?.has(id), id)
  for (const { persons } of world.nations) for (const { names } of persons) assert.match(names.en, /EXERCISE/u)
})

test('options: a marking after the last equals sign, languages from the environment, wrong ones refused', () => {
  const options = readOptions(['--story', '--file', '/tmp/a=b.pdf=SECRET//REL AUS, JPN', '--file', '/tmp/資料.pdf'], io)
  assert.deepEqual(options.files, [{ path: '/tmp/a=b.pdf', marking: 'SECRET//REL AUS, JPN' }, { path: '/tmp/資料.pdf' }])
  assert.equal(options.lang, 'ja')
  for (const args of [['--port', '80'], ['--lang', 'fr'], ['--no-such'], ['more']]) {
    assert.throws(
      () => readOptions(args, io),
      (error) => codeOf(error) === 'demo/usage',
      args.join(' '),
    )
  }
})

test('a directory is taken by one demonstration at a time; a lock of a process that is gone is taken over', async (t) => {
  const dir = await scratch(t)
  const first = await lockDirectory(dir)
  await assert.rejects(lockDirectory(dir), (error) => codeOf(error) === 'demo/in-use')
  await first[Symbol.asyncDispose]()
  const gone = spawn(process.execPath, ['--eval', ''])
  await new Promise((resolve) => gone.once('exit', resolve))
  await writeFile(join(dir, 'demo.lock'), JSON.stringify({ pid: gone.pid, born: '1' }))
  await (await lockDirectory(dir))[Symbol.asyncDispose]()
  await assert.rejects(readFile(join(dir, 'demo.lock')))
})

test('the relay passes and records, and passes nothing while it is cut', async (t) => {
  const dir = await scratch(t)
  const echo = createServer((socket) => socket.pipe(socket))
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve))
  t.after(async () => void echo.close())
  const relay = await startRelay(() => (echo.address() as { port: number }).port, join(dir, 'wire'))
  t.after(() => relay[Symbol.asyncDispose]())
  assert.equal(await say(relay.port, 'EXERCISE'), 'EXERCISE')
  relay.cut()
  assert.equal(await say(relay.port, 'EXERCISE'), '')
  relay.heal()
  assert.equal(await say(relay.port, 'again'), 'again')
  await relay.flush()
  assert.equal(await readFile(relay.recording, 'utf8'), 'EXERCISEEXERCISEagainagain')
})

async function say(port: number, text: string): Promise<string> {
  const { connect } = await import('node:net')
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    socket.on('data', (chunk) => {
      resolve(chunk.toString())
      socket.destroy()
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(''))
  })
}

test('a canary is found in a file across the edge of a piece, in every form of a key, and only where it is', async (t) => {
  const dir = await scratch(t)
  const word = wordCanary('word', 'EXERCISE-演習-0123456789')
  const edge = Buffer.alloc(4_194_304 - 5, 0x20)
  await writeFile(join(dir, 'edge'), Buffer.concat([edge, Buffer.from('EXERCISE-演習-0123456789')]))
  assert.deepEqual((await searchFiles([dir], [word])).sightings, [{ canary: 'word', where: join(dir, 'edge') }])
  const key = new Uint8Array(32).fill(7)
  for (const form of ['hex', 'base64', 'base64url'] as const) {
    await writeFile(join(dir, 'key'), `{"k":"${Buffer.from(key).toString(form)}"}`)
    assert.equal((await searchFiles([join(dir, 'key')], [keyCanary('key', key)])).sightings.length, 1, form)
  }
  await writeFile(join(dir, 'key'), 'nothing')
  assert.equal((await searchFiles([join(dir, 'key')], [keyCanary('key', key), word])).sightings.length, 0)
})

test('a name is found in text, in a path and beside a key, and not where base64 spells it by chance', async (t) => {
  const file = join(await scratch(t), 'file')
  const chance = 'x9Qk3LmZ0aB7cD4eF6gH1iJ2kNsatoP5qR8sT+uV/wX-yZ_0123456789'
  const found = async (text: string | Buffer): Promise<number> => {
    await writeFile(file, text)
    return (await searchFiles([file], [nameCanary('sato')])).sightings.length
  }
  for (const text of [
    '{"by":"sato"}',
    'jpn/people/sato/device.json',
    `${chance.slice(0, 20)}sato`,
    `${chance}\nsato`,
    Buffer.from('sato', 'utf16le'),
  ]) {
    assert.equal(await found(text), 1, String(text))
  }
  for (const text of [chance, `"${chance}=="`, 'nothing']) assert.equal(await found(text), 0, text)
})

test('a canary is found in the memory of another process, one-byte and two-byte', { skip: process.platform !== 'linux' }, async (t) => {
  const hex = Array.from({ length: 16 }, (_, at) => (at * 13 + 7).toString(16)).join('')
  const child = spawn(process.execPath, [
    '--eval',
    `globalThis.kept = ['${hex}'.repeat(3), '演' + '${hex}'.split('').reverse().join('')]; console.log('ready'); setInterval(() => {}, 1000)`,
  ])
  t.after(async () => void child.kill())
  await new Promise((resolve) => child.stdout.once('data', resolve))
  const reversed = hex.split('').reverse().join('')
  const { sightings } = await searchMemory(
    [child.pid ?? 0],
    [wordCanary('one', hex), wordCanary('two', reversed), wordCanary('none', `no-${hex}-such`)],
  )
  assert.deepEqual([...new Set(sightings.map(({ canary }) => canary))].sort(), ['one', 'two'])
  assert.deepEqual(await processTree([child.pid ?? 0]), [child.pid])
  assert.ok(((await proportionalSetSize([child.pid ?? 0])) ?? 0) > 1_000_000)
})
