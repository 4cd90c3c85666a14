import { type } from './command-line.ts'
import { createHash, randomUUID } from 'node:crypto'
import { connect as connectTo } from 'node:net'
import { mkdir, open, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { toHex } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import { type Answer, ask } from '../call.ts'
import { processTree } from '../memory.ts'
import { nationDirectory } from '../set-up.ts'
import { nationOf } from '../world.ts'
import { type Sighting, keyCanary, searchFiles, searchMemory, wordCanary } from './canary.ts'
import { NotOpened, type Opened, openBytes, openItem } from './flows.ts'
import { restartWorld } from './restart.ts'
import { type Actor, type Evidence, type Scene, check, filled, left, originators, recipients, runningOf } from './scene.ts'
import { listOf } from './write.ts'

export async function firstOpening(scene: Scene, evidence: Evidence): Promise<void> {
  const { given } = left(scene.released.get('first'), 5)
  const reader = await recipients(scene, 'firstReader')
  const listed = (await listOf(scene, reader)).find(({ item }) => item === given)
  check(listed !== undefined, 'the first reader lists it')
  evidence['listed'] = `${listed.marking}, equivalent to ${listed.equivalent ?? ''}, from ${listed.originator}`
  const opened = await openItem(scene, reader, given)
  scene.dataKeys.set(given, opened.dataKey)
  const [originators, grant] = opened.entries
  check(originators !== undefined && grant !== undefined, 'both nations entered it')
  check(originators.fields['act'] === 'open' && grant.fields['act'] === 'grant', 'a grant and an opening')
  check(originators.fields['grant'] === grant.leafHash && grant.at <= originators.at, "the reader's nation first, the originator last")
  evidence['grant'] = `entry ${grant.place.index} of ${grant.place.size}, ${grant.leafHash}`
  evidence['opening'] = `entry ${originators.place.index} of ${originators.place.size}, ${originators.leafHash}`
  checkTearLine(scene, opened, evidence)
  await checkOwn(scene, evidence)
  await searchCanaries(scene, opened.dataKey, evidence)
}

/** What came out is exactly the portions that go, each as it went in; of the others nothing is in any byte. */
function checkTearLine(scene: Scene, opened: Opened, evidence: Evidence): void {
  const written = filled(scene, scene.world.story.first)
  const goes = (at: number): boolean => scene.goes.has(at)
  checkTexts(
    opened,
    written.filter((_, at) => goes(at)),
  )
  check(Buffer.from(opened.plaintext).includes(scene.canary), 'the canary came through')
  check(!Buffer.from(opened.plaintext).includes(scene.heldCanary), 'the portion that may not go is in no byte')
  const files = scene.files.map((file, at) => ({ ...file, goes: goes(written.length + at) }))
  checkFiles(
    opened,
    files.filter((file) => file.goes),
  )
  for (const { name, sha256, goes: gone } of files) {
    if (!gone)
      check(![name, sha256].some((word) => Buffer.from(opened.plaintext).includes(word)), `${name} stays: neither name nor digest came`)
    evidence[`file ${name}`] = gone ? `SHA-256 ${sha256} as sent` : 'stays'
  }
  const texts = opened.report.portions.flatMap((portion) => (portion.kind === 'text' ? [portion.texts] : []))
  evidence['texts'] =
    `${texts.length} of ${written.length} portions, SHA-256 ${createHash('sha256').update(JSON.stringify(texts)).digest('hex')}`
}

/** The own nation's rendition holds every portion; read by its own reader, where that reader may read what the files are marked with. */
async function checkOwn(scene: Scene, evidence: Evidence): Promise<void> {
  const { own } = left(scene.released.get('first'), 5)
  const reader = await originators(scene, 'ownReader')
  if (!(await listOf(scene, reader)).some(({ item }) => item === own)) {
    check(scene.files.length > 0, `${reader.person} lists the own rendition`)
    evidence['own rendition'] = `not for ${reader.person}: a file is marked above that clearance`
    return
  }
  const opened = await openItem(scene, reader, own)
  checkTexts(opened, filled(scene, scene.world.story.first))
  checkFiles(opened, scene.files)
  evidence['own rendition'] = `${reader.person}: all ${opened.report.portions.length} portions, every file the same bytes`
}

function checkTexts(opened: Opened, written: ReturnType<typeof filled>): void {
  const plain = (portions: readonly { readonly texts: readonly { readonly lang: string; readonly text: string }[] }[]): string =>
    JSON.stringify(portions.map(({ texts }) => texts.map(({ lang, text }) => [lang, text])))
  const came = opened.report.portions.flatMap((portion) => (portion.kind === 'text' ? [portion] : []))
  check(plain(came) === plain(written), 'exactly these texts, as they were written')
}

function checkFiles(opened: Opened, sent: readonly { readonly name: string; readonly sha256: string }[]): void {
  const plain = (files: typeof sent): string => JSON.stringify(files.map(({ name, sha256 }) => [name, sha256]))
  check(plain(opened.files) === plain(sent), `exactly these files, the same bytes: ${plain(opened.files)}`)
}

async function searchCanaries(scene: Scene, dataKey: Uint8Array, evidence: Evidence): Promise<void> {
  const { recipient } = scene.world.story
  const running = runningOf(scene)
  const node = left(running.nations.get(recipient), 1)
  const nation = nationOf(scene.world, recipient)
  // The nation's own folder, and those of its people's devices: a client keeps nothing that it opened.
  const folders = [nationDirectory(scene.dir, nation), join(scene.dir, 'clients', nation.folder)]
  const canaries = [wordCanary('plaintext', scene.canary), wordCanary('held portion', scene.heldCanary), keyCanary('data key', dataKey)]
  const pids = await processTree([node.pid])
  const relays = [...scene.relays.values()]

  // First the search must find what is there: a word in a file, on the wire, in each process's memory, in a node's own heap.
  const planted = wordCanary('planted', scene.planted)
  for (const folder of folders) {
    const file = join(folder, 'planted')
    await writeFile(file, `x${scene.planted}`, { mode: 0o600 })
    check(
      (await searchFiles(folders, [planted])).sightings.some(({ where }) => where === file),
      'a word planted in a file is found',
    )
    await rm(file)
  }
  for (const relay of relays) await sendPlain(relay.port, scene.planted)
  await flush(scene)
  for (const relay of relays)
    check((await searchFiles([relay.recording], [planted])).sightings.length > 0, 'a word planted on the wire is found')
  const inMemory = (await searchMemory(pids, [planted])).sightings
  check(
    pids.every((pid) => inMemory.some(({ where }) => where.startsWith(`process ${pid} `))),
    'a word planted in the memory of every process is found',
  )
  const heap = wordCanary('planted in the heap', `EXERCISE-heap-${toHex(nodeCrypto.random(16))}`)
  const holding = await holdRequest(new URL(node.peopleUrl), heap.forms[0]?.toString('utf8') ?? '')
  try {
    check((await searchMemory([node.pid], [heap])).sightings.length > 0, "a word in a request is found in the node's memory")
  } finally {
    holding.destroy()
  }
  evidence['found where planted'] = `${folders.length} folders, ${relays.length} wires, memory of ${pids.length} processes`

  const memory = await searchMemory(pids, canaries)
  const files = await searchFiles([...folders, ...relays.map(({ recording }) => recording)], canaries)
  const sightings: readonly Sighting[] = [...memory.sightings, ...files.sightings]
  check(sightings.length === 0, `nothing in ${recipient}: ${JSON.stringify(sightings)}`)
  evidence['searched'] =
    `${Math.round(files.bytes / 1e6)} MB of files and wire, ${Math.round(memory.bytes / 1e6)} MB of memory: no plaintext, no data key`
}

async function flush(scene: Scene): Promise<void> {
  await Promise.all([...scene.relays.values()].map((relay) => relay.flush()))
}

/** Bytes in clear over a wire, which no node takes. */
async function sendPlain(port: number, text: string): Promise<void> {
  await new Promise<void>((resolve) => {
    const socket = connectTo(port, '127.0.0.1', () => socket.write(text, () => setTimeout(() => socket.destroy(), 50)))
    socket.on('error', () => resolve())
    socket.on('close', () => resolve())
  })
}

/** A request that never ends, with the word in its body: the node holds it. */
async function holdRequest(address: URL, word: string): Promise<{ destroy(): void }> {
  const socket = connectTo(Number(address.port), '127.0.0.1')
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject).once('connect', resolve)
  })
  socket.write(
    `POST /api/openings HTTP/1.1\r\nHost: ${address.host}\r\nX-Planted: ${word}\r\nContent-Type: application/json\r\nContent-Length: 4096\r\n\r\n{"request":"${word}`,
  )
  await new Promise((resolve) => setTimeout(resolve, 200))
  return socket
}

/** Everything of an answer that a caller can tell two apart by; the date is the clock's. */
function seen(answer: Answer): string {
  const headers = [...answer.headers].filter(([name]) => name !== 'date').toSorted(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([answer.status, headers, Buffer.from(answer.bytes).toString('base64')])
}

export async function absentForOthers(scene: Scene, evidence: Evidence): Promise<void> {
  const { given } = left(scene.released.get('first'), 5)
  const never = randomUUID()
  const first = await recipients(scene, 'firstReader')
  check(
    (await listOf(scene, first)).some(({ item }) => item === given),
    'it is there for the first reader',
  )
  for (const role of ['secondReader', 'thirdReader'] as const) {
    const reader = await recipients(scene, role)
    check((await listOf(scene, reader)).length === 0, `the list of ${reader.person} is empty`)
    const compared: string[] = []
    for (const [method, path, body] of questions()) {
      const [exact, unknown] = [
        await ask(reader.session, method, path(given), body?.(given)),
        await ask(reader.session, method, path(never), body?.(never)),
      ]
      check(exact.status === 404, `${method} ${path('ITEM')}: ${exact.status}`)
      check(seen(exact) === seen(unknown), `${method} ${path('ITEM')}: alike byte for byte`)
      compared.push(`${method} ${path('ITEM')} ${exact.status}, ${exact.bytes.length} bytes`)
    }
    for (const command of ['report open', 'report save', 'report who']) {
      const words = (item: string): readonly string[] => [
        ...command.split(' '),
        item,
        ...(command === 'report save' ? ['--out', join(scene.dir, 'never')] : []),
      ]
      const [exact, unknown] = [await type(scene, words(given), reader), await type(scene, words(never), reader)]
      // In words that say so: a command that fails for another reason fails alike for both.
      check(exact.exit === 1 && /^code: [a-z]+\/absent$/mu.test(exact.stderr), `entente ${command}: exit ${exact.exit} ${exact.stderr}`)
      check(JSON.stringify(exact) === JSON.stringify(unknown), `entente ${command}: output and exit code alike byte for byte`)
      compared.push(`entente ${command}: exit 1, ${exact.stderr.length} bytes`)
    }
    evidence[reader.person] = compared
  }
}

type Question = readonly [string, (item: string) => string, ((item: string) => unknown)?]

function questions(): readonly Question[] {
  return [
    ['GET', (item) => `/api/items/${item}`],
    ['GET', (item) => `/api/items/${item}/container`],
    ['GET', (item) => `/api/items/${item}/evidence`],
    ['GET', (item) => `/api/items/${item}/readers`],
  ]
}

export async function savedContainer(scene: Scene, evidence: Evidence): Promise<void> {
  const { given } = left(scene.released.get('first'), 5)
  const reader = await recipients(scene, 'firstReader')
  const folder = join(scene.dir, 'saved by a reader')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `${given}.tdf`)
  const answer = await ask(reader.session, 'GET', `/api/items/${given}/container`)
  check(answer.status === 200, `the container comes (${answer.status})`)
  await writeFile(path, answer.bytes, { mode: 0o600 })
  evidence['saved'] = `${answer.bytes.length} bytes, SHA-256 ${createHash('sha256').update(answer.bytes).digest('hex')}`
  await openSaved(scene, reader, path)
  evidence['opened'] = 'with the own login'
  const before = [...runningOf(scene).nations.values()].map(({ peopleUrl, partnerPort }) => `${peopleUrl} ${partnerPort}`)
  await restartWorld(scene, 24_601)
  const after = [...runningOf(scene).nations.values()].map(({ peopleUrl, partnerPort }) => `${peopleUrl} ${partnerPort}`)
  check(
    before.every((one) => !after.includes(one)),
    'every port is another one',
  )
  evidence['addresses'] = { before, after }
  await openSaved(scene, await recipients(scene, 'firstReader'), path)
  evidence['opened again'] = 'after both nodes started on other ports'
  for (const role of ['secondReader', 'thirdReader'] as const) {
    const other = await recipients(scene, role)
    const refused = await openSaved(scene, other, path).then(
      () => undefined,
      (error: unknown) => error,
    )
    check(refused instanceof NotOpened && refused.status === 404, `${other.person} is refused like absence: ${String(refused)}`)
    evidence[`refused to ${other.person}`] = `${refused.status} ${refused.code}`
  }
  const typed = await type(
    scene,
    ['container', 'open', path, '--purpose', scene.world.story.purpose],
    await recipients(scene, 'firstReader'),
  )
  check(typed.exit === 0 && typed.stdout.includes(scene.canary), `entente container open: exit ${typed.exit} ${typed.stderr}`)
  evidence['entente container open'] = 'opens with the own login'
  const absent = await type(scene, ['report', 'open', randomUUID()], await recipients(scene, 'secondReader'))
  const others = await type(
    scene,
    ['container', 'open', path, '--purpose', scene.world.story.purpose],
    await recipients(scene, 'secondReader'),
  )
  check(others.exit === 1 && JSON.stringify(others) === JSON.stringify(absent), `another person: ${JSON.stringify(others)}`)
  evidence["another person's `entente container open`"] = 'exit 1, the same words as for what never was'
}

async function openSaved(scene: Scene, reader: Actor, path: string): Promise<void> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const opened = await openBytes(scene, reader, {
      size,
      read: async (offset, length) => {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset)
        return buffer.subarray(0, bytesRead)
      },
    })
    check(Buffer.from(opened.plaintext).includes(scene.canary), 'the report comes out')
  } finally {
    await file.close()
  }
}
