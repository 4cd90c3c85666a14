import { type Json, type Shape, type Signed, shapes, signedShape } from '@entente/canonical'
import { type Card, type ReleaseStatement, cardShape, releaseStatementShape } from '@entente/container'
import { type Label, type Portion, labelShape, portionShape } from '@entente/label'
import * as v from 'valibot'

/** Who is signed in. */
export interface Me {
  readonly id: string
  readonly names: { readonly en: string; readonly ja: string }
  readonly roles: readonly string[]
  readonly nation: string
  readonly realm: 'exercise' | 'operational'
  /** As the own office has it now; absent for whoever is not cleared. `until` in seconds. */
  readonly clearance?: {
    readonly level: string
    readonly until: number
    readonly areas: readonly { readonly area: string; readonly purposes: readonly string[] }[]
  }
}

/** A portion of a draft, with its marking as text. */
export type MarkedPortion = Portion & { readonly marking: string }

/** Why an officer gives a report back; `other` needs a reason in words. */
export const RETURN_CODES = ['needs-rewrite', 'wrong-marking', 'not-releasable', 'not-useful', 'other'] as const
export type ReturnCode = (typeof RETURN_CODES)[number]
export interface Returned {
  readonly code: ReturnCode
  readonly reason?: string
}

/** A report while it is written and reviewed. */
export interface DraftView {
  readonly id: string
  readonly author: string
  readonly authorNames?: { readonly en: string; readonly ja: string }
  readonly title: { readonly en?: string; readonly ja?: string }
  readonly area: string
  readonly state: 'draft' | 'review' | 'returned'
  /** Why an officer gave it back; words for the code stand under `returned/…`. */
  readonly returned?: Returned
  /** SHA-256 of the files whose bytes the node has. */
  readonly uploaded?: readonly string[]
  /** The marking of the whole; absent where a person must decide it. */
  readonly banner?: string
  readonly portions: readonly MarkedPortion[]
}

/** What lists show of an item. */
export interface ItemLine {
  readonly item: string
  readonly card: Card
  readonly marking: string
  readonly equivalent?: string
  readonly originator: string
  readonly agreement?: string
  readonly released: number
  readonly expires: number
  readonly containerSize: number
}

/** A line of a list: an item, and what this person did with it; times in seconds. */
export interface ListedLine extends ItemLine {
  readonly opened?: number
  readonly acknowledged?: number
}

/** One page of a list, the latest release first. */
export interface ItemPage {
  readonly items: readonly ListedLine[]
  /** How many the person may list; of a search, how many of them fit it. */
  readonly count: number
  /** What `after` takes for the next page; absent on the last one. */
  readonly next?: string
  /** Of a search: what was looked at, and what was not. */
  readonly searched?: { readonly fields: readonly string[]; readonly notSearched: readonly string[] }
}

/** One item as its reader's client gets it; nothing of it is believed before it was verified. */
export interface ItemView extends ItemLine {
  readonly signed: Signed<ReleaseStatement>
  readonly statement: string
  readonly container: { readonly sha256: string; readonly size: number }
  readonly serial: number
}

/** A rendition that the node prepared, to be sealed and signed by the officer's device. */
export interface PreparedRendition extends Pick<
  ReleaseStatement,
  'item' | 'serial' | 'originator' | 'recipient' | 'label' | 'area' | 'basis' | 'keyControl' | 'expires' | 'released'
> {
  readonly portions: readonly string[]
  readonly keyServices: readonly {
    readonly role: 'originator' | 'recipient'
    readonly name: string
    readonly kid: string
    readonly publicKey: string
  }[]
}

/** An item that the own nation released, as its officers oversee it. */
export interface RegisterLine {
  readonly item: string
  readonly recipient: string
  readonly area: string
  readonly marking: string
  readonly released: number
  readonly expires: number
  readonly state: 'live' | 'stopped' | 'expired'
  readonly stoppedAt?: number
  /** The same for the renditions of one report. */
  readonly report: string
  readonly agreement?: string
  readonly article?: string
  /** Only for who may know what the report is about. */
  readonly title?: { readonly en?: string; readonly ja?: string }
}

/** One entry about an item with its opening and, where its witness has cosigned it, its proof. */
export interface EvidenceEntry {
  readonly log: string
  readonly index: number
  readonly act: string
  /** Of an entry `joined`: `opened`, `failed` or `acknowledged`. */
  readonly outcome?: string
  readonly at: number
  /** On the word of the own node: what its people are called who stand in the entry. */
  readonly names?: Readonly<Record<string, { readonly en: string; readonly ja: string }>>
  readonly leaf: string
  readonly opening: Json
  readonly proof?: string
}

const text = v.pipe(v.string(), v.maxLength(4_096))
const names = v.object({ en: text, ja: text })
const titled = v.object({ en: v.exactOptional(text), ja: v.exactOptional(text) })

// The node may come to say more than it does today: what is not named here is left out, and what is named is checked.
export const meShape: Shape<Me> = v.object({
  id: text,
  names,
  roles: v.array(text),
  nation: shapes.nation,
  realm: shapes.realm,
  clearance: v.exactOptional(
    v.object({ level: text, until: shapes.instant, areas: v.array(v.object({ area: text, purposes: v.array(text) })) }),
  ),
}) as Shape<Me>

/** What the frame of every screen shows. */
export interface NodeStatus {
  readonly realm: 'exercise' | 'operational'
  readonly nation: string
  readonly exercise: boolean
  /** The node's clock, in seconds. */
  readonly now: number
  readonly partners: readonly {
    readonly nation: string
    readonly names: { readonly en: string; readonly ja: string }
    /** What the latest call to the partner came to, and since when it is so. */
    readonly reachable: boolean
    readonly since: number
  }[]
}

export const statusShape: Shape<NodeStatus> = v.object({
  realm: shapes.realm,
  nation: shapes.nation,
  exercise: v.boolean(),
  now: shapes.instant,
  partners: v.array(v.object({ nation: shapes.nation, names, reachable: v.boolean(), since: shapes.instant })),
})

const markedPortion: Shape<MarkedPortion> = v.pipe(
  v.looseObject({ marking: text }),
  v.transform(({ marking, ...portion }) => ({ marking, portion: portion as unknown })),
  v.object({ marking: text, portion: portionShape }),
  v.transform(({ marking, portion }): MarkedPortion => ({ ...portion, marking })),
) as unknown as Shape<MarkedPortion>

const draftMembers = {
  id: shapes.uuid,
  author: text,
  authorNames: v.exactOptional(names),
  title: titled,
  area: text,
  state: v.picklist(['draft', 'review', 'returned']),
  returned: v.exactOptional(v.object({ code: v.picklist(RETURN_CODES), reason: v.exactOptional(text) })),
  uploaded: v.exactOptional(v.array(shapes.sha256)),
  banner: v.exactOptional(text),
}

export const draftShape: Shape<DraftView> = v.object({
  ...draftMembers,
  portions: v.array(markedPortion),
}) as unknown as Shape<DraftView>

/** A draft in a list. */
export type DraftLine = Omit<DraftView, 'portions'>

export const draftListShape: Shape<{ readonly drafts: readonly DraftLine[] }> = v.object({
  drafts: v.array(v.object(draftMembers)),
}) as unknown as Shape<{ readonly drafts: readonly DraftLine[] }>

const lineMembers = {
  item: shapes.uuid,
  card: cardShape,
  marking: text,
  equivalent: v.exactOptional(text),
  originator: shapes.nation,
  agreement: v.exactOptional(text),
  released: shapes.instant,
  expires: shapes.instant,
  containerSize: shapes.natural,
}
const cursor = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,100}$/u))
const fieldNames = v.pipe(v.array(shapes.shortText), v.maxLength(32))
export const itemPageShape: Shape<ItemPage> = v.object({
  items: v.pipe(
    v.array(v.object({ ...lineMembers, opened: v.exactOptional(shapes.instant), acknowledged: v.exactOptional(shapes.instant) })),
    v.maxLength(200),
  ),
  count: shapes.natural,
  next: v.exactOptional(cursor),
  searched: v.exactOptional(v.object({ fields: fieldNames, notSearched: fieldNames })),
}) as Shape<ItemPage>

export const itemShape: Shape<ItemView> = v.object({
  ...lineMembers,
  signed: signedShape(releaseStatementShape),
  statement: shapes.sha256,
  container: v.object({ sha256: shapes.sha256, size: shapes.natural }),
  serial: shapes.natural,
}) as Shape<ItemView>

export const registerShape: Shape<{ readonly items: readonly RegisterLine[] }> = v.object({
  items: v.array(
    v.object({
      item: shapes.uuid,
      recipient: shapes.nation,
      area: text,
      marking: text,
      released: shapes.instant,
      expires: shapes.instant,
      state: v.picklist(['live', 'stopped', 'expired']),
      stoppedAt: v.exactOptional(shapes.instant),
      report: text,
      agreement: v.exactOptional(text),
      article: v.exactOptional(text),
      title: v.exactOptional(titled),
    }),
  ),
}) as Shape<{ readonly items: readonly RegisterLine[] }>

export const preparedShape: Shape<{ readonly renditions: readonly PreparedRendition[] }> = v.object({
  renditions: v.pipe(
    v.array(
      v.object({
        item: shapes.uuid,
        serial: shapes.natural,
        originator: shapes.nation,
        recipient: shapes.nation,
        portions: v.pipe(v.array(text), v.minLength(1)),
        label: labelShape as Shape<Label>,
        area: text,
        basis: v.exactOptional(v.object({ agreement: text, version: shapes.sha256, article: text, grant: text })),
        keyControl: v.picklist(['originator', 'both', 'either']),
        expires: shapes.instant,
        released: shapes.instant,
        keyServices: v.pipe(
          v.array(v.object({ role: v.picklist(['originator', 'recipient']), name: text, kid: text, publicKey: shapes.base64url })),
          v.minLength(1),
          v.maxLength(2),
        ),
      }),
    ),
    v.minLength(1),
  ),
}) as Shape<{ readonly renditions: readonly PreparedRendition[] }>

export const announcedShape: Shape<{ readonly size: number; readonly sha256: string }> = v.object({
  size: shapes.natural,
  sha256: shapes.sha256,
})
export const uploadShape: Shape<{ readonly upload: string }> = v.object({ upload: v.pipe(v.string(), v.regex(/^[0-9a-f]{16,96}$/u)) })
export const releasedShape: Shape<{
  readonly items: readonly { readonly item: string; readonly recipient: string }[]
  readonly n: number
}> = v.object({
  items: v.array(v.object({ item: shapes.uuid, recipient: shapes.nation })),
  n: shapes.natural,
})
export const stoppedShape: Shape<{ readonly n: number; readonly effective: number; readonly items: readonly string[] }> = v.object({
  n: shapes.natural,
  effective: shapes.instant,
  items: v.array(shapes.uuid),
})
export const numberShape: Shape<{ readonly number: number }> = v.object({ number: shapes.natural })
export const credentialShape: Shape<{ readonly credential: string }> = v.object({ credential: v.pipe(v.string(), v.maxLength(65_536)) })
export const nonceShape: Shape<{ readonly nonce: string }> = v.object({ nonce: shapes.shortText })
export const answersShape: Shape<{ readonly originator: Json; readonly recipient?: Json }> = v.object({
  originator: shapes.json,
  recipient: v.exactOptional(shapes.json),
}) as Shape<{ readonly originator: Json; readonly recipient?: Json }>
const documents = v.pipe(v.array(shapes.json), v.maxLength(1_024))
export const trustShape: Shape<{
  readonly agreements: readonly Json[]
  readonly statements: readonly Json[]
  readonly held: readonly Json[]
  readonly notices: readonly Json[]
}> = v.object({ agreements: documents, statements: documents, held: documents, notices: documents })
export const policiesShape: Shape<{ readonly policies: readonly Json[] }> = v.object({
  policies: v.pipe(v.array(shapes.json), v.maxLength(1_024)),
})
export const evidenceShape: Shape<{ readonly entries: readonly EvidenceEntry[] }> = v.object({
  entries: v.array(
    v.object({
      log: text,
      index: shapes.natural,
      act: text,
      outcome: v.exactOptional(text),
      at: shapes.instant,
      names: v.exactOptional(v.record(text, names)),
      leaf: v.pipe(v.string(), v.maxLength(1_024)),
      opening: shapes.json,
      proof: v.exactOptional(v.pipe(v.string(), v.maxLength(65_536))),
    }),
  ),
}) as Shape<{ readonly entries: readonly EvidenceEntry[] }>
export const jsonShape: Shape<Json> = shapes.json
