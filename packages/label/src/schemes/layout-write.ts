import { checkLabel } from '../check.ts'
import type { Label, MarkingPolicy, OriginatorPart } from '../model.ts'
import { inWords, notCarried } from '../print.ts'
import { normalSpelling } from '../vocabulary.ts'
import { nationText, releaseText } from './layout-parts.ts'
import { readLayout } from './layout-read.ts'
import { layoutWordsOf } from './layout-words.ts'
import type { WriteOptions } from './syntax.ts'

/**
 * Writes the marking of a label by the layout of its policy (spec/label.md section 7): the classification, then everything
 * in the layout's order. Throws as `checkLabel` does, and `label/not-carried` for what the layout has no place for; what is
 * written is read back to the same label.
 */
export function writeLayout(label: Label, policy: MarkingPolicy, { form, lang }: WriteOptions): string {
  checkLabel(label, policy)
  if (lang === 'en' || lang === 'ja') return inWords(label, policy, lang)
  const { layout } = layoutWordsOf(policy)
  const level = policy.classifications.find(({ code }) => code === label.classification)
  const parts = layout.order.flatMap((part) => {
    if (part === 'person')
      return policy.personRules.filter(({ code }) => label.personRules.some((rule) => rule.code === code)).map((rule) => rule[form])
    return part === 'rel' ? releaseOf(label, policy) : valuesOf(part, label, policy, form)
  })
  const marking = [level?.[form] ?? label.classification, ...parts].join(layout.separators[0])
  const written = form === 'portion' ? `${layout.brackets.open}${marking}${layout.brackets.close}` : marking
  if (isFree(label, policy)) readBack(written, label, policy, form)
  return written
}

/** Whether the label holds anything that is not a word of the policy: only then can a text be read as something else. */
function isFree(label: Label, policy: MarkingPolicy): boolean {
  return policy.categories.some(({ tag, open }) => open !== undefined && label.categories.some((category) => category.tag === tag))
}

function readBack(written: string, label: Label, policy: MarkingPolicy, form: 'banner' | 'portion'): void {
  const free = label.categories.filter(({ tag }) =>
    policy.categories.some((category) => category.tag === tag && category.open !== undefined),
  )
  const said = (categories: Label['categories']) => JSON.stringify(categories.map(({ tag, values }) => [tag, values]))
  try {
    const again = readLayout(written, policy, { form, lenient: false, created: label.created })
    if (again.label.classification === label.classification && said(again.label.categories) === said(label.categories)) return
  } catch {
    // Whatever the reader has against it: it is not what was to be written.
  }
  throw notCarried(free[0]?.values.join(', ') ?? '')
}

function valuesOf(tag: string, label: Label, policy: MarkingPolicy, form: 'banner' | 'portion'): readonly string[] {
  const held = label.categories.find((category) => category.tag === tag)?.values ?? []
  const category = policy.categories.find((candidate) => candidate.tag === tag)
  const listed = category?.values.filter(({ code }) => held.includes(code)) ?? []
  const free = held.filter((value) => !listed.some(({ code }) => code === value))
  return [...listed.map((value) => value[form]), ...free.map((value) => (category?.open?.[form] ?? '').replace('{value}', () => value))]
}

/** What must be written of the originators: nothing, where the classification alone says the same. */
function releaseOf(label: Label, policy: MarkingPolicy): readonly string[] {
  const { layout, vocabulary } = layoutWordsOf(policy)
  const level = policy.classifications.find(({ code }) => code === label.classification)
  const foreign = label.originators.filter(({ nation }) => nation !== policy.nation)
  const own = label.originators.find(({ nation }) => nation === policy.nation)
  const given = foreign.map((part) => {
    if (layout.provided === undefined || !isGiven(part, policy)) throw notCarried(part.nation)
    return layout.provided.replace('{nation}', () => nationText(part.nation, policy))
  })
  if (own === undefined) return given
  const alone = own.releasableTo !== 'neutral' && own.releasableTo.length === 1
  if (foreign.length === 0 && (level?.unmarkedRelease === 'neutral' ? own.releasableTo === 'neutral' : alone)) return []
  if (own.releasableTo === 'neutral') throw notCarried(own.nation)
  if (foreign.length > 0 && alone) return [(layout.made ?? '').replace('{nation}', () => nationText(policy.nation, policy)), ...given]
  const release = releaseText([own.nation, ...own.releasableTo.filter((nation) => nation !== own.nation)], policy)
  // A set of one may be spelt as a rule on persons is: it would be read as that.
  if (vocabulary.caveats.any.has(normalSpelling(release))) throw notCarried(release)
  return [...given, release]
}

/** Given to the policy's nation and to nobody else. */
function isGiven({ nation, releasableTo }: OriginatorPart, policy: MarkingPolicy): boolean {
  return releasableTo !== 'neutral' && releasableTo.length === 2 && releasableTo.includes(nation) && releasableTo.includes(policy.nation)
}
