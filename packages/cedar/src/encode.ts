import type { Question } from '@entente/decision'
import type { Category, MarkingPolicy } from '@entente/label'
import type { CedarValue, Entity, EntityId } from './request.ts'
import type { KnownNotice, World } from './model.ts'
import { wayUp } from './areas.ts'

/** The question as Cedar's principal, resource and entities. The same for every version that is asked. */
export interface EncodedQuestion {
  readonly principal: EntityId
  readonly resource: EntityId
  readonly entities: readonly Entity[]
}

/** When a version begins here, and when a later one takes its place. */
export interface Standing {
  /** From when it at least narrows; absent while a note is missing. */
  readonly narrowsFrom?: number
  readonly inForceFrom?: number
  readonly supersededAt?: number
}

/** One thing by which the agreement may have ended. */
export interface End {
  readonly kind: 'termination' | 'membership' | 'lapse' | 'notice'
  readonly at: number
  readonly nation?: string
  readonly memberFrom?: number
  readonly inForceFrom?: number
  readonly supersededAt?: number
}

function reference(type: string, id: string): { readonly __entity: EntityId } {
  return { __entity: { type, id } }
}

/** Writes person and item, with the marking policy that the label names, if it is known. Nothing is compared and nothing looked up. */
export function encodeQuestion(question: Question, policies: readonly MarkingPolicy[]): EncodedQuestion {
  const { person, item } = question
  const { label } = item
  const policy = policies.find(({ id }) => id === label.policy)
  const { nation, clearance, citizenships, areas, purpose, suspended, briefings, organisation, post, facility } = person
  const reader: Entity = {
    uid: { type: 'Reader', id: 'reader' },
    attrs: present({ nation, clearance, citizenships, areas, purpose, suspended, briefings, organisation, post, facility }),
    parents: [],
  }
  const resource: Entity = {
    uid: { type: 'Item', id: 'item' },
    attrs: present({
      originator: item.originator,
      basis: item.basis === undefined ? undefined : { ...item.basis },
      policy: policy === undefined ? undefined : reference('MarkingPolicy', 'policy'),
      classification: label.classification,
      restrictive: marks(label.categories, 'restrictive'),
      permissive: marks(label.categories, 'permissive'),
      informative: marks(label.categories, 'informative'),
      personRules: label.personRules.map(({ code }) => code),
      originators: label.originators.map((part) => part.nation),
      area: item.area,
      via: item.via,
      releasedAt: item.releasedAt,
      expiresAt: item.expiresAt,
      stopped: item.stopped,
    }),
    parents: [],
  }
  return {
    principal: reader.uid,
    resource: resource.uid,
    entities: [reader, resource, ...(policy === undefined ? [] : policyEntities(policy))],
  }
}

/** Writes what of the question says whom to ask. */
export function encodeRelease({ person, item }: Question): EncodedQuestion {
  const nation: Entity = { uid: { type: 'Nation', id: 'reader' }, attrs: { nation: person.nation }, parents: [] }
  const { originator, basis, via, releasedAt } = item
  const release: Entity = {
    uid: { type: 'Release', id: 'item' },
    attrs: present({ originator, basis: basis === undefined ? undefined : { ...basis }, via, releasedAt }),
    parents: [],
  }
  return { principal: nation.uid, resource: release.uid, entities: [nation, release] }
}

/** What an office would release, and how. */
export interface OfficeAsked {
  /** Absent: the officer has none. */
  readonly office?: string
  /** The grant's, as the document names it. */
  readonly mode: 'show' | 'give'
}

/** Writes an office that would release the question's item under a version, instead of the reader. */
export function encodeOffice(
  question: Question,
  policies: readonly MarkingPolicy[],
  { office, mode }: OfficeAsked,
  releasedUnder: number,
): EncodedQuestion & EncodedContext {
  const { principal, resource, entities } = encodeQuestion(question, policies)
  const uid = { type: 'Office', id: 'office' }
  const own: Entity = { uid, attrs: present({ nation: question.item.originator, office }), parents: [] }
  const others = entities.filter((entity) => entity.uid.type !== principal.type)
  return { principal: uid, resource, entities: [own, ...others], context: { at: question.at, mode, releasedUnder } }
}

function marks(categories: readonly Category[], kind: Category['kind']): readonly string[] {
  return categories.filter((category) => category.kind === kind).flatMap(values)
}

function values({ tag, values: codes }: Category): readonly string[] {
  return codes.map((code) => `${tag}/${code}`)
}

function policyEntities({ nation, classifications, clearances }: MarkingPolicy): readonly Entity[] {
  return [
    {
      uid: { type: 'MarkingPolicy', id: 'policy' },
      attrs: { nation, clearances: reference('ClearanceScheme', 'policy') },
      parents: [],
      tags: Object.fromEntries(classifications.map(({ code, order }) => [code, order])),
    },
    {
      uid: { type: 'ClearanceScheme', id: 'policy' },
      attrs: {},
      parents: [],
      tags: Object.fromEntries(clearances.map((clearance) => [clearance.code, clearance.classifications])),
    },
  ]
}

/** Members that are there. */
function present(all: Readonly<Record<string, CedarValue | undefined>>): Record<string, CedarValue> {
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, CedarValue] => entry[1] !== undefined))
}

/** What a version is told when it is asked whether it has a say. */
export interface Beside {
  /** Id of the version. */
  readonly version: string
  readonly here: Standing
  readonly withdrawals: readonly KnownNotice[]
  /** Whether a suspension of this agreement is in effect, as the version says that it names. */
  readonly suspended?: boolean
  readonly suspension?: { readonly notice: KnownNotice; readonly resumed: readonly KnownNotice[] }
  readonly ends?: readonly End[]
}

/** What a version is told when it is asked whether it permits. */
export interface Told {
  readonly withdrawals: readonly KnownNotice[]
  /** Number of the version of this agreement under which the item was released. */
  readonly releasedUnder?: number
  /** Versions of this agreement that have begun, as each of them says. */
  readonly begun?: readonly number[]
  /** Agreements that stand now, as a version of each says. */
  readonly standing?: readonly string[]
  readonly suspended?: boolean
  readonly ends?: readonly End[]
}

/** One context, and the entities that it names. */
export interface EncodedContext {
  readonly context: Readonly<Record<string, CedarValue>>
  readonly entities: readonly Entity[]
}

/** The contexts in which a version is asked whether it has a say: one for each end that is put. */
export function encodeBeside({ at }: Question, beside: Beside): readonly EncodedContext[] {
  const { version, here, withdrawals, suspended = false, suspension, ends = [] } = beside
  const entities: readonly Entity[] = [
    ...withdrawalEntities(withdrawals),
    ...(suspension === undefined
      ? []
      : [tagged('Suspension', { nation: suspension.notice.body.nation, from: suspension.notice.effect }, suspension.resumed)]),
  ]
  return Array.from({ length: Math.max(1, ends.length) }, (_, index) => {
    const end = dealt(ends, index)
    return {
      context: present({
        at,
        version,
        ...here,
        suspended,
        withdrawals: reference('Withdrawals', 'all'),
        end: end === undefined ? undefined : { ...end },
        suspension: suspension === undefined ? undefined : reference('Suspension', 'all'),
      }),
      entities,
    }
  })
}

/**
 * The contexts in which a version is asked whether it permits. What is asked of every one of several things (each originator's
 * say, each rule on persons, each permissive category, each end) is dealt out, one of each a context, for Cedar cannot ask it
 * of all at once.
 */
export function encodeContexts(question: Question, deciding: string, told: Told): readonly EncodedContext[] {
  const { label } = question.item
  const { ends = [], withdrawals } = told
  const says = label.originators.map(({ nation, releasableTo }) => ({
    nation,
    neutral: releasableTo === 'neutral',
    releasableTo: releasableTo === 'neutral' ? [] : releasableTo,
  }))
  const rules = label.personRules.map(({ code, nations }) => ({ code, nations }))
  const choices = label.categories.filter(({ kind }) => kind === 'permissive').map(values)
  const contexts = Math.max(1, says.length, rules.length, choices.length, ends.length)
  const entities = withdrawalEntities(withdrawals)
  return Array.from({ length: contexts }, (_, index) => {
    const end = dealt(ends, index)
    return {
      context: present({
        at: question.at,
        deciding,
        purpose: question.purpose,
        use: question.use,
        releasedUnder: told.releasedUnder,
        begun: told.begun ?? [],
        standing: told.standing ?? [],
        suspended: told.suspended ?? false,
        withdrawals: reference('Withdrawals', 'all'),
        end: end === undefined ? undefined : { ...end },
        say: dealt(says, index),
        rule: dealt(rules, index),
        choice: dealt(choices, index),
      }),
      entities,
    }
  })
}

function withdrawalEntities(withdrawals: readonly KnownNotice[]): readonly Entity[] {
  return withdrawals.length === 0 ? [] : [tagged('Withdrawals', {}, withdrawals)]
}

function dealt<T>(list: readonly T[], index: number): T | undefined {
  return list[Math.min(index, list.length - 1)]
}

function tagged(type: string, attrs: Entity['attrs'], notices: readonly KnownNotice[]): Entity {
  return { uid: { type, id: 'all' }, attrs, parents: [], tags: tagsOf(notices) }
}

/** When each nation's notice takes effect; of two of one nation the one that does so first. */
function tagsOf(notices: readonly KnownNotice[]): Record<string, number> {
  const latestFirst = notices.toSorted((a, b) => b.effect - a.effect)
  return Object.fromEntries(latestFirst.map(({ body, effect }) => [body.nation, effect]))
}

/** The contexts of the home rule, with the nation's own tree. */
export function encodeHome(question: Question, world: World): readonly EncodedContext[] {
  const tree = world.areas
  const contexts = encodeContexts(question, world.deciding, { withdrawals: [] })
  if (tree === undefined) return contexts
  const entity: Entity = {
    uid: { type: 'AreaTree', id: 'home' },
    attrs: {},
    parents: [],
    tags: Object.fromEntries(tree.map(({ code }) => [code, wayUp(tree, code)])),
  }
  return contexts.map(({ context, entities }) => ({
    context: { ...context, home: reference('AreaTree', 'home') },
    entities: [...entities, entity],
  }))
}
