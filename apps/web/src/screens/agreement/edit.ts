import type { Agreement, AgreementVersion } from '@entente/agreement'

/**
 * One change of a draft, at a path such as `grants/2/ceiling`: the same paths that problems name. What is set to `undefined` goes;
 * `run` says that it goes on where the last one stopped, as typing does.
 */
export type Edit =
  | { readonly edit: 'set'; readonly at: string; readonly to: unknown; readonly run?: true }
  | { readonly edit: 'add'; readonly at: string; readonly what: unknown }
  | { readonly edit: 'remove'; readonly at: string }

/** A draft of an amendment: the text that it began with, what was done to it, and what can be done again. */
export interface Draft {
  /** Id of the version that it continues. */
  readonly base: string
  /** Id of the proposal that it answers. */
  readonly answers?: string
  readonly begun: Agreement
  readonly done: readonly Edit[]
  /** The next one first. */
  readonly undone: readonly Edit[]
  /** `begun` after everything that was done. */
  readonly present: Agreement
  /** Whether the last edit may still run on. */
  readonly running?: true
}

export type DraftAct = { readonly act: 'edit'; readonly edit: Edit } | { readonly act: 'undo' } | { readonly act: 'redo' }

/** A draft that continues the newest version; `from` is another text to begin with, such as a proposal that is answered. */
export function beginDraft(newest: AgreementVersion, now: number, from?: { readonly id: string; readonly body: Agreement }): Draft {
  const { body } = newest
  const begun: Agreement = {
    ...(from?.body ?? body),
    version: body.version + 1,
    previous: newest.id,
    inForceFrom: Math.max(from?.body.inForceFrom ?? now, body.inForceFrom + 1),
  }
  return { base: newest.id, begun, done: [], undone: [], present: begun, ...(from === undefined ? {} : { answers: from.id }) }
}

/** The draft after an act. What changes nothing is no step. */
export function draftAfter(draft: Draft, act: DraftAct): Draft {
  const { running, ...rest } = draft
  const { begun, done, undone, present } = draft
  switch (act.act) {
    case 'undo': {
      const last = done.at(-1)
      if (last === undefined) return draft
      const left = done.slice(0, -1)
      return { ...rest, done: left, undone: [last, ...undone], present: left.reduce(edited, begun) }
    }
    case 'redo': {
      const [next, ...later] = undone
      return next === undefined ? draft : { ...rest, done: [...done, next], undone: later, present: edited(present, next) }
    }
    default: {
      const { edit } = act
      const after = edited(present, edit)
      if (JSON.stringify(after) === JSON.stringify(present)) return draft
      const runs = edit.edit === 'set' && edit.run === true
      const goesOn = runs && running === true && done.at(-1)?.at === edit.at
      const next = { ...rest, done: [...(goesOn ? done.slice(0, -1) : done), edit], undone: [], present: after }
      return runs ? { ...next, running: true } : next
    }
  }
}

/** Lists that are left out where they are empty. */
const LEFT_OUT: ReadonlySet<string> = new Set(['basis', 'clocks', 'delegations', 'successions', 'invariants'])
/** Lists that stand in the order of a member. */
const ORDERED: Readonly<Record<string, string>> = { parties: 'nation', basis: 'agreement' }

/** An agreement after one edit; sets stay sorted and without repetition. A path that leads nowhere changes nothing. */
export function edited(body: Agreement, edit: Edit): Agreement {
  const steps = edit.at.split('/')
  switch (edit.edit) {
    case 'set':
      return insistent(put(body, steps, () => edit.to) as Agreement, edit.at)
    case 'add':
      return put(body, steps, (list) => ordered(edit.at, [...((list as readonly unknown[] | undefined) ?? []), edit.what])) as Agreement
    default: {
      const [list, index] = [steps.slice(0, -1).join('/'), Number(steps.at(-1))]
      return put(body, steps.slice(0, -1), (all) => {
        const left = ((all as readonly unknown[] | undefined) ?? []).filter((_, at) => at !== index)
        return left.length === 0 && LEFT_OUT.has(list) ? undefined : left
      }) as Agreement
    }
  }
}

function put(whole: unknown, [step, ...rest]: readonly string[], change: (old: unknown) => unknown): unknown {
  if (step === undefined) return sorted(change(whole))
  if (Array.isArray(whole)) return whole.map((one: unknown, at) => (String(at) === step ? put(one, rest, change) : one))
  const members = (whole ?? {}) as Readonly<Record<string, unknown>>
  const { [step]: old, ...others } = members
  const next = put(old, rest, change)
  return next === undefined ? others : { ...members, [step]: next }
}

function sorted(value: unknown): unknown {
  return Array.isArray(value) && value.every((member) => typeof member === 'string') ? [...new Set<string>(value)].sort() : value
}

function ordered(at: string, list: readonly unknown[]): readonly unknown[] {
  const by = ORDERED[at]
  if (by === undefined) return list
  const nameOf = (one: unknown): string => String((one as Readonly<Record<string, unknown>>)[by])
  return list.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
}

/** The hours of a suspected compromise are said twice, and are the same. */
function insistent(body: Agreement, at: string): Agreement {
  const { clocks, compromiseHours } = body
  const clock = clocks?.find(({ event }) => event === 'compromise-suspected')
  if (clock === undefined || clock.hours === compromiseHours) return body
  if (at.startsWith('clocks/')) return { ...body, compromiseHours: clock.hours }
  if (at !== 'compromiseHours') return body
  return { ...body, clocks: (clocks ?? []).map((one) => (one === clock ? { ...one, hours: compromiseHours } : one)) }
}

/** What stands at a path; undefined where nothing does. */
export function valueAt(body: Agreement, at: string): unknown {
  return at.split('/').reduce<unknown>((whole, step) => (whole as Readonly<Record<string, unknown>> | undefined)?.[step], body)
}

/** An id that nothing of the agreement has yet: `grant-2`. */
export function freeId({ grants, prohibitions, delegations = [], invariants = [], areas }: Agreement, stem: string): string {
  const rules = [...grants, ...prohibitions, ...delegations, ...invariants].map(({ id }) => id)
  const taken = new Set([...rules, ...areas.map(({ code }) => code)])
  for (let number = 1; ; number++) if (!taken.has(`${stem}-${number}`)) return `${stem}-${number}`
}
