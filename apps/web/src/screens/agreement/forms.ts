import type { Delegation, EquivalenceTable, Grant, Region, Succession } from '@entente/agreement'
import type { FieldOf, FormOf, FormShape } from './form.tsx'
import { optionsOf } from './options.ts'

type Options = ReturnType<typeof optionsOf>

/** What a fixed rhythm begins with: a checkpoint a minute. */
const RHYTHM_MILLISECONDS = 60_000

const ID: FieldOf = { at: 'id', label: 'room/field-id', kind: 'code' }

function articleOf({ articles }: Options): FieldOf {
  return { at: 'article', label: 'room/field-article', kind: 'choose', options: articles }
}

/** Every condition of a grant. */
export function grantShape(form: FormOf, { from }: Grant): FormShape {
  const o = optionsOf(form)
  const attested = (['organisations', 'posts', 'facilities'] as const).map((of): FieldOf => ({
    at: `person/${of}`,
    label: `room/field-${of}`,
    kind: 'codes',
    optional: true,
  }))
  return [
    [ID, articleOf(o)],
    [
      { at: 'from', label: 'room/field-from', kind: 'choose', options: o.nations },
      { at: 'to', label: 'room/field-to', kind: 'choose', options: o.readers },
      { at: 'via', label: 'room/field-via', kind: 'choose', options: o.nations, none: 'room/field-none' },
    ],
    [
      { at: 'ceiling', label: 'room/field-ceiling', kind: 'choose', options: o.levels(from) },
      { at: 'floor', label: 'room/field-floor', kind: 'choose', options: o.levels(from), none: 'room/field-none' },
      { at: 'mode', label: 'room/field-mode', kind: 'choose', options: o.modes },
      { at: 'keyControl', label: 'room/field-keys', kind: 'choose', options: o.keys },
      { at: 'lifeDays', label: 'room/field-days', kind: 'number' },
    ],
    { at: 'acts', label: 'room/field-acts', kind: 'checks', options: o.acts },
    { at: 'areas', label: 'room/field-areas', kind: 'checks', options: o.areas },
    { at: 'categories', label: 'room/field-categories', kind: 'checks', options: o.categories(from) },
    { at: 'duties', label: 'room/field-duties', kind: 'checks', options: o.duties },
    { at: 'uses', label: 'room/field-uses', kind: 'checks', options: o.uses, optional: true },
    { at: 'person/citizenship', label: 'room/field-citizenship', kind: 'checks', options: o.nations },
    { at: 'person/purposes', label: 'room/field-purposes', kind: 'codes' },
    attested,
    { at: 'foreignClients', label: 'room/field-foreign', kind: 'flag' },
  ]
}

/** What a prohibition forbids, or an invariant says never is; `at` is where the region stands, `prefix` its path within. */
function regionShape(form: FormOf, at: string, region: Region, prefix = ''): FormShape {
  const o = optionsOf(form)
  const { from } = region
  const any = { none: 'room/field-any' } as const
  const some = (member: keyof Region, label: FieldOf['label'], options: Options['acts']): FieldOf => ({
    at: `${prefix}${member}`,
    label,
    kind: 'checks',
    options,
    optional: true,
  })
  const outside = (['organisations', 'posts', 'facilities', 'purposes'] as const).map((of): FieldOf => ({
    at: `${prefix}${of}Outside`,
    label: `room/field-${of}-outside`,
    kind: 'codes',
    optional: true,
  }))
  const { atLeast: _, ...unlevelled } = region
  return [
    [
      {
        at: `${prefix}from`,
        label: 'room/field-from',
        kind: 'choose',
        options: o.nations,
        ...any,
        // A level says nothing without the scheme that it is one of.
        edits: (to) => ({ edit: 'set', at, to: { ...unlevelled, from: to } }),
      },
      { at: `${prefix}to`, label: 'room/field-to', kind: 'choose', options: o.nations, ...any },
      { at: `${prefix}via`, label: 'room/field-via', kind: 'choose', options: o.nations, ...any },
      ...(from === undefined
        ? []
        : [{ at: `${prefix}atLeast`, label: 'room/field-at-least', kind: 'choose', options: o.levels(from), ...any } as const]),
    ],
    some('areas', 'room/field-areas', o.areas),
    some('acts', 'room/field-acts', o.acts),
    some('uses', 'room/field-uses', o.uses),
    some('personRules', 'room/field-marks', o.marks(from)),
    some('categories', 'room/field-forbidden-categories', o.categories(from)),
    some('citizenshipOutside', 'room/field-citizens-outside', o.nations),
    outside,
  ]
}

export function prohibitionShape(form: FormOf, at: string): FormShape {
  const rule = form.body.prohibitions[Number(at.split('/')[1])]
  return rule === undefined ? [] : [[ID, articleOf(optionsOf(form))], ...regionShape(form, at, rule)]
}

export function invariantShape(form: FormOf, at: string): FormShape {
  const invariant = form.body.invariants?.[Number(at.split('/')[1])]
  if (invariant === undefined) return []
  const text: FieldOf = { at: 'text', label: 'room/field-text', kind: 'both' }
  return [[ID], text, ...regionShape(form, `${at}/never`, invariant.never, 'never/')]
}

export function delegationShape(form: FormOf, { nation }: Delegation): FormShape {
  const o = optionsOf(form)
  return [
    [ID, articleOf(o)],
    [
      { at: 'nation', label: 'room/field-nation', kind: 'choose', options: o.nations },
      { at: 'office', label: 'room/field-office', kind: 'choose', options: o.offices(nation) },
      { at: 'ceiling', label: 'room/field-ceiling', kind: 'choose', options: o.levels(nation) },
      { at: 'until', label: 'room/field-until', kind: 'time', optional: true },
    ],
    { at: 'areas', label: 'room/field-areas', kind: 'checks', options: o.areas },
    { at: 'modes', label: 'room/field-modes', kind: 'checks', options: o.modes },
  ]
}

/** A table of one direction from one date, row by row. */
export function tableShape(form: FormOf, at: string, table: EquivalenceTable): FormShape {
  const o = optionsOf(form)
  const { kind, from, to } = table
  const terms = kind === 'markings' ? o.levels : o.clearances
  const again = (change: Partial<EquivalenceTable>) => ({ edit: 'set', at, to: blankTable(form, { ...table, ...change }) }) as const
  const [kinds, nations] = [o.kinds, o.nations]
  return [
    [
      {
        at: 'kind',
        label: 'room/field-kind',
        kind: 'choose',
        options: kinds,
        edits: (to) => again({ kind: to === 'clearances' ? to : 'markings' }),
      },
      { at: 'from', label: 'room/field-table-from', kind: 'choose', options: nations, edits: (code = '') => again({ from: code }) },
      { at: 'to', label: 'room/field-table-to', kind: 'choose', options: nations, edits: (code = '') => again({ to: code }) },
    ],
    [articleOf(o), { at: 'validFrom', label: 'room/field-valid-from', kind: 'time' }],
    table.rows.map((row, index): FieldOf => ({
      at: `rows/${index}/to`,
      label: 'room/field-row',
      values: { term: terms(from).find(({ value }) => value === row.from)?.name ?? row.from },
      kind: 'choose',
      options: terms(to),
      none: 'room/person-decides',
    })),
  ]
}

/** The same table with every term of its first nation and no equivalent: other nations or another kind have other terms. */
export function blankTable({ policies }: Pick<FormOf, 'policies'>, table: EquivalenceTable): EquivalenceTable {
  const scheme = policies.find(({ nation }) => nation === table.from)
  const terms = (table.kind === 'markings' ? scheme?.classifications : scheme?.clearances) ?? []
  return { ...table, rows: terms.toSorted((a, b) => a.order - b.order).map(({ code }) => ({ from: code })) }
}

export function areaShape(form: FormOf, code: string): FormShape {
  const others = optionsOf(form).areas.filter(({ value }) => value !== code)
  return [
    [
      { at: 'code', label: 'room/field-code', kind: 'code' },
      { at: 'parent', label: 'room/field-parent', kind: 'choose', options: others, none: 'room/field-none' },
    ],
    { at: 'names', label: 'room/field-name', kind: 'both' },
  ]
}

export function successionShape(form: FormOf, at: string, { kind, nation, from, article }: Succession): FormShape {
  const o = optionsOf(form)
  const owned = kind === 'classification' || kind === 'clearance'
  const begin = (to: string | undefined) => {
    const next = to as Succession['kind']
    const owner = next === 'classification' || next === 'clearance' ? { nation: form.body.parties[0]?.nation } : {}
    return { edit: 'set', at, to: { kind: next, ...owner, from, to: from, article } } as const
  }
  return [
    [
      { at: 'kind', label: 'room/field-kind', kind: 'choose', options: o.terms, edits: begin },
      ...(owned ? [{ at: 'nation', label: 'room/field-nation', kind: 'choose', options: o.nations } as const] : []),
      articleOf(o),
    ],
    [
      { at: 'from', label: 'room/field-term-old', kind: 'choose', options: o.termsOf(kind, nation, 'before') },
      { at: 'to', label: 'room/field-term-new', kind: 'choose', options: o.termsOf(kind, nation, 'after') },
    ],
  ]
}

export const ARTICLE: FormShape = [
  [ID],
  { at: 'title', label: 'room/field-title', kind: 'both' },
  { at: 'text', label: 'room/field-text', kind: 'both', long: true },
]

export function clockShape(form: FormOf): FormShape {
  const o = optionsOf(form)
  return [
    [
      { at: 'event', label: 'room/field-event', kind: 'choose', options: o.events },
      articleOf(o),
      { at: 'hours', label: 'room/field-hours', kind: 'number' },
    ],
  ]
}

export const BASIS: FormShape = [
  [
    { at: 'agreement', label: 'room/agreement', kind: 'code' },
    { at: 'article', label: 'room/field-article', kind: 'code' },
  ],
]

export function partyShape(form: FormOf, nation: string): FormShape {
  const values = { nation: form.names.nation(nation) }
  return [
    { at: 'names', label: 'room/field-name', kind: 'both' },
    { at: 'authority', label: 'room/field-authority', kind: 'both' },
    [
      { at: 'memberFrom', label: 'room/field-member-from', values, kind: 'time', optional: true },
      { at: 'memberUntil', label: 'room/field-member-until', values, kind: 'time', optional: true },
    ],
    { at: 'countersigningKey', label: 'room/field-countersigning', values, kind: 'key', nation },
  ]
}

export const DATES: FormShape = [
  [
    { at: 'inForceFrom', label: 'room/field-in-force', kind: 'time' },
    { at: 'inForceUntil', label: 'room/field-until', kind: 'time', optional: true },
  ],
  { at: 'title', label: 'room/field-title', kind: 'both' },
  { at: 'illustrative', label: 'room/illustrative', kind: 'both', long: true },
]

/** The provisions on the agreement's own life, each in it or left out. */
export function provisionsShape(form: FormOf): FormShape {
  const o = optionsOf(form)
  const article = form.body.articles.at(-1)?.id ?? '1'
  const provision = (at: string, label: FieldOf['label'], more: object = {}, of: readonly FieldOf[] = []): FieldOf => ({
    at,
    label,
    kind: 'provision',
    begin: () => ({ article, ...more }),
    of: [articleOf(o), ...of],
  })
  return [
    provision('survival', 'room/field-survival', { acts: ['list', 'show'] }, [
      { at: 'acts', label: 'room/field-acts', kind: 'checks', options: o.acts },
      { at: 'days', label: 'room/field-survival-days', kind: 'number' },
    ]),
    provision('retention', 'room/field-retention', { evidenceYears: 10 }, [
      { at: 'evidenceYears', label: 'room/field-evidence-years', kind: 'number' },
      { at: 'itemDays', label: 'room/field-item-days', kind: 'number' },
    ]),
    provision('entry', 'room/field-entry', { by: 'signature' }, [
      { at: 'by', label: 'room/field-entry-by', kind: 'choose', options: o.entries },
    ]),
    provision('termination', 'room/field-termination', { noticeDays: 90 }, [
      { at: 'noticeDays', label: 'room/field-notice-days', kind: 'number' },
    ]),
    provision('suspension', 'room/field-suspension'),
    provision('amendment', 'room/field-amendment'),
    provision('thirdParty', 'room/field-third-party'),
  ]
}

export function limitsShape(form: FormOf): FormShape {
  const o = optionsOf(form)
  const { rhythm } = form.body.witness
  return [
    [
      { at: 'pseudonymLife', label: 'room/field-pseudonym', kind: 'choose', options: o.lives },
      { at: 'rosterMinimum', label: 'room/field-roster-minimum', kind: 'number' },
      { at: 'compromiseHours', label: 'room/field-compromise-hours', kind: 'number' },
    ],
    [
      { at: 'limits/openingsPerPersonPerDay', label: 'room/field-openings-person', kind: 'number' },
      { at: 'limits/openingsPerNationPerDay', label: 'room/field-openings-nation', kind: 'number' },
    ],
    [
      {
        at: 'witness/rhythm/kind',
        label: 'room/field-rhythm',
        kind: 'choose',
        options: o.rhythms,
        edits: (kind) => ({
          edit: 'set',
          at: 'witness/rhythm',
          to: kind === 'fixed' ? { kind, milliseconds: RHYTHM_MILLISECONDS } : { kind: 'on-demand' },
        }),
      },
      ...(rhythm.kind === 'fixed'
        ? [{ at: 'witness/rhythm/milliseconds', label: 'room/field-rhythm-every', kind: 'number' } as const]
        : []),
    ],
  ]
}
