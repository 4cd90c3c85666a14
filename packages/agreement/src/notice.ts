import {
  type Crypto,
  type Domain,
  type HybridSigner,
  type Realm,
  type Shape,
  type Signed,
  readDocument,
  shapes,
  signDocument,
  signedShape,
  verifyDocument,
} from '@entente/canonical'
import * as v from 'valibot'
import type { AgreementVersion } from './model.ts'
import { AgreementError } from './errors.ts'
import { authorityKeys } from './signing.ts'

/** The largest notice that is read: 64 KiB. */
export const MAX_NOTICE_BYTES = 65_536

/**
 * One party's word on an agreement in force, signed by its authority. `suspend`, `terminate` and `withdraw` need nobody else;
 * `resume` counts only once every party has said it; `note` is a party's part of an exchange of notes (spec/agreement.md 8).
 */
export interface AgreementNotice {
  readonly agreement: string
  readonly realm: Realm
  /** Id of the version that it speaks of. */
  readonly version: string
  readonly nation: string
  readonly notice: 'note' | 'suspend' | 'resume' | 'terminate' | 'withdraw'
  /** Id of the notice that is resumed from, for `resume`. */
  readonly of?: string
  /** When it was signed. */
  readonly at: number
  /** When it takes effect; not before `at`. */
  readonly effectiveAt: number
}

/** The domain tag of notices in a realm. */
export function noticeDomain(realm: Realm): Domain {
  return { realm, type: 'agreement-notice', version: 1 }
}

const noticeShape: Shape<AgreementNotice> = v.pipe(
  v.strictObject({
    agreement: v.pipe(v.string(), v.regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/u), v.maxLength(64)),
    realm: shapes.realm,
    version: shapes.sha256,
    nation: shapes.nation,
    notice: v.picklist(['note', 'suspend', 'resume', 'terminate', 'withdraw']),
    of: v.exactOptional(shapes.sha256),
    at: shapes.instant,
    effectiveAt: shapes.instant,
  }),
  v.check((notice) => notice.effectiveAt >= notice.at, 'an effect that does not come before the signature'),
  v.check((notice) => (notice.notice === 'resume') === (notice.of !== undefined), 'what it resumes from, and only then'),
)

/** A signed notice from JSON bytes; throws `CanonicalError`. Nothing is verified yet. */
export function readSignedNotice(bytes: Uint8Array): Signed<AgreementNotice> {
  return readDocument(signedShape(noticeShape), bytes, 'agreement notice', MAX_NOTICE_BYTES)
}

/** Signs a notice with the keys of one authority. */
export async function signNotice(
  crypto: Crypto,
  notice: AgreementNotice,
  ...signers: readonly HybridSigner[]
): Promise<Signed<AgreementNotice>> {
  return signDocument(crypto, noticeDomain(notice.realm), notice, ...signers)
}

/**
 * Checks a notice against the version that it speaks of: same agreement, realm and id, and the signature of its nation's
 * authority, of both its persons where two keys are pinned. With `clock`, also that it was not signed later than now by more
 * than two clocks may differ. Throws `agreement/notice-of-another`, `agreement/notice-ahead`, `canonical/signature-*`.
 */
export async function verifyNotice(
  crypto: Crypto,
  signed: Signed<AgreementNotice>,
  version: AgreementVersion,
  clock?: { readonly now: number; readonly skewSeconds: number },
): Promise<AgreementNotice> {
  const { body } = signed
  const party = version.body.parties.find((one) => one.nation === body.nation)
  const same = body.agreement === version.body.agreement && body.realm === version.body.realm && body.version === version.id
  if (!same || party === undefined) {
    throw new AgreementError('agreement/notice-of-another', 'the notice speaks of another version, or for no party of it', {
      values: { agreement: body.agreement, nation: body.nation },
    })
  }
  if (clock !== undefined && body.at > clock.now + clock.skewSeconds) {
    throw new AgreementError('agreement/notice-ahead', 'the notice was signed later than now', { values: { nation: body.nation } })
  }
  await verifyDocument(crypto, noticeDomain(body.realm), signed, ...authorityKeys(party))
  return body
}
