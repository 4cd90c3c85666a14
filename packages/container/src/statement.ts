import {
  CanonicalError,
  type Crypto,
  type Domain,
  type HybridPublicKey,
  type HybridSigner,
  type Json,
  type Realm,
  type Shape,
  type Signed,
  canonicalBytes,
  canonicalText,
  idOf,
  keyIdOf,
  readCanonical,
  readShape,
  sameBytes,
  shapes,
  signDocument,
  signedShape,
  signingBytes,
  toHex,
  utf8,
  verifyHybrid,
} from '@entente/canonical'
import { type Label, labelShape } from '@entente/label'
import * as v from 'valibot'
import { LABEL_ASSERTION, LABEL_XML_ASSERTION, RELEASE_ASSERTION } from './assertions.ts'
import { areaShape } from './card.ts'
import { ContainerError } from './errors.ts'
import { type KeyControl, type KeyService, keysFit } from './keys.ts'
import { type Manifest, keyIdShape, serviceNameShape } from './manifest.ts'
import { decodePolicy } from './policy.ts'

/** The one basis of a release to another nation. */
export interface Basis {
  /** `jpn-aus`. */
  readonly agreement: string
  /** Id (hash) of the agreement version. */
  readonly version: string
  readonly article: string
  /** Id of the grant in that version. */
  readonly grant: string
}

/**
 * What an officer signs when an item is released (spec/release-statement.md). It names one recipient, no parent and no other
 * rendition: those stand in the originator's register.
 */
export interface ReleaseStatement {
  readonly realm: Realm
  /** Fresh for every rendition and nation. */
  readonly item: string
  /** 1 for the first statement on this item. */
  readonly serial: number
  readonly originator: string
  /** The originator itself for a nation's own item. */
  readonly recipient: string
  readonly label: Label
  /** SHA-384 of the STANAG 4774 XML, UTF-8. */
  readonly labelXmlDigest: string
  readonly area: string
  /** Absent for a nation's own item, and only then. */
  readonly basis?: Basis
  readonly keyControl: KeyControl
  /** Seconds since 1970; from then on nothing opens. */
  readonly expires: number
  readonly released: number
  /** Whether other OpenTDF clients of the originator's own nation have a key access of their own. */
  readonly foreignClients: boolean
  /** SHA-384 of the canonical card. */
  readonly cardDigest: string
  /** SHA-384 over the SHA-384 of every encrypted segment, in order. */
  readonly payloadDigest: string
  /** SHA-384 over the canonical manifest without this assertion. */
  readonly manifestDigest: string
  /** As the manifest's key accesses, in order. */
  readonly keyServices: readonly KeyService[]
}

const code = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/u))

export const releaseStatementShape: Shape<ReleaseStatement> = v.pipe(
  v.strictObject({
    realm: shapes.realm,
    item: shapes.uuid,
    serial: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
    originator: shapes.nation,
    recipient: shapes.nation,
    label: labelShape,
    labelXmlDigest: shapes.sha384,
    area: areaShape,
    basis: v.exactOptional(v.strictObject({ agreement: code, version: shapes.sha256, article: code, grant: code })),
    keyControl: v.picklist(['originator', 'both', 'either']),
    expires: shapes.instant,
    released: shapes.instant,
    foreignClients: v.boolean(),
    cardDigest: shapes.sha384,
    payloadDigest: shapes.sha384,
    manifestDigest: shapes.sha384,
    keyServices: v.pipe(
      v.array(v.strictObject({ name: serviceNameShape, kid: keyIdShape, role: v.picklist(['originator', 'recipient', 'foreign']) })),
      v.minLength(1),
      v.maxLength(4),
    ),
  }),
  v.check((body) => (body.basis === undefined) === (body.recipient === body.originator), 'a basis, and only for another nation'),
  v.check((body) => body.recipient !== body.originator || body.keyControl === 'originator', 'an own item under the originator alone'),
  v.check((body) => body.expires > body.released, 'an expiry after the release'),
) as Shape<ReleaseStatement>

const signedStatementShape = signedShape(releaseStatementShape)

/** The domain tag of release statements. */
export function statementDomain(realm: Realm): Domain {
  return { realm, type: 'release-statement', version: 1 }
}

/** The statement's id: SHA-256 of its signing bytes. */
export function statementId(crypto: Crypto, body: ReleaseStatement): string {
  return idOf(crypto, statementDomain(body.realm), body as unknown as Json)
}

/** Signs a statement with the officer's device key; throws `container/statement-malformed` for a body that no reader would take. */
export async function signStatement(crypto: Crypto, signer: HybridSigner, body: ReleaseStatement): Promise<Signed<ReleaseStatement>> {
  const own = parsed(() => readShape(releaseStatementShape, body, 'release statement'))
  return signDocument(crypto, statementDomain(own.realm), own, signer)
}

/** Reads the assertion's value: canonical text of a statement with exactly one signature. Throws `container/statement-malformed`. */
export function readStatement(value: string): Signed<ReleaseStatement> {
  const signed = parsed(() => readShape(signedStatementShape, readCanonical(utf8(value)), 'release statement'))
  if (signed.signatures.length !== 1) {
    throw new ContainerError('container/statement-malformed', 'a release statement has exactly one signature', {
      values: { where: 'signatures' },
    })
  }
  return signed
}

function parsed<T>(read: () => T): T {
  try {
    return read()
  } catch (cause) {
    const where = cause instanceof CanonicalError ? String(cause.values['where'] ?? '') : ''
    throw new ContainerError('container/statement-malformed', 'the release statement is not one', { values: { where }, cause })
  }
}

/** SHA-384 over the canonical manifest without its release assertion, lower-case hexadecimal. */
export function manifestDigest(crypto: Crypto, manifest: Manifest): string {
  const assertions = (manifest.assertions ?? []).filter((one) => one.id !== RELEASE_ASSERTION)
  return toHex(crypto.sha384(canonicalBytes({ ...manifest, assertions } as unknown as Json)))
}

/** What the caller must know, and never takes from the container. */
export interface StatementTrust {
  readonly realm: Realm
  /** The originator that the caller expects, and its officers' device keys in force at the time of release. */
  readonly originator: string
  readonly officers: readonly HybridPublicKey[]
  /** The nation that the caller reads for. */
  readonly recipient: string
  /** The attributes that a label stands for: `label = policy` is checked by making the policy again. */
  attributesOf(label: Label): readonly string[]
  /** When given: makes the STANAG 4774 XML of a label again, which must then be the one in the container. */
  labelXmlOf?(label: Label): string
}

/** The part of a container that a statement speaks of. */
export interface Stated {
  readonly manifest: Manifest
  readonly statement?: Signed<ReleaseStatement> | undefined
}

/** A statement that holds, with its id and the officer's key. */
export interface VerifiedStatement {
  readonly body: ReleaseStatement
  readonly id: string
  /** `keyIdOf` the officer's key. */
  readonly officer: string
}

/**
 * Checks everything that a statement says of its manifest: realm, parties, signature by a pinned officer, manifest digest,
 * label in both forms, policy, key accesses. The payload's bytes are `checkPayloadDigest`'s; expiry and delegation are the
 * caller's, who knows the time. Throws `container/statement-…`.
 */
export async function checkStatement(crypto: Crypto, stated: Stated, trust: StatementTrust): Promise<VerifiedStatement> {
  const { manifest, statement } = stated
  if (statement === undefined) throw new ContainerError('container/statement-missing', 'the container has no release statement')
  const body = statement.body
  checkParties(body, trust)
  const officer = await checkSignature(crypto, statement, trust.officers)
  if (manifestDigest(crypto, manifest) !== body.manifestDigest) {
    throw new ContainerError('container/statement-manifest', 'the manifest is not the one that was signed')
  }
  checkLabel(crypto, manifest, body, trust)
  checkPolicy(manifest, body, trust)
  if (!keysFit(manifest.encryptionInformation.keyAccess, body.keyControl, body.keyServices, body.foreignClients)) {
    throw new ContainerError('container/statement-keys', 'the key accesses are not those that key control and statement say', {
      values: { control: body.keyControl },
    })
  }
  return { body, id: statementId(crypto, body), officer }
}

function checkParties(body: ReleaseStatement, trust: StatementTrust): void {
  if (body.realm !== trust.realm) {
    throw new ContainerError('container/statement-realm', 'the statement belongs to another realm', { values: { realm: body.realm } })
  }
  if (body.originator !== trust.originator || body.recipient !== trust.recipient) {
    throw new ContainerError('container/statement-party', 'the statement names another originator or recipient', {
      values: { originator: body.originator, recipient: body.recipient },
    })
  }
}

async function checkSignature(crypto: Crypto, statement: Signed<ReleaseStatement>, officers: readonly HybridPublicKey[]): Promise<string> {
  const [signature] = statement.signatures
  const key = officers.find((candidate) => keyIdOf(crypto, candidate) === signature?.keyId)
  if (signature === undefined || key === undefined) {
    throw new ContainerError('container/statement-signer', 'the statement is not signed by an officer whose key is known', {
      values: { key: signature?.keyId ?? '' },
    })
  }
  const message = signingBytes(statementDomain(statement.body.realm), statement.body as unknown as Json)
  const held = await verifyHybrid(crypto, key, message, signature).catch((cause: unknown) => {
    // A key or signature whose base64 has stray bits is no signature.
    if (cause instanceof CanonicalError) return false
    throw cause
  })
  if (!held)
    throw new ContainerError('container/statement-signature', 'the signature of the statement does not hold', {
      values: { key: signature.keyId },
    })
  return signature.keyId
}

function checkLabel(crypto: Crypto, manifest: Manifest, body: ReleaseStatement, trust: StatementTrust): void {
  const xml = assertionValue(manifest, LABEL_XML_ASSERTION)
  if (assertionValue(manifest, LABEL_ASSERTION) !== canonicalText(body.label as unknown as Json)) {
    throw new ContainerError('container/statement-label', 'the label in the container is not the label that was signed')
  }
  const expected = trust.labelXmlOf?.(body.label)
  if (toHex(crypto.sha384(utf8(xml))) !== body.labelXmlDigest || (expected !== undefined && expected !== xml)) {
    throw new ContainerError('container/statement-label-xml', 'the label in xml is not the label that was signed')
  }
}

function checkPolicy(manifest: Manifest, body: ReleaseStatement, trust: StatementTrust): void {
  const policy = decodePolicy(manifest.encryptionInformation.policy)
  if (policy.uuid !== body.item) throw new ContainerError('container/statement-item', 'the policy is of another item')
  const expected = canonicalBytes([...new Set(trust.attributesOf(body.label))].sort())
  if (policy.dissem.length > 0 || !sameBytes(expected, canonicalBytes([...policy.attributes]))) {
    throw new ContainerError('container/statement-attributes', 'the policy does not say what the label says')
  }
}

/** The string value of an assertion, or nothing. */
export function assertionValue(manifest: Manifest, id: string): string {
  const value = manifest.assertions?.find((one) => one.id === id)?.statement.value
  return typeof value === 'string' ? value : ''
}
