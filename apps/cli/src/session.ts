import { type FileHandle, mkdtemp, open, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { type HybridSigner, type Shape, type Signer, canonicalText, codeOf, readDocument, readJson, shapes } from '@entente/canonical'
import {
  type Client,
  type Me,
  type NodeApi,
  type Scratch,
  type SeenNumbers,
  meShape,
  nodeApi,
  readPins,
  seenNumbers,
} from '@entente/client'
import { nodeCrypto } from '@entente/crypto-node'
import { anchorsShape } from '@entente/exchange'
import type { MarkingPolicy } from '@entente/label'
import * as v from 'valibot'
import type { Context } from './command.ts'
import { policiesIn } from './data.ts'
import { authoritySigner, holderSigner, officerSigner } from './demo/devices.ts'
import { CliError } from './errors.ts'
import { type Session, loginAs, resumeSession } from './login/index.ts'

const seenShape = v.record(v.string(), shapes.natural) as unknown as Shape<SeenNumbers>

/** Somebody signed in at their own nation's node, with their device. */
export interface SignedIn {
  readonly session: Session
  readonly api: NodeApi
  readonly me: Me
  /** Folder of the device. */
  readonly device: string
  /** Address of the node. */
  readonly node: string
  /** What every flow works with; pins are verified from the device's own anchors. */
  client(): Promise<Client>
  /** The device's key towards an originator. */
  holder(originator: string): Promise<Signer>
  /** The officer's key; throws `cli/no-officer-key` on a device without one. */
  officer(): Promise<HybridSigner>
  /** The authority's key that a signatory holds; throws `cli/no-authority-key` on another's device. */
  authority(): Promise<HybridSigner>
}

/** Seconds since 1970-01-01T00:00:00Z. */
export function now(): number {
  return Math.floor(Date.now() / 1000)
}

/** Where a nation of this directory is reached now; throws `cli/no-nation`, `cli/no-demo`, `cli/not-running`. */
export async function addressOf(dir: string, nation: string): Promise<string> {
  try {
    const running = readJson(await readFile(join(dir, nation, 'running.json'))) as { readonly peopleUrl?: unknown }
    if (typeof running.peopleUrl === 'string') return running.peopleUrl
  } catch (cause) {
    const nations = await readdir(dir).catch((): string[] => [])
    if (nations.length === 0) throw new CliError('cli/no-demo', 'no nations here', { cause, values: { dir } })
    if (!nations.includes(nation)) throw new CliError('cli/no-nation', `no nation \`${nation}\``, { cause, values: { nation } })
  }
  throw new CliError('cli/not-running', 'the node has not been started', { values: { nation } })
}

/** The folder of a nation that was named by its folder or by its three letters. */
async function folderOf(dir: string, given: string): Promise<string> {
  const folders = await readdir(dir).catch((): string[] => [])
  if (folders.includes(given)) return given
  for (const folder of folders) {
    const bytes = await readFile(join(dir, folder, 'config.json')).catch(() => undefined)
    if (bytes === undefined) continue
    const { nation } = readJson(bytes) as { readonly nation?: unknown }
    if (typeof nation === 'string' && nation.toLowerCase() === given) return folder
  }
  return given
}

/** Signs in as `--as PERSON` at `--nation`; where no nation is given, the one that has this person's device. */
export async function signIn(context: Context): Promise<SignedIn> {
  const { dir, as: person } = context.globals
  if (person === undefined) throw new CliError('cli/usage', '--as PERSON', { values: { missing: '`--as PERSON`', command: 'login' } })
  const given = context.globals.nation
  const nation = given === undefined ? await nationWith(dir, person) : await folderOf(dir, given)
  const device = join(dir, 'clients', nation, person)
  const node = await addressOf(dir, nation)
  let session = await resumed(device, node, person)
  const api = nodeApi(async ({ method, path, contentType, body }) => {
    const answer = await session.fetch(path, {
      method,
      ...(contentType === undefined ? {} : { headers: { 'content-type': contentType } }),
      ...(body === undefined ? {} : { body }),
    })
    return { status: answer.status, body: answer.body ?? nothing() }
  })
  // A node that came out of a backup does not know the sessions that began after it.
  const me = await api.get('/api/me', meShape).catch(async (error: unknown) => {
    if (codeOf(error) !== 'login/ended') throw error
    session = await loginAs({ node, deviceDir: device, person })
    return api.get('/api/me', meShape)
  })
  return {
    session,
    api,
    me,
    device,
    node,
    async client() {
      const anchors = readDocument(anchorsShape, await readFile(join(device, 'anchors.json')), 'anchors')
      const seenFile = join(device, 'seen.json')
      const seen = await readFile(seenFile).then(
        (bytes) => readDocument(seenShape, bytes, 'seen.json'),
        () => ({}),
      )
      const pins = await readPins(nodeCrypto, api, anchors, { policies: await policiesOf(join(dir, nation)), seen })
      // From now on no older key statement counts on this device.
      await writeFile(seenFile, canonicalText(seenNumbers(pins.trust)), { mode: 0o600 })
      return { crypto: nodeCrypto, api, pins, now, crc32: (bytes, before) => crc32(bytes, before) }
    },
    holder: (originator) => holderSigner(device, originator),
    async officer() {
      const signer = await officerSigner(device)
      if (signer === undefined) throw new CliError('cli/no-officer-key', 'the device signs nothing', { values: { person } })
      return signer
    },
    async authority() {
      const signer = await authoritySigner(device)
      if (signer === undefined) throw new CliError('cli/no-authority-key', 'the device holds no authority key', { values: { person } })
      return signer
    },
  }
}

async function resumed(device: string, node: string, person: string): Promise<Session> {
  try {
    const session = await resumeSession({ deviceDir: device, node })
    if (session.person === person) return session
  } catch (error) {
    if (!codeOf(error).startsWith('login/')) throw error
    if (codeOf(error) === 'login/unreachable') throw error
  }
  return loginAs({ node, deviceDir: device, person })
}

async function nationWith(dir: string, person: string): Promise<string> {
  for (const nation of await readdir(join(dir, 'clients')).catch((): string[] => [])) {
    if ((await readdir(join(dir, 'clients', nation)).catch((): string[] => [])).includes(person)) return nation
  }
  throw new CliError('cli/no-person', `no device of \`${person}\` here`, { values: { person } })
}

/** The marking policies that the nation's own administrators configured. */
async function policiesOf(nationDir: string): Promise<ReadonlyMap<string, MarkingPolicy>> {
  const { nations } = readJson(await readFile(join(nationDir, 'config.json'))) as { readonly nations: string }
  return new Map((await policiesIn(nations)).map((policy) => [policy.id, policy]))
}

async function* nothing(): AsyncGenerator<Uint8Array, void, void> {}

/** A place for ciphertext in a temporary file: memory stays flat however large the container. */
export async function fileScratch(): Promise<Scratch> {
  const folder = await mkdtemp(join(tmpdir(), 'entente-'))
  const file: FileHandle = await open(join(folder, 'container'), 'w+', 0o600)
  let size = 0
  return {
    get size() {
      return size
    },
    async write(bytes) {
      for (let done = 0; done < bytes.length;) done += (await file.write(bytes, done, bytes.length - done, size + done)).bytesWritten
      size += bytes.length
    },
    async read(offset, length, into = new Uint8Array(length)) {
      const { bytesRead, buffer } = await file.read(into, 0, length, offset)
      return buffer.subarray(0, bytesRead)
    },
    async remove() {
      await file.close().catch(() => {})
      await rm(folder, { recursive: true, force: true })
    },
  }
}
