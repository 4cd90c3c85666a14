import { PERSON } from '../policy-codes.ts'
import { LabelError } from '../errors.ts'
import type { Label, MarkingPolicy } from '../model.ts'
import { shown } from '../text.ts'
import { ordered } from './countries.ts'
import { labelOf, markingOf } from './label.ts'
import { type Marking, add, has, hasTag } from './marking.ts'
import { checkRules } from './rules.ts'
import { NO_TEXT } from './syntax.ts'
import { ancestors, wordsOf } from './words.ts'

/** The namespace of the attributes. */
export const ISM_NAMESPACE = 'urn:us:gov:ic:ism'

/** Attributes by local name, in `ISM_NAMESPACE`. */
export type IsmAttributes = Readonly<Record<string, string>>

/** What ISM says beside a marking (who classified it, why, which rules a resource keeps): carried, and no part of a label. */
const BESIDE: ReadonlySet<string> = new Set([
  'DESVersion',
  'ISMCATCESVersion',
  'classificationReason',
  'classifiedBy',
  'compilationReason',
  'compliesWith',
  'createDate',
  'declassEvent',
  'declassException',
  'derivativelyClassifiedBy',
  'derivedFrom',
  'excludeFromRollup',
  'exemptFrom',
  'externalNotice',
  'joint',
  'noticeDate',
  'noticeReason',
  'noticeType',
  'pocType',
  'resourceElement',
  'unregisteredNoticeType',
])

/** Attributes of a marking, in the order in which they are written, with the tag of what they hold. */
const LISTS = [
  ['SCIcontrols', 'sci'],
  ['SARIdentifier', 'sap'],
  ['atomicEnergyMarkings', 'aea'],
  ['nonUSControls', 'foreign-control'],
] as const

const MARKING: ReadonlySet<string> = new Set([
  'classification',
  'ownerProducer',
  ...LISTS.map(([name]) => name),
  'FGIsourceOpen',
  'FGIsourceProtected',
  'disseminationControls',
  'displayOnlyTo',
  'releasableTo',
  'nonICmarkings',
  'declassDate',
])

/**
 * The label of ISM attributes, and what stands beside it. `declassDate` is the instant from which the label is that of the lowest level.
 * Throws `capco/ism-attribute` for an attribute that ISM does not have, `capco/ism-value` for a value or a combination that it
 * does not allow (rules 31, 32, 213), and as the rules of the marking do; `values.attribute` names the attribute.
 */
export function ismToLabel(attributes: IsmAttributes, policy: MarkingPolicy, created: number): { label: Label; beside: IsmAttributes } {
  for (const name of Object.keys(attributes)) {
    if (!MARKING.has(name) && !BESIDE.has(name)) {
      throw new LabelError('capco/ism-attribute', `ISM has no attribute \`${name.slice(0, 64)}\``, {
        values: { attribute: name.slice(0, 64) },
      })
    }
  }
  const words = wordsOf(policy)
  const [letters, ...more] = tokens(attributes, 'classification')
  const level = words.levels.portion.get(letters ?? '')
  if (level === undefined || level.code === 'CUI' || more.length > 0) throw badValue('classification', attributes['classification'] ?? '')
  const owners = tokens(attributes, 'ownerProducer')
  if (owners.length === 0 || owners.some((code) => !words.countries.has(code))) throw badValue('ownerProducer', owners.join(' '))
  const marking: Marking = {
    words,
    level,
    levelAt: 0,
    owners: ordered(owners, undefined),
    entries: [],
    ats: [],
    rel: undefined,
    relAt: 0,
  }
  for (const [name, tag] of LISTS) for (const token of tokens(attributes, name)) addInner(marking, name, tag, token)
  readForeignSources(marking, attributes)
  readControls(marking, attributes)
  checkRules(marking, NO_TEXT)
  const now = labelOf(marking, created, undefined)
  // Through the writer: what no marking can say is refused here as well.
  markingOf(now, policy)
  const label = withDeclassification(now, attributes, policy)
  return { label, beside: Object.fromEntries(Object.entries(attributes).filter(([name]) => BESIDE.has(name))) }
}

function tokens(attributes: IsmAttributes, name: string): readonly string[] {
  const text = attributes[name]
  if (text === undefined) return []
  if (text.length > 2048) throw badValue(name, text)
  const found = text.split(/[ \t\r\n]+/u).filter((token) => token !== '')
  if (found.length === 0 || new Set(found).size !== found.length) throw badValue(name, text)
  return found
}

function badValue(attribute: string, text: string, source?: string): LabelError {
  const values = { attribute, text: shown(text), ...(source === undefined ? {} : { source }) }
  return new LabelError('capco/ism-value', `\`${attribute}\` does not hold \`${values.text}\``, { values })
}

/** `SI-G-ABCD`, `RD-SG-14`, `TEA_LEAF`: an underscore is a space of a name. */
function addInner(marking: Marking, name: string, tag: string, token: string): void {
  const code =
    tag === 'sap'
      ? token
          .replace(/^SAR-/u, '')
          .replaceAll('_', ' ')
          .replace(/^MULTIPLE PROGRAMS$/u, 'MULTIPLE-PROGRAMS')
      : token
  if (tag === 'foreign-control' && marking.words.byCode.get(code)?.entries.at(-1)?.tag !== tag) throw badValue(name, token)
  for (const outer of ancestors(tag, code)) add(marking, outer, 0)
  add(marking, { tag, code }, 0)
}

function readForeignSources(marking: Marking, attributes: IsmAttributes): void {
  const open = tokens(attributes, 'FGIsourceOpen')
  const hidden = tokens(attributes, 'FGIsourceProtected')
  if (hidden.length > 0 && (hidden.join() !== 'FGI' || open.length > 0)) throw badValue('FGIsourceProtected', hidden.join(' '))
  for (const code of open) {
    if (!marking.words.countries.has(code) || code === 'FGI' || code === marking.words.own) throw badValue('FGIsourceOpen', code)
    add(marking, { tag: 'fgi', code }, 0)
  }
  if (hidden.length > 0) add(marking, { tag: 'fgi', code: 'FGI' }, 0)
}

function readControls(marking: Marking, attributes: IsmAttributes): void {
  const { words } = marking
  const controls = tokens(attributes, 'disseminationControls')
  const released = tokens(attributes, 'releasableTo')
  const shown = tokens(attributes, 'displayOnlyTo')
  const named = controls.includes('REL') || controls.includes('EYES')
  if (named !== released.length > 0)
    throw badValue(named ? 'disseminationControls' : 'releasableTo', controls.join(' '), 'ISM rules 31, 32')
  if (controls.includes('DISPLAYONLY') !== shown.length > 0) throw badValue('displayOnlyTo', shown.join(' '), 'ISM rule 213')
  for (const code of [...released, ...shown]) {
    if (!words.countries.has(code) || code === 'FGI') throw badValue(released.includes(code) ? 'releasableTo' : 'displayOnlyTo', code)
  }
  const own = marking.owners.includes(words.own) ? words.own : undefined
  // The order of an attribute says nothing: renderers keep it, so it is put in order here.
  if (released.length > 0) marking.rel = ordered(released, own)
  for (const code of shown) add(marking, { tag: 'display-only', code }, 0)
  for (const token of controls) {
    if (token === 'REL' || token === 'DISPLAYONLY') continue
    const entry = token === 'EYES' ? { tag: 'handling', code: 'EYES-ONLY' } : words.words.portion.get(token)?.entries.at(-1)
    if (entry === undefined || !['dissemination', 'handling', PERSON].includes(entry.tag) || token === 'SBU') {
      throw badValue('disseminationControls', token)
    }
    add(marking, entry, 0)
  }
  for (const token of tokens(attributes, 'nonICmarkings')) {
    const entry = token.startsWith('ACCM-')
      ? { tag: 'accm', code: token.slice(5).replaceAll('_', ' ') }
      : words.words.portion.get(token)?.entries.at(-1)
    if (entry === undefined || (entry.tag !== 'non-ic' && entry.tag !== 'accm' && entry.code !== 'SBU'))
      throw badValue('nonICmarkings', token)
    add(marking, entry, 0)
  }
}

function withDeclassification(label: Label, attributes: IsmAttributes, policy: MarkingPolicy): Label {
  const date = attributes['declassDate']
  if (date === undefined) return label
  const at = /^\d{4}-\d{2}-\d{2}$/u.test(date) ? Date.parse(`${date}T00:00:00Z`) / 1000 : Number.NaN
  if (!Number.isInteger(at) || at < 0 || new Date(at * 1000).toISOString().slice(0, 10) !== date) throw badValue('declassDate', date)
  return { ...label, succession: { at, label: declassified(label, policy) } }
}

function declassified({ policy, originators, created }: Label, { classifications }: MarkingPolicy): Label {
  const lowest = classifications.reduce((low, level) => (level.order < low.order ? level : low))
  return {
    policy,
    classification: lowest.code,
    categories: [],
    personRules: [],
    originators: originators.map(({ nation }) => ({ nation, releasableTo: 'neutral' })),
    created,
  }
}

/**
 * The ISM attributes of a label, in the order of the schema, with what stands beside it. Throws as `markingOf` and the rules do, and
 * `capco/not-carried` for CUI, which this version of ISM has no classification for, and for a succession other than
 * declassification at the start of a day.
 */
export function labelToIsm(label: Label, policy: MarkingPolicy, beside: IsmAttributes = {}): IsmAttributes {
  const marking = markingOf(label, policy)
  checkRules(marking, NO_TEXT)
  const { words, level, owners, rel, entries } = marking
  if (level.code === 'CUI') throw new LabelError('capco/not-carried', 'ISM has no classification `CUI`', { values: { text: 'CUI' } })
  const of = (tag: string) => entries.filter((entry) => entry.tag === tag).map(({ code }) => code)
  const inner = (tag: string) =>
    of(tag).filter((code) => !of(tag).some((other) => other !== code && ancestors(tag, other).some((outer) => outer.code === code)))
  const spaced = (codes: readonly string[]) => codes.map((code) => code.replaceAll(' ', '_')).join(' ')
  const letters = (code: string) => words.byCode.get(code)?.portion ?? code
  const eyes = has(marking, 'handling', 'EYES-ONLY')
  const controls = [
    ...[...of('dissemination'), ...of('handling'), ...of(PERSON)].filter((code) => code !== 'SBU' && code !== 'EYES-ONLY').map(letters),
    ...(rel === undefined ? [] : [eyes ? 'EYES' : 'REL']),
    ...(hasTag(marking, 'display-only') ? ['DISPLAYONLY'] : []),
  ]
  const hidden = has(marking, 'fgi', 'FGI')
  const written: Record<string, string> = {
    classification: level.portion,
    ownerProducer: owners.join(' '),
    SCIcontrols: inner('sci').sort().join(' '),
    SARIdentifier: spaced(inner('sap')),
    atomicEnergyMarkings: inner('aea').join(' '),
    FGIsourceOpen: hidden ? '' : ordered(of('fgi'), undefined).join(' '),
    FGIsourceProtected: hidden ? 'FGI' : '',
    disseminationControls: controls.join(' '),
    displayOnlyTo: ordered(of('display-only'), undefined).join(' '),
    releasableTo: (rel ?? []).join(' '),
    nonICmarkings: [
      ...[...of('non-ic'), ...of('handling').filter((code) => code === 'SBU')].map(letters),
      ...of('accm').map((name) => `ACCM-${spaced([name])}`),
    ].join(' '),
    nonUSControls: of('foreign-control').join(' '),
    declassDate: declassDate(label, policy),
  }
  for (const [name, value] of Object.entries(beside)) if (BESIDE.has(name)) written[name] = value
  return Object.fromEntries(Object.entries(written).filter(([, value]) => value !== ''))
}

function declassDate(label: Label, policy: MarkingPolicy): string {
  const { succession } = label
  if (succession === undefined) return ''
  const day = new Date(succession.at * 1000).toISOString()
  const { created: _made, ...then } = succession.label
  const { created: _now, ...expected } = declassified(label, policy)
  if (!day.endsWith('T00:00:00.000Z') || day.length !== 24 || JSON.stringify(then) !== JSON.stringify(expected)) {
    throw new LabelError('capco/not-carried', 'ISM has no such succession', { values: { text: 'succession' } })
  }
  return day.slice(0, 10)
}
