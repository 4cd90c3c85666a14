import { unreachable } from '@entente/canonical'
import { ismToLabel, labelToIsm } from '../capco/ism.ts'
import { LabelError } from '../errors.ts'
import type { Label, MarkingPolicy } from '../model.ts'
import { shown } from '../text.ts'

/** A marking definition of STIX 2.1 as parsed JSON. */
export type StixMarking = Readonly<Record<string, unknown>>

/** What a marking definition says beside the label (who made it, when, under which policy): kept, to be written back. */
export interface StixReading {
  readonly kind: StixKind
  readonly label: Label
  readonly beside: StixMarking
}

export type StixKind = 'tlp' | 'pap' | 'iep' | 'acs'

/** Extensions by which STIX carries the markings, as their own definitions name them. */
export const STIX_EXTENSIONS: Readonly<Record<StixKind, string>> = {
  tlp: 'extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d',
  pap: 'extension-definition--f8d78575-edfd-406e-8e84-6162a8450f5b',
  iep: 'extension-definition--762e2e97-ee51-43e5-a9ea-165fbb862c4a',
  acs: 'extension-definition--3a65884d-005a-4290-8335-cb2d778a83ce',
}

/** Where the word of a protocol stands in its extension, when all its marking definitions were made, and their ids by level. */
const PROTOCOLS = {
  tlp: {
    member: 'tlp_2_0',
    created: '2022-10-01T00:00:00.000Z',
    ids: {
      CLEAR: '94868c89-83c2-464b-929b-a1a8aa3c8487',
      GREEN: 'bab4a63c-aed9-4cf5-a766-dfca5abac2bb',
      AMBER: '55d920b0-5e8b-4f79-9ee9-91f868d9b421',
      'AMBER-STRICT': '939a9414-2ddd-4d32-a0cd-375ea402b003',
      RED: 'e828b379-4e03-4974-9ac4-e53a884c97c1',
    },
  },
  pap: {
    member: 'pap',
    created: '2022-10-02T00:00:00.000Z',
    ids: {
      CLEAR: 'ad15a0cd-55b6-4588-a14c-a66105329b92',
      GREEN: 'c43594d1-4b11-4c59-93ab-1c9b14d53ce9',
      AMBER: '60f8932b-e51e-4458-b265-a2e8be9a80ab',
      RED: '740d36e5-7714-4c30-961a-3ae632ceee0e',
    },
  },
} as const satisfies Record<string, { member: string; created: string; ids: Readonly<Record<string, string>> }>

/** Members of an IEP 2.0 extension and what each may be; absent: any text. */
const IEP: Readonly<Record<string, readonly string[] | undefined>> = {
  extension_type: ['property-extension'],
  encrypt_in_transit: ['must', 'may'],
  permitted_actions: [
    'none',
    'contact-for-instruction',
    'internally-visible-actions',
    'externally-visible-indirect-actions',
    'externally-visible-direct-actions',
  ],
  affected_party_notifications: ['may', 'must-not'],
  tlp: ['red', 'amber', 'green', 'white'],
  provider_attribution: ['may', 'must', 'must-not'],
  unmodified_resale: ['may', 'must-not'],
  iep_id: undefined,
  iep_version: undefined,
  description: undefined,
  start_date: undefined,
  end_date: undefined,
}

/** Members of an ACS 3.0 extension that name it and its makers, and restrict nobody. What else it may hold grants or denies, and is refused. */
const ACS_BESIDE: ReadonlySet<string> = new Set([
  'extension_type',
  'identifier',
  'name',
  'create_date_time',
  'responsible_entity_custodian',
  'responsible_entity_originator',
  'authority_reference',
  'policy_reference',
  'original_classification',
  'derivative_classification',
])

/** ACS formal determinations, caveats and sensitivities that are ISM controls. */
const ACS_CONTROLS: Readonly<Record<string, { readonly member: string; readonly attribute: 'disseminationControls' | 'nonICmarkings' }>> = {
  NF: { member: 'formal_determination', attribute: 'disseminationControls' },
  FOUO: { member: 'formal_determination', attribute: 'disseminationControls' },
  FISA: { member: 'caveat', attribute: 'disseminationControls' },
  PR: { member: 'sensitivity', attribute: 'disseminationControls' },
  LES: { member: 'sensitivity', attribute: 'nonICmarkings' },
}

/**
 * The label of a marking definition: TLP 2.0, PAP and the TLP of an IEP 2.0 in a policy of their word; ACS 3.0 in a policy of the Register.
 * Throws `capco/stix-shape` for another object, `capco/stix-value` for a value that its definition does not have, and
 * `capco/not-carried` for a grant or a control that no label says.
 */
export function readStixMarking(value: unknown, policy: MarkingPolicy, created: number): StixReading {
  const object = record(value, 'marking-definition')
  if (object['type'] !== 'marking-definition' || object['spec_version'] !== '2.1') throw shape('type')
  const extensions = record(object['extensions'], 'extensions')
  const [id, ...more] = Object.keys(extensions)
  const kind = (Object.keys(STIX_EXTENSIONS) as StixKind[]).find((name) => STIX_EXTENSIONS[name] === id)
  if (kind === undefined || more.length > 0) throw shape('extensions')
  const extension = record(extensions[id ?? ''], 'extensions')
  if (extension['extension_type'] !== 'property-extension') throw shape('extension_type')
  switch (kind) {
    case 'tlp':
    case 'pap':
      return { kind, label: wordLabel(readWord(kind, object, extension), policy, created), beside: {} }
    case 'iep':
      return {
        kind,
        label: wordLabel(readIep(extension), policy, created),
        beside: { id: object['id'], name: object['name'], created: object['created'], ...extension },
      }
    case 'acs':
      return readAcs(object, extension, policy, created)
    default:
      return unreachable(kind)
  }
}

/**
 * The marking definition of a label. TLP and PAP have one object for each word; for IEP and ACS `beside` gives what a reading of
 * one gave, at least `id` and `created`. Throws `capco/not-carried` for a label that this kind cannot say.
 */
export function writeStixMarking(label: Label, policy: MarkingPolicy, kind: StixKind, beside: StixMarking = {}): StixMarking {
  switch (kind) {
    case 'tlp':
    case 'pap': {
      const { ids, member, created } = PROTOCOLS[kind]
      const id = (ids as Readonly<Record<string, string>>)[wordOf(label, policy)]
      if (id === undefined) throw notCarried(label.classification)
      const banner = policy.classifications.find(({ code }) => code === label.classification)?.banner ?? ''
      const word = label.classification.replace('-', '+').toLowerCase()
      return definition(`marking-definition--${id}`, created, banner, kind, { extension_type: 'property-extension', [member]: word })
    }
    case 'iep': {
      const word = wordOf(label, policy).toLowerCase()
      if (word === 'amber-strict') throw notCarried(label.classification)
      const { id, name, created, ...rest } = beside
      const extension = { ...rest, tlp: word === 'clear' ? 'white' : word }
      readIep({ extension_type: 'property-extension', ...extension })
      return definition(text(id, 'id'), text(created, 'created'), text(name, 'name'), kind, extension)
    }
    case 'acs': {
      const { id, name, created, ...rest } = beside
      const extension = { ...rest, control_set: controlSet(label, policy) }
      return definition(text(id, 'id'), text(created, 'created'), name === undefined ? undefined : text(name, 'name'), kind, extension)
    }
    default:
      return unreachable(kind)
  }
}

function definition(id: string, created: string, name: string | undefined, kind: StixKind, extension: StixMarking): StixMarking {
  return {
    type: 'marking-definition',
    spec_version: '2.1',
    id,
    created,
    ...(name === undefined ? {} : { name }),
    extensions: { [STIX_EXTENSIONS[kind]]: extension },
  }
}

function readWord(kind: 'tlp' | 'pap', object: StixMarking, extension: StixMarking): string {
  const { member, ids } = PROTOCOLS[kind]
  for (const name of Object.keys(extension)) if (name !== 'extension_type' && name !== member) throw shape(name)
  const word = text(extension[member], member)
  const code = word.toUpperCase().replace('+', '-')
  const id = (ids as Readonly<Record<string, string>>)[code]
  if (id === undefined || word !== word.toLowerCase()) throw badValue(member, word)
  // The words have one object each, the same for everybody: another id with the same word is a forgery or a slip.
  if (object['id'] !== `marking-definition--${id}`) throw badValue('id', object['id'])
  return code
}

function readIep(extension: StixMarking): string {
  for (const [name, value] of Object.entries(extension)) {
    if (!Object.hasOwn(IEP, name)) throw shape(name)
    const allowed = IEP[name]
    if (allowed !== undefined && !allowed.includes(value as string)) throw badValue(name, value)
  }
  for (const [name, allowed] of Object.entries(IEP)) if (allowed !== undefined && !Object.hasOwn(extension, name)) throw shape(name)
  if (extension['iep_version'] !== 2) throw badValue('iep_version', extension['iep_version'])
  const word = text(extension['tlp'], 'tlp')
  return word === 'white' ? 'CLEAR' : word.toUpperCase()
}

function wordLabel(code: string, policy: MarkingPolicy, created: number): Label {
  if (!policy.classifications.some((level) => level.code === code && level.obsolete === undefined)) throw badValue('policy', policy.id)
  return {
    policy: policy.id,
    classification: code,
    categories: [],
    personRules: [],
    originators: [{ nation: policy.nation, releasableTo: 'neutral' }],
    created,
  }
}

/** The word of a label that says nothing else. */
function wordOf(label: Label, policy: MarkingPolicy): string {
  const [part, ...others] = label.originators
  const alone = part?.releasableTo === 'neutral' && others.length === 0 && label.categories.length === 0 && label.personRules.length === 0
  if (label.policy !== policy.id || !alone || label.succession !== undefined) throw notCarried(label.classification)
  return label.classification
}

function readAcs(object: StixMarking, extension: StixMarking, policy: MarkingPolicy, created: number): StixReading {
  for (const name of Object.keys(extension)) if (name !== 'control_set' && !ACS_BESIDE.has(name)) throw notCarried(name)
  const control = record(extension['control_set'], 'control_set')
  const attributes: Record<string, string> = {
    classification: text(control['classification'], 'classification'),
    ownerProducer: policy.nation,
  }
  const put = (name: string, value: string) => {
    attributes[name] = attributes[name] === undefined ? value : `${attributes[name]} ${value}`
  }
  for (const [member, value] of Object.entries(control)) {
    if (member === 'classification') continue
    if (!Array.isArray(value) || value.length === 0) throw shape(member)
    for (const one of value as readonly unknown[]) {
      const word = text(one, member)
      if (member === 'sci_controls') put('SCIcontrols', word)
      else if (member === 'permitted_nationalities') put('releasableTo', word)
      else if (ACS_CONTROLS[word]?.member === member) put(ACS_CONTROLS[word].attribute, word)
      else throw notCarried(`${member} ${word}`)
    }
  }
  if (attributes['releasableTo'] !== undefined) put('disseminationControls', 'REL')
  const { label } = ismToLabel(attributes, policy, created)
  const { control_set: _set, ...rest } = extension
  return { kind: 'acs', label, beside: { id: object['id'], name: object['name'], created: object['created'], ...rest } }
}

function controlSet(label: Label, policy: MarkingPolicy): StixMarking {
  const { classification, ownerProducer, SCIcontrols, disseminationControls, nonICmarkings, releasableTo, ...rest } = labelToIsm(
    label,
    policy,
  )
  const [other] = Object.keys(rest)
  if (other !== undefined) throw notCarried(other)
  if (ownerProducer !== policy.nation) throw notCarried('ownerProducer')
  const set: Record<string, unknown> = { classification }
  if (SCIcontrols !== undefined) set['sci_controls'] = SCIcontrols.split(' ')
  for (const word of [disseminationControls, nonICmarkings].flatMap((list) => list?.split(' ') ?? [])) {
    if (word === 'REL') continue
    const control = ACS_CONTROLS[word]
    if (control === undefined) throw notCarried(word)
    set[control.member] = [...((set[control.member] as readonly string[] | undefined) ?? []), word]
  }
  if (releasableTo !== undefined) set['permitted_nationalities'] = releasableTo.split(' ')
  return set
}

function record(value: unknown, name: string): StixMarking {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw shape(name)
  return value as StixMarking
}

function text(value: unknown, name: string): string {
  if (typeof value !== 'string' || value === '' || value.length > 4096) throw shape(name)
  return value
}

function shape(member: string): LabelError {
  const values = { member: shown(member) }
  return new LabelError('capco/stix-shape', `no marking definition of STIX 2.1: \`${values.member}\``, { values })
}

function badValue(member: string, value: unknown): LabelError {
  // A stranger's object may answer `toString` with anything: only a string is shown.
  const values = { member, text: shown(typeof value === 'string' ? value : typeof value) }
  return new LabelError('capco/stix-value', `\`${member}\` does not hold \`${values.text}\``, { values })
}

function notCarried(what: string): LabelError {
  const values = { text: shown(what) }
  return new LabelError('capco/not-carried', `\`${values.text}\` cannot be carried`, { values })
}
