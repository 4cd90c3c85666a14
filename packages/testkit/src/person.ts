import { type Crypto, type HybridSigner, type Json, type Signer, hybridSigner } from '@entente/canonical'
import { readCredential } from '@entente/clearance'
import {
  type ActContent,
  type Client,
  type OpeningRequest,
  type Pins,
  enrolDevice,
  enterAct,
  giveEnrolmentCode,
  joinOpening,
  requestCredential,
  requestNonce,
  signRequest,
  statementTrustOf,
} from '@entente/client'
import { open, readContainer, statementId, verifyContainer, whole } from '@entente/container'
import { HOME_AGREEMENT, issuerOf, shapedAnswerEnvelope } from '@entente/exchange'
import { findItem, openItem } from '@entente/node'
import type { HostedNation } from './hosted-nation.ts'
import { useCaseApi } from './use-case-api.ts'

/** What a reader's client made for one opening, and needs again when the answers come. */
export interface Opening {
  readonly item: string
  /** The compact text: credential, disclosures, key binding. */
  readonly request: string
  /** The private half of E. */
  readonly ephemeral: OpeningRequest['key']
  readonly requestHash: string
}

/** A signed act of the clearance office, without its head. */
type ActBody = ActContent extends infer Act ? (Act extends unknown ? Omit<Act, 'person'> : never) : never

/** A nation's trust as the devices of its people have it: nothing that the node verified counts for them. */
const onDevices = new WeakMap<Pins['trust'], Pins['trust']>()

/** What a client of this nation believes and works with, as the nation runs now. */
function clientAt(host: HostedNation, person: string, crypto: Crypto): Client {
  const { parts } = host
  const trust = onDevices.get(parts.trust()) ?? { ...parts.trust() }
  onDevices.set(parts.trust(), trust)
  const pins: Pins = { trust, policies: parts.policies }
  return { crypto, api: useCaseApi(host, person), pins, now: () => parts.now() }
}

/** The clearance officer's hand: signs acts, hands out codes. */
export class ClearanceDesk {
  readonly #host: HostedNation
  readonly #crypto: Crypto
  readonly #officer: string
  readonly #key: HybridSigner

  constructor(host: HostedNation, crypto: Crypto, officer: string, key: HybridSigner) {
    this.#host = host
    this.#crypto = crypto
    this.#officer = officer
    this.#key = key
  }

  /** The same hand, in a copy of the world. */
  at(host: HostedNation, crypto: Crypto): ClearanceDesk {
    return new ClearanceDesk(host, crypto, this.#officer, this.#key)
  }

  /** Enters an act about a person. */
  async act(person: string, act: ActBody): Promise<void> {
    await enterAct(this.#desk(), { person, ...act } as ActContent)
  }

  /** A fresh enrolment code, registered at the office. */
  code(person: string): Promise<string> {
    return giveEnrolmentCode(this.#desk(), person)
  }

  #desk(): Parameters<typeof enterAct>[0] {
    const { crypto, api, now } = clientAt(this.#host, this.#officer, this.#crypto)
    return { crypto, api, now, realm: this.#host.parts.config.realm, by: this.#officer, officer: this.#key }
  }
}

/** A reader with a client: one device key for each originator. */
export class Reader {
  readonly id: string
  readonly host: HostedNation
  readonly purpose: string
  readonly #crypto: Crypto
  readonly #keys = new Map<string, Signer>()

  constructor(id: string, host: HostedNation, crypto: Crypto, purpose: string) {
    this.id = id
    this.host = host
    this.purpose = purpose
    this.#crypto = crypto
  }

  /** The same person with the same devices, in a copy of the world. */
  at(host: HostedNation, crypto: Crypto): Reader {
    const copy = new Reader(this.id, host, crypto, this.purpose)
    for (const [originator, key] of this.#keys) copy.#keys.set(originator, key)
    return copy
  }

  /** The device key used towards an originator. */
  keyFor(originator: string): Signer {
    const key = this.#keys.get(originator)
    if (key === undefined) throw new Error(`${this.id} is not enrolled towards ${originator}`)
    return key
  }

  /** Enrols a fresh device key towards an originator with a code of the office. */
  async enrol(originator: string, code: string): Promise<void> {
    const holder = await this.#crypto.signer('Ed25519', this.#crypto.random(32))
    await enrolDevice(this.#client(), { realm: this.host.parts.config.realm, person: this.id, code, originator, holder })
    this.#keys.set(originator, holder)
  }

  /** A credential for one item. */
  async credential(originator: string, agreement: string, item: string, at?: number): Promise<string> {
    const client = this.#client()
    const about = { agreement, originator, item, holder: this.keyFor(originator) }
    return (await requestCredential(at === undefined ? client : { ...client, now: () => at }, about)).compact
  }

  /** A nonce of the originator's for this reader's key. */
  nonce(originator: string): Promise<string> {
    return requestNonce(this.#client().api, this.#crypto, originator, this.keyFor(originator))
  }

  #client(): Client {
    return clientAt(this.host, this.id, this.#crypto)
  }

  /** Prepares a request for an item that lies at the own node: verified container, credential, nonce, E. */
  async prepare(
    item: string,
    change: {
      readonly credential?: string
      readonly nonce?: string
      readonly issuedAt?: number
      readonly expires?: number
      readonly act?: 'open' | 'export'
    } = {},
  ): Promise<Opening> {
    const client = this.#client()
    const { parts } = this.host
    const found = await findItem(parts, item)
    if (found === undefined) throw new Error('the item is not here')
    const { body } = found
    const holder = this.keyFor(body.originator)
    const compact = change.credential ?? (await this.credential(body.originator, body.basis?.agreement ?? HOME_AGREEMENT, item))
    const held = await readCredential(this.#crypto, compact, { issuers: [issuerOf(parts.trust().own)], holderKey: holder.publicKey })
    const request = await signRequest(client, {
      statement: { body, id: statementId(this.#crypto, body) },
      act: change.act ?? 'open',
      purpose: this.purpose,
      credential: { compact, held },
      nonce: change.nonce ?? (await this.nonce(body.originator)),
      holder,
      issuedAt: change.issuedAt ?? parts.now(),
      expires: change.expires ?? parts.now() + 60,
    })
    return { item, request: request.compact, ephemeral: request.key, requestHash: request.hash }
  }

  /** Sends a prepared request and joins the answers: the report's bytes, or undefined where an answer refuses. */
  async send(opening: Opening): Promise<Uint8Array | undefined> {
    const answers = await openItem(this.host.parts, this.id, opening.request)
    return this.join(opening, answers)
  }

  /** The client's last step: checks entries, proofs and shares; decrypts. */
  async join(opening: Opening, answers: { readonly originator: Json; readonly recipient?: Json }): Promise<Uint8Array | undefined> {
    const crypto = this.#crypto
    const client = this.#client()
    const { parts } = this.host
    const found = await findItem(parts, opening.item)
    if (found === undefined) throw new Error('the item is not here')
    const source = await parts.blobs.access(found.row.container)
    try {
      const verified = await verifyContainer(crypto, await readContainer(crypto, source), statementTrustOf(client.pins, found.body))
      const joined = await joinOpening(
        client,
        verified,
        { hash: opening.requestHash, key: opening.ephemeral },
        {
          originator: shapedAnswerEnvelope(answers.originator),
          ...(answers.recipient === undefined ? {} : { recipient: shapedAnswerEnvelope(answers.recipient) }),
        },
      )
      return joined.joined ? await whole(open(crypto, verified, joined.dataKey)) : undefined
    } finally {
      await source.close()
    }
  }

  /** Prepares, sends and joins. */
  async open(item: string): Promise<Uint8Array | undefined> {
    return this.send(await this.prepare(item))
  }
}

/** A hybrid key from the world's chance. */
export async function freshHybrid(crypto: Crypto): Promise<HybridSigner> {
  return hybridSigner(await crypto.signer('Ed25519', crypto.random(32)), await crypto.signer('ML-DSA-65', crypto.random(32)))
}
