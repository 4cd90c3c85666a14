import {
  type Crypto,
  type Domain,
  type HybridPublicKey,
  type HybridSigner,
  type Json,
  type Realm,
  type Signed,
  canonicalText,
  idOf,
  signDocument,
  verifyDocument,
} from '@entente/canonical'
import { AgreementError } from './errors.ts'
import type { Agreement, AgreementVersion, Party } from './model.ts'
import { verifyChain } from './chain.ts'

/** What a nation already knows of its partners' authority keys, by other means than this agreement. */
export type AuthorityAnchors = Readonly<Record<string, HybridPublicKey>>

/** The domain tag of agreements in a realm. */
export function agreementDomain(realm: Realm): Domain {
  return { realm, type: 'agreement', version: 1 }
}

/** The id of a version: SHA-256 of its signing bytes, lower-case hexadecimal. */
export function agreementId(crypto: Crypto, body: Agreement): string {
  // An interface has no index signature, so the compiler cannot see that a body is JSON; its shape is.
  return idOf(crypto, agreementDomain(body.realm), body as unknown as Json)
}

/** Signs a body with one or more authorities' keys. */
export async function signAgreement(crypto: Crypto, body: Agreement, ...signers: readonly HybridSigner[]): Promise<Signed<Agreement>> {
  return signDocument(crypto, agreementDomain(body.realm), body, ...signers)
}

/**
 * Puts signatures together that were made in different places over one body, the first of each key.
 * Throws `agreement/other-body` when the bodies differ in any byte.
 */
export function mergeSignatures(first: Signed<Agreement>, ...others: readonly Signed<Agreement>[]): Signed<Agreement> {
  const text = canonicalText(first.body as unknown as Json)
  const signatures = [...first.signatures]
  for (const other of others) {
    if (canonicalText(other.body as unknown as Json) !== text) {
      throw new AgreementError('agreement/other-body', 'the signatures are over different bodies', {
        values: { agreement: first.body.agreement },
      })
    }
    for (const signature of other.signatures) {
      if (!signatures.some((known) => known.keyId === signature.keyId)) signatures.push(signature)
    }
  }
  return { body: first.body, signatures }
}

/**
 * Checks that every party's authority signed this version: the keys that the body names and, with `previous`, also the keys
 * of the version before, so that nobody's key is replaced without that key's own word. With `anchors`, the keys of version 1
 * must be the ones that are known otherwise: a document that names its own keys proves nothing by itself.
 * Throws `canonical/signature-missing`, `canonical/signature-invalid`, `agreement/anchor`.
 */
export async function verifyAgreement(
  crypto: Crypto,
  signed: Signed<Agreement>,
  known: { readonly previous?: AgreementVersion; readonly anchors?: AuthorityAnchors } = {},
): Promise<AgreementVersion> {
  const { body } = signed
  if (known.anchors !== undefined) checkAnchors(body, known.anchors)
  const parties = known.previous === undefined ? body.parties : [...body.parties, ...known.previous.body.parties]
  await verifyDocument(crypto, agreementDomain(body.realm), signed, ...parties.flatMap(authorityKeys))
  return { id: agreementId(crypto, body), body }
}

/** The keys that must all sign for a party: its authority's, and the second person's where one is pinned. */
export function authorityKeys(party: Party): readonly HybridPublicKey[] {
  return party.countersigningKey === undefined ? [party.authorityKey] : [party.authorityKey, party.countersigningKey]
}

/**
 * Checks that the authority keys of a body are those that are known otherwise; after a version, those of parties that it does not have:
 * the keys of the others are its to say. Throws `agreement/anchor`.
 */
export function checkAnchors(body: Agreement, anchors: AuthorityAnchors, previous?: Agreement): void {
  for (const { nation, authorityKey } of body.parties) {
    if (previous?.parties.some((party) => party.nation === nation) === true) continue
    const anchor = Object.hasOwn(anchors, nation) ? anchors[nation] : undefined
    if (anchor?.ed25519 !== authorityKey.ed25519 || anchor.mldsa65 !== authorityKey.mldsa65) {
      throw new AgreementError('agreement/anchor', `the authority key of \`${nation}\` is not the one that is known`, {
        values: { nation },
      })
    }
  }
}

/**
 * The whole check of an agreement's versions, oldest first: anchors of version 1, signatures of each under its own and its
 * predecessor's keys, and the chain (`verifyChain`). Returns the versions with their ids.
 */
export async function verifyVersions(
  crypto: Crypto,
  signed: readonly Signed<Agreement>[],
  anchors: AuthorityAnchors,
): Promise<readonly AgreementVersion[]> {
  const versions: AgreementVersion[] = []
  for (const one of signed) {
    const previous = versions.at(-1)
    versions.push(await verifyAgreement(crypto, one, previous === undefined ? { anchors } : { previous }))
  }
  verifyChain(versions)
  return versions
}
