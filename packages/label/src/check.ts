import type { MessageValues } from '@entente/canonical'
import { type PolicyCodes, ORIGIN, PERSON, policyCodes } from './policy-codes.ts'
import { type LabelCode, LabelError } from './errors.ts'
import type { Label, MarkingPolicy, Obsolete } from './model.ts'
import { isOpenValue } from './open.ts'
import { audienceOf, reachesLevel } from './order.ts'
import { brokenRule, subjectOf } from './rules.ts'
import { MAX_SUCCESSION, changesOf } from './succession.ts'

/** Why a policy does not allow a label; `subject` is the part of the label, for whoever knows where it was written. */
export interface Problem {
  readonly code: LabelCode
  readonly message: string
  readonly values: MessageValues
  readonly subject: string
}

/**
 * Throws unless the policy allows the label: `label/another-policy`, `label/not-in-policy`, `label/not-at-this-level`,
 * `label/neutral-classified`, `label/person-rule-conflict`, `label/nobody`, `label/obsolete`, `label/rule`,
 * `label/succession` (spec/label.md section 3).
 */
export function checkLabel(label: Label, policy: MarkingPolicy): void {
  const problem = problemOf(label, policy)
  if (problem !== undefined) throw new LabelError(problem.code, problem.message, { values: problem.values })
}

/** The first reason why a policy does not allow a label of the right shape. */
export function problemOf(label: Label, policy: MarkingPolicy): Problem | undefined {
  if (label.policy !== policy.id) {
    const values = { found: label.policy, policy: policy.id }
    return { code: 'label/another-policy', message: `a label of \`${label.policy}\`, not of \`${policy.id}\``, values, subject: 'policy' }
  }
  const known = policyCodes(policy)
  return (
    unknownWord(label, policy, known) ??
    wrongLevel(label, policy, known) ??
    wrongRelease(label, policy, known) ??
    againstRule(label, policy, known) ??
    wrongSuccession(label, policy)
  )
}

function againstRule(label: Label, policy: MarkingPolicy, known: PolicyCodes): Problem | undefined {
  const rule = brokenRule(label, policy, known)
  if (rule === undefined) return undefined
  const values = { rule: rule.id, source: rule.source, says: rule.says.en, saysJa: rule.says.ja }
  return { code: 'label/rule', message: `${rule.says.en} (rule \`${rule.id}\`)`, values, subject: subjectOf(rule, label, policy) }
}

function wrongSuccession(label: Label, policy: MarkingPolicy): Problem | undefined {
  if (label.succession === undefined) return undefined
  const instants = changesOf(label)
  if (instants.length > MAX_SUCCESSION || instants.some((at, index) => index > 0 && at <= (instants[index - 1] ?? at))) {
    const values = { limit: MAX_SUCCESSION }
    return { code: 'label/succession', message: 'successors that do not follow each other', values, subject: 'classification' }
  }
  return problemOf(label.succession.label, policy)
}

/** A word that the policy no longer has: never in a label, read only where a reading is lenient. */
function obsoleteWord(text: string, obsolete: Obsolete, subject: string): Problem {
  const values = { text, source: obsolete.source, ...(obsolete.readAs === undefined ? {} : { nearest: obsolete.readAs }) }
  return { code: 'label/obsolete', message: `\`${text}\` is no longer used`, values, subject }
}

function unknownWord(label: Label, policy: MarkingPolicy, known: PolicyCodes): Problem | undefined {
  const unknown = (text: string, subject: string): Problem => ({
    code: 'label/not-in-policy',
    message: `\`${policy.id}\` does not have \`${text}\``,
    values: { text, policy: policy.id },
    subject,
  })
  const level = known.levels.get(label.classification)
  if (level === undefined) return unknown(label.classification, 'classification')
  if (level.obsolete !== undefined) return obsoleteWord(level.banner, level.obsolete, 'classification')
  for (const { tag, kind, values } of label.categories) {
    const category = known.categories.get(tag)
    for (const value of values) {
      const listed = category?.listed.get(value)
      const isOpen = listed === undefined && category?.open !== undefined && isOpenValue(value, category.open)
      if (category?.kind !== kind || (listed === undefined && !isOpen)) return unknown(`${tag}/${value}`, `${tag}/${value}`)
      if (listed?.obsolete !== undefined) return obsoleteWord(listed.banner, listed.obsolete, `${tag}/${value}`)
    }
  }
  for (const { code, nations } of label.personRules) {
    const rule = known.personRules.get(code)
    if (rule === undefined || (rule.nations !== nations && rule.nations.join() !== nations.join()))
      return unknown(code, `${PERSON}/${code}`)
  }
  for (const { nation, releasableTo } of label.originators) {
    if (!known.nations.has(nation)) return unknown(nation, `${ORIGIN}/${nation}`)
    for (const name of releasableTo === 'neutral' ? [] : releasableTo) {
      const isKnown = known.nations.has(name) || (name !== nation && known.communities.has(name))
      if (!isKnown) return unknown(name, `${ORIGIN}/${nation}`)
    }
  }
  return undefined
}

/** A word with `lowest` or `only`, at a classification where it does not stand. */
function wrongLevel(label: Label, policy: MarkingPolicy, known: PolicyCodes): Problem | undefined {
  for (const { tag, values } of label.categories) {
    const listed = known.categories.get(tag)?.listed
    for (const value of values) {
      const lowest = wantedLevel(listed?.get(value), label, policy)
      if (lowest !== undefined) return notAtLevel(listed?.get(value)?.banner ?? value, lowest, `${tag}/${value}`, known)
    }
  }
  for (const { code } of label.personRules) {
    const lowest = wantedLevel(known.personRules.get(code), label, policy)
    if (lowest !== undefined) return notAtLevel(known.personRules.get(code)?.banner ?? code, lowest, `${PERSON}/${code}`, known)
  }
  return undefined
}

/** The classifications with one of which a word stands, where that of the label is none of them. */
function wantedLevel(
  term: { readonly lowest?: string; readonly only?: readonly string[] } | undefined,
  label: Label,
  policy: MarkingPolicy,
): readonly string[] | undefined {
  if (term?.only?.includes(label.classification) === false) return term.only
  return term?.lowest === undefined || reachesLevel(label.classification, term.lowest, policy) ? undefined : [term.lowest]
}

function notAtLevel(text: string, wanted: readonly string[], subject: string, { levels }: PolicyCodes): Problem {
  const lowest = wanted.map((code) => levels.get(code)?.banner ?? code).join(', ')
  return { code: 'label/not-at-this-level', message: `\`${text}\` needs ${lowest}`, values: { text, lowest }, subject }
}

function wrongRelease(label: Label, policy: MarkingPolicy, known: PolicyCodes): Problem | undefined {
  const level = known.levels.get(label.classification)
  if (level?.unmarkedRelease === 'originator' && label.originators.every(({ releasableTo }) => releasableTo === 'neutral')) {
    const values = { text: level.banner }
    return { code: 'label/neutral-classified', message: `\`${level.banner}\` is never neutral`, values, subject: 'classification' }
  }
  const own = label.originators.find(({ nation }) => nation === policy.nation)
  if (own !== undefined && own.releasableTo !== 'neutral') {
    // INVARIANT: a nation's own set lies within its own person rules: `citizens of A only` and `releasable to B` contradict.
    for (const { code, nations } of label.personRules) {
      const outside = own.releasableTo.find((nation) => !nations.includes(nation))
      if (outside === undefined) continue
      const values = { rule: known.personRules.get(code)?.banner ?? code, nation: outside }
      return {
        code: 'label/person-rule-conflict',
        message: `\`${values.rule}\` excludes \`${outside}\``,
        values,
        subject: `${PERSON}/${code}`,
      }
    }
  }
  // One originator without a rule on persons may always read its own.
  if ((label.originators.length > 1 || label.personRules.length > 0) && audienceOf(label).length === 0) {
    return { code: 'label/nobody', message: 'no nation is left that may read it', values: {}, subject: 'classification' }
  }
  return undefined
}
