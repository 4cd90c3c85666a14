import { LabelError, anotherPolicy, unknownClassification } from '../../errors.ts'
import { type Confidentiality, type ConfidentialityClearance, type NamedCategory, comparison, samePolicy } from '../confidentiality.ts'
import { indexOf } from './check.ts'
import type { PlacedValue, Spif, SpifClassification, SpifClearance, SpifLabel } from './model.ts'

/**
 * A label in the names of a SPIF's policy, found in the SPIF. Whether the SPIF allows it is `checkSpifLabel`'s question.
 * Throws `label/another-policy`, `form/unknown-classification`, `form/unknown-category`.
 */
export function spifLabel(spif: Spif, named: Confidentiality): SpifLabel {
  ofPolicy(spif, named)
  return {
    spif,
    classification: levelNamed(spif, named.classification),
    values: valuesNamed(spif, named.categories),
    ...(named.privacyMark === undefined ? {} : { privacyMark: named.privacyMark }),
  }
}

/** A clearance in the names of a SPIF's policy, found in the SPIF. Throws as `spifLabel`. */
export function spifClearance(spif: Spif, named: ConfidentialityClearance): SpifClearance {
  ofPolicy(spif, named)
  return {
    spif,
    classifications: byHierarchy(named.classifications.map((name) => levelNamed(spif, name))),
    values: valuesNamed(spif, named.categories),
  }
}

function ofPolicy(spif: Spif, named: { readonly policy: string; readonly policyId?: string }): void {
  if (samePolicy({ policy: spif.name, policyId: spif.id }, named)) return
  throw anotherPolicy(named.policy, spif.name)
}

function levelNamed(spif: Spif, name: string): SpifClassification {
  const same = comparison(spif.name)
  const level = spif.classifications.find((one) => same(one.name) === same(name))
  if (level === undefined) throw unknownClassification(name, spif.name)
  return level
}

export function unknownCategory(spif: Spif, text: string): LabelError {
  return new LabelError('form/unknown-category', `\`${spif.name}\` has no \`${text}\``, { values: { text, policy: spif.name } })
}

function valuesNamed(spif: Spif, categories: readonly NamedCategory[]): readonly PlacedValue[] {
  const index = indexOf(spif)
  return index.ordered(
    categories.flatMap(({ tag, kind, values }) =>
      values.map((name) => {
        const placed = index.byName(tag, kind, name)
        if (placed === undefined) throw unknownCategory(spif, `${tag}/${name}`)
        return placed
      }),
    ),
  )
}

function byHierarchy(levels: readonly SpifClassification[]): readonly SpifClassification[] {
  return [...new Set(levels)].sort((a, b) => (a.hierarchy < b.hierarchy ? -1 : 1))
}

/** A label by the integers that a binary form has. Throws `form/unknown-classification`, `form/unknown-category`. */
export function spifLabelByLacv(spif: Spif, classification: string, values: readonly LacvValue[], privacyMark?: string): SpifLabel {
  return {
    spif,
    classification: levelByLacv(spif, classification),
    values: valuesByLacv(spif, values),
    ...(privacyMark === undefined ? {} : { privacyMark }),
  }
}

/** A clearance by the integers that a binary form has. Throws as `spifLabelByLacv`. */
export function spifClearanceByLacv(spif: Spif, classifications: readonly string[], values: readonly LacvValue[]): SpifClearance {
  return {
    spif,
    classifications: byHierarchy(classifications.map((lacv) => levelByLacv(spif, lacv))),
    values: valuesByLacv(spif, values),
  }
}

/** A category value as binary forms name it: by tag set, type and label value. */
export interface LacvValue {
  readonly tagSetId: string
  readonly kind: NamedCategory['kind']
  readonly encoding?: 'bits' | 'integers'
  readonly lacv: string
}

function levelByLacv(spif: Spif, lacv: string): SpifClassification {
  const level = spif.classifications.find((one) => one.lacv === lacv)
  if (level === undefined) throw unknownClassification(lacv, spif.name)
  return level
}

function valuesByLacv(spif: Spif, values: readonly LacvValue[]): readonly PlacedValue[] {
  const index = indexOf(spif)
  return index.ordered(
    values.map(({ tagSetId, kind, encoding, lacv }) => {
      const placed = index.byLacv(tagSetId, kind, encoding, lacv)
      if (placed === undefined) throw unknownCategory(spif, `${tagSetId}/${lacv}`)
      return placed
    }),
  )
}

/**
 * The names of a label under a SPIF, one category a tag: what a decision asks of a permissive tag is not met by another of the
 * same tag set.
 */
export function namesOfSpifLabel({ spif, classification, values, privacyMark }: SpifLabel): Confidentiality {
  return {
    policy: spif.name,
    policyId: spif.id,
    classification: classification.name,
    ...(privacyMark === undefined ? {} : { privacyMark }),
    categories: categoriesOf(values),
  }
}

/** The names of a clearance under a SPIF. */
export function namesOfSpifClearance({ spif, classifications, values }: SpifClearance): ConfidentialityClearance {
  return {
    policy: spif.name,
    policyId: spif.id,
    classifications: classifications.map(({ name }) => name),
    categories: categoriesOf(values),
  }
}

function categoriesOf(values: readonly PlacedValue[]): readonly NamedCategory[] {
  const tags = new Map(values.map(({ tag, tagSet }) => [tag, tagSet]))
  return [...tags].map(([tag, tagSet]) => ({
    tag: tagSet.name,
    tagId: tagSet.id,
    kind: tag.kind,
    values: values.filter((placed) => placed.tag === tag).map(({ value }) => value.name),
  }))
}
