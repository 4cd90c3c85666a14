import { type Shape, readShape, shapes } from '@entente/canonical'
import * as v from 'valibot'
import { LabelError } from './errors.ts'
import type { Bilingual, MarkingLayout, MarkingPolicy, Names, Obsolete, Selector } from './model.ts'
import { hasValue } from './open.ts'
import { codeShape, policyIdShape, sortedSet, tagShape } from './shape.ts'
import { misspelt, vocabularyOf } from './vocabulary.ts'

const bilingual: Shape<Bilingual> = v.strictObject({ en: shapes.shortText, ja: shapes.shortText })
const names: Shape<Names> = v.strictObject({ en: shapes.shortText, ja: shapes.shortText, fr: v.exactOptional(shapes.shortText) })
const spelling = v.pipe(v.string(), v.minLength(1), v.maxLength(64))
const inputs = listOf(spelling, 0, 32)
const colour = v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/u))
const lowest = v.exactOptional(codeShape)
const obsolete = v.exactOptional(v.strictObject({ readAs: v.exactOptional(codeShape), source: shapes.shortText }))
const codes = v.exactOptional(listOf(codeShape, 1))
const selector = v.strictObject({
  tag: v.exactOptional(tagShape),
  values: codes,
  classifications: codes,
  personRules: codes,
  released: v.exactOptional(v.boolean()),
})

/** Texts of a layout: blanks around a separator count. */
const writings = listOf(spelling, 1, 16)
const layout: Shape<MarkingLayout> = v.strictObject({
  separators: writings,
  brackets: v.strictObject({ open: spelling, close: spelling }),
  order: listOf(tagShape, 1, 64),
  release: writings,
  between: writings,
  nations: v.picklist(['code', 'short', 'en', 'ja']),
  ownImplied: v.exactOptional(v.boolean()),
  provided: v.exactOptional(spelling),
  made: v.exactOptional(spelling),
}) as Shape<MarkingLayout>

function listOf<T>(item: Shape<T>, least: number, most = 256): Shape<T[]> {
  return v.pipe(v.array(item), v.minLength(least), v.maxLength(most))
}

const policyShape: Shape<MarkingPolicy> = v.strictObject({
  id: policyIdShape,
  // The arc 2.25 takes a UUID as an integer (Rec. ITU-T X.667), so that no one's arc is squatted.
  // A scheme that has an arc of its own keeps it.
  oid: v.pipe(v.string(), v.regex(/^urn:oid:[0-2](?:\.(?:0|[1-9][0-9]{0,38})){1,32}$/u)),
  nation: v.pipe(v.string(), v.regex(/^[A-Z]{2,8}$/u)),
  nationNames: bilingual,
  realm: shapes.realm,
  classifications: listOf(
    v.strictObject({
      code: codeShape,
      order: shapes.natural,
      unmarkedRelease: v.picklist(['originator', 'neutral']),
      family: v.exactOptional(codeShape),
      obsolete,
      names,
      banner: spelling,
      portion: spelling,
      input: inputs,
      colours: v.strictObject({ background: colour, text: colour, frame: v.exactOptional(colour) }),
    }),
    1,
  ),
  categories: listOf(
    v.strictObject({
      tag: tagShape,
      kind: v.picklist(['restrictive', 'permissive', 'informative']),
      names: bilingual,
      input: v.exactOptional(inputs),
      values: listOf(
        v.strictObject({
          code: codeShape,
          lowest,
          only: codes,
          names,
          banner: spelling,
          portion: spelling,
          input: inputs,
          obsolete,
        }),
        0,
      ),
      open: v.exactOptional(
        v.strictObject({
          characters: v.picklist(['code', 'text']),
          maxLength: v.pipe(shapes.natural, v.minValue(1), v.maxValue(128)),
          banner: v.pipe(v.string(), v.maxLength(64)),
          portion: v.pipe(v.string(), v.maxLength(64)),
        }),
      ),
    }),
    0,
  ),
  personRules: listOf(
    v.strictObject({
      code: codeShape,
      rule: v.picklist(['citizens-of']),
      lowest,
      nations: sortedSet(shapes.nation),
      posted: v.exactOptional(v.strictObject({ nations: sortedSet(shapes.nation), hosts: listOf(codeShape, 1) })),
      names: bilingual,
      banner: spelling,
      portion: spelling,
    }),
    0,
  ),
  clearances: listOf(
    v.strictObject({ code: codeShape, order: shapes.natural, names: bilingual, classifications: listOf(codeShape, 1) }),
    0,
  ),
  releasableTo: listOf(v.strictObject({ nation: v.pipe(v.string(), v.regex(/^[A-Z]{2,8}$/u)), names, input: v.exactOptional(inputs) }), 1),
  receivedMark: bilingual,
  offices: listOf(v.strictObject({ code: codeShape, names: bilingual }), 0),
  syntax: v.exactOptional(v.picklist(['entente', 'capco', 'pspf', 'japan', 'plain', 'nato', 'tlp'])),
  layout: v.exactOptional(layout),
  communities: v.exactOptional(
    listOf(
      v.strictObject({
        code: codeShape,
        names,
        members: listOf(
          v.strictObject({ nation: shapes.nation, from: v.exactOptional(shapes.instant), until: v.exactOptional(shapes.instant) }),
          1,
        ),
      }),
      0,
    ),
  ),
  rules: v.exactOptional(
    listOf(
      v.strictObject({
        id: tagShape,
        when: selector,
        requires: v.exactOptional(listOf(selector, 1)),
        excludes: v.exactOptional(listOf(selector, 1)),
        source: shapes.shortText,
        says: bilingual,
      }),
      0,
    ),
  ),
}) as Shape<MarkingPolicy>

/** Tags that attribute names keep for other things than categories. */
const RESERVED_TAGS: ReadonlySet<string> = new Set(['area', 'classification', 'person', 'rel'])

/**
 * A nation's marking scheme out of parsed JSON, as own data (spec/label.md section 2, spec/schema/marking-policy.schema.json).
 * Throws `canonical/shape` for another shape, and `label/policy` with `values.where` and `values.problem` for a scheme
 * that contradicts itself.
 */
export function readPolicy(value: unknown): MarkingPolicy {
  const policy = readShape(policyShape, value, 'marking policy')
  checkClassifications(policy)
  checkCategories(policy)
  checkPersonRules(policy)
  checkClearances(policy)
  checkNations(policy)
  checkRules(policy)
  checkLayout(policy)
  uniqueCodes(policy.offices, 'offices')
  for (const lang of ['en', 'ja'] as const) {
    const text = policy.receivedMark[lang]
    if (!text.includes('{nation}') || !text.includes('{level}')) throw contradiction(`receivedMark/${lang}`, 'needs {nation} and {level}')
  }
  const wrong = misspelt(policy)
  if (wrong !== undefined) throw contradiction(wrong.where, wrong.problem)
  vocabularyOf(policy)
  return policy
}

function checkClassifications({ classifications }: MarkingPolicy): void {
  uniqueCodes(classifications, 'classifications')
  unique(
    classifications.map(({ order }) => String(order)),
    'classifications/order',
  )
  for (const { code, order, family, obsolete: old } of classifications) {
    if (family === undefined && classifications.some((other) => other.family !== undefined && other.order < order)) {
      throw contradiction(`classifications/${code}`, 'without family above a level that has one')
    }
    checkReadAs(old, classifications, `classifications/${code}/obsolete`)
  }
  // INVARIANT: above a level that narrows by itself every level does; so a join upwards never loses the narrow default.
  const narrow = classifications.filter(({ unmarkedRelease }) => unmarkedRelease === 'originator').map(({ order }) => order)
  for (const { code, order, unmarkedRelease } of classifications) {
    if (unmarkedRelease === 'neutral' && narrow.some((other) => other < order)) {
      throw contradiction(`classifications/${code}`, 'neutral above a level that is not')
    }
  }
}

function checkCategories(policy: MarkingPolicy): void {
  unique(
    policy.categories.map(({ tag }) => tag),
    'categories',
  )
  for (const { tag, values } of policy.categories) {
    if (RESERVED_TAGS.has(tag)) throw contradiction(`categories/${tag}`, 'a reserved tag')
    uniqueCodes(values, `categories/${tag}`)
    for (const { code, lowest: from, only, obsolete: old } of values) {
      checkLevel(policy, from, `categories/${tag}/${code}/lowest`)
      for (const level of only ?? []) checkLevel(policy, level, `categories/${tag}/${code}/only`)
      checkReadAs(old, values, `categories/${tag}/${code}/obsolete`)
    }
    if (values.length === 0 && !policy.categories.some((category) => category.tag === tag && category.open !== undefined)) {
      throw contradiction(`categories/${tag}`, 'no values, and not open')
    }
  }
}

function checkPersonRules(policy: MarkingPolicy): void {
  uniqueCodes(policy.personRules, 'personRules')
  for (const { code, lowest: from, nations } of policy.personRules) {
    checkLevel(policy, from, `personRules/${code}/lowest`)
    if (!nations.includes(policy.nation)) throw contradiction(`personRules/${code}`, 'leaves out its own nation')
  }
}

function checkClearances(policy: MarkingPolicy): void {
  uniqueCodes(policy.clearances, 'clearances')
  unique(
    policy.clearances.map(({ order }) => String(order)),
    'clearances/order',
  )
  for (const { code, classifications } of policy.clearances) {
    unique(classifications, `clearances/${code}`)
    for (const level of classifications) checkLevel(policy, level, `clearances/${code}`)
  }
}

function checkNations(policy: MarkingPolicy): void {
  const nations = policy.releasableTo.map(({ nation }) => nation)
  unique(nations, 'releasableTo')
  if (!nations.includes(policy.nation)) throw contradiction('releasableTo', 'leaves out its own nation')
}

/** What an obsolete word is read as is a word of its own kind that is not obsolete itself. */
function checkReadAs(
  old: Obsolete | undefined,
  terms: readonly { readonly code: string; readonly obsolete?: Obsolete }[],
  where: string,
): void {
  if (old?.readAs === undefined) return
  if (!terms.some(({ code, obsolete: gone }) => code === old.readAs && gone === undefined))
    throw contradiction(where, 'read as an unknown word')
}

function checkRules(policy: MarkingPolicy): void {
  const communities = policy.communities?.map(({ code }) => code) ?? []
  // A nation has three letters and is no community; an alliance is an originator and a community of its members under one code.
  const nations = policy.releasableTo.map(({ nation }) => nation).filter((nation) => nation.length === 3 && nation !== policy.nation)
  unique([...communities, ...nations], 'communities')
  unique(policy.rules?.map(({ id }) => id) ?? [], 'rules')
  for (const { id, when, requires = [], excludes = [] } of policy.rules ?? []) {
    if (requires.length + excludes.length === 0) throw contradiction(`rules/${id}`, 'neither requires nor excludes')
    // A rule without a condition always holds.
    const conditions = Object.keys(when).length === 0 ? [] : [when]
    for (const selector of [...conditions, ...requires, ...excludes]) checkSelector(policy, selector, `rules/${id}`)
  }
}

function checkSelector(policy: MarkingPolicy, selector: Selector, where: string): void {
  if (Object.keys(selector).length === 0) throw contradiction(where, 'a selector that names nothing')
  for (const level of selector.classifications ?? []) checkLevel(policy, level, where)
  for (const code of selector.personRules ?? []) {
    if (!policy.personRules.some((rule) => rule.code === code)) throw contradiction(where, 'an unknown person rule')
  }
  const category = policy.categories.find(({ tag }) => tag === selector.tag)
  if ((selector.tag !== undefined || selector.values !== undefined) && category === undefined)
    throw contradiction(where, 'an unknown category')
  for (const value of selector.values ?? []) if (!hasValue(category, value)) throw contradiction(where, 'an unknown value')
}

/** A layout writes every category, the person rules and the releasability mark, each once. */
function checkLayout({ syntax, layout: given, categories }: MarkingPolicy): void {
  if (syntax !== 'pspf' && syntax !== 'japan' && syntax !== 'plain') return
  if (given === undefined) throw contradiction('layout', NEEDS_LAYOUT)
  const wanted = [...categories.map(({ tag }) => tag), 'person', 'rel'].sort()
  if ([...given.order].sort().join() !== wanted.join()) throw contradiction('layout/order', 'every category, `person` and `rel`, each once')
  if (given.release.some((text) => !text.includes('{nations}'))) throw contradiction('layout/release', 'needs {nations}')
  for (const text of [given.provided, given.made]) {
    if (text !== undefined && !text.includes('{nation}')) throw contradiction('layout', 'needs {nation}')
  }
  if ((given.provided === undefined) !== (given.made === undefined)) throw contradiction('layout', '`provided` and `made` stand together')
  for (const { tag, open } of categories) {
    if (open !== undefined && !(open.banner.includes('{value}') && open.portion.includes('{value}')))
      throw contradiction(`categories/${tag}/open`, 'needs {value}')
  }
}

function checkLevel({ classifications }: MarkingPolicy, code: string | undefined, where: string): void {
  if (code !== undefined && !classifications.some((level) => level.code === code)) throw contradiction(where, 'an unknown classification')
}

function uniqueCodes(terms: readonly { readonly code: string }[], where: string): void {
  unique(
    terms.map(({ code }) => code),
    where,
  )
}

function unique(texts: readonly string[], where: string): void {
  if (new Set(texts).size !== texts.length) throw contradiction(where, 'something stands twice')
}

export const NEEDS_LAYOUT = 'this syntax needs a layout'

/** A policy that contradicts itself. */
export function contradiction(where: string, problem: string): LabelError {
  return new LabelError('label/policy', `marking policy: at ${where}: ${problem}`, { values: { where, problem } })
}
