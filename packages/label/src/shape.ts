import { type Shape, readShape, shapes } from '@entente/canonical'
import * as v from 'valibot'
import type { LabelClearance } from './access.ts'
import type { Label, Portion } from './model.ts'
import { MAX_SUCCESSION } from './succession.ts'

/** How many values a category, a releasability set or a list of originators may hold. */
const MAX_VALUES = 64

/** An ASCII code of a policy: `SECRET`, `TOP-SECRET`. */
export const codeShape: Shape<string> = v.pipe(v.string(), v.regex(/^[A-Z0-9]+(?:-[A-Z0-9]+)*$/u), v.maxLength(64))
/** The tag of a category, in lower case because attribute names are: `caveat`. */
export const tagShape: Shape<string> = v.pipe(v.string(), v.regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/u), v.maxLength(64))
/** The id of a marking policy: `EXERCISE-XKA`. */
export const policyIdShape: Shape<string> = v.pipe(v.string(), v.regex(/^[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*$/u), v.maxLength(64))

/** Whether texts stand in ascending order of their UTF-16 units, none of them twice. */
export function ascending(texts: readonly string[]): boolean {
  return texts.every((text, at) => at === 0 || (texts[at - 1] as string) < text)
}

/** A sorted set of at least one value. */
export function sortedSet(value: Shape<string>): Shape<readonly string[]> {
  return v.pipe(
    v.array(value),
    v.minLength(1),
    v.maxLength(MAX_VALUES),
    v.check((texts: string[]) => ascending(texts), 'sorted, none twice'),
  )
}

/** A list in ascending order of what `keyOf` reads, none twice. */
function listBy<Item>(item: Shape<Item>, key: string, keyOf: (item: Item) => string): Shape<Item[]> {
  return v.pipe(
    v.array(item),
    v.maxLength(MAX_VALUES),
    v.check((all: Item[]) => ascending(all.map(keyOf)), `sorted by ${key}`),
  )
}

const personRuleShape = v.strictObject({ rule: v.picklist(['citizens-of']), code: codeShape, nations: sortedSet(shapes.nation) })

// INVARIANT: a label has one spelling only (sorted sets, nothing empty), so that equal labels have equal ids.
function entriesOf(value: Shape<string>, nation: Shape<string>) {
  const kind = v.picklist(['restrictive', 'permissive', 'informative'])
  const originator = v.pipe(
    v.strictObject({ nation, releasableTo: v.union([v.picklist(['neutral']), sortedSet(nation)]) }),
    v.check((part) => part.releasableTo === 'neutral' || part.releasableTo.includes(part.nation), 'the originator in its own set'),
  )
  return {
    policy: policyIdShape,
    classification: codeShape,
    categories: listBy(v.strictObject({ tag: tagShape, kind, values: sortedSet(value) }), 'tag', ({ tag }) => tag),
    personRules: listBy(personRuleShape, 'code', ({ code }) => code),
    originators: v.pipe(
      listBy(originator, 'nation', (part) => part.nation),
      v.minLength(1),
    ),
    created: shapes.instant,
    review: v.exactOptional(shapes.instant),
  }
}

/** The strict shape of a label between nodes (spec/label.md section 1): codes and ISO nations only, for every document that holds one. */
export const labelShape: Shape<Label> = v.strictObject(entriesOf(codeShape, shapes.nation)) as Shape<Label>

/** A text value of an open category: no control or invisible character, no white space around it. */
const textValue = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(128),
  v.check(
    (text) => text === text.trim() && text.isWellFormed() && !/[\p{C}\u2028\u2029]/u.test(text),
    'a text without white space around it',
  ),
)
/** A nation, or an alliance's or community's own code. */
const member = v.pipe(v.string(), v.regex(/^[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*$/u), v.minLength(2), v.maxLength(64))
const wideEntries = entriesOf(textValue, member)

/** One shape a depth: what a shape cannot say, that the depth is limited, is said by writing it out. */
function wideShape(depth: number): Shape<Label> {
  const succession = depth === 0 ? {} : { succession: v.exactOptional(v.strictObject({ at: shapes.instant, label: wideShape(depth - 1) })) }
  return v.strictObject({ ...wideEntries, ...succession }) as Shape<Label>
}

/** The shape of a label of the library: text values, communities, at most four successors (spec/label.md section 1). */
export const wideLabelShape: Shape<Label> = wideShape(MAX_SUCCESSION)

/** A label of the library out of parsed JSON, as own data. Throws `canonical/shape` when it is not one. */
export function readWideLabel(value: unknown): Label {
  return readShape(wideLabelShape, value, 'label')
}

/** A clearance out of parsed JSON. Throws `canonical/shape` when it is not one. */
export function readLabelClearance(value: unknown): LabelClearance {
  return readShape(clearanceShape, value, 'clearance')
}

const clearanceShape: Shape<LabelClearance> = v.strictObject({
  policy: policyIdShape,
  classifications: sortedSet(codeShape),
  categories: wideEntries.categories,
  nation: v.exactOptional(member),
  citizenships: v.exactOptional(sortedSet(shapes.nation)),
  host: v.exactOptional(codeShape),
}) as Shape<LabelClearance>

/**
 * A file name as people give it: NFC, no path, no control or invisible formatting character (a right-to-left override
 * would show `gpj.exe` as `exe.jpg`), not `.` or `..`.
 */
const fileNameShape = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(255),
  v.check(
    (name) =>
      name.isWellFormed() &&
      name === name.normalize('NFC') &&
      name !== '.' &&
      name !== '..' &&
      !/[/\\\p{Cc}\p{Cf}\u2028\u2029]/u.test(name),
    'a file name in NFC without a path',
  ),
)

const portionId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/u))
const texts = v.pipe(
  v.array(v.strictObject({ lang: v.picklist(['en', 'ja']), text: shapes.text })),
  v.minLength(1),
  v.check((all) => new Set(all.map(({ lang }) => lang)).size === all.length, 'each language once'),
)

const mediaType = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/u))
/** What a portion holds beside its id and label, by its kind. */
const PORTION = { text: 'texts', file: 'mediaType,name,sha256,size' } as const

/** The strict shape of a portion. */
export const portionShape: Shape<Portion> = v.pipe(
  v.strictObject({
    id: portionId,
    label: labelShape,
    kind: v.picklist(['text', 'file']),
    texts: v.exactOptional(texts),
    name: v.exactOptional(fileNameShape),
    mediaType: v.exactOptional(mediaType),
    size: v.exactOptional(shapes.natural),
    sha256: v.exactOptional(shapes.sha256),
  }),
  v.check(({ id: _id, label: _label, kind, ...held }) => Object.keys(held).sort().join() === PORTION[kind], 'what its kind has'),
) as unknown as Shape<Portion>

/**
 * A label out of parsed JSON, as own data. Throws `canonical/shape` when it is not one. Whether its policy knows what it
 * says is another question: `checkLabel`.
 */
export function readLabel(value: unknown): Label {
  return readShape(labelShape, value, 'label')
}
