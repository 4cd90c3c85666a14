import { access, readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { crc32 } from 'node:zlib'
import { readJson } from '@entente/canonical'
import { type Client, type NodeApi, type NodeCall, nodeApi, readPins, seenNumbers } from '@entente/client'
import { nodeCrypto } from '@entente/crypto-node'
import type { MarkingPolicy } from '@entente/label'
import { type Given, clock } from './command.ts'
import { type Device, readDevice, readPolicies, readSeen, writeSeen } from './device-files.ts'
import { CliError, usage } from './errors.ts'
import { LoginError, type Session, loginAs, resumeSession } from './login/index.ts'

/** A nation's folder in the directory, with its code. */
export interface NationFolder {
  readonly nation: string
  readonly folder: string
  /** Where its node's people reach it, while it runs. */
  readonly peopleUrl?: string
  /** Where its marking schemes lie, by its own configuration. */
  readonly nations?: string
}

const CHECKOUT = fileURLToPath(new URL('../../../', import.meta.url))

/** Every nation in the directory: a folder with a `config.json` each. */
export async function nationFolders(dir: string): Promise<readonly NationFolder[]> {
  const found: NationFolder[] = []
  for (const name of (await readdir(dir).catch((): string[] => [])).sort()) {
    const config = await jsonIn(join(dir, name, 'config.json'))
    const nation = config?.['nation']
    if (typeof nation !== 'string') continue
    const running = await jsonIn(join(dir, name, 'running.json'))
    const peopleUrl = running?.['peopleUrl']
    const nations = config?.['nations']
    found.push({
      nation,
      folder: join(dir, name),
      ...(typeof peopleUrl === 'string' ? { peopleUrl } : {}),
      ...(typeof nations === 'string' ? { nations } : {}),
    })
  }
  return found
}

async function jsonIn(file: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  const bytes = await readFile(file).catch(() => undefined)
  return bytes === undefined ? undefined : (readJson(bytes) as Readonly<Record<string, unknown>>)
}

/** The nation that was named, or the only one; throws `cli/nation-unknown`. */
export async function nationGiven(given: Given): Promise<NationFolder> {
  const { dir, nation } = given.options
  const found = await nationFolders(dir)
  const chosen = nation === undefined && found.length === 1 ? found[0] : found.find((one) => one.nation.toLowerCase() === nation?.toLowerCase())
  if (chosen === undefined) throw new CliError('cli/nation-unknown', 'no such nation in the directory', { values: { nation: nation ?? '' } })
  return chosen
}

/** The marking schemes that the command is to read by: `--nations`, else the nation's own, else those that come with Entente. */
export async function policiesGiven(given: Given): Promise<ReadonlyMap<string, MarkingPolicy>> {
  const configured = (await nationFolders(given.options.dir))[0]?.nations
  for (const folder of [given.options.nations, configured, join(CHECKOUT, 'nations')]) {
    if (folder === undefined) continue
    const policies = await readPolicies(folder)
    if (policies.size > 0) return policies
    if (folder === given.options.nations) throw new CliError('cli/file-missing', 'no marking schemes there', { values: { file: folder } })
  }
  return new Map()
}

/** A person at their device, signed in. */
export interface Person {
  readonly nation: NationFolder
  readonly device: Device
  readonly session: Session
  readonly api: NodeApi
  readonly policies: ReadonlyMap<string, MarkingPolicy>
  /** Everything that flows need, with pins verified from the device's anchors. */
  client(): Promise<Client>
}

/** Whose device the command uses: `--as`, found in the nation that was named or in any. Throws `cli/usage`, `cli/device-missing`. */
export async function deviceGiven(given: Given): Promise<{ readonly nation: NationFolder; readonly device: Device }> {
  const { dir, as: person } = given.options
  if (person === undefined) throw usage(given.command, '--as PERSON')
  if (!/^[a-z0-9-]{1,64}$/u.test(person)) throw deviceMissing(person)
  const nations = given.options.nation === undefined ? await nationFolders(dir) : [await nationGiven(given)]
  for (const nation of nations) {
    for (const name of await readdir(join(dir, 'clients')).catch((): string[] => [])) {
      const folder = join(dir, 'clients', name, person)
      if (name.toUpperCase() !== nation.nation || !(await access(join(folder, 'device.json')).then(() => true, () => false))) continue
      return { nation, device: await readDevice(folder, person) }
    }
  }
  throw deviceMissing(person)
}

function deviceMissing(person: string): CliError {
  return new CliError('cli/device-missing', 'no device of this person', { values: { person } })
}

/** Address of a nation's node; throws `cli/not-running`. */
export function addressOf(nation: NationFolder): string {
  if (nation.peopleUrl === undefined) throw new CliError('cli/not-running', 'the node is not running', { values: { nation: nation.nation } })
  return nation.peopleUrl
}

/** The person of `--as`, with the saved sign-in; where there is none, an exercise's provider lets the person be chosen. */
export async function personGiven(given: Given): Promise<Person> {
  const { nation, device } = await deviceGiven(given)
  const node = addressOf(nation)
  const session = await signedIn(device, node)
  const api = nodeApi(callOver(session))
  const policies = await policiesGiven(given)
  const client = async (): Promise<Client> => {
    const pins = await readPins(nodeCrypto, api, device.anchors, { policies, seen: await readSeen(device.folder) })
    await writeSeen(device.folder, seenNumbers(pins.trust))
    return { crypto: nodeCrypto, api, pins, now: clock, crc32: (bytes, before = 0) => crc32(bytes, before) }
  }
  return { nation, device, session, api, policies, client }
}

async function signedIn(device: Device, node: string): Promise<Session> {
  try {
    return await resumeSession({ deviceDir: device.folder, node })
  } catch (error) {
    if (!(error instanceof LoginError) || !['login/no-session', 'login/ended'].includes(error.code)) throw error
    return loginAs({ node, deviceDir: device.folder, person: device.person })
  }
}

/** A session as the flows' way to the node. */
export function callOver(session: Session): NodeCall {
  return async ({ method, path, contentType, body }) => {
    const answer = await session.fetch(path, {
      method,
      ...(contentType === undefined ? {} : { headers: { 'content-type': contentType } }),
      ...(body === undefined ? {} : { body }),
    })
    return { status: answer.status, body: answer.body ?? none() }
  }
}

async function* none(): AsyncGenerator<Uint8Array> {}
