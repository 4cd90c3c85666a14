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
import { NotOpened, openBytes, openItem } from './flows.ts'
import { restartWorld } from './restart.ts'
import { type Actor, type Evidence, type Scene, check, filled, left, recipients, runningOf } from './scene.ts'
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
  checkSame(scene, opened, evidence)
  await searchCanaries(scene, opened.dataKey, evidence)
}

/** What came out is what went in, but for the portion that may not go. */
function checkSame(scene: Scene, opened: Awaited<ReturnType<typeof openItem>>, evidence: Evidence): void {
  const sent = filled(scene, scene.world.story.first)
  const texts = opened.report.portions.flatMap((portion) => (portion.kind === 'text' ? [portion.texts] : []))
  const whole = (value: unknown): string => JSON.stringify(value)
  const gone = sent.filter(({ texts: one }) =>
    texts.some((other) => whole(other.map(({ lang, text }) => [lang, text])) === whole(one.map(({ lang, text }) => [lang, text]))),
  )
  check(gone.length === texts.length && gone.length > 0, 'every text that came is one that was written')
  check(
    gone.some(({ texts: one }) => one.some(({ text }) => text.includes(scene.canary))),
    'the canary came through',
  )
  check(!Buffer.from(opened.plaintext).includes(scene.heldCanary), 'the portion that may not go is in no byte')
  for (const file of scene.files) {
    const got = opened.files[file.name]
    if (got === undefined && file.marking !== scene.world.story.fileMarking) continue
    check(got === file.sha256, `${file.name}: the same bytes`)
    evidence[`file ${file.name}`] = `SHA-256 ${got} as sent`
  }
  evidence['texts'] = `${texts.length} of ${sent.length} portions, SHA-256 ${createHash('sha256').update(whole(texts)).digest('hex')}`
}

async function searchCanaries(scene: Scene, dataKey: Uint8Array, evidence: Evidence): Promise<void> {
  const { recipient } = scene.world.story
  const running = runningOf(scene)
  const node = left(running.nations.get(recipient), 1)
  const folder = nationDirectory(scene.dir, nationOf(scene.world, recipient))
  const canaries = [wordCanary('plaintext', scene.canary), wordCanary('held portion', scene.heldCanary), keyCanary('data key', dataKey)]
  const pids = await processTree([node.pid])
  const relays = [...scene.relays.values()]

  // First the search must find what is there: a word in a file, on the wire, in each process's memory, in a node's own heap.
  const planted = wordCanary('planted', scene.planted)
  const file = join(folder, 'planted')
  await writeFile(file, `x${scene.planted}`, { mode: 0o600 })
  check(
    (await searchFiles([folder], [planted])).sightings.some(({ where }) => where === file),
    'a word planted in a file is found',
  )
  await rm(file)
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
  evidence['found where planted'] = `file, ${relays.length} wires, memory of ${pids.length} processes`

  const memory = await searchMemory(pids, canaries)
  const files = await searchFiles([folder, ...relays.map(({ recording }) => recording)], canaries)
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
      check(exact.exit === 1, `entente ${command}: exit ${exact.exit} ${exact.stderr}`)
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
  const typed = await type(scene, ['container', 'open', path], await recipients(scene, 'firstReader'))
  check(typed.exit === 0 && typed.stdout.includes(scene.canary), `entente container open: exit ${typed.exit} ${typed.stderr}`)
  evidence['entente container open'] = 'opens with the own login'
  const absent = await type(scene, ['report', 'open', randomUUID()], await recipients(scene, 'secondReader'))
  const others = await type(scene, ['container', 'open', path], await recipients(scene, 'secondReader'))
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
