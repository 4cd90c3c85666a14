/** The kinds of category: restrictive (a reader must hold all), permissive (at least one), informative (nobody is tested). */
export type CategoryKind = 'restrictive' | 'permissive' | 'informative'

/** A set of values under one tag of the policy, such as caveats. Releasability is not here: it stands with its originator. */
export interface Category {
  /** ASCII code of the tag in the policy, for instance `caveat`. */
  readonly tag: string
  readonly kind: CategoryKind
  /** ASCII codes, sorted, at least one. */
  readonly values: readonly string[]
}

/** A rule on the person and not on a set of countries: only citizens of these nations. */
export interface PersonRule {
  readonly rule: 'citizens-of'
  /** The marking's own code in its policy. */
  readonly code: string
  /** ISO 3166-1 alpha-3, sorted. */
  readonly nations: readonly string[]
}

/**
 * One originator with its own say. `releasableTo` holds at least the originator itself, sorted; `neutral` (unclassified
 * levels only) means that this part narrows nothing and goes out only by a rule and an officer's decision.
 */
export interface OriginatorPart {
  /** ISO 3166-1 alpha-3; in the marking scheme of an alliance or community also its own code. */
  readonly nation: string
  readonly releasableTo: readonly string[] | 'neutral'
}

/** What a marking says (spec/label.md). Immutable; a partner's reading of it is an alternative label, never a change. */
export interface Label {
  /** Id of the marking policy, for instance `EXERCISE-XKA`. */
  readonly policy: string
  /** ASCII code of the classification in that policy, for instance `SECRET`. */
  readonly classification: string
  /** Sorted by tag; no empty ones. */
  readonly categories: readonly Category[]
  /** Sorted by code. */
  readonly personRules: readonly PersonRule[]
  /** Sorted by nation; at least one. */
  readonly originators: readonly OriginatorPart[]
  /** Seconds since 1970-01-01T00:00:00Z. */
  readonly created: number
  /** When it must be looked at again. */
  readonly review?: number
  /** The label that takes this one's place from an instant on (STANAG 4774 SuccessionHandling). Never on the wire between nodes. */
  readonly succession?: { readonly at: number; readonly label: Label }
}

/** A partner's reading of a label: beside it, never in its place (spec/label.md section 1). */
export interface AlternativeLabel {
  readonly label: Label
  /** Who mapped it: the id of the mapping service or office. */
  readonly by: string
  /** When, seconds since 1970. */
  readonly at: number
  /** Id of the version of the equivalence table that was applied. */
  readonly table: string
}

/** Two languages; both are originals. */
export interface Bilingual {
  readonly en: string
  readonly ja: string
}

/** Names in the two languages, and in French where an alliance writes its marks in it. */
export interface Names extends Bilingual {
  readonly fr?: string
}

/** A word that a policy no longer has: it is read with `lenient` only, and what it is read as is said. */
export interface Obsolete {
  /** The code that took its place; absent: none did, and a person decides. */
  readonly readAs?: string
  readonly source: string
}

/** One classification of a marking policy. */
export interface PolicyClassification {
  /** ASCII, stable, used in labels and attribute names: `SECRET`, `OFFICIAL-SENSITIVE`. */
  readonly code: string
  /** Rank within the policy; higher is more sensitive. */
  readonly order: number
  /** What no releasability mark means at this level (7-settled: classified levels are `originator`). */
  readonly unmarkedRelease: 'originator' | 'neutral'
  /**
   * Levels of different families cannot be compared: no public rule says which is the higher, so a person decides. A level
   * without a family is comparable with all, and stands below every level that has one.
   */
  readonly family?: string
  /** Read with `lenient` only, and never written: what it was, until when, and by what source. */
  readonly obsolete?: Obsolete
  readonly names: Names
  /** How it is written: on a banner and before a portion; `input` lists further spellings that are read. */
  readonly banner: string
  readonly portion: string
  readonly input: readonly string[]
  readonly colours: { readonly background: string; readonly text: string; readonly frame?: string }
}

/** One value of a category tag of a marking policy. */
export interface PolicyCategoryValue {
  readonly code: string
  /** Code of the lowest classification that it may stand with; absent: any. */
  readonly lowest?: string
  /** Codes of the only classifications that it may stand with; absent: any from `lowest` up. */
  readonly only?: readonly string[]
  readonly names: Names
  readonly banner: string
  readonly portion: string
  readonly input: readonly string[]
  readonly obsolete?: Obsolete
}

export interface PolicyCategory {
  readonly tag: string
  readonly kind: CategoryKind
  readonly names: Bilingual
  /** Further names of the tag in machine forms, as later editions of a policy have them. */
  readonly input?: readonly string[]
  /** May be empty only where the category is `open`. */
  readonly values: readonly PolicyCategoryValue[]
  /**
   * Values that the policy cannot list (codewords, named persons, compartments): they are texts of at most `maxLength` UTF-16
   * units of the given character class (a code, or a text in one spelling). How they are introduced in a marking is the syntax's;
   * in a `layout` the value stands at `{value}`.
   */
  readonly open?: { readonly characters: 'code' | 'text'; readonly maxLength: number; readonly banner: string; readonly portion: string }
}

/** Words of a label that a rule speaks of: a category's values (any of them, when none is named), levels, or a set of nations. */
export interface Selector {
  readonly tag?: string
  readonly values?: readonly string[]
  readonly classifications?: readonly string[]
  readonly personRules?: readonly string[]
  /** The set of the policy's own nation is named and wider than that nation. */
  readonly released?: boolean
}

/** A rule between words: where all of `when` holds, at least one of `requires` must, and none of `excludes` may. */
export interface PolicyRule {
  /** Stable, in this policy: `noforn-excludes-rel`. */
  readonly id: string
  readonly when: Selector
  readonly requires?: readonly Selector[]
  readonly excludes?: readonly Selector[]
  readonly source: string
  readonly says: Bilingual
}

/** How a policy of the syntaxes `pspf`, `japan` and `plain` writes its markings (spec/label.md section 7). */
export interface MarkingLayout {
  /** Texts between the parts of a marking: the first is written, all are read. */
  readonly separators: readonly string[]
  /** What stands around a portion mark, as it is written; its plain and full-width forms are read. */
  readonly brackets: { readonly open: string; readonly close: string }
  /** The order of what follows the classification: tags of categories, `person` and `rel`. */
  readonly order: readonly string[]
  /** The releasability mark with its place for nations, `REL {nations}`; the first is written, all are read. */
  readonly release: readonly string[]
  /** Between nations: the first is written, all are read. */
  readonly between: readonly string[]
  /** How a nation is written: by its code, by the first of its `input` spellings (else its code), or by its name in a language. */
  readonly nations: 'code' | 'short' | 'en' | 'ja'
  /** The policy's own nation is not named in the releasability mark: it is always meant. */
  readonly ownImplied?: boolean
  /** What came from another nation, whose set holds it and the policy's own: `{nation}` is its name. Absent: cannot be written. */
  readonly provided?: string
  /** The part of the policy's own nation, beside what others provided. Written only where `provided` is. */
  readonly made?: string
}

/**
 * A code that stands for several nations in a releasability mark; membership is dated (seconds since 1970). An alliance's own
 * code is its `nation` and may be a community too.
 */
export interface PolicyCommunity {
  readonly code: string
  readonly names: Names
  readonly members: readonly { readonly nation: string; readonly from?: number; readonly until?: number }[]
}

/** How the markings of a policy are written; `entente` is the grammar of spec/label.md section 4. */
export type SyntaxName = 'entente' | 'capco' | 'pspf' | 'japan' | 'plain' | 'nato' | 'tlp'

export interface PolicyPersonRule {
  readonly code: string
  readonly rule: 'citizens-of'
  /** Code of the lowest classification that it may stand with; absent: any. */
  readonly lowest?: string
  /** ISO 3166-1 alpha-3, sorted; the policy's own nation is among them. */
  readonly nations: readonly string[]
  /**
   * Cleared officers of these nations who are posted inside one of these organisations count as citizens; everywhere else the
   * rule is read without them. A post is a fact of the moment: no label, export or bundle holds it.
   */
  readonly posted?: { readonly nations: readonly string[]; readonly hosts: readonly string[] }
  readonly names: Bilingual
  readonly banner: string
  readonly portion: string
}

/** One clearance level of a nation's own scheme: which classifications it opens. */
export interface PolicyClearance {
  readonly code: string
  readonly order: number
  readonly names: Bilingual
  /** Codes of the classifications that its holder may read, all of them listed (as STANAG 4774 clearances do). */
  readonly classifications: readonly string[]
}

/** An office that drafts, reviews or releases; fictional wherever the realm is `exercise`. */
export interface PolicyOffice {
  readonly code: string
  readonly names: Bilingual
}

/** A nation's marking scheme, as data: `nations/<iso3>/nation.json`. */
export interface MarkingPolicy {
  /** `EXERCISE-XKA`. */
  readonly id: string
  /** `urn:oid:2.25.…`. */
  readonly oid: string
  readonly nation: string
  readonly nationNames: Bilingual
  readonly realm: 'exercise' | 'operational'
  readonly classifications: readonly PolicyClassification[]
  readonly categories: readonly PolicyCategory[]
  readonly personRules: readonly PolicyPersonRule[]
  readonly clearances: readonly PolicyClearance[]
  /** Nations that a releasability mark of this policy may name, the policy's own among them, with their names. */
  readonly releasableTo: readonly {
    readonly nation: string
    readonly names: Names
    /** Further names that are read where a syntax writes nations by name. */
    readonly input?: readonly string[]
  }[]
  /** The mark put on what another nation gave: `{nation}` is the giver's name, `{level}` the own level it is handled at. */
  readonly receivedMark: Bilingual
  readonly offices: readonly PolicyOffice[]
  /** Absent: `entente`. */
  readonly syntax?: SyntaxName
  /** Needed by the syntaxes `pspf`, `japan` and `plain`. */
  readonly layout?: MarkingLayout
  readonly communities?: readonly PolicyCommunity[]
  readonly rules?: readonly PolicyRule[]
}

/** How a marking is written: whole, or before a portion. `any` is for reading only: the spellings of both. */
export type MarkingForm = 'banner' | 'portion' | 'any'

/** The smallest thing with a label of its own: a paragraph in one or both languages, or a file. */
export type Portion =
  | {
      readonly id: string
      readonly label: Label
      readonly kind: 'text'
      readonly texts: readonly { readonly lang: 'en' | 'ja'; readonly text: string }[]
    }
  | {
      readonly id: string
      readonly label: Label
      readonly kind: 'file'
      /** Name as given, NFC; never a path. */
      readonly name: string
      readonly mediaType: string
      readonly size: number
      /** SHA-256 of the file, lower-case hexadecimal. */
      readonly sha256: string
    }
