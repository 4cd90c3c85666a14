/** What a partner's node, a witness and the thief of a container see. */
import { crc32 } from 'node:zlib'
import { type Json, canonicalBytes } from '@entente/canonical'
import { type Manifest, type ReleaseStatement, bytesSource, cardDigest, readContainer } from '@entente/container'
import { printMarking } from '@entente/label'
import type { Chance, HostedNation, WireCall } from '@entente/testkit'
import type { Observation } from './normalise.ts'
import { type Side, pick } from './pair.ts'
import { readAnswer, relay, requestFor } from './requests.ts'

const UNKNOWN = '00000000-0000-4000-8000-000000000000'
const THUMBPRINT = 'B'.repeat(43)
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

/** What came to a node from the originator, and what the originator answers to whatever the node may ask. */
export async function askAsNode(
  side: Side,
  node: HostedNation,
  readerId: string,
  held: readonly string[],
  hidden: readonly string[],
  draw: Chance,
): Promise<readonly Observation[]> {
  const { world } = side
  const { originator } = world
  const { partners } = node.parts
  const seen: Observation[] = arrived(side, node)
  const about = pick(draw, [...hidden, UNKNOWN])
  const mine = held.at(-1) ?? UNKNOWN
  const post = async (name: string, path: string, body: Uint8Array): Promise<void> => {
    const answer = await partners.post(originator.code, path, 'application/json', body)
    seen.push({ name, head: `${answer.status}`, body: text(answer.body) })
  }
  await post('nonce', '/nonces', canonicalBytes({ thumbprint: THUMBPRINT }))
  await post('nonce for nothing', '/nonces', canonicalBytes({}))
  await post('nonce, not JSON', '/nonces', new Uint8Array([1, 2, 3]))
  await post('no such path', '/items', canonicalBytes({ item: about }))
  await post('no letter', '/inbox', canonicalBytes({}))
  await post('no request', '/openings', canonicalBytes({ item: about }))
  await post('no checkpoint', '/witness', canonicalBytes({}))
  for (const item of [about, UNKNOWN]) await post('container', '/containers', canonicalBytes({ item, from: 0 }))
  await post('container from nowhere', '/containers', canonicalBytes({ item: about, from: -1 }))
  seen.push({ name: 'own container', head: '', body: await download(side, node, mine) })
  const letter = await firstLetter(node)
  if (letter !== undefined) await post('an old letter again', '/inbox', letter)
  const reader = await world.reader(readerId)
  const wanted = pick(draw, [about, about, about, UNKNOWN, mine])
  const asked = await requestFor(side, reader, mine, wanted)
  const answer = await relay(side, reader, asked)
  seen.push({ name: `relayed for ${wanted === mine ? 'what is given' : 'what is not'}`, head: `${answer.status}`, body: text(answer.body) })
  // What the reader's client reads is for the reader: whether its own nation gets to know is the reader's affair.
  if (answer.status === 200 && wanted !== mine)
    seen.push({ name: 'what the answer says', head: '', body: JSON.stringify(await readAnswer(side, asked, answer.body)) })
  return [...seen, ...checkpoints(side, ({ from, witness }) => from === originator.code && isOf(node, witness))]
}

/** Letters and other calls that came since the last look; checkpoints apart, because their moments may differ. */
function arrived(side: Side, node: HostedNation): Observation[] {
  const { wire, originator } = side.world
  const calls = wire.calls
    .slice(side.seenCalls)
    .filter(({ number, from, to, path }) => from === originator.code && to === node.code && path !== '/witness' && wire.answers.has(number))
  side.seenCalls = wire.calls.length
  return calls.map(({ path, body }: WireCall) => ({ name: `came: ${path}`, head: '', body: text(body) }))
}

/** The first letter that a node ever sent, as it keeps it. */
async function firstLetter(node: HostedNation): Promise<Uint8Array | undefined> {
  const row = await node.parts.db.selectFrom('envelopes').select('bytes').where('direction', '=', 'out').orderBy('seq').executeTakeFirst()
  return row?.bytes
}

async function download(side: Side, node: HostedNation, item: string): Promise<string> {
  const pieces: Uint8Array[] = []
  try {
    const bytes = await node.parts.partners.download(side.world.originator.code, '/containers', { item, from: 0 })
    for await (const piece of bytes) pieces.push(piece)
  } catch (error) {
    return String((error as { code?: string }).code)
  }
  return Buffer.concat(pieces).toString('base64')
}

/** What all witnesses were shown since the last look. */
export function seenByWitnesses(side: Side): readonly Observation[] {
  return checkpoints(side, () => true)
}

function isOf(node: HostedNation, witness: string): boolean {
  return node.parts.trust().own.keys.witness.some(({ name }) => name === witness)
}

function checkpoints(side: Side, isMine: (shown: Side['checkpoints'][number]) => boolean): readonly Observation[] {
  const shown = side.checkpoints.splice(0).filter(isMine)
  return [{ name: 'checkpoints', head: '', body: JSON.stringify({ checkpoints: shown.map(({ body }) => checkpointOf(body)) }) }]
}

/** An add-checkpoint request (tlog-witness), taken apart. */
function checkpointOf(body: string): Json {
  const [head, note] = [body.slice(0, body.indexOf('\n\n')), body.slice(body.indexOf('\n\n') + 2)]
  const [old = '', ...path] = head.split('\n')
  const [signed = '', signatures = ''] = note.split('\n\n')
  const [origin = '', size = '', root = '', ...extra] = signed.split('\n')
  return { old, path, origin, size, root, extra, signatures: signatures.trimEnd().split('\n') }
}

/** A container as it lies on a stolen disk: the frame, byte by byte but for two checksums; the manifest with what is packed in it unpacked; the payload's size. */
export async function stolen(side: Side, node: HostedNation, item: string, guess: string): Promise<readonly Observation[]> {
  const bytes = Uint8Array.from(Buffer.from(await download(side, node, item), 'base64'))
  const { manifest, payload } = await readContainer(side.world.crypto, bytesSource(bytes))
  const written = Buffer.from(canonicalBytes(manifest as unknown as Json))
  const raw = Buffer.from(bytes)
  const at = raw.indexOf(written)
  const cut = [raw.subarray(0, payload.offset), raw.subarray(payload.offset + payload.length, at), raw.subarray(at + written.length)]
  const checksums = [payload.crc, crc32(written)].map((crc) => Buffer.from(Uint32Array.of(crc).buffer).toString('hex'))
  const frame = checksums.reduce((hex, checksum) => hex.replaceAll(checksum, '00000000'), Buffer.concat(cut).toString('hex'))
  return [
    { name: 'frame', head: `payload ${payload.length}, manifest ${written.length}`, body: frame },
    { name: 'whether a guessed title fits', head: '', body: String(fits(side, manifest, guess)) },
    { name: 'manifest', head: '', body: JSON.stringify(unpacked(manifest as unknown as Json)) },
  ]
}

/** Whether a title and everything else that stands in the container make the card to which its statement commits. */
function fits(side: Side, manifest: Manifest, title: string): boolean {
  const said = manifest.assertions?.map(({ statement }) => unpacked(statement.value)) as { readonly body?: ReleaseStatement }[]
  const body = said.find((one) => one.body?.cardDigest !== undefined)?.body
  const policy = side.world.recipient.parts.policies.get(body?.label.policy ?? '')
  if (body === undefined || policy === undefined) throw new Error('a container without a statement')
  const { item, area, originator, label, cardDigest: digest } = body
  const card = { item, title: { en: title, ja: '演習報告' }, area, banner: printMarking(label, policy, { form: 'banner' }), originator }
  return cardDigest(side.world.crypto, card) === digest
}

/** JSON with every text in it that is JSON itself, or base64 of it, read. */
function unpacked(value: Json): Json {
  if (typeof value === 'string') {
    for (const inner of [value, Buffer.from(value, 'base64').toString('utf8')]) {
      if (!inner.startsWith('{')) continue
      try {
        return unpacked(JSON.parse(inner) as Json)
      } catch {
        // Text that only looks like it.
      }
    }
    return value
  }
  if (Array.isArray(value)) return value.map(unpacked)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, unpacked(inner as Json)]))
}
