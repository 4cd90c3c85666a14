import {
  type Agreement,
  type AgreementVersion,
  areaCovers,
  inForce,
  readSignedAgreement,
  verifyAgreement,
  verifyChain,
} from '@entente/agreement'
import {
  type Crypto,
  type HybridPublicKey,
  type Realm,
  type Shape,
  type Signed,
  fromBase64Url,
  hybridPublicKeyShape,
  shapes,
} from '@entente/canonical'
import type { PinnedIssuer } from '@entente/clearance'
import { type Label, type MarkingPolicy, compareLevels } from '@entente/label'
import * as v from 'valibot'
import { ExchangeError, reading } from './errors.ts'
import { type KeyStatement, followKeyStatement, readKeyStatement, verifyKeyStatement } from './key-statement.ts'

/** Whose authority keys were compared out of band; every process and every device has its own copy, and nothing else is believed unsigned. */
export interface Anchors {
  readonly realm: Realm
  /** The nation whose process or device this is. */
  readonly nation: string
  readonly authorities: Readonly<Record<string, HybridPublicKey>>
}

/** The shape of `anchors.json`. */
export const anchorsShape: Shape<Anchors> = v.strictObject({
  realm: shapes.realm,
  nation: shapes.nation,
  authorities: v.record(v.string(), hybridPublicKeyShape),
})

/** Everything that is believed about keys and agreements, each piece verified from the anchors. */
export interface Trust {
  readonly anchors: Anchors
  /** The own nation's key statement. */
  readonly own: KeyStatement
  /** Newest key statement of each partner nation. */
  readonly partners: ReadonlyMap<string, KeyStatement>
  /** Every version of every agreement, oldest first, by name. */
  readonly agreements: ReadonlyMap<string, readonly AgreementVersion[]>
}

/** Documents as they come from a folder or from a node: bytes, of which nothing is believed. Agreements' versions in order. */
export interface TrustDocuments {
  readonly agreements: readonly Uint8Array[]
  readonly statements: readonly Uint8Array[]
}

/**
 * Verifies agreements and key statements from the anchors alone. Throws `exchange/wrong-realm`, `exchange/key-unknown` (a
 * stranger's statement, or none of the own nation), and what `verifyAgreement`, `verifyChain`, `verifyKeyStatement` throw:
 * half of a trust folder is none.
 */
export async function verifyTrust(crypto: Crypto, anchors: Anchors, documents: TrustDocuments): Promise<Trust> {
  const agreements = new Map<string, AgreementVersion[]>()
  for (const bytes of documents.agreements) {
    const signed = reading('agreement', () => readSignedAgreement(bytes))
    if (signed.body.realm !== anchors.realm) throw wrongRealm(signed.body.realm)
    const versions = agreements.get(signed.body.agreement) ?? []
    versions.push(await verifiedVersion(crypto, signed, anchors, versions.at(-1)))
    agreements.set(signed.body.agreement, versions)
  }
  for (const versions of agreements.values()) verifyChain(versions)
  const statements = new Map<string, KeyStatement>()
  for (const bytes of documents.statements) {
    const body = await anchoredStatement(crypto, readKeyStatement(bytes), anchors)
    const held = statements.get(body.nation)
    if (held === undefined || body.number > held.number) statements.set(body.nation, body)
    // Two statements of one number: one of them is somebody's lie, and it is not for us to choose.
    else if (body.number === held.number) followKeyStatement(crypto, held, body)
  }
  const own = statements.get(anchors.nation)
  if (own === undefined) throw unknownNation(anchors.nation)
  statements.delete(anchors.nation)
  return { anchors, own, partners: statements, agreements }
}

async function verifiedVersion(
  crypto: Crypto,
  signed: Signed<Agreement>,
  anchors: Anchors,
  previous: AgreementVersion | undefined,
): Promise<AgreementVersion> {
  return verifyAgreement(crypto, signed, { anchors: anchors.authorities, ...(previous === undefined ? {} : { previous }) })
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

function unknownNation(nation: string): ExchangeError {
  return new ExchangeError('exchange/key-unknown', 'no key statement of this nation is believed', { values: { nation, key: 'authority' } })
}

/** The key statement of a nation, own or partner; throws `exchange/key-unknown` for a nation that was never paired. */
export function statementOf(trust: Trust, nation: string): KeyStatement {
  const statement = nation === trust.anchors.nation ? trust.own : trust.partners.get(nation)
  if (statement === undefined) throw unknownNation(nation)
  return statement
}

/** The version of an agreement in force at `at` (seconds), if there is one. */
export function agreementInForce(trust: Trust, agreement: string, at: number): AgreementVersion | undefined {
  return inForce(trust.agreements.get(agreement) ?? [], at)
}

/** The other parties of an agreement. */
export function partnersIn(body: Agreement, own: string): string[] {
  return body.parties.map((party) => party.nation).filter((nation) => nation !== own)
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

/** What an officer's delegation must cover for a release to count. */
export interface Released {
  readonly label: Pick<Label, 'classification'>
  readonly area: string
  /** Seconds. */
  readonly released: number
}

/**
 * Device keys of the originator's officers who could release this: delegated at that time, up to its classification, and in
 * its area or one above it by an agreement then in force. `policy` is that of the label. Whoever verifies a release asks
 * this of the key statement that the authority signed, so that no node of the originator's can widen a delegation.
 */
export function releasingOfficers(
  trust: Trust,
  statement: KeyStatement,
  policy: MarkingPolicy,
  { label, area, released }: Released,
): readonly HybridPublicKey[] {
  const known = new Set(policy.classifications.map(({ code }) => code))
  const trees = [...trust.agreements.values()].flatMap((versions) => inForce(versions, released)?.body ?? [])
  return statement.delegations
    .filter(({ until }) => released < until)
    .filter(
      ({ ceiling }) => known.has(ceiling) && known.has(label.classification) && compareLevels(label.classification, ceiling, policy) <= 0,
    )
    .filter(({ areas }) => areas.some((one) => one === area || trees.some((tree) => areaCovers(tree, one, area))))
    .map(({ key }) => key)
}
