import type { Crypto, HybridSigner } from '@entente/canonical'
import type { Decider } from '@entente/decision'
import type { MarkingPolicy } from '@entente/label'
import type { NationConfig } from './config.ts'
import type { Person } from './identity/index.ts'
import type { Standing, Trusting } from './living-trust.ts'
import type { PartnerCalls } from './partner/client.ts'
import type { Contacts } from './partner/contacts.ts'
import type { AppendInput, Appended, KeysApi, LedgerApi, OfficeApi } from './processes/apis.ts'
import type { Peer } from './processes/ipc.ts'
import type { Notice } from './processes/log-events.ts'
import type { Blobs } from './store/blobs.ts'
import type { Database } from './store/database.ts'
import type { Drafts } from './store/drafts.ts'
import type { ItemKeys } from './store/item-keys.ts'
import type { Listing } from './store/listing.ts'
import type { Trust } from './trust.ts'

/**
 * The working parts of a running node. A use case does not take all of it: it names what it needs as `Pick<Nation, …>`,
 * so that its signature says what it can touch.
 */
export interface Nation {
  readonly crypto: Crypto
  readonly config: NationConfig
  /** The nation's directory. */
  readonly dir: string
  /** Keys and agreements, verified; read anew after a change. */
  trust(): Trust
  /** The compiled rules of all agreements: the one way to a decision. */
  decider(): Decider
  /** Trust, rules and counts of changes, of one moment: for whoever decides and then enters what was decided. */
  standing(): Standing
  /** Makes what is durable of agreements what is decided by, in every process that verifies trust. */
  renewTrust(): Promise<void>
  /** Processes that keep older trust than the folder has, with the code of why. */
  trustRefused(): ReadonlyMap<Trusting, string>
  /** Marking policies by id. */
  readonly policies: ReadonlyMap<string, MarkingPolicy>
  /** Seconds since 1970-01-01T00:00:00Z. */
  now(): number
  /** Enters an act; resolves when it is durable (and cosigned, where asked) and the projection shows it. */
  enter(input: AppendInput): Promise<Appended>
  readonly ledger: Peer<LedgerApi>
  readonly keys: Peer<KeysApi>
  readonly office: Peer<OfficeApi>
  readonly db: Database
  /** What lists start from. */
  readonly listing: Listing
  /** Containers, ciphertext. */
  readonly blobs: Blobs
  readonly drafts: Drafts
  /** Files of drafts: plaintext, deleted when the report is sealed. */
  readonly draftFiles: Blobs
  readonly itemKeys: ItemKeys
  readonly partners: PartnerCalls
  /** What the latest calls to partners came to. */
  readonly contacts: Contacts
  /** Signs envelopes and receipts. */
  readonly envelopes: HybridSigner
  /** Key of the nonces that this nation gives as originator. */
  readonly nonceKey: Uint8Array
  /** The own people who can sign in. */
  readonly people: readonly Person[]
  person(id: string): Person | undefined
  /** Tells the sender that there may be something to send. */
  wake(): void
  readonly notice: Notice
}
