import { type Json, canonicalText } from '@entente/canonical'
import { ismAttributes, ismElement } from '../capco/ism-xml.ts'
import { ismToLabel, labelToIsm } from '../capco/ism.ts'
import { checkLabel } from '../check.ts'
import { LabelError } from '../errors.ts'
import type { Label, MarkingPolicy } from '../model.ts'
import { type MailForm, type MailMarking, readMailMarking, writeMailMarking } from '../schemes/mail.ts'
import { type Change, syntaxOf } from '../schemes/syntax.ts'
import { type ConfidentialityClearance, type ConfidentialityLabel, samePolicy } from './confidentiality.ts'
import { type EssLabel, essOfSpifLabel, readEssBase64, spifLabelOfEss, writeEssBase64 } from './ess.ts'
import { readJsonLabel } from './json.ts'
import { REVIEW_AFTER_SECONDS, labelOf, namesOf, toStanag4774, idsOf } from './names.ts'
import { checkSpifLabel } from './spif/check.ts'
import { namesOfSpifLabel, spifClearance, spifLabel } from './spif/label.ts'
import { spifClearanceMarking, spifMarking } from './spif/marking.ts'
import type { Spif, SpifLabel } from './spif/model.ts'
import { readClearance, readStanag4774, writeClearance, writeStanag4774 } from './stanag-4774.ts'
import { readXep0258, writeXep0258 } from './xep-0258.ts'
import { notCarried } from '../print.ts'
import { readXml } from './xml.ts'

export type FormName =
  | 'banner'
  | 'portion'
  | 'json'
  | 'stanag4774'
  | 'stanag4774-clearance'
  | 'ess'
  | 'xep0258'
  | 'ism'
  | 'pspf-header'
  | 'pspf-subject'

export interface ConvertContext {
  /** Marking policies whose labels become labels of ours. */
  readonly policies: readonly MarkingPolicy[]
  /** A policy given as a SPIF: then labels are its, and marked by it. */
  readonly spif?: Spif
  readonly lang?: 'en' | 'ja' | 'fr'
  /** What stands in for a date that a form does not have, seconds since 1970. */
  readonly created: number
  readonly lenient: boolean
}

/** A label between two forms: under a marking policy, under a SPIF, in the names of a policy that is not known, or as integers. */
export type Carried = { readonly changes: readonly Change[] } & (
  | { readonly kind: 'label'; readonly label: Label; readonly policy: MarkingPolicy; readonly event?: MailMarking['event'] }
  | { readonly kind: 'spif'; readonly label: SpifLabel; readonly named: ConfidentialityLabel }
  | { readonly kind: 'named'; readonly label: ConfidentialityLabel }
  | { readonly kind: 'ess'; readonly label: EssLabel }
  | { readonly kind: 'clearance'; readonly clearance: ConfidentialityClearance }
)

/** How a form is read and written; one that cannot be read, or written, has no such member. */
export interface LabelForm {
  readonly read?: (text: string, context: ConvertContext) => Carried
  readonly write?: (carried: Carried, context: ConvertContext) => string
}

/** The forms by name. National forms are added here by who knows them. */
export const forms: Partial<Record<FormName, LabelForm>> = {
  banner: { write: (carried, context) => writeMarking(carried, context, 'banner') },
  portion: { write: (carried, context) => writeMarking(carried, context, 'portion') },
  json: { read: readJsonForm, write: writeJsonForm },
  stanag4774: {
    read(text, context) {
      const { value, changes } = readStanag4774(text, context)
      return resolved(value, context, changes)
    },
    write: writeXmlForm,
  },
  'stanag4774-clearance': {
    read(text, context) {
      const { value, changes } = readClearance(text, context)
      return { kind: 'clearance', clearance: value, changes }
    },
  },
  ess: {
    read: (text, context) => resolvedEss(readEssBase64(text), context, []),
    write: (carried, context) => writeEssBase64(essOf(carried, context)),
  },
  xep0258: { read: readMessage, write: writeMessage },
  'pspf-header': mailForm('header'),
  'pspf-subject': mailForm('subject'),
  ism: { read: readIsm, write: writeIsm },
}

/**
 * A label from one form in another. Throws `form/not-this-form` for a form that cannot be read or written, `form/policy-unknown` where the
 * other form needs the policy, `label/not-carried` where it has no place for what the label says, and as the form's own reader.
 */
export function convertLabel(
  text: string,
  from: FormName,
  to: FormName,
  context: ConvertContext,
): { output: string; changes: readonly Change[] } {
  const [read, write] = [forms[from]?.read, forms[to]?.write]
  if (read === undefined || write === undefined) {
    const wrong = read === undefined ? from : to
    throw new LabelError('form/not-this-form', `\`${wrong}\` is not ${read === undefined ? 'read' : 'written'}`, {
      values: { text: wrong },
    })
  }
  const carried = read(text, context)
  // A level that goes down at an event has a place in mail markings only. Author and note of a message are no part of its label.
  if (carried.kind === 'label' && carried.event !== undefined && !to.startsWith('pspf-')) throw notCarried(carried.event.text)
  return { output: write(carried, context), changes: carried.changes }
}

/** A mail marking, under the scheme whose markings stand in mails. */
function mailForm(form: MailForm): LabelForm {
  return {
    read(text, { policies, lenient, created }) {
      const policy = policies.find(({ syntax }) => syntax === 'pspf')
      if (policy === undefined) throw unknownPolicy('pspf')
      const { label, changes, event } = readMailMarking(text, policy, { form, lenient, created })
      return { kind: 'label', label, policy, changes, ...(event === undefined ? {} : { event }) }
    },
    write(carried) {
      if (carried.kind !== 'label' || carried.policy.syntax !== 'pspf') throw notCarried(policyNameOf(carried))
      const { label, policy, event } = carried
      return writeMailMarking(label, policy, { form, ...(event === undefined ? {} : { event }) })
    },
  }
}

function policyNameOf(carried: Carried): string {
  switch (carried.kind) {
    case 'label':
    case 'named':
      return carried.label.policy
    case 'spif':
      return carried.named.policy
    case 'ess':
      return carried.label.policyId ?? ''
    case 'clearance':
      return carried.clearance.policy
    default:
      return carried satisfies never
  }
}

/** A label in the names of its policy, under what is known of that policy. */
function resolved(named: ConfidentialityLabel, context: ConvertContext, changes: readonly Change[]): Carried {
  if (context.spif !== undefined) {
    const label = spifLabel(context.spif, named)
    // An obsolete word is a fact of a label that was made; it could not be made today.
    checkSpifLabel(label, { obsolete: true })
    return { kind: 'spif', label, named, changes }
  }
  const policy = policyOf(named, context)
  return policy === undefined
    ? { kind: 'named', label: named, changes }
    : { kind: 'label', label: labelOf(named, policy, context), policy, changes }
}

function policyOf(named: { readonly policy: string; readonly policyId?: string }, { policies }: ConvertContext): MarkingPolicy | undefined {
  return policies.find((policy) => samePolicy(idsOf(policy), named))
}

function resolvedEss(label: EssLabel, { spif }: ConvertContext, changes: readonly Change[]): Carried {
  if (spif === undefined) return { kind: 'ess', label, changes }
  const found = spifLabelOfEss(spif, label)
  checkSpifLabel(found, { obsolete: true })
  return { kind: 'spif', label: found, named: { as: 'originator', ...namesOfSpifLabel(found) }, changes }
}

function readJsonForm(text: string, context: ConvertContext): Carried {
  const read = readJsonLabel(text)
  if (read.kind === 'named') return resolved(read.label, context, [])
  const policy = context.policies.find(({ id }) => id === read.label.policy)
  if (policy === undefined) throw unknownPolicy(read.label.policy)
  checkLabel(read.label, policy)
  return { kind: 'label', label: read.label, policy, changes: [] }
}

/** One element with the attributes; what they say beside the marking (who classified it, why) is no part of a label. */
function readIsm(text: string, { policies, created }: ConvertContext): Carried {
  const policy = policies.find(({ syntax }) => syntax === 'capco')
  if (policy === undefined) throw unknownPolicy('ism')
  const { label } = ismToLabel(ismAttributes(readXml(text).attributes), policy, created)
  return { kind: 'label', label, policy, changes: [] }
}

function writeIsm(carried: Carried): string {
  if (carried.kind !== 'label' || carried.policy.syntax !== 'capco') {
    throw notCarried(carried.kind)
  }
  return ismElement(labelToIsm(carried.label, carried.policy))
}

function readMessage(text: string, context: ConvertContext): Carried {
  const { value, changes } = readXep0258(text, context)
  const { label } = value
  if (label === undefined) throw new LabelError('form/no-label', 'a nil label', { values: {} })
  switch (label.form) {
    case 'ess':
      return resolvedEss(label.label, context, changes)
    case 'stanag4774':
      return resolved(label.label, context, changes)
    case 'unknown':
      throw new LabelError('form/not-this-form', `a label of \`${label.namespace}\``, { values: { text: label.name } })
    default:
      return label satisfies never
  }
}

function unknownPolicy(text: string): LabelError {
  return new LabelError('form/policy-unknown', `no policy \`${text}\``, { values: { text } })
}

function writeMarking(carried: Carried, context: ConvertContext, form: 'banner' | 'portion'): string {
  const { lang } = context
  switch (carried.kind) {
    case 'label':
      return syntaxOf(carried.policy).print(carried.label, carried.policy, { form, ...(lang === undefined ? {} : { lang }) })
    case 'spif':
      return spifMarking(carried.label, { ...(lang === undefined ? {} : { lang }), ...(form === 'portion' ? { place: 'portion' } : {}) })
    case 'clearance':
      if (context.spif === undefined) throw unknownPolicy(carried.clearance.policy)
      return spifClearanceMarking(spifClearance(context.spif, carried.clearance), lang === undefined ? {} : { lang })
    case 'named':
      throw unknownPolicy(carried.label.policy)
    case 'ess':
      throw unknownPolicy(carried.label.policyId ?? '')
    default:
      return carried satisfies never
  }
}

function writeJsonForm(carried: Carried): string {
  switch (carried.kind) {
    case 'label':
    case 'ess':
      return canonicalText(carried.label as unknown as Json)
    case 'spif':
      return namesJson({ ...carried.named, ...namesOfSpifLabel(carried.label) })
    case 'named':
      return namesJson(carried.label)
    case 'clearance':
      return canonicalText(carried.clearance as unknown as Json)
    default:
      return carried satisfies never
  }
}

/** What `readJsonLabel` reads again. */
function namesJson({ as, ...label }: ConfidentialityLabel): string {
  if (as !== 'originator' || label.succession !== undefined) {
    const text = label.succession === undefined ? as : 'SuccessionHandling'
    throw notCarried(text)
  }
  return canonicalText(label as unknown as Json)
}

function writeXmlForm(carried: Carried, context: ConvertContext): string {
  switch (carried.kind) {
    case 'label':
      return toStanag4774(carried.label, carried.policy)
    case 'spif':
    case 'named':
      return writeStanag4774(named(carried, context))
    case 'clearance':
      return writeClearance(carried.clearance)
    case 'ess':
      throw unknownPolicy(carried.label.policyId ?? '')
    default:
      return carried satisfies never
  }
}

/** A label in names with the dates that its XML must have; a label that had none was made now. */
function named(carried: Carried & { kind: 'spif' | 'named' }, { created }: ConvertContext): ConfidentialityLabel {
  const label = carried.kind === 'named' ? carried.label : { ...carried.named, ...namesOfSpifLabel(carried.label) }
  const made = label.created ?? created
  return {
    ...label,
    created: made,
    ...(label.review === undefined && label.succession === undefined ? { review: made + REVIEW_AFTER_SECONDS } : {}),
  }
}

function essOf(carried: Carried, { spif }: ConvertContext): EssLabel {
  switch (carried.kind) {
    case 'ess':
      return carried.label
    case 'spif':
      return essOfSpifLabel(carried.label)
    case 'label':
      if (spif === undefined) throw unknownPolicy(carried.policy.id)
      return essOfSpifLabel(spifLabel(spif, namesOf(carried.label, carried.policy)))
    case 'named':
      throw unknownPolicy(carried.label.policy)
    case 'clearance':
      throw notCarried(carried.clearance.policy)
    default:
      return carried satisfies never
  }
}

function writeMessage(carried: Carried, context: ConvertContext): string {
  if (carried.kind === 'ess') return writeXep0258({ label: { form: 'ess', label: carried.label }, equivalents: [] })
  if (carried.kind === 'clearance') throw notCarried(carried.clearance.policy)
  const label = carried.kind === 'label' ? namesOf(carried.label, carried.policy) : named(carried, context)
  const display = carried.kind === 'named' ? {} : { display: displayOf(carried, context) }
  return writeXep0258({ ...display, label: { form: 'stanag4774', label }, equivalents: [] })
}

function displayOf(carried: Carried, context: ConvertContext): { text: string; foreground?: string; background?: string } {
  const text = writeMarking(carried, context, 'banner')
  if (carried.kind !== 'label') return { text }
  const colours = carried.policy.classifications.find(({ code }) => code === carried.label.classification)?.colours
  return colours === undefined ? { text } : { text, foreground: colours.text, background: colours.background }
}
