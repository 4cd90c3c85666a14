import { type Crypto, type HybridSigner, type Json, type KemKey, type Signer, hybridSigner, toBase64Url, utf8 } from '@entente/canonical'
import { type ClearanceAct, present, readCredential, requestHash, holderThumbprint } from '@entente/clearance'
import { checkPolicyBinding, manifestDigest, open, readContainer, statementId, verifyContainer, whole } from '@entente/container'
import {
  type JoiningPins,
  HOME_AGREEMENT,
  enrolmentCodeDigest,
  evidenceChecks,
  homePolicy,
  issuerOf,
  joinAnswers,
  linkPolicy,
  officerKeys,
  readAnswerEnvelope,
  signAct,
  signAsDevice,
  signEnrolmentCode,
  statementOf,
  writeRequestBody,
} from '@entente/exchange'
import { attributesOf, toStanag4774 } from '@entente/label'
import type { Policy } from '@entente/ledger'
import { findItem, giveNonce, nonceFor, openItem } from '@entente/node'
import type { HostedNation } from './hosted-nation.ts'

/** What a reader's client made for one opening, and needs again when the answers come. */
export interface Opening {
  readonly item: string
  /** The compact text: credential, disclosures, key binding. */
  readonly request: string
  /** The private half of E. */
  readonly ephemeral: KemKey
  readonly requestHash: string
}

/** A signed act of the clearance office, without its head. */
type ActBody = ClearanceAct extends infer Act ? (Act extends unknown ? Omit<Act, 'number' | 'at' | 'by' | 'person'> : never) : never

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

  /** Enters an act about a person. */
  async act(person: string, act: ActBody): Promise<void> {
    const { parts } = this.#host
    const { office, config } = parts
    const { number } = await office.call('nextAct', {})
    const whole = { number, at: parts.now(), by: this.#officer, person, ...act } as ClearanceAct
    await office.call('act', { signed: await signAct(this.#crypto, config.realm, whole, this.#key) })
  }

  /** A fresh enrolment code, registered at the office. */
  async code(person: string): Promise<string> {
    const { parts } = this.#host
    const { office, config } = parts
    const code = toBase64Url(this.#crypto.random(16))
    await office.call('enrolmentCode', {
      signed: await signEnrolmentCode(
        this.#crypto,
        { realm: config.realm, person, digest: enrolmentCodeDigest(this.#crypto, code), at: parts.now() },
        this.#key,
      ),
    })
    return code
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

  /** The device key used towards an originator. */
  keyFor(originator: string): Signer {
    const key = this.#keys.get(originator)
    if (key === undefined) throw new Error(`${this.id} is not enrolled towards ${originator}`)
    return key
  }

  /** Enrols a fresh device key towards an originator with a code of the office. */
  async enrol(originator: string, code: string): Promise<void> {
    const { parts } = this.host
    const { office, config } = parts
    const key = await this.#crypto.signer('Ed25519', this.#crypto.random(32))
    await office.call('enrol', {
      signed: await signAsDevice(key, 'enrolment', { realm: config.realm, person: this.id, code, originator, at: parts.now() }),
    })
    this.#keys.set(originator, key)
  }

  /** A credential for one item. */
  async credential(originator: string, agreement: string, item: string, at?: number): Promise<string> {
    const { parts } = this.host
    const { office, config } = parts
    const request = await signAsDevice(this.keyFor(originator), 'credential-request', {
      realm: config.realm,
      agreement,
      originator,
      item,
      at: at ?? parts.now(),
    })
    return (await office.call('credential', { request, pseudonymLife: 'item' })).credential
  }

  /** A nonce of the originator's for this reader's key. */
  async nonce(originator: string): Promise<string> {
    const { parts } = this.host
    const thumbprint = holderThumbprint(this.#crypto, this.keyFor(originator).publicKey)
    return originator === parts.config.nation ? giveNonce(parts, originator, { thumbprint }).nonce : nonceFor(parts, originator, thumbprint)
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
    const crypto = this.#crypto
    const { parts } = this.host
    const found = await findItem(parts, item)
    if (found === undefined) throw new Error('the item is not here')
    const { body } = found
    const agreement = body.basis?.agreement ?? HOME_AGREEMENT
    const credential = change.credential ?? (await this.credential(body.originator, agreement, item))
    const held = await readCredential(crypto, credential, {
      issuers: [issuerOf(parts.trust().own)],
      holderKey: this.keyFor(body.originator).publicKey,
    })
    const ephemeral = await crypto.kemKey(crypto.random(32))
    const requestBody = writeRequestBody({
      realm: parts.config.realm,
      suite: 'entente-1',
      act: change.act ?? 'open',
      item,
      serial: body.serial,
      statement: statementId(crypto, body),
      purpose: this.purpose,
      ephemeral: toBase64Url(ephemeral.publicKey),
      ...(body.basis === undefined ? {} : { basis: body.basis }),
      expires: change.expires ?? parts.now() + 60,
    })
    const request = await present(
      crypto,
      credential,
      {
        disclose: { clearance: true, areas: held.areas, briefings: [] },
        audience: statementOf(parts.trust(), body.originator).names.node,
        nonce: change.nonce ?? (await this.nonce(body.originator)),
        issuedAt: change.issuedAt ?? parts.now(),
        requestBody,
      },
      this.keyFor(body.originator),
    )
    return { item, request, ephemeral, requestHash: requestHash(crypto, request) }
  }

  /** Sends a prepared request and joins the answers: the report's bytes, or undefined where an answer refuses. */
  async send(opening: Opening): Promise<Uint8Array | undefined> {
    const answers = await openItem(this.host.parts, this.id, opening.request)
    return this.join(opening, answers)
  }

  /** The client's last step: checks entries, proofs and shares; decrypts. */
  async join(opening: Opening, answers: { readonly originator: Json; readonly recipient?: Json }): Promise<Uint8Array | undefined> {
    const crypto = this.#crypto
    const { parts } = this.host
    const trust = parts.trust()
    const found = await findItem(parts, opening.item)
    if (found === undefined) throw new Error('the item is not here')
    const source = await parts.blobs.access(found.row.container)
    try {
      const container = await readContainer(crypto, source)
      const policyOf = (id: string) => parts.policies.get(id) ?? raise(`no policy ${id}`)
      const { body } = found
      const verified = await verifyContainer(crypto, container, {
        realm: parts.config.realm,
        originator: body.originator,
        recipient: body.recipient,
        officers: officerKeys(statementOf(trust, body.originator), body.released),
        attributesOf: (label) => attributesOf(label, policyOf(label.policy)),
        labelXmlOf: (label) => toStanag4774(label, policyOf(label.policy)),
      })
      const { manifest } = container
      const own = body.originator === body.recipient
      const agreement = body.basis?.agreement ?? ''
      const pins: JoiningPins<Policy> = {
        originatorPolicy: own ? homePolicy(crypto, trust) : linkPolicy(crypto, trust, agreement, body.originator, body.recipient),
        recipientPolicy: own ? homePolicy(crypto, trust) : linkPolicy(crypto, trust, agreement, body.recipient, body.originator),
        originatorKas: statementOf(trust, body.originator).names.kas,
        recipientKas: statementOf(trust, body.recipient).names.kas,
      }
      const read = (answer: Json) => readAnswerEnvelope(utf8(JSON.stringify(answer)))
      const joined = await joinAnswers(
        crypto,
        {
          realm: parts.config.realm,
          nation: parts.config.nation,
          requestHash: opening.requestHash,
          key: opening.ephemeral,
          statement: { ...verified.statement.body, id: verified.statement.id },
          manifest: {
            digest: manifestDigest(crypto, manifest),
            policy: manifest.encryptionInformation.policy,
            keyAccess: manifest.encryptionInformation.keyAccess,
          },
        },
        { originator: read(answers.originator), ...(answers.recipient === undefined ? {} : { recipient: read(answers.recipient) }) },
        pins,
        {
          ...evidenceChecks(crypto),
          shareFits: (share, access, policy) => checkPolicyBinding(crypto, share, policy, access.policyBinding as never),
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

function raise(message: string): never {
  throw new Error(message)
}
