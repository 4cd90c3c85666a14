import {
  type Act,
  type Agreement,
  type Delegation,
  type Duty,
  type Grant,
  type KeyControl,
  type Prohibition,
  type Use,
} from '@entente/agreement'
import type { MarkingPolicy } from '@entente/label'
import type { ReactNode } from 'react'
import { useWords } from '../../frame/language.tsx'
import type { Edit } from './edit.ts'
import { Check, Checks, Choose, CodesField, NumberField, type Option, TimeField } from './fields.tsx'
import type { TermNames } from './names.ts'

const ACTS: readonly Act[] = ['list', 'show', 'open', 'print', 'export', 'onward-release', 'derive']
const USES: readonly Use[] = ['act-on', 'name-source', 'court']
const DUTIES: readonly Duty[] = ['mark-received', 'return-or-destroy', 'notify-compromise', 'no-third-party', 'no-other-use']
const KEYS: readonly KeyControl[] = ['originator', 'both', 'either']
const MODES = ['give', 'show'] as const

/** What every form works on. */
export interface FormOf {
  readonly body: Agreement
  readonly policies: readonly MarkingPolicy[]
  readonly names: TermNames
  readonly edit: (edit: Edit) => void
}

function useOptions({ body, policies, names }: FormOf) {
  const { say } = useWords()
  const phrased = (kind: string, codes: readonly string[]): readonly Option[] =>
    codes.map((value) => ({ value, name: names.phrase(`difference/${kind}-${value}`) }))
  const policy = (nation: string | undefined): MarkingPolicy | undefined => policies.find((one) => one.nation === nation)
  return {
    none: { value: '', name: say('room/field-none') },
    any: { value: '', name: say('room/field-any') },
    phrased,
    nations: body.parties.map(({ nation }) => ({ value: nation, name: names.nation(nation) })),
    areas: body.areas.map(({ code }) => ({ value: code, name: names.area(code) })),
    articles: body.articles.map(({ id, title }) => ({
      value: id,
      name: say('room/shown-article', { article: id, title: title[names.lang] }),
    })),
    levels: (nation: string | undefined): readonly Option[] =>
      (policy(nation)?.classifications ?? [])
        .toSorted((a, b) => a.order - b.order)
        .map(({ code }) => ({ value: code, name: names.level(nation ?? '', code) })),
    categories: (nation: string | undefined): readonly Option[] =>
      policies
        .filter((one) => nation === undefined || one.nation === nation)
        .flatMap(({ categories }) => categories.flatMap(({ tag, values }) => values.map(({ code }) => `${tag}/${code}`)))
        .map((value) => ({ value, name: names.mark(value) })),
    marks: (nation: string | undefined): readonly Option[] =>
      policies
        .filter((one) => nation === undefined || one.nation === nation)
        .flatMap(({ personRules }) => personRules.map(({ code }) => ({ value: code, name: names.mark(code) }))),
    offices: (nation: string): readonly Option[] =>
      (policy(nation)?.offices ?? []).map(({ code }) => ({ value: code, name: names.office(nation, code) })),
  }
}

export function GrantForm({ grant, ...form }: FormOf & { readonly grant: Grant }): ReactNode {
  const { say } = useWords()
  const options = useOptions(form)
  const change = (to: Extract<Edit, { readonly edit: 'grants' }>['change']): void => form.edit({ edit: 'grants', id: grant.id, change: to })
  const person = (to: Partial<Grant['person']>, gone?: keyof Grant['person']): void => {
    const next = { ...grant.person, ...to }
    change({ person: gone === undefined ? next : (Object.fromEntries(Object.entries(next).filter(([key]) => key !== gone)) as never) })
  }
  const attested = (of: 'organisations' | 'posts' | 'facilities', codes: readonly string[]): void =>
    codes.length === 0 ? person({}, of) : person({ [of]: codes })
  const levels = options.levels(grant.from)
  return (
    <div className="form">
      <div className="form-row">
        <Choose
          label={say('room/field-article')}
          value={grant.article}
          options={options.articles}
          choose={(article) => change({ article })}
        />
        <Choose label={say('room/field-from')} value={grant.from} options={options.nations} choose={(from) => change({ from })} />
        <Choose
          label={say('room/field-to')}
          value={grant.to}
          options={[...options.nations, { value: 'members', name: say('room/field-members') }]}
          choose={(to) => change({ to })}
        />
      </div>
      <div className="form-row">
        <Choose
          name="ceiling"
          label={say('room/field-ceiling')}
          value={grant.ceiling}
          options={levels}
          choose={(ceiling) => change({ ceiling })}
        />
        <Choose
          name="floor"
          label={say('room/field-floor')}
          value={grant.floor ?? ''}
          options={[options.none, ...levels]}
          choose={(floor) => change({ floor: floor === '' ? undefined : floor })}
        />
        <Choose
          name="mode"
          label={say('room/field-mode')}
          value={grant.mode}
          options={options.phrased('mode', MODES)}
          choose={(mode) => change({ mode: mode as Grant['mode'] })}
        />
        <Choose
          name="keys"
          label={say('room/field-keys')}
          value={grant.keyControl}
          options={options.phrased('key', KEYS)}
          choose={(keyControl) => change({ keyControl: keyControl as KeyControl })}
        />
        <NumberField name="days" label={say('room/field-days')} value={grant.lifeDays} change={(lifeDays) => change({ lifeDays })} />
      </div>
      <Checks
        name="acts"
        label={say('room/field-acts')}
        values={grant.acts}
        options={options.phrased('act', ACTS)}
        change={(acts) => change({ acts: acts as readonly Act[] })}
      />
      <Checks
        name="areas"
        label={say('room/field-areas')}
        values={grant.areas}
        options={options.areas}
        change={(areas) => change({ areas })}
      />
      <Checks
        name="categories"
        label={say('room/field-categories')}
        values={grant.categories}
        options={options.categories(grant.from)}
        change={(categories) => change({ categories })}
      />
      <Checks
        name="duties"
        label={say('room/field-duties')}
        values={grant.duties}
        options={options.phrased('duty', DUTIES)}
        change={(duties) => change({ duties: duties as readonly Duty[] })}
      />
      <Checks
        name="uses"
        label={say('room/field-uses')}
        values={grant.uses ?? []}
        options={options.phrased('use', USES)}
        change={(uses) => change({ uses: uses.length === 0 ? undefined : (uses as readonly Use[]) })}
      />
      <Checks
        name="citizenship"
        label={say('room/field-citizenship')}
        values={grant.person.citizenship}
        options={options.nations}
        change={(citizenship) => person({ citizenship })}
      />
      <CodesField label={say('room/field-purposes')} values={grant.person.purposes} change={(purposes) => person({ purposes })} />
      <div className="form-row">
        {(['organisations', 'posts', 'facilities'] as const).map((of) => (
          <CodesField key={of} label={say(`room/field-${of}`)} values={grant.person[of] ?? []} change={(codes) => attested(of, codes)} />
        ))}
      </div>
      <Check label={say('room/field-foreign')} on={grant.foreignClients} change={(foreignClients) => change({ foreignClients })} />
    </div>
  )
}

export function ProhibitionForm({ rule, ...form }: FormOf & { readonly rule: Prohibition }): ReactNode {
  const { say } = useWords()
  const options = useOptions(form)
  const change = (to: Extract<Edit, { readonly edit: 'prohibitions' }>['change']): void =>
    form.edit({ edit: 'prohibitions', id: rule.id, change: to })
  const some = <T,>(list: readonly T[]): readonly T[] | undefined => (list.length === 0 ? undefined : list)
  return (
    <div className="form">
      <div className="form-row">
        <Choose
          label={say('room/field-article')}
          value={rule.article}
          options={options.articles}
          choose={(article) => change({ article })}
        />
        <Choose
          label={say('room/field-from')}
          value={rule.from ?? ''}
          options={[options.any, ...options.nations]}
          choose={(from) => change(from === '' ? { from: undefined, atLeast: undefined } : { from })}
        />
        <Choose
          label={say('room/field-to')}
          value={rule.to ?? ''}
          options={[options.any, ...options.nations]}
          choose={(to) => change({ to: to === '' ? undefined : to })}
        />
        {rule.from === undefined ? null : (
          <Choose
            name="at-least"
            label={say('room/field-at-least')}
            value={rule.atLeast ?? ''}
            options={[options.any, ...options.levels(rule.from)]}
            choose={(atLeast) => change({ atLeast: atLeast === '' ? undefined : atLeast })}
          />
        )}
      </div>
      <Checks
        label={say('room/field-areas')}
        values={rule.areas ?? []}
        options={options.areas}
        change={(areas) => change({ areas: some(areas) })}
      />
      <Checks
        label={say('room/field-acts')}
        values={rule.acts ?? []}
        options={options.phrased('act', ACTS)}
        change={(acts) => change({ acts: some(acts as readonly Act[]) })}
      />
      <Checks
        label={say('room/field-uses')}
        values={rule.uses ?? []}
        options={options.phrased('use', USES)}
        change={(uses) => change({ uses: some(uses as readonly Use[]) })}
      />
      <Checks
        label={say('room/field-marks')}
        values={rule.personRules ?? []}
        options={options.marks(rule.from)}
        change={(codes) => change({ personRules: some(codes) })}
      />
      <Checks
        label={say('room/field-categories')}
        values={rule.categories ?? []}
        options={options.categories(rule.from)}
        change={(codes) => change({ categories: some(codes) })}
      />
      <Checks
        label={say('room/field-citizens-outside')}
        values={rule.citizenshipOutside ?? []}
        options={options.nations}
        change={(codes) => change({ citizenshipOutside: some(codes) })}
      />
      <div className="form-row">
        {(['organisations', 'posts', 'facilities', 'purposes'] as const).map((of) => (
          <CodesField
            key={of}
            label={say(`room/field-${of}-outside`)}
            values={rule[`${of}Outside`] ?? []}
            change={(codes) => change({ [`${of}Outside`]: some(codes) })}
          />
        ))}
      </div>
    </div>
  )
}

export function DelegationForm({ delegation, ...form }: FormOf & { readonly delegation: Delegation }): ReactNode {
  const { say } = useWords()
  const options = useOptions(form)
  const { nation } = delegation
  const change = (to: Extract<Edit, { readonly edit: 'delegations' }>['change']): void =>
    form.edit({ edit: 'delegations', id: delegation.id, change: to })
  return (
    <div className="form">
      <div className="form-row">
        <Choose
          label={say('room/field-article')}
          value={delegation.article}
          options={options.articles}
          choose={(article) => change({ article })}
        />
        <Choose label={say('room/field-nation')} value={nation} options={options.nations} choose={(to) => change({ nation: to })} />
        <Choose
          label={say('room/field-office')}
          value={delegation.office}
          options={options.offices(nation)}
          choose={(office) => change({ office })}
        />
        <Choose
          label={say('room/field-ceiling')}
          value={delegation.ceiling}
          options={options.levels(nation)}
          choose={(ceiling) => change({ ceiling })}
        />
      </div>
      <Checks label={say('room/field-areas')} values={delegation.areas} options={options.areas} change={(areas) => change({ areas })} />
      <Checks
        label={say('room/field-modes')}
        values={delegation.modes}
        options={options.phrased('mode', MODES)}
        change={(modes) => change({ modes: modes as Delegation['modes'] })}
      />
      <TimeField label={say('room/field-until')} value={delegation.until} change={(until) => change({ until })} />
    </div>
  )
}
