import { comparison } from '../confidentiality.ts'
import type { PlacedValue, Spif, SpifGroup, SpifLabel, SpifRequirement, SpifTag, SpifTagSet, SpifValue } from './model.ts'
import { LabelError } from '../../errors.ts'
import { duplicate, reference } from './faults.ts'
import type { CategoryKind } from '../../model.ts'
import { oncePer } from '../../once-per.ts'

/**
 * Throws unless a SPIF says each thing once and refers only to what it has: `form/spif-duplicate`, `form/spif-reference`
 * (the constraints of the schema, and those that an integer in a label rests on).
 */
export function checkSpif(spif: Spif): void {
  const { classifications, tagSets, equivalentPolicies } = spif
  once(classifications.map(({ name }) => name))
  once(classifications.map(({ lacv }) => `lacv ${lacv}`))
  once(classifications.map(({ hierarchy }) => `hierarchy ${hierarchy}`))
  once(tagSets.map(({ name }) => name))
  once(tagSets.map(({ id }) => id))
  once(equivalentPolicies.map(({ name }) => name))
  once(equivalentPolicies.map(({ id }) => id))
  const levels = new Set(classifications.map(({ name }) => name))
  for (const set of tagSets) checkTagSet(set, levels)
  const requirements = [
    ...classifications.flatMap(({ requires }) => requires),
    ...tagSets.flatMap(({ tags }) => tags.flatMap(({ values }) => values.flatMap(({ requires }) => requires))),
  ]
  const excluded = tagSets.flatMap(({ tags }) => tags.flatMap(({ values }) => values.flatMap(({ excludes }) => excludes)))
  const index = new SpifIndex(spif)
  for (const group of [...requirements.flatMap(({ groups }) => groups), ...excluded]) {
    if (!index.has(group)) throw reference(group.lacv === undefined ? group.tagSet : `${group.tagSet}/${group.lacv}`)
  }
}

function checkTagSet({ tags }: SpifTagSet, levels: ReadonlySet<string>): void {
  const values = tags.flatMap((tag) => tag.values.map((value) => ({ tag, value })))
  once(values.map(({ tag, value }) => `${tag.kind} ${tag.encoding} ${value.lacv}`))
  once(values.map(({ tag, value }) => `${tag.kind} ${value.name}`))
  for (const { value } of values) {
    const unknown = [...value.excludedClasses, ...(value.requiredClass === undefined ? [] : [value.requiredClass])].find(
      (name) => !levels.has(name),
    )
    if (unknown !== undefined) throw reference(unknown)
  }
}

function once(names: readonly string[]): void {
  const seen = new Set<string>()
  for (const name of names) {
    if (seen.has(name)) throw duplicate(name)
    seen.add(name)
  }
}

/** The index of a SPIF; made once for each. */
export const indexOf: (spif: Spif) => SpifIndex = oncePer((spif) => new SpifIndex(spif))

/** Values of a SPIF by what labels call them, each with its place in the file. */
export class SpifIndex {
  readonly #byLacv = new Map<string, PlacedValue>()
  readonly #byName = new Map<string, PlacedValue>()
  readonly #groups = new Set<string>()
  readonly #places = new Map<SpifValue, number>()
  readonly #same: (name: string) => string

  constructor(spif: Spif) {
    this.#same = comparison(spif.name)
    for (const tagSet of spif.tagSets) {
      for (const tag of tagSet.tags) {
        this.#groups.add(`${tagSet.name} ${tag.kind}`)
        for (const value of tag.values) this.#add({ tagSet, tag, value })
      }
    }
  }

  #add(placed: PlacedValue): void {
    const { tagSet, tag, value } = placed
    this.#places.set(value, this.#places.size)
    for (const encoding of [tag.encoding, '']) {
      const key = `${tagSet.id} ${tag.kind} ${encoding} ${value.lacv}`
      if (!this.#byLacv.has(key)) this.#byLacv.set(key, placed)
      this.#groups.add(`${tagSet.name} ${tag.kind} ${encoding} ${value.lacv}`)
    }
    this.#byName.set(`${this.#same(tagSet.name)} ${tag.kind} ${this.#same(value.name)}`, placed)
  }

  byLacv(tagSetId: string, kind: CategoryKind, encoding: SpifTag['encoding'] | undefined, lacv: string): PlacedValue | undefined {
    return this.#byLacv.get(`${tagSetId} ${kind} ${encoding ?? ''} ${lacv}`)
  }

  byName(tagSet: string, kind: CategoryKind, name: string): PlacedValue | undefined {
    return this.#byName.get(`${this.#same(tagSet)} ${kind} ${this.#same(name)}`)
  }

  has({ tagSet, kind, encoding, lacv }: SpifGroup): boolean {
    return this.#groups.has(lacv === undefined ? `${tagSet} ${kind}` : `${tagSet} ${kind} ${encoding ?? ''} ${lacv}`)
  }

  /** Values in the order of the file, none twice. */
  ordered(values: readonly PlacedValue[]): readonly PlacedValue[] {
    const place = ({ value }: PlacedValue) => this.#places.get(value) ?? 0
    return [...new Map(values.map((placed) => [placed.value, placed])).values()].sort((a, b) => place(a) - place(b))
  }
}

/**
 * Throws unless the SPIF allows the label: `form/obsolete`, `form/excluded`, `form/required`, `form/selection`, each with
 * `values.text` and where it helps `values.by`. An obsolete word is refused in a label that is made, and let pass with
 * `obsolete: true` in one that is only read.
 */
export function checkSpifLabel(label: SpifLabel, options: { readonly obsolete?: boolean } = {}): void {
  const { classification, values, spif } = label
  const refused = (code: 'form/obsolete' | 'form/excluded' | 'form/required' | 'form/selection', text: string, by: string) =>
    new LabelError(code, `${code.slice(5)}: \`${text}\` by \`${by}\``, { values: { text, by } })
  if (options.obsolete !== true) {
    const old = [classification, ...values.map(({ value }) => value)].find(({ obsolete }) => obsolete)
    if (old !== undefined) throw refused('form/obsolete', old.name, spif.name)
  }
  for (const requirement of classification.requires) {
    if (!meets(label, requirement)) throw refused('form/required', wanted(requirement), classification.name)
  }
  for (const { value } of values) {
    const otherClass = value.requiredClass !== undefined && value.requiredClass !== classification.name
    if (otherClass || value.excludedClasses.includes(classification.name)) throw refused('form/excluded', classification.name, value.name)
    const excluded = values.find((other) => other.value !== value && value.excludes.some((group) => isIn(other, group)))
    if (excluded !== undefined) throw refused('form/excluded', excluded.value.name, value.name)
    const unmet = value.requires.find((requirement) => !meets(label, requirement))
    if (unmet !== undefined) throw refused('form/required', wanted(unmet), value.name)
  }
  for (const { tags } of spif.tagSets) {
    for (const tag of tags) {
      const count = values.filter((placed) => placed.tag === tag).length
      if (count < tag.min || count > (tag.max ?? count)) throw refused('form/selection', tag.name, `${tag.min}–${tag.max ?? ''}`)
    }
  }
}

function wanted({ groups }: SpifRequirement): string {
  return groups[0]?.tagSet ?? ''
}

/** Whether a value is of a group: of its tag set and type, and the one of it where one is named. */
export function isIn({ tagSet, tag, value }: PlacedValue, group: SpifGroup): boolean {
  const named = group.lacv === undefined || ((group.encoding ?? tag.encoding) === tag.encoding && group.lacv === value.lacv)
  return tagSet.name === group.tagSet && tag.kind === group.kind && named && (group.encoding ?? tag.encoding) === tag.encoding
}

function meets({ values }: SpifLabel, { operation, groups }: SpifRequirement): boolean {
  const met = groups.filter((group) => values.some((placed) => isIn(placed, group))).length
  switch (operation) {
    case 'all':
      return met === groups.length
    case 'one-or-more':
      return met > 0
    case 'only-one':
      return met === 1
    default:
      return operation satisfies never
  }
}
