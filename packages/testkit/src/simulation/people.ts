import { type Signer, canonicalBytes } from '@entente/canonical'
import {
  type Client,
  type ClearanceDesk,
  type OpeningRequest,
  type VerifiedItem,
  enrolDevice,
  enterAct,
  fetchContainer,
  giveEnrolmentCode,
  joinOpening,
  memoryScratch,
  openItem,
  readItem,
  requestCredential,
  requestNonce,
  signRequest,
  verifyItem,
} from '@entente/client'
import { open, readReport } from '@entente/container'
import { HOME_AGREEMENT, readAnswerEnvelope } from '@entente/exchange'
import { openItem as askToOpen } from '@entente/node'
import type { HostedNation } from '../hosted-nation.ts'
import type { World } from '../two-nations.ts'
import type { WorldPerson } from '../world-data.ts'
import { peopleApi } from './people-api.ts'

const REQUEST_SECONDS = 60
const SECONDS_A_DAY = 86_400

/** A request that is ready to go, with what is needed when the answers come. */
export interface ReadyOpening {
  readonly item: VerifiedItem
  readonly request: OpeningRequest
}

/** What `openItem` of a node answers. */
export type Answers = Awaited<ReturnType<typeof askToOpen>>

/** A reader of a simulated world with a device of theirs: everything by the flows of the real clients. */
export class SimulatedReader {
  readonly id: string
  readonly host: HostedNation
  readonly #world: World
  readonly #keys = new Map<string, Signer>()

  constructor(world: World, host: HostedNation, id: string) {
    this.#world = world
    this.host = host
    this.id = id
  }

  /** As this person's client sees the world now. Throws while the nation is down. */
  get client(): Client {
    return clientOf(this.#world, this.host, this.id)
  }

  /** Takes fresh keys and enrols them towards both nations, with a code. */
  async enrol(code: string): Promise<void> {
    const { crypto } = this.#world
    for (const { code: originator } of this.#world.nations) {
      const holder = await crypto.signer('Ed25519', crypto.random(32))
      await enrolDevice(this.client, { realm: this.host.parts.config.realm, person: this.id, code, originator, holder })
      this.#keys.set(originator, holder)
    }
  }

  /** Keys that another world's reader of the same name enrolled, where that world was kept. */
  takeKeys(keys: ReadonlyMap<string, Signer>): void {
    for (const [originator, key] of keys) this.#keys.set(originator, key)
  }

  get keys(): ReadonlyMap<string, Signer> {
    return this.#keys
  }

  /** Opens an item to its end as a person does; the report's text. Throws what the flow throws. */
  async open(item: string, joined: (request: string) => void): Promise<string> {
    const opened = await openItem(this.client, {
      item,
      purpose: this.#world.data.story.purpose,
      holder: async (originator) => this.#keyFor(originator),
      scratch: async () => memoryScratch(),
    })
    joined(opened.evidence.request)
    let text = ''
    for await (const part of opened.parts) if (part.kind === 'report') text = JSON.stringify(part)
    return text
  }

  /** Everything up to the request, which does not go yet. */
  async prepare(item: string): Promise<ReadyOpening> {
    const { client } = this
    const { crypto, now } = client
    const { purpose } = this.#world.data.story
    const view = await readItem(client, item, purpose)
    const verified = await verifyItem(client, view, await fetchContainer(client, view, async () => memoryScratch()))
    const { statement } = verified.verified
    const holder = this.#keyFor(statement.body.originator)
    const agreement = statement.body.basis?.agreement ?? HOME_AGREEMENT
    const credential = await requestCredential(client, { agreement, originator: statement.body.originator, item, holder })
    const nonce = await requestNonce(client.api, crypto, statement.body.originator, holder, item)
    const issuedAt = now()
    const request = await signRequest(client, {
      statement,
      act: 'open',
      purpose,
      credential,
      nonce,
      holder,
      issuedAt,
      expires: issuedAt + REQUEST_SECONDS,
    })
    return { item: verified, request }
  }

  /** Sends a ready request to the own node. */
  send({ request }: ReadyOpening): Promise<Answers> {
    return askToOpen(this.host.parts, this.id, request.compact)
  }

  /** The client's last step; the report's text, or undefined where the answer refuses. Throws what the checks throw. */
  async join({ item, request }: ReadyOpening, answers: Answers): Promise<string | undefined> {
    const { client } = this
    const [originator, recipient] = [answers.originator, answers.recipient].map((answer) =>
      answer === undefined ? undefined : readAnswerEnvelope(canonicalBytes(answer)),
    )
    if (originator === undefined) throw new Error('no answer')
    const joined = await joinOpening(client, item.verified, request, { originator, ...(recipient === undefined ? {} : { recipient }) })
    if (!joined.joined) return undefined
    for await (const part of readReport(client.crypto, open(client.crypto, item.verified, joined.dataKey)))
      if (part.kind === 'report') return JSON.stringify(part)
    throw new Error('a container without a report')
  }

  #keyFor(originator: string): Signer {
    const key = this.#keys.get(originator)
    if (key === undefined) throw Object.assign(new Error(`${this.id} is not enrolled`), { code: 'node/not-enrolled' })
    return key
  }
}

/** A person's client as the nation runs now. Throws while it is down. */
export function clientOf(world: World, host: HostedNation, person: string): Client {
  const { parts } = host
  return {
    crypto: world.crypto,
    api: peopleApi(host, person),
    pins: { trust: parts.trust(), policies: parts.policies },
    now: () => world.clock.now(host.code),
  }
}

/** A clearance officer's desk as the nation runs now. */
export function deskOf(world: World, host: HostedNation): ClearanceDesk {
  const people = world.data.nations.find(({ nation }) => nation === host.code)?.persons ?? []
  const officer = people.find(({ roles }) => roles.includes('clearance-officer'))?.id ?? ''
  const { crypto, api, now } = clientOf(world, host, officer)
  return { crypto, api, now, realm: host.parts.config.realm, by: officer, officer: world.officerKey(officer) }
}

/** Clears a person as the world's data has it, assigns them, and enrols fresh keys. `reached` is told of each thing done. */
export async function clearAgain(
  world: World,
  reader: SimulatedReader,
  { clearance }: WorldPerson,
  from: 'nothing' | 'cleared',
  reached: (standing: 'unassigned' | 'cleared') => void,
): Promise<void> {
  const desk = deskOf(world, reader.host)
  if (clearance === undefined) throw new Error(`${reader.id} is never cleared`)
  const now = desk.now()
  const until = now + clearance.days * SECONDS_A_DAY
  if (from === 'nothing') {
    const { level, citizenships } = clearance
    await enterAct(desk, {
      act: 'grant',
      person: reader.id,
      clearance: level,
      citizenships,
      validFrom: now - SECONDS_A_DAY,
      validUntil: until,
    })
    reached('unassigned')
  }
  for (const { area, role, purposes } of clearance.areas)
    await enterAct(desk, { act: 'assign', person: reader.id, area, role, purposes, until })
  reached('cleared')
  await reader.enrol(await giveEnrolmentCode(desk, reader.id))
}
