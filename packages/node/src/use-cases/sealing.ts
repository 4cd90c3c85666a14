import * as v from 'valibot'
import { type Shape, readShape, shapes } from '@entente/canonical'
import type { ReleaseStatement } from '@entente/container'
import { labelShape } from '@entente/label'
import type { Nation } from '../nation.ts'

type Fixed = 'item' | 'serial' | 'originator' | 'recipient' | 'label' | 'area' | 'basis' | 'keyControl' | 'expires' | 'released'

/** What an officer's client must seal, member for member; what else a statement has are digests that only sealing gives. */
export interface PreparedRendition extends Pick<ReleaseStatement, Fixed> {
  /** Ids of the draft's portions that go into it, in order. */
  readonly portions: readonly string[]
  readonly keyServices: readonly PreparedKeyService[]
}

/** A key service that a share is to be wrapped for. */
export interface PreparedKeyService {
  readonly role: 'originator' | 'recipient'
  readonly name: string
  readonly kid: string
  /** Raw X-Wing public key, URL-safe base64. */
  readonly publicKey: string
}

/** A release that was prepared: kept until it is made, or given up. */
export interface Sealing {
  readonly officer: string
  /** When the draft was changed last. */
  readonly updated: number
  readonly at: number
  readonly renditions: readonly PreparedRendition[]
}

/** How long an officer has from preparing a release to making it, in seconds. */
export const SEALING_SECONDS = 3_600

const sealingShape: Shape<Sealing> = v.strictObject({
  officer: shapes.shortText,
  updated: shapes.instant,
  at: shapes.instant,
  renditions: v.array(
    v.strictObject({
      item: shapes.uuid,
      serial: shapes.natural,
      originator: shapes.nation,
      recipient: shapes.nation,
      portions: v.array(shapes.shortText),
      label: labelShape,
      area: shapes.shortText,
      basis: v.exactOptional(
        v.strictObject({ agreement: shapes.shortText, version: shapes.sha256, article: shapes.shortText, grant: shapes.shortText }),
      ),
      keyControl: v.picklist(['originator', 'both', 'either']),
      expires: shapes.instant,
      released: shapes.instant,
      keyServices: v.array(
        v.strictObject({
          role: v.picklist(['originator', 'recipient']),
          name: shapes.shortText,
          kid: shapes.shortText,
          publicKey: shapes.base64url,
        }),
      ),
    }),
  ),
})

/** What was prepared for a draft last, if anything was. */
export async function readSealing(nation: Pick<Nation, 'drafts'>, draft: string): Promise<Sealing | undefined> {
  const kept = await nation.drafts.findSealing(draft)
  return kept === undefined ? undefined : readShape(sealingShape, kept, 'sealing')
}
