import type { MessageValues } from '@entente/canonical'
import { type LabelCode, LabelError } from './errors.ts'
import type { Label, MarkingPolicy, Obsolete } from './model.ts'
import { hasValue } from './open.ts'
import { audienceOf, reachesLevel } from './order.ts'
import { brokenRule, subjectOf } from './rules.ts'
import { MAX_SUCCESSION, changesOf } from './succession.ts'
import { vocabularyOf } from './vocabulary.ts'

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
  return (
    unknownWord(label, policy) ??
    wrongLevel(label, policy) ??
    wrongRelease(label, policy) ??
    againstRule(label, policy) ??
    wrongSuccession(label, policy)
  )
}

function againstRule(label: Label, policy: MarkingPolicy): Problem | undefined {
  const rule = brokenRule(label, policy)
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
function obsoleteWord(text: string, obsolete: Obsolete | undefined, subject: string): Problem | undefined {
  if (obsolete === undefined) return undefined
  const values = { text, source: obsolete.source, ...(obsolete.readAs === undefined ? {} : { nearest: obsolete.readAs }) }
  return { code: 'label/obsolete', message: `\`${text}\` is no longer used`, values, subject }
}

function unknownWord(label: Label, policy: MarkingPolicy): Problem | undefined {
  const unknown = (text: string, subject: string): Problem => ({
    code: 'label/not-in-policy',
    message: `\`${policy.id}\` does not have \`${text}\``,
    values: { text, policy: policy.id },
    subject,
  })
  const level = policy.classifications.find(({ code }) => code === label.classification)
  if (level === undefined) return unknown(label.classification, 'classification')
  const old = obsoleteWord(level.banner, level.obsolete, 'classification')
  if (old !== undefined) return old
  for (const { tag, kind, values } of label.categories) {
    const category = policy.categories.find((candidate) => candidate.tag === tag && candidate.kind === kind)
    for (const value of values) {
      const subject = `${tag}/${value}`
      if (!hasValue(category, value)) return unknown(subject, subject)
      const listed = category?.values.find(({ code }) => code === value)
      const gone = obsoleteWord(listed?.banner ?? value, listed?.obsolete, subject)
      if (gone !== undefined) return gone
    }
  }
  for (const { code, nations } of label.personRules) {
    const rule = policy.personRules.find((candidate) => candidate.code === code)
    if (rule === undefined || rule.nations.join() !== nations.join()) return unknown(code, `person/${code}`)
  }
  const { nations } = vocabularyOf(policy)
  for (const { nation, releasableTo } of label.originators) {
    if (!nations.has(nation)) return unknown(nation, `origin/${nation}`)
    for (const name of releasableTo === 'neutral' ? [] : releasableTo) {
      const known = nations.has(name) || (name !== nation && isCommunity(name, policy))
      if (!known) return unknown(name, `origin/${nation}`)
    }
  }
  return undefined
}

function isCommunity(name: string, policy: MarkingPolicy): boolean {
  return policy.communities?.some(({ code }) => code === name) ?? false
}

function wrongLevel(label: Label, policy: MarkingPolicy): Problem | undefined {
  for (const { tag, values } of label.categories) {
    const category = policy.categories.find((candidate) => candidate.tag === tag)
    for (const value of values) {
      const problem = notAtLevel(
        category?.values.find(({ code }) => code === value),
        `${tag}/${value}`,
        label,
        policy,
      )
      if (problem !== undefined) return problem
    }
  }
  for (const { code } of label.personRules) {
    const problem = notAtLevel(
      policy.personRules.find((rule) => rule.code === code),
      `person/${code}`,
      label,
      policy,
    )
    if (problem !== undefined) return problem
  }
  return undefined
}

/** A word with `lowest` or `only`, at a classification where it does not stand. */
function notAtLevel(
  term: { readonly banner: string; readonly lowest?: string; readonly only?: readonly string[] } | undefined,
  subject: string,
  label: Label,
  policy: MarkingPolicy,
): Problem | undefined {
  if (term === undefined) return undefined
  const bannerOf = (code: string) => policy.classifications.find((level) => level.code === code)?.banner ?? code
  const problem = (lowest: string): Problem => ({
    code: 'label/not-at-this-level',
    message: `\`${term.banner}\` needs ${lowest}`,
    values: { text: term.banner, lowest },
    subject,
  })
  if (term.only !== undefined && !term.only.includes(label.classification)) return problem(term.only.map(bannerOf).join(', '))
  if (term.lowest === undefined || reachesLevel(label.classification, term.lowest, policy)) return undefined
  return problem(bannerOf(term.lowest))
}

function wrongRelease(label: Label, policy: MarkingPolicy): Problem | undefined {
  const level = policy.classifications.find(({ code }) => code === label.classification)
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
      const values = { rule: policy.personRules.find((rule) => rule.code === code)?.banner ?? code, nation: outside }
      return {
        code: 'label/person-rule-conflict',
        message: `\`${values.rule}\` excludes \`${outside}\``,
        values,
        subject: `person/${code}`,
      }
    }
  }
  // One originator without a rule on persons may always read its own.
  if ((label.originators.length > 1 || label.personRules.length > 0) && audienceOf(label).length === 0) {
    return { code: 'label/nobody', message: 'no nation is left that may read it', values: {}, subject: 'classification' }
  }
  return undefined
}
