import { type Crypto, type Json, type KemKey, type Signed, Recent, fromBase64, fromUtf8, unreachable } from '@entente/canonical'
import { parsePresentation, shapedStaple, verifyPresentation } from '@entente/clearance'
import {
  type Manifest,
  type ReleaseStatement,
  RELEASE_ASSERTION,
  checkPolicyBinding,
  checkStatement,
  manifestDigest,
  readManifest,
  readStatement,
  unwrapShare,
} from '@entente/container'
import {
  type AnswerContext,
  type EntryEvidence,
  type ManifestFacts,
  type ReleaseFacts,
  type UnwrapChecks,
  type UnwrapPins,
  agreementStateAt,
  evidenceChecks,
  permitAnswer,
  sealAnswer,
  verifyForUnwrap,
} from '@entente/exchange'
import { type MarkingPolicy, attributesOf, toStanag4774 } from '@entente/label'
import type { Policy } from '@entente/ledger'
import { NodeError } from '../errors.ts'
import { HOME_AGREEMENT, homePolicy, issuerOf, linkPolicy, releasingOfficers, statementOf } from '../pins.ts'
import type { ReleaseInput } from '../processes/apis.ts'
import { type Trust, agreementAt } from '../trust.ts'

export { evidenceChecks } from '@entente/exchange'

/** How old an entry may be when its key is asked for, in seconds. */
const ENTRY_SECONDS = 60
/** How far two nations' clocks may be apart, in seconds. */
const SKEW_SECONDS = 30

/** What the key process holds: nothing here ever leaves it but sealed to a reader. */
export interface KeyRing {
  readonly crypto: Crypto
  /** As this process verified it last. */
  readonly trust: () => Trust
  readonly policies: ReadonlyMap<string, MarkingPolicy>
  /** This nation's share key for items of its partners. */
  readonly service: { readonly kid: string; readonly key: KemKey }
  /** Opens an item's own sealed key; throws `canonical/aead` for another item's. */
  itemKey(item: string, sealed: Uint8Array): Promise<{ readonly kid: string; readonly key: KemKey }>
  readonly now: () => number
}

/**
 * Verifies everything about an opening against this process's own pins, and only then unwraps the share and seals it to
 * the reader's key. There is no other way to a share. Throws `ExchangeError`, and `node/refused` for a share that does not
 * match its policy binding.
 */
export async function releaseShare(ring: KeyRing, input: ReleaseInput): Promise<Uint8Array> {
  requireWhole(input.entry)
  if (input.role === 'originator' && input.counterEntry !== undefined) requireWhole(input.counterEntry)
  const { crypto } = ring
  const trust = ring.trust()
  const statement = statementIn(ring, trust, input.manifest)
  const { body } = statement
  const item =
    input.role === 'originator' && input.sealedItemKey !== undefined ? await ring.itemKey(body.item, input.sealedItemKey) : undefined
  const { kid, key } = item ?? ring.service
  const agreement = body.basis?.agreement
  const partner = trust.anchors.nation === body.originator ? body.recipient : body.originator
  const nation = trust.anchors.nation
  const home = homePolicy(crypto, trust)
  if (agreement !== undefined) requireStanding(trust, agreement, body, ring.now())
  const pins: UnwrapPins<Policy> = {
    realm: trust.anchors.realm,
    nation,
    kas: trust.own.names.kas,
    kids: [kid],
    ownPolicy: home,
    partnerPolicy: agreement === undefined ? home : linkPolicy(crypto, trust, agreement, nation, partner),
    counterPolicy: agreement === undefined ? home : linkPolicy(crypto, trust, agreement, partner, nation),
    ...(agreement === undefined ? {} : { version: agreementAt(trust, agreement, ring.now()).id }),
    maxAgeSeconds: ENTRY_SECONDS,
    skewSeconds: SKEW_SECONDS,
  }
  const checks: UnwrapChecks<Policy> = {
    ...evidenceChecks(crypto),
    async presented(request) {
      const originator = statementOf(trust, body.originator)
      const reader = statementOf(trust, body.recipient)
      const parsed = parsePresentation(crypto, request)
      return verifyPresentation(crypto, parsed, {
        realm: trust.anchors.realm,
        agreement: agreement ?? HOME_AGREEMENT,
        originator: body.originator,
        audience: originator.names.node,
        // The node has checked and spent the nonce; here it only ties staple and request together.
        nonce: parsed.keyBinding.payload.nonce ?? '',
        issuers: [issuerOf(reader)],
        staple: shapedStaple(input.staple),
        now: ring.now(),
        maxKeyBindingAgeSeconds: ENTRY_SECONDS,
        clockSkewSeconds: SKEW_SECONDS,
      })
    },
    released: () => statement.verified(),
    manifest: () => statement.manifest,
  }
  const permission = await verifyForUnwrap(
    crypto,
    {
      role: input.role,
      request: input.request,
      statement: body,
      manifest: statement.manifest,
      entry: input.entry,
      ...(input.counterEntry === undefined ? {} : { counterEntry: input.counterEntry }),
    },
    pins,
    checks,
    ring.now(),
  )
  const share = await unwrapShare(crypto, key, fromBase64(permission.share.wrappedKey))
  if (!checkPolicyBinding(crypto, share, permission.policy, permission.share.policyBinding as never)) {
    throw new NodeError('node/refused', 'the share does not match its policy binding')
  }
  return sealAnswer(crypto, permission.ephemeral, permitAnswer(share, input.entry.opening), permission.context)
}

/** The release statement in a manifest, and what the manifest says. */
interface StatedRelease {
  readonly body: ReleaseStatement
  readonly manifest: ManifestFacts
  /** Verifies statement and manifest against this process's pins. Throws `ContainerError`, and `node/refused` for a label of an unknown policy. */
  verified(): Promise<ReleaseFacts>
}

/**
 * Manifests whose statements this process has verified, by their exact bytes and under one trust: what changes trust begins anew.
 * No time and no status is in it; whether the release has expired, and everything about the opening, is asked each time.
 */
const verifiedUnder = new WeakMap<Trust, Recent<StatedRelease>>()
const RELEASES_KEPT = 64
const LARGEST_KEPT_BYTES = 65_536

/** Reads a manifest with its release statement. Throws `ContainerError`, and `node/refused` where there is no statement. */
function statementIn(ring: KeyRing, trust: Trust, bytes: Uint8Array): StatedRelease {
  const recent = verifiedUnder.get(trust) ?? new Recent<StatedRelease>(RELEASES_KEPT)
  verifiedUnder.set(trust, recent)
  const text = bytes.length > LARGEST_KEPT_BYTES ? undefined : fromUtf8(bytes)
  const known = text === undefined ? undefined : recent.get(text)
  if (known !== undefined) return known
  const { crypto } = ring
  const { manifest } = readManifest(bytes, RELEASE_ASSERTION)
  const signed = readStatement(valueOf(manifest))
  const { policy, keyAccess } = manifest.encryptionInformation
  const read = { body: signed.body, manifest: { digest: manifestDigest(crypto, manifest), policy, keyAccess } }
  return {
    ...read,
    async verified() {
      const facts = await verifyRelease(ring, trust, manifest, signed)
      if (text !== undefined) recent.set(text, { ...read, verified: () => Promise.resolve(facts) })
      return facts
    },
  }
}

async function verifyRelease(
  { crypto, policies }: KeyRing,
  trust: Trust,
  manifest: Manifest,
  signed: Signed<ReleaseStatement>,
): Promise<ReleaseFacts> {
  const { body } = signed
  const policy = policies.get(body.label.policy)
  if (policy === undefined) throw new NodeError('node/refused', 'a label of an unknown policy')
  const verified = await checkStatement(
    crypto,
    { manifest, statement: signed },
    {
      realm: trust.anchors.realm,
      originator: body.originator,
      recipient: body.recipient,
      officers: releasingOfficers(trust, statementOf(trust, body.originator), policy, body),
      attributesOf: (label) => attributesOf(label, policy),
      labelXmlOf: (label) => toStanag4774(label, policy),
    },
  )
  return { ...verified.body, id: verified.id }
}

/**
 * No share leaves under an agreement that is suspended, or over without anything that outlives it, whatever the node decided: this process
 * has the notices from its own anchors (spec/agreement.md 8). Throws `node/refused`.
 */
function requireStanding(
  trust: Trust,
  agreement: string,
  { originator, recipient, released }: { readonly originator: string; readonly recipient: string; readonly released: number },
  at: number,
): void {
  const stands = agreementStateAt(trust, agreement, at, [originator, recipient])
  switch (stands.state) {
    case 'in-force':
      return
    case 'ended': {
      const { survival, from } = stands
      const until = survival?.days === undefined ? Infinity : from + survival.days * 86_400
      if (survival !== undefined && released < from && at < until) return
      break
    }
    case 'none':
    case 'suspended':
      break
    default:
      unreachable(stands)
  }
  throw new NodeError('node/refused', 'no share leaves under this agreement now', { values: { reasons: `agreement/${stands.state}` } })
}

/**
 * An entry on which something is decided must be opened whole: behind a hidden commitment a disclosed name could stand a
 * second time, with another value (spec/ledger.md 8). Throws `node/refused`.
 */
export function requireWhole(evidence: EntryEvidence): void {
  const { hidden } = evidence.opening as { readonly hidden?: unknown }
  if (!Array.isArray(hidden) || hidden.length > 0) throw new NodeError('node/refused', 'an entry with hidden fields decides nothing')
}

/** Seals a refusal, alike in length to a permit: nobody on the way can tell. */
export async function sealRefusal(
  ring: KeyRing,
  input: { readonly ephemeral: string; readonly opening: Json; readonly context: AnswerContext },
): Promise<Uint8Array> {
  return sealAnswer(ring.crypto, input.ephemeral, { permit: false, opening: input.opening }, input.context)
}

function valueOf(manifest: {
  readonly assertions?: readonly { readonly id: string; readonly statement: { readonly value: unknown } }[]
}): string {
  const value = manifest.assertions?.find((assertion) => assertion.id === RELEASE_ASSERTION)?.statement.value
  if (typeof value !== 'string') throw new NodeError('node/refused', 'the manifest has no release statement')
  return value
}
