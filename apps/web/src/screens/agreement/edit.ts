import type {
  Agreement,
  AgreementVersion,
  Article,
  Clock,
  Delegation,
  EquivalenceTable,
  Grant,
  Party,
  Prohibition,
} from '@entente/agreement'

/** One change of a draft. A member that is set to `undefined` goes. */
export type Edit =
  | { readonly edit: 'body'; readonly change: Changes<Pick<Agreement, 'inForceFrom' | 'inForceUntil'>> }
  | { readonly edit: 'grants'; readonly id: string; readonly change: Changes<Grant> }
  | { readonly edit: 'prohibitions'; readonly id: string; readonly change: Changes<Prohibition> }
  | { readonly edit: 'delegations'; readonly id: string; readonly change: Changes<Delegation> }
  | { readonly edit: 'articles'; readonly id: string; readonly change: Changes<Article> }
  | { readonly edit: 'parties'; readonly id: string; readonly change: Changes<Party> }
  | { readonly edit: 'add'; readonly to: 'grants'; readonly what: Grant }
  | { readonly edit: 'add'; readonly to: 'prohibitions'; readonly what: Prohibition }
  | { readonly edit: 'add'; readonly to: 'delegations'; readonly what: Delegation }
  | { readonly edit: 'add'; readonly to: 'articles'; readonly what: Article }
  | { readonly edit: 'add'; readonly to: 'parties'; readonly what: Party }
  | { readonly edit: 'remove'; readonly from: ListName; readonly id: string }
  | {
      readonly edit: 'row'
      readonly table: Pick<EquivalenceTable, 'kind' | 'from' | 'to' | 'validFrom'>
      readonly code: string
      readonly to: string | undefined
    }
  | { readonly edit: 'clock'; readonly event: Clock['event']; readonly hours: number }

type Changes<T> = { readonly [K in keyof T]?: T[K] | undefined }
export type ListName = 'grants' | 'prohibitions' | 'delegations' | 'articles' | 'parties'

/** A draft of an amendment, with what can be undone and done again. */
export interface Draft {
  /** Id of the version that it continues. */
  readonly base: string
  /** Id of the proposal that it answers. */
  readonly answers?: string
  readonly present: Agreement
  readonly past: readonly Agreement[]
  readonly future: readonly Agreement[]
  /** What was changed last: typing on in one field is one step. */
  readonly last?: string
}

export type DraftAct = { readonly act: 'edit'; readonly edit: Edit } | { readonly act: 'undo' } | { readonly act: 'redo' }

const MOST_STEPS = 500

/** A draft that continues the newest version; `from` is another text to begin with, such as a proposal that is answered. */
export function beginDraft(newest: AgreementVersion, now: number, from?: { readonly id: string; readonly body: Agreement }): Draft {
  const { body } = newest
  const present: Agreement = {
    ...(from?.body ?? body),
    version: body.version + 1,
    previous: newest.id,
    inForceFrom: Math.max(from?.body.inForceFrom ?? now, body.inForceFrom + 1),
  }
  return { base: newest.id, present, past: [], future: [], ...(from === undefined ? {} : { answers: from.id }) }
}

/** The draft after an act. What changes nothing is no step. */
export function draftAfter(draft: Draft, act: DraftAct): Draft {
  const { past, present, future } = draft
  switch (act.act) {
    case 'undo': {
      const before = past.at(-1)
      return before === undefined ? draft : stepped(draft, { past: past.slice(0, -1), present: before, future: [present, ...future] })
    }
    case 'redo': {
      const [after, ...rest] = future
      return after === undefined ? draft : stepped(draft, { past: [...past, present], present: after, future: rest })
    }
    default: {
      const after = edited(present, act.edit)
      if (JSON.stringify(after) === JSON.stringify(present)) return draft
      const name = nameOf(act.edit)
      const goesOn = name !== undefined && name === draft.last
      return {
        ...draft,
        present: after,
        past: goesOn ? past : [...past, present].slice(-MOST_STEPS),
        future: [],
        ...(name === undefined ? { last: '' } : { last: name }),
      }
    }
  }
}

function stepped(draft: Draft, to: Pick<Draft, 'past' | 'present' | 'future'>): Draft {
  return { ...draft, ...to, last: '' }
}

/** Fields that are typed into: their edits run together. */
function nameOf(edit: Edit): string | undefined {
  if (edit.edit === 'articles') return `articles ${edit.id} ${Object.keys(edit.change).join()}`
  if (edit.edit === 'clock') return `clock ${edit.event}`
  if (edit.edit === 'grants' && 'lifeDays' in edit.change) return `days ${edit.id}`
  return undefined
}

/** An agreement after one edit; sets stay sorted and without repetition. */
export function edited(body: Agreement, edit: Edit): Agreement {
  switch (edit.edit) {
    case 'body':
      return changed(body, edit.change)
    case 'grants':
      return { ...body, grants: at(body.grants, edit.id, idOf, (one) => sortedGrant(changed(one, edit.change))) }
    case 'prohibitions':
      return { ...body, prohibitions: at(body.prohibitions, edit.id, idOf, (one) => sortedSets(changed(one, edit.change))) }
    case 'delegations':
      return { ...body, delegations: at(body.delegations ?? [], edit.id, idOf, (one) => sortedSets(changed(one, edit.change))) }
    case 'articles':
      return { ...body, articles: at(body.articles, edit.id, idOf, (one) => changed(one, edit.change)) }
    case 'parties':
      return { ...body, parties: at(body.parties, edit.id, nationOf, (one) => changed(one, edit.change)) }
    case 'add':
      return added(body, edit)
    case 'remove':
      return removed(body, edit.from, edit.id)
    case 'row':
      return {
        ...body,
        equivalence: body.equivalence.map((table) => (sameTable(table, edit.table) ? withRow(table, edit.code, edit.to) : table)),
      }
    default:
      return {
        ...body,
        clocks: (body.clocks ?? []).map((clock) => (clock.event === edit.event ? { ...clock, hours: edit.hours } : clock)),
        ...(edit.event === 'compromise-suspected' ? { compromiseHours: edit.hours } : {}),
      }
  }
}

function added(body: Agreement, edit: Extract<Edit, { readonly edit: 'add' }>): Agreement {
  switch (edit.to) {
    case 'grants':
      return { ...body, grants: [...body.grants, edit.what] }
    case 'prohibitions':
      return { ...body, prohibitions: [...body.prohibitions, edit.what] }
    case 'delegations':
      return { ...body, delegations: [...(body.delegations ?? []), edit.what] }
    case 'articles':
      return { ...body, articles: [...body.articles, edit.what] }
    default:
      return { ...body, parties: [...body.parties, edit.what].toSorted((a, b) => (a.nation < b.nation ? -1 : 1)) }
  }
}

function removed(body: Agreement, from: ListName, id: string): Agreement {
  switch (from) {
    case 'delegations': {
      const { delegations = [], ...rest } = body
      const left = delegations.filter((one) => one.id !== id)
      // A list without any means the key statement alone says; it is then left out.
      return left.length === 0 ? rest : { ...rest, delegations: left }
    }
    case 'parties':
      return { ...body, parties: body.parties.filter(({ nation }) => nation !== id) }
    case 'grants':
      return { ...body, grants: body.grants.filter((one) => one.id !== id) }
    case 'prohibitions':
      return { ...body, prohibitions: body.prohibitions.filter((one) => one.id !== id) }
    default:
      return { ...body, articles: body.articles.filter((one) => one.id !== id) }
  }
}

/** An id that nothing of the agreement has yet: `grant-2`. */
export function freeId(body: Agreement, stem: string): string {
  const taken = new Set([...body.grants, ...body.prohibitions, ...(body.delegations ?? [])].map(({ id }) => id))
  for (let number = 1; ; number++) if (!taken.has(`${stem}-${number}`)) return `${stem}-${number}`
}

function changed<T extends object>(one: T, change: object): T {
  return Object.fromEntries(Object.entries({ ...one, ...change }).filter(([, value]) => value !== undefined)) as T
}

function at<T>(list: readonly T[], id: string, name: (one: T) => string, change: (one: T) => T): readonly T[] {
  return list.map((one) => (name(one) === id ? change(one) : one))
}

const idOf = ({ id }: { readonly id: string }): string => id
const nationOf = ({ nation }: Party): string => nation

function sortedGrant(grant: Grant): Grant {
  return { ...sortedSets(grant), person: sortedSets(grant.person) }
}

function sortedSets<T extends object>(one: T): T {
  return Object.fromEntries(
    Object.entries(one).map(([key, value]: [string, unknown]) => [
      key,
      Array.isArray(value) && value.every((member) => typeof member === 'string') ? [...new Set(value)].sort() : value,
    ]),
  ) as T
}

function sameTable(table: EquivalenceTable, wanted: Pick<EquivalenceTable, 'kind' | 'from' | 'to' | 'validFrom'>): boolean {
  return table.kind === wanted.kind && table.from === wanted.from && table.to === wanted.to && table.validFrom === wanted.validFrom
}

function withRow(table: EquivalenceTable, code: string, to: string | undefined): EquivalenceTable {
  return { ...table, rows: table.rows.map((row) => (row.from === code ? { from: code, ...(to === undefined ? {} : { to }) } : row)) }
}
