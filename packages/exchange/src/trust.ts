import {
  type AgreementVersion,
  type AgreementState,
  type KnownNotice,
  areaCovers,
  entryOf,
  knownNotice,
  mayRelease,
  readSignedAgreement,
  readSignedNotice,
  stateAt,
  verifyAgreement,
  verifyChain,
  verifyNotice,
} from '@entente/agreement'
import { type Crypto, type HybridPublicKey, type Realm, type Signed, EntenteError, fromBase64Url, readJson } from '@entente/canonical'
import type { PinnedIssuer } from '@entente/clearance'
import type { AgreementInForce, Facts } from '@entente/decision'
import { type Label, type MarkingPolicy, reachesLevel } from '@entente/label'
import { readOpening } from '@entente/ledger'
import { ExchangeError, reading } from './errors.ts'
import { proveEntry, requireFields } from './entry.ts'
import { evidenceChecks, linkPolicy } from './evidence-policy.ts'
import { type KeyStatement, followKeyStatement, readKeyStatement, verifyKeyStatement } from './key-statement.ts'
import { type HeldEvidence, readHeld } from './negotiation.ts'
import { type Anchors, type HeldVersion, type Trust, partnersIn, unknownNation } from './trust-model.ts'

/** Documents as they come from a folder or from a node: bytes, of which nothing is believed. Agreements' versions in order. */
export interface TrustDocuments {
  readonly agreements: readonly Uint8Array[]
  readonly statements: readonly Uint8Array[]
  /** Nations' proven words that they hold versions. */
  readonly held?: readonly Uint8Array[]
  /** Authorities' notices. */
  readonly notices?: readonly Uint8Array[]
}

/**
 * Verifies agreements, key statements, words of holding and notices from the anchors alone. Throws `exchange/wrong-realm`,
 * `exchange/key-unknown` (a stranger's statement, or none of the own nation), and what `verifyAgreement`, `verifyChain`,
 * `verifyKeyStatement`, `verifyNotice` and `proveEntry` throw, with `agreement` and `version` where it is about one: half of a trust
 * folder is none.
 */
export async function verifyTrust(crypto: Crypto, anchors: Anchors, documents: TrustDocuments): Promise<Trust> {
  const signed = await signedVersions(crypto, anchors, documents.agreements)
  const statements = await statementsOf(crypto, anchors, documents.statements)
  const own = statements.get(anchors.nation)
  if (own === undefined) throw unknownNation(anchors.nation)
  statements.delete(anchors.nation)
  const keys: Trust = { anchors, own, partners: statements, agreements: new Map(), notices: new Map() }
  const notices = await noticesOn(crypto, anchors, signed, documents.notices ?? [])
  const held = await Promise.all((documents.held ?? []).map((bytes) => provenHeld(crypto, keys, signed, bytes)))
  const agreements = new Map(
    [...signed].map(([name, versions]) => [name, standing(anchors, versions, held, notices.get(name) ?? [])] as const),
  )
  return { ...keys, agreements, notices }
}

async function signedVersions(
  crypto: Crypto,
  anchors: Anchors,
  documents: readonly Uint8Array[],
): Promise<ReadonlyMap<string, readonly AgreementVersion[]>> {
  const agreements = new Map<string, AgreementVersion[]>()
  for (const bytes of documents) {
    const signed = reading('agreement', () => readSignedAgreement(bytes))
    const { agreement, version, realm } = signed.body
    if (realm !== anchors.realm) throw wrongRealm(realm)
    const versions = agreements.get(agreement) ?? []
    const before = versions.at(-1)
    // From the second version on it is the version before that says whose keys count, and never a list beside it.
    const known = before === undefined ? { anchors: anchors.authorities } : { previous: before }
    await named({ agreement, version }, async () => {
      versions.push(await verifyAgreement(crypto, signed, known))
      verifyChain(versions)
    })
    agreements.set(agreement, versions)
  }
  return agreements
}

/** Says which agreement and version an error is about. */
async function named<T>(about: { readonly agreement: string; readonly version: number }, check: () => Promise<T>): Promise<T> {
  try {
    return await check()
  } catch (cause) {
    if (!(cause instanceof EntenteError)) throw cause
    const { code, message, values } = cause as EntenteError
    throw new EntenteError(code, `${about.agreement} ${about.version}: ${message}`, { cause, values: { ...values, ...about } })
  }
}

async function statementsOf(crypto: Crypto, anchors: Anchors, documents: readonly Uint8Array[]): Promise<Map<string, KeyStatement>> {
  const statements = new Map<string, KeyStatement>()
  for (const bytes of documents) {
    const body = await anchoredStatement(crypto, readKeyStatement(bytes), anchors)
    const held = statements.get(body.nation)
    if (held === undefined || body.number > held.number) statements.set(body.nation, body)
    // Two statements of one number: one of them is somebody's lie, and it is not for us to choose.
    else if (body.number === held.number) followKeyStatement(crypto, held, body)
  }
  return statements
}

async function noticesOn(
  crypto: Crypto,
  anchors: Anchors,
  agreements: ReadonlyMap<string, readonly AgreementVersion[]>,
  documents: readonly Uint8Array[],
): Promise<Map<string, KnownNotice[]>> {
  const notices = new Map<string, KnownNotice[]>()
  for (const bytes of documents) {
    const signed = reading('agreement notice', () => readSignedNotice(bytes))
    const { realm, agreement } = signed.body
    if (realm !== anchors.realm) throw wrongRealm(realm)
    const version = (agreements.get(agreement) ?? []).find(({ id }) => id === signed.body.version)
    if (version === undefined) throw ofNoVersion(agreement)
    await named({ agreement, version: version.body.version }, async () => {
      const known = knownNotice(crypto, await verifyNotice(crypto, signed, version), version)
      notices.set(agreement, [...(notices.get(agreement) ?? []), known])
    })
  }
  return notices
}

/** A word of holding, with the second of the entry that proves it. */
export interface ProvenHeld extends Pick<HeldEvidence, 'version' | 'of' | 'partner'> {
  readonly at: number
}

async function provenHeld(
  crypto: Crypto,
  keys: Trust,
  agreements: ReadonlyMap<string, readonly AgreementVersion[]>,
  bytes: Uint8Array,
): Promise<ProvenHeld> {
  const held = readHeld(
    reading('held', () => readJson(bytes)),
    keys.anchors.realm,
  )
  const version = (agreements.get(held.agreement) ?? []).find(({ id }) => id === held.version)
  if (version?.body.version !== held.number) throw ofNoVersion(held.agreement)
  return named({ agreement: held.agreement, version: held.number }, async () => ({ ...held, at: await verifyHeld(crypto, keys, held) }))
}

/**
 * Proves a nation's word that it holds a version: its entry, whole, in its log with the partner, cosigned there. Gives the second of the
 * entry. Throws what `proveEntry` throws, and `exchange/entry-mismatch`.
 */
export async function verifyHeld(
  crypto: Crypto,
  trust: Trust,
  { agreement, number, version, of, partner, evidence }: HeldEvidence,
): Promise<number> {
  const { realm } = trust.anchors
  // Behind a hidden commitment a name could stand a second time, with another value (spec/ledger.md 8).
  if (readOpening(evidence.opening).hidden.length > 0)
    throw new ExchangeError('exchange/entry-mismatch', 'an entry with hidden fields proves nothing', { values: { field: 'hidden' } })
  const entry = await proveEntry(crypto, evidence, realm, linkPolicy(crypto, trust, agreement, of, partner), evidenceChecks(crypto))
  requireFields(entry, { act: 'agreement-held', agreement, number, version }, 'exchange/entry-mismatch')
  return entry.at
}

/** Which versions are in force here, and from when (spec/agreement.md 8): by words that were proven, and nothing else. */
export function standing(
  anchors: Anchors,
  versions: readonly AgreementVersion[],
  proven: readonly ProvenHeld[],
  notices: readonly KnownNotice[],
): readonly HeldVersion[] {
  const held: HeldVersion[] = []
  for (const version of versions) {
    const { id, body } = version
    const before = held.at(-1)
    const words = proven.filter((word) => word.version === id)
    const entry = entryOf(version, notices)
    const isPaired = body.version <= (anchors.paired?.[body.agreement] ?? 1)
    const others = partnersIn(body, anchors.nation)
    const isHeld = others.every((other) =>
      [
        { of: anchors.nation, partner: other },
        { of: other, partner: anchors.nation },
      ].every((link) => words.some(({ of, partner }) => of === link.of && partner === link.partner)),
    )
    const begins = isPaired ? [] : words.map(({ at }) => at)
    const since = Math.max(body.inForceFrom, entry ?? 0, ...begins, before === undefined ? 0 : before.since + 1)
    const isIn = entry !== undefined && before?.narrowingOnly !== true && (isPaired || isHeld)
    held.push({
      ...version,
      since: isIn ? since : body.inForceFrom,
      ...(isIn ? {} : { narrowingOnly: true }),
      held: new Map(words.map(({ of, at }) => [of, at])),
    })
  }
  return held
}

function ofNoVersion(agreement: string): ExchangeError {
  return new ExchangeError('exchange/life-unknown', 'a word on a version that is not here', { values: { agreement } })
}

async function anchoredStatement(crypto: Crypto, signed: Signed<KeyStatement>, anchors: Anchors): Promise<KeyStatement> {
  const { nation } = signed.body
  const authorityKey = Object.hasOwn(anchors.authorities, nation) ? anchors.authorities[nation] : undefined
  if (authorityKey === undefined) throw unknownNation(nation)
  return verifyKeyStatement(crypto, signed, { realm: anchors.realm, nation, authorityKey })
}

function wrongRealm(realm: Realm): ExchangeError {
  return new ExchangeError('exchange/wrong-realm', 'an agreement of another realm', { values: { realm } })
}

/** The version of an agreement in force at `at` (seconds), if there is one: by dates and entries, whatever notices say of it. */
export function agreementInForce(trust: Trust, agreement: string, at: number): HeldVersion | undefined {
  const begun = lastBegun(trust, agreement, at)
  const until = begun?.body.inForceUntil
  return until === undefined || at < until ? begun : undefined
}

/** The newest version that has begun, also where it has ended: whose terms hold for what outlives it. */
export function lastBegun(trust: Trust, agreement: string, at: number): HeldVersion | undefined {
  return trust.agreements.get(agreement)?.findLast((version) => version.narrowingOnly !== true && version.since <= at)
}

/** How an agreement stands at `at` (seconds) for these nations together, by what is in force here and its notices. */
export function agreementStateAt(trust: Trust, agreement: string, at: number, nations: readonly string[] = []): AgreementState {
  const inForce = (trust.agreements.get(agreement) ?? []).filter(({ narrowingOnly }) => narrowingOnly !== true)
  return stateAt(inForce.map(asSeen), trust.notices.get(agreement) ?? [], at, nations)
}

/** A version with the second from which it is in force here in the place of its date. */
function asSeen({ id, body, since }: HeldVersion): AgreementVersion {
  return { id, body: body.inForceFrom === since ? body : { ...body, inForceFrom: since } }
}

/** What decisions rest on: each version from when it is in force here, and the notices. */
export function decisionFacts(trust: Trust): Pick<Facts, 'agreements' | 'notices'> {
  const agreements = [...trust.agreements.values()]
    .flat()
    .map(({ id, body, since, narrowingOnly }): AgreementInForce =>
      narrowingOnly === undefined ? { id, body, inForceSince: since } : { id, body, narrowingOnly },
    )
  return { agreements, notices: [...trust.notices.values()].flat() }
}

/** Agreement name in credentials that a nation's own people use for its own items. */
export const HOME_AGREEMENT = 'home'

/** The clearance office of a nation, as its key statement names it. */
export function issuerOf(statement: KeyStatement): PinnedIssuer {
  const { nation, names, keys } = statement
  return {
    nation,
    name: names.office,
    keys: [{ kid: keys.issuer.kid, publicKey: fromBase64Url(keys.issuer.jwk.x) }],
    statusKey: keys.status,
  }
}

/** Device keys of a nation's officers whose delegation held at a time (seconds). */
export function officerKeys(statement: KeyStatement, at: number): readonly HybridPublicKey[] {
  return statement.delegations.filter((delegation) => at < delegation.until).map((delegation) => delegation.key)
}

/** Device keys of a nation's negotiators at a time (seconds). */
export function negotiatorKeys(statement: KeyStatement, at: number): readonly HybridPublicKey[] {
  return (statement.negotiators ?? []).filter(({ until }) => at < until).map(({ key }) => key)
}

/** What an officer's delegation must cover for a release to count. */
export interface Released {
  readonly label: Pick<Label, 'classification'>
  readonly area: string
  /** Seconds. */
  readonly released: number
  /** Absent for a nation's own item. */
  readonly basis?: { readonly agreement: string; readonly version: string; readonly grant: string }
}

/**
 * Device keys of the originator's officers who could release this: delegated at that time, up to its classification, and in
 * its area or one above it by an agreement then in force; and, where the version of its basis delegates to offices, of an office
 * to which it does. `policy` is that of the label. Whoever verifies a release asks this of the key statement that the authority
 * signed, so that no node of the originator's can widen a delegation.
 */
export function releasingOfficers(
  trust: Trust,
  statement: KeyStatement,
  policy: MarkingPolicy,
  { label, area, released, basis }: Released,
): readonly HybridPublicKey[] {
  const known = new Set(policy.classifications.map(({ code }) => code))
  const trees = [...trust.agreements.keys()].flatMap((name) => agreementInForce(trust, name, released)?.body ?? [])
  const version = trust.agreements.get(basis?.agreement ?? '')?.find(({ id }) => id === basis?.version)?.body
  const release = { nation: statement.nation, area, classification: label.classification, at: released }
  return statement.delegations
    .filter(({ until }) => released < until)
    .filter(({ ceiling }) => known.has(ceiling) && known.has(label.classification) && reachesLevel(ceiling, label.classification, policy))
    .filter(({ areas }) => areas.some((one) => one === area || trees.some((tree) => areaCovers(tree, one, area))))
    .filter(
      ({ office }) =>
        version === undefined ||
        mayRelease(version, basis?.grant ?? '', { ...release, ...(office === undefined ? {} : { office }) }, policy),
    )
    .map(({ key }) => key)
}
