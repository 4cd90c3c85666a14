import {
  type ClearanceAct,
  type IssuedCredential,
  type OfficeState,
  type PersonStatus,
  type RosterStatement,
  type StatusStaple,
  applyAct,
  attestedIn,
  credentialState,
  emptyOffice,
  holderThumbprint,
  issueCredential,
  latestExpiry,
  makeRoster,
  newCredentialId,
  personStatus,
  pseudonym,
  rosterReaders,
  signRoster,
  stapleStatus,
} from '@entente/clearance'
import {
  type Crypto,
  type HybridPublicKey,
  type HybridSigner,
  type Json,
  type Realm,
  type Signed,
  type Signer,
  canonicalBytes,
  fromUtf8,
  keyIdOf,
} from '@entente/canonical'
import {
  credentialRequestShape,
  enrolmentCodeDigest,
  enrolmentShape,
  verifyAct,
  verifyDevice,
  verifyEnrolmentCode,
} from '@entente/exchange'
import * as v from 'valibot'
import { NodeError } from '../errors.ts'
import type { Journal } from '../journal/journal.ts'

/** Who says to have signed; whether it holds is checked with the key that this names. */
const signerShape = v.object({ signatures: v.looseTuple([v.object({ keyId: v.string() })]) })

/** How far a device's clock may be off, in seconds. */
const CLOCK_SECONDS = 120
/** A device stays enrolled this long: a year. */
const DEVICE_SECONDS = 31_557_600

/** What the office is and with what it signs. Its keys are in no other process. */
export interface OfficeOptions {
  readonly crypto: Crypto
  readonly realm: Realm
  readonly nation: string
  /** Stable name, `iss` of its credentials. */
  readonly name: string
  readonly kid: string
  readonly issuer: Signer
  readonly status: HybridSigner
  readonly pseudonymSecret: Uint8Array
  /** Clearance officers' keys, by officer. */
  readonly officers: Readonly<Record<string, HybridPublicKey>>
  readonly now: () => number
}

/** A line of the office's own journal. */
type OfficeRecord =
  | { readonly kind: 'act'; readonly act: ClearanceAct }
  | { readonly kind: 'code'; readonly person: string; readonly digest: string }
  | { readonly kind: 'enrolled'; readonly digest: string; readonly originator: string; readonly act: ClearanceAct }
  | { readonly kind: 'issued'; readonly id: string; readonly pseudonym: string; readonly credential: IssuedCredential }
  | { readonly kind: 'roster'; readonly agreement: string; readonly number: number }

/** What an agreement's side of the office needs to know to speak to a partner. */
export interface RosterRequest {
  readonly agreement: string
  readonly k: number
  readonly clearances: readonly string[]
  readonly areas: readonly string[]
  readonly roles: readonly string[]
}

/**
 * The clearance office: a fold of its own journal. It knows people by name, gives out credentials that do not, and says
 * of each credential, for each nonce anew, whether it still holds.
 */
export class Office {
  readonly #options: OfficeOptions
  readonly #journal: Journal
  readonly #codes: Map<string, { readonly person: string; readonly usedFor: Set<string> }>
  readonly #issued: Map<string, IssuedCredential>
  readonly #rosters: Map<string, number>
  #state: OfficeState
  /** Acts are numbered: one at a time. */
  #turn: Promise<unknown> = Promise.resolve()

  /** `records` are the journal's payloads, in order. */
  constructor(options: OfficeOptions, journal: Journal, records: readonly Uint8Array[]) {
    this.#options = options
    this.#journal = journal
    this.#codes = new Map()
    this.#issued = new Map()
    this.#rosters = new Map()
    this.#state = emptyOffice
    for (const record of records) this.#fold(JSON.parse(fromUtf8(record)) as OfficeRecord)
  }

  /** Number that the next act must carry. */
  nextAct(): number {
    return this.#state.number + 1
  }

  /** Enters an act that a clearance officer signed. Throws `node/refused` for a stranger, and what the act itself may not be. */
  act(value: unknown): Promise<{ readonly number: number }> {
    return this.#inTurn(async () => {
      const { crypto, realm } = this.#options
      const officer = this.#officerOf(value)
      const act = await verifyAct(crypto, realm, value, officer.key)
      if (act.by !== officer.name) throw new NodeError('node/refused', "an act under another officer's name")
      const next = applyAct(this.#state, act)
      await this.#append({ kind: 'act', act })
      this.#state = next
      return { number: act.number }
    })
  }

  /** Takes in the digest of a code that a clearance officer gave to a person; the office itself never sees the code before it is used. */
  async enrolmentCode(value: unknown): Promise<void> {
    const { crypto, realm } = this.#options
    const { person, digest, at } = await verifyEnrolmentCode(crypto, realm, value, this.#officerOf(value).key)
    this.#checkClock(at)
    if (this.#codes.has(digest)) return
    await this.#append({ kind: 'code', person, digest })
    this.#codes.set(digest, { person, usedFor: new Set() })
  }

  /** Enrols the key that signed the request. Throws `node/not-enrolled` for a wrong or used code. */
  enrol(value: unknown): Promise<{ readonly number: number }> {
    return this.#inTurn(async () => {
      const { crypto, realm, now } = this.#options
      const { body, key } = await verifyDevice(crypto, enrolmentShape, 'enrolment', realm, value)
      this.#checkClock(body.at)
      const digest = enrolmentCodeDigest(crypto, body.code)
      const code = this.#codes.get(digest)
      if (code === undefined || code.person !== body.person || code.usedFor.has(body.originator)) {
        throw new NodeError('node/not-enrolled', 'the enrolment code is not good for this')
      }
      const act: ClearanceAct = {
        number: this.nextAct(),
        at: now(),
        by: 'enrolment-code',
        person: body.person,
        act: 'enrol-device',
        device: holderThumbprint(crypto, key),
        originator: body.originator,
        until: now() + DEVICE_SECONDS,
      }
      const next = applyAct(this.#state, act)
      // One record: a code must not be spent without the device that it was spent for.
      await this.#append({ kind: 'enrolled', digest, originator: body.originator, act })
      code.usedFor.add(body.originator)
      this.#state = next
      return { number: act.number }
    })
  }

  /** A credential for the enrolled key that signed the request. Throws `node/not-enrolled` where nothing is to be had. */
  async credential(input: {
    readonly request: unknown
    readonly pseudonymLife: 'item' | 'day' | 'stable'
  }): Promise<{ readonly credential: string }> {
    const { crypto, realm, now, name, kid, issuer, pseudonymSecret } = this.#options
    const { body, key } = await verifyDevice(crypto, credentialRequestShape, 'credential-request', realm, input.request)
    this.#checkClock(body.at)
    const device = holderThumbprint(crypto, key)
    const person = this.#personOf(device, body.originator)
    const status = person === undefined ? undefined : personStatus(this.#state, person, now())
    if (person === undefined || status?.state !== 'cleared')
      throw new NodeError('node/not-enrolled', 'no credential is to be had for this key')
    const { originator, agreement, item } = body
    const facts = {
      clearance: status.clearance,
      citizenships: status.citizenships,
      areas: status.assignments.map((assignment) => assignment.area),
      briefings: status.briefings,
      ...attestedIn(status),
    }
    const issued: IssuedCredential = { person, device, originator, ...facts }
    const id = newCredentialId(crypto)
    const alias = pseudonym(crypto, pseudonymSecret, { realm, agreement, originator, person, life: input.pseudonymLife, item, at: now() })
    const credential = await issueCredential(crypto, issuer, {
      issuer: name,
      kid,
      realm,
      agreement,
      originator,
      holderKey: key,
      pseudonym: alias,
      ...facts,
      suspended: false,
      notBefore: now(),
      expires: latestExpiry(this.#state, issued, now()),
      credentialId: id,
    })
    await this.#append({ kind: 'issued', id, pseudonym: alias, credential: issued })
    this.#issued.set(id, issued)
    return { credential }
  }

  /** The signed state of a credential for one nonce. An unknown credential reads as withdrawn. */
  staple(input: { readonly credentialId: string; readonly credentialHash: string; readonly nonce: string }): Promise<Signed<StatusStaple>> {
    const { crypto, status, nation, realm, now } = this.#options
    const issued = this.#issued.get(input.credentialId)
    const state = issued === undefined ? 'withdrawn' : credentialState(this.#state, issued, now())
    return stapleStatus(crypto, status, { nation, realm, credential: input.credentialHash, nonce: input.nonce, at: now(), state })
  }

  /** What the nation's own node may know of its own person. */
  person(person: string): PersonStatus {
    return personStatus(this.#state, person, this.#options.now())
  }

  /** Whose credential this is; for the own node, which has authenticated the person and compares. */
  holderOf(credentialId: string): string | undefined {
    return this.#issued.get(credentialId)?.person
  }

  /** Counts of readers for a partner, signed, numbered. */
  async roster(request: RosterRequest): Promise<Signed<RosterStatement>> {
    const { crypto, realm, nation, now, status } = this.#options
    const number = (this.#rosters.get(request.agreement) ?? 0) + 1
    // Before the number is taken: a roster that cannot be made must leave no gap.
    // An office serves several agreements: each partner hears of the areas of its own, and of no others.
    const readers = rosterReaders(this.#state, now())
      .map((reader) => ({ ...reader, areas: reader.areas.filter((area) => request.areas.includes(area)) }))
      .filter(({ areas, role }) => areas.length > 0 && request.roles.includes(role))
    const roster = makeRoster(readers, { nation, at: now(), number, ...request })
    this.#rosters.set(request.agreement, number)
    await this.#append({ kind: 'roster', agreement: request.agreement, number })
    return signRoster(crypto, realm, roster, status)
  }

  #officerOf(value: unknown): { readonly name: string; readonly key: HybridPublicKey } {
    const signer = v.safeParse(signerShape, value)
    for (const [name, key] of Object.entries(this.#options.officers)) {
      if (signer.success && signer.output.signatures[0].keyId === keyIdOf(this.#options.crypto, key)) return { name, key }
    }
    throw new NodeError('node/refused', 'not signed by a clearance officer')
  }

  #personOf(device: string, originator: string): string | undefined {
    for (const [person, record] of this.#state.people) if (record.devices.get(device)?.originator === originator) return person
    return undefined
  }

  #checkClock(at: number): void {
    const seconds = Math.abs(this.#options.now() - at)
    if (seconds > CLOCK_SECONDS)
      throw new NodeError('node/clock', "the device's clock is off", { values: { seconds, limit: CLOCK_SECONDS } })
  }

  async #append(record: OfficeRecord): Promise<void> {
    await this.#journal.append(canonicalBytes(record as unknown as Json))
  }

  #fold(record: OfficeRecord): void {
    switch (record.kind) {
      case 'act':
        this.#state = applyAct(this.#state, record.act)
        break
      case 'code':
        this.#codes.set(record.digest, { person: record.person, usedFor: new Set() })
        break
      case 'enrolled':
        this.#state = applyAct(this.#state, record.act)
        this.#codes.get(record.digest)?.usedFor.add(record.originator)
        break
      case 'issued':
        this.#issued.set(record.id, record.credential)
        break
      case 'roster':
        this.#rosters.set(record.agreement, record.number)
        break
    }
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(task, task)
    this.#turn = turn.catch(() => {})
    return turn
  }
}
