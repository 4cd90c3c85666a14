import type { CategoryKind } from '../../model.ts'

/** Where a marking is put. */
export type MarkingPlace =
  | 'page-top'
  | 'page-bottom'
  | 'document-start'
  | 'document-end'
  | 'first-line'
  | 'last-line'
  | 'subject'
  | 'portion'
  | 'watermark'

/** A phrase of marking data: where it is used, and what it does to the name that it stands for. */
export interface SpifPhrase {
  /** `xml:lang`; absent: every language. */
  readonly lang?: string
  /** Absent: the name itself. */
  readonly phrase?: string
  /** Absent: every place. */
  readonly places?: readonly MarkingPlace[]
  readonly hidden: boolean
  readonly nameHidden: boolean
  readonly suppressClassName: boolean
  readonly replacePolicy: boolean
}

export interface SpifQualifier {
  readonly lang?: string
  readonly code: 'prefix' | 'suffix' | 'separator'
  readonly text: string
}

/** What a name looks like in a marking. */
export interface SpifMarks {
  readonly phrases: readonly SpifPhrase[]
  readonly qualifiers: readonly SpifQualifier[]
}

/** How values are encoded in a binary label: as bits, or as integers. It is part of a value's identity (ACP 145). */
export type SpifEncoding = 'bits' | 'integers'

/** Values of a tag type of a tag set: one of them by `lacv`, or any of them. */
export interface SpifGroup {
  readonly tagSet: string
  readonly kind: CategoryKind
  readonly encoding?: SpifEncoding
  readonly lacv?: string
}

export interface SpifRequirement {
  readonly operation: 'all' | 'one-or-more' | 'only-one'
  readonly groups: readonly SpifGroup[]
}

export type Applied = 'encrypt' | 'decrypt'

export interface SpifEquivalentClassification {
  /** Object identifier of the other policy. */
  readonly policyId: string
  readonly lacv: string
  readonly applied: readonly Applied[]
  readonly requires: readonly SpifRequirement[]
}

export interface SpifEquivalentValue {
  readonly policyId: string
  readonly applied: readonly Applied[]
  /** Absent: the value has no counterpart and may be left out. */
  readonly to?: { readonly tagSetId: string; readonly kind: CategoryKind; readonly encoding?: SpifEncoding; readonly lacv: string }
}

export interface SpifClassification {
  readonly name: string
  /** Label and certificate value: an integer of any size, in decimal without leading zeros. */
  readonly lacv: string
  readonly hierarchy: bigint
  readonly obsolete: boolean
  readonly marks: SpifMarks
  readonly requires: readonly SpifRequirement[]
  readonly equivalents: readonly SpifEquivalentClassification[]
}

export interface SpifValue {
  readonly name: string
  /** An integer in decimal without leading zeros, or another text as it stands. */
  readonly lacv: string
  readonly obsolete: boolean
  /** Name of the only classification that it stands with. */
  readonly requiredClass?: string
  readonly excludedClasses: readonly string[]
  readonly requires: readonly SpifRequirement[]
  readonly excludes: readonly SpifGroup[]
  readonly equivalents: readonly SpifEquivalentValue[]
  readonly marks: SpifMarks
}

export interface SpifTag {
  readonly name: string
  readonly kind: CategoryKind
  /** Absent for informative tags of a file that does not say: such values have no binary form. */
  readonly encoding?: SpifEncoding
  readonly min: number
  readonly max?: number
  readonly values: readonly SpifValue[]
  readonly marks: SpifMarks
}

export interface SpifTagSet {
  readonly name: string
  readonly id: string
  readonly tags: readonly SpifTag[]
}

/** A security policy information file (XML SPIF 1.0 to 2.1): a policy of labels, how they are marked, and what they are elsewhere. */
export interface Spif {
  readonly name: string
  readonly id: string
  readonly schemaVersion: string
  /** In the order of the file. */
  readonly classifications: readonly SpifClassification[]
  readonly tagSets: readonly SpifTagSet[]
  readonly equivalentPolicies: readonly { readonly name: string; readonly id: string; readonly requires: readonly SpifRequirement[] }[]
  readonly marks: SpifMarks
}

/** A value in its place in the policy. */
export interface PlacedValue {
  readonly tagSet: SpifTagSet
  readonly tag: SpifTag
  readonly value: SpifValue
}

/** A label under a SPIF: its classification, and its values in the order of the file. */
export interface SpifLabel {
  readonly spif: Spif
  readonly classification: SpifClassification
  readonly values: readonly PlacedValue[]
  readonly privacyMark?: string
}

/** A clearance under a SPIF. */
export interface SpifClearance {
  readonly spif: Spif
  readonly classifications: readonly SpifClassification[]
  readonly values: readonly PlacedValue[]
}
