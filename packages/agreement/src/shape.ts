import * as v from 'valibot'
import { type Shape, type Signed, hybridPublicKeyShape, readDocument, shapes, signedShape } from '@entente/canonical'
import type { Bilingual } from '@entente/label'
import type {
  Act,
  Agreement,
  AgreementTemplate,
  AgreementReference,
  Area,
  Article,
  Clock,
  Delegation,
  Duty,
  EquivalenceRow,
  EquivalenceTable,
  Grant,
  Invariant,
  KeyControl,
  Party,
  PersonConditions,
  Prohibition,
  Region,
  Succession,
  Survival,
  Use,
  WitnessPolicy,
} from './model.ts'

/** The largest agreement that is read: 512 KiB. */
export const MAX_AGREEMENT_BYTES = 524_288
/** One party with its keys, by itself: 64 KiB. */
const MAX_PARTY_BYTES = 65_536
/** With its signatures, of 4.6 KiB each: 2 MiB. */
const MAX_SIGNED_AGREEMENT_BYTES = 2_097_152

/** ASCII code of a term: it becomes part of attribute names, so no slash and no space. */
const code: Shape<string> = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/u))
const articleId: Shape<string> = v.pipe(v.string(), v.regex(/^[1-9][0-9]{0,2}(?:\.[1-9][0-9]{0,2}){0,3}$/u))
/** Lower case, for it stands in log origins and folder names. */
const agreementName: Shape<string> = v.pipe(v.string(), v.regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/u), v.maxLength(64))
/** `tag/value` of a marking policy. */
const categoryValue: Shape<string> = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\/[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/u))

const bilingualTitle: Shape<Bilingual> = v.strictObject({ en: shapes.shortText, ja: shapes.shortText })
const prose: Shape<string> = v.pipe(v.string(), v.minLength(1), v.maxLength(16_384))
const bilingualProse: Shape<Bilingual> = v.strictObject({ en: prose, ja: prose })

function list<T>(item: Shape<T>, min: number, max: number): Shape<T[]> {
  return v.pipe(v.array(item), v.minLength(min), v.maxLength(max))
}

function between(min: number, max: number): Shape<number> {
  return v.pipe(v.number(), v.safeInteger(), v.minValue(min), v.maxValue(max))
}

const act: Shape<Act> = v.picklist(['list', 'show', 'open', 'print', 'export', 'onward-release', 'derive'])
const duty: Shape<Duty> = v.picklist(['mark-received', 'return-or-destroy', 'notify-compromise', 'no-third-party', 'no-other-use'])
const use: Shape<Use> = v.picklist(['act-on', 'name-source', 'court'])
const keyControl: Shape<KeyControl> = v.picklist(['originator', 'both', 'either'])

const partyEntries = {
  nation: shapes.nation,
  names: bilingualTitle,
  authority: bilingualTitle,
  memberFrom: v.exactOptional(shapes.instant),
  memberUntil: v.exactOptional(shapes.instant),
} as const
const party: Shape<Party> = v.strictObject({
  ...partyEntries,
  authorityKey: hybridPublicKeyShape,
  countersigningKey: v.exactOptional(hybridPublicKeyShape),
})
const templateParty: Shape<Omit<Party, 'authorityKey' | 'countersigningKey'>> = v.strictObject(partyEntries)

const article: Shape<Article> = v.strictObject({ id: articleId, title: bilingualTitle, text: bilingualProse })
const area: Shape<Area> = v.strictObject({ code, parent: v.exactOptional(code), names: bilingualTitle })

const row: Shape<EquivalenceRow> = v.strictObject({ from: code, to: v.exactOptional(code) })
const tableEntries = {
  kind: v.picklist(['markings', 'clearances']),
  from: shapes.nation,
  to: shapes.nation,
  article: articleId,
  rows: list(row, 1, 64),
} as const
const table: Shape<EquivalenceTable> = v.strictObject({ ...tableEntries, validFrom: shapes.instant })
const templateTable: Shape<Omit<EquivalenceTable, 'validFrom'>> = v.strictObject(tableEntries)

const person: Shape<PersonConditions> = v.strictObject({
  clearance: v.literal('equivalent'),
  needToKnow: v.literal('area'),
  citizenship: list(shapes.nation, 1, 250),
  purposes: list(code, 0, 64),
  organisations: v.exactOptional(list(code, 1, 256)),
  posts: v.exactOptional(list(code, 1, 256)),
  facilities: v.exactOptional(list(code, 1, 256)),
})

const grant: Shape<Grant> = v.strictObject({
  id: code,
  article: articleId,
  from: shapes.nation,
  to: v.union([shapes.nation, v.literal('members')]),
  via: v.exactOptional(shapes.nation),
  areas: list(code, 1, 256),
  ceiling: code,
  floor: v.exactOptional(code),
  categories: list(categoryValue, 0, 256),
  mode: v.picklist(['show', 'give']),
  acts: list(act, 1, 7),
  uses: v.exactOptional(list(use, 1, 3)),
  person,
  keyControl,
  duties: list(duty, 0, 5),
  lifeDays: between(1, 36_525),
  foreignClients: v.boolean(),
})

const regionEntries = {
  from: v.exactOptional(shapes.nation),
  to: v.exactOptional(shapes.nation),
  via: v.exactOptional(shapes.nation),
  areas: v.exactOptional(list(code, 1, 256)),
  atLeast: v.exactOptional(code),
  personRules: v.exactOptional(list(code, 1, 64)),
  categories: v.exactOptional(list(categoryValue, 1, 256)),
  acts: v.exactOptional(list(act, 1, 7)),
  uses: v.exactOptional(list(use, 1, 3)),
  citizenshipOutside: v.exactOptional(list(shapes.nation, 1, 250)),
  organisationsOutside: v.exactOptional(list(code, 1, 256)),
  postsOutside: v.exactOptional(list(code, 1, 256)),
  facilitiesOutside: v.exactOptional(list(code, 1, 256)),
  purposesOutside: v.exactOptional(list(code, 1, 64)),
} as const

const region: Shape<Region> = v.strictObject(regionEntries)
const prohibition: Shape<Prohibition> = v.strictObject({ id: code, article: articleId, ...regionEntries })
const invariant: Shape<Invariant> = v.strictObject({ id: code, text: bilingualProse, never: region })

const reference: Shape<AgreementReference> = v.strictObject({ agreement: agreementName, article: articleId })
const clock: Shape<Clock> = v.strictObject({
  event: v.picklist(['compromise-suspected', 'compromise-report', 'change-of-law', 'reclassification', 'recall-answer', 'request-answer']),
  article: articleId,
  hours: between(1, 87_600),
})
const delegation: Shape<Delegation> = v.strictObject({
  id: code,
  article: articleId,
  nation: shapes.nation,
  office: code,
  ceiling: code,
  areas: list(code, 1, 256),
  modes: list(v.picklist(['give', 'show']), 1, 2),
  until: v.exactOptional(shapes.instant),
})
const succession: Shape<Succession> = v.strictObject({
  kind: v.picklist(['grant', 'area', 'classification', 'clearance']),
  nation: v.exactOptional(shapes.nation),
  from: code,
  to: code,
  article: articleId,
})
const survival: Shape<Survival> = v.strictObject({
  article: articleId,
  acts: list(act, 1, 7),
  days: v.exactOptional(between(1, 36_525)),
})

const witness: Shape<WitnessPolicy> = v.strictObject({
  partnerOpening: v.literal('partner-cosigned'),
  ownOpening: v.literal('second-witness-cosigned'),
  releasesAndStops: v.literal('durable'),
  rhythm: v.variant('kind', [
    v.strictObject({ kind: v.literal('on-demand') }),
    v.strictObject({ kind: v.literal('fixed'), milliseconds: between(5, 86_400_000) }),
  ]),
})

const commonEntries = {
  agreement: agreementName,
  realm: shapes.realm,
  version: between(1, 1_000_000),
  title: bilingualTitle,
  illustrative: bilingualProse,
  articles: list(article, 1, 256),
  areas: list(area, 1, 512),
  grants: list(grant, 0, 256),
  prohibitions: list(prohibition, 0, 256),
  witness,
  pseudonymLife: v.picklist(['item', 'day', 'stable']),
  rosterMinimum: between(2, 1_000),
  limits: v.strictObject({ openingsPerPersonPerDay: between(1, 1_000_000), openingsPerNationPerDay: between(1, 1_000_000_000) }),
  compromiseHours: between(1, 8_760),
  suite: v.literal('entente-1'),
  basis: v.exactOptional(list(reference, 1, 16)),
  clocks: v.exactOptional(list(clock, 1, 6)),
  delegations: v.exactOptional(list(delegation, 1, 256)),
  successions: v.exactOptional(list(succession, 1, 256)),
  thirdParty: v.exactOptional(v.strictObject({ article: articleId })),
  retention: v.exactOptional(
    v.strictObject({ article: articleId, evidenceYears: between(1, 1_000), itemDays: v.exactOptional(between(1, 36_525)) }),
  ),
  entry: v.exactOptional(v.strictObject({ article: articleId, by: v.picklist(['signature', 'notes']) })),
  amendment: v.exactOptional(v.strictObject({ article: articleId })),
  suspension: v.exactOptional(v.strictObject({ article: articleId })),
  termination: v.exactOptional(v.strictObject({ article: articleId, noticeDays: between(0, 3_650) })),
  survival: v.exactOptional(survival),
  invariants: v.exactOptional(list(invariant, 1, 256)),
} as const

/** The shape of a version's body (spec/agreement.md 2). Strict: an unknown member is refused. */
export const agreementShape: Shape<Agreement> = v.strictObject({
  ...commonEntries,
  previous: v.exactOptional(shapes.sha256),
  parties: list(party, 2, 64),
  equivalence: list(table, 0, 256),
  inForceFrom: shapes.instant,
  inForceUntil: v.exactOptional(shapes.instant),
})

/** The shape of a signed version: of 64 parties two persons each, and those of the version before. */
export const signedAgreementShape: Shape<Signed<Agreement>> = signedShape(agreementShape, 256)

/** The shape of a template: a body without authority keys, dates and predecessor. */
export const agreementTemplateShape: Shape<AgreementTemplate> = v.strictObject({
  ...commonEntries,
  parties: list(templateParty, 2, 64),
  equivalence: list(templateTable, 0, 256),
})

/** A version's body from JSON bytes; throws `CanonicalError`. That its references resolve is `validateAgreement`'s to say. */
export function readAgreement(bytes: Uint8Array): Agreement {
  return readDocument(agreementShape, bytes, 'agreement', MAX_AGREEMENT_BYTES)
}

/** One party from JSON bytes, as it would stand in a version: what a nation hands to negotiators before it is one. Throws `CanonicalError`. */
export function readParty(bytes: Uint8Array): Party {
  return readDocument(party, bytes, 'party', MAX_PARTY_BYTES)
}

/** A signed version from JSON bytes; throws `CanonicalError`. Nothing is verified yet: see `verifyAgreement`. */
export function readSignedAgreement(bytes: Uint8Array): Signed<Agreement> {
  return readDocument(signedAgreementShape, bytes, 'signed agreement', MAX_SIGNED_AGREEMENT_BYTES)
}

/** A template from JSON bytes; throws `CanonicalError`. */
export function readAgreementTemplate(bytes: Uint8Array): AgreementTemplate {
  return readDocument(agreementTemplateShape, bytes, 'agreement template', MAX_AGREEMENT_BYTES)
}
