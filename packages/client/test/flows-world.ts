import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { EntenteError, type HybridSigner, type Signer, readJson } from '@entente/canonical'
import {
  type Client,
  type NodeApi,
  type NodeCall,
  type OpeningChoice,
  type Scratch,
  enrolDevice,
  giveEnrolmentCode,
  memoryScratch,
  nodeApi,
  readPins,
} from '@entente/client'
import { type MarkingPolicy, readPolicy } from '@entente/label'
import { type HostedNation, type PeopleDoor, type World, demoWorld, peopleDoor } from '@entente/testkit'

const wording = (code: string) => ({ en: code, ja: code })

/** What a person's client sent and got, so that a test can change it on the way. */
export type Meddle = (path: string, answer: Uint8Array) => Uint8Array

/** A person's way to the own node, without sockets. */
export function callAs(door: PeopleDoor, person: string, meddle: Meddle = (_, answer) => answer): NodeCall {
  return async ({ method, path, contentType, body }) => {
    const answer = await door.inject({
      method,
      url: path,
      headers: { 'x-person': person, ...(contentType === undefined ? {} : { 'content-type': contentType }) },
      ...(body === undefined ? {} : { payload: Buffer.from(body) }),
    })
    const bytes = meddle(path, new Uint8Array(answer.rawPayload))
    return {
      status: answer.statusCode,
      body: (async function* () {
        // In pieces of no round size, as a network gives them.
        for (let at = 0; at < bytes.length; at += 70_001) yield bytes.subarray(at, at + 70_001)
      })(),
    }
  }
}

/** Marking policies of the demonstration's nations. */
export async function demoPolicies(): Promise<ReadonlyMap<string, MarkingPolicy>> {
  const { policies: folder } = await demoWorld()
  const policies = new Map<string, MarkingPolicy>()
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue
    const file = join(folder, entry.name, 'nation.json')
    if (!existsSync(file)) continue
    const policy = readPolicy(readJson(await readFile(file)))
    policies.set(policy.id, policy)
  }
  return policies
}

/** A person's client with pins of its own, at the node of `host`. */
export async function clientOf(world: World, host: HostedNation, person: string, meddle?: Meddle): Promise<Client & AsyncDisposable> {
  const door = await peopleDoor(host, wording)
  const api: NodeApi = nodeApi(callAs(door, person, meddle))
  const { anchors } = host.parts.trust()
  const pins = await readPins(world.crypto, api, anchors, { policies: await demoPolicies() })
  return { crypto: world.crypto, api, pins, now: () => world.clock.now(), [Symbol.asyncDispose]: () => door.close() }
}

/** Where a test keeps a container. */
export const scratch = async (): Promise<Scratch> => memoryScratch()

/** Whether an error is ours with this code. */
export const codeIs =
  (code: string) =>
  (error: unknown): boolean =>
    error instanceof EntenteError && (error as EntenteError).code === code

/** Enrols a fresh device for a person by the clearance office's code. */
export async function enrolled(world: World, client: Client, person: string): Promise<(originator: string) => Promise<Signer>> {
  const host = client.pins.trust.anchors.nation === world.originator.code ? world.originator : world.recipient
  const officer =
    world.data.nations.find(({ nation }) => nation === host.code)?.persons.find(({ roles }) => roles.includes('clearance-officer'))?.id ??
    ''
  await using desk = await clientOf(world, host, officer)
  const { realm } = client.pins.trust.anchors
  const signer: HybridSigner = world.officerKey(officer)
  const code = await giveEnrolmentCode({ crypto: world.crypto, api: desk.api, realm, by: officer, officer: signer, now: desk.now }, person)
  const keys = new Map<string, Signer>()
  for (const { code: originator } of world.nations) {
    const holder = await world.crypto.signer('Ed25519')
    keys.set(originator, holder)
    await enrolDevice(client, { realm, person, code, originator, holder })
  }
  return async (originator) => keys.get(originator) ?? assert.fail(originator)
}

/** What a reader asks for who opens an item for the story's purpose. */
export function opening(world: World, item: string, holder: OpeningChoice['holder']): OpeningChoice {
  return { item, purpose: world.data.story.purpose, holder, scratch }
}
