import * as v from 'valibot'
import { type Shape, readShape, shapes } from '@entente/canonical'
import { type ReleaseStatement, releaseStatementShape } from '@entente/container'
import type { Nation } from '../nation.ts'

/** What an officer's client must seal, member for member; the rest of the statement are digests that only sealing gives. */
export interface PreparedRendition
  extends Pick<ReleaseStatement, 'item' | 'serial' | 'originator' | 'recipient' | 'label' | 'area' | 'basis' | 'keyControl' | 'expires' | 'released'> {
  /** Ids of the draft's portions that go into it, in order. */
  readonly portions: readonly string[]
  readonly keyServices: readonly {
    readonly role: 'originator' | 'recipient'
    readonly name: string
    readonly kid: string
    /** Raw X-Wing public key, URL-safe base64. */
    readonly publicKey: string
  }[]
}

/** A release that was prepared: kept until it is made, or given up. */
export interface Sealing {
  readonly officer: string
  /** When the draft was changed last; a draft that changed since has nothing prepared. */
  readonly updated: number
  readonly at: number
  readonly renditions: readonly PreparedRendition[]
}

/** How long an officer has from preparing a release to making it, in seconds. */
export const SEALING_SECONDS = 3_600

const { item, serial, originator, recipient, label, area, basis, keyControl, expires, released } = releaseStatementShape.entries
