import type { Agreement } from '@entente/agreement'
import type { HybridPublicKey } from '@entente/canonical'
import type { MarkingPolicy } from '@entente/label'
import type { ScreenKey, Values } from '@entente/words'
import type { ReactNode } from 'react'
import { useWords } from '../../frame/language.tsx'
import type { Checked } from './compute.ts'
import { type Edit, valueAt } from './edit.ts'
import { Check, Checks, Choose, CodesField, NumberField, type Option, TextField, TimeField } from './fields.tsx'
import { KeyField } from './party-file.tsx'
import type { TermNames } from '../../parts/terms.ts'
import { namedBy } from '../../parts/value-names.ts'

/** What every form works on. */
export interface FormOf {
  readonly body: Agreement
  /** The version that the draft continues. */
  readonly base: Agreement
  readonly policies: readonly MarkingPolicy[]
  readonly names: TermNames
  readonly problems: Checked['problems']
  readonly keyId: (key: HybridPublicKey) => string
  readonly edit: (edit: Edit) => void
}

/**
 * A field of a form, at a path below that of the form. `none` is what an absent member is called, where it may be absent; of a list
 * `optional` says that an empty one is none. `edits` makes another edit of a choice, where more than the member changes with it.
 */
export type FieldOf = {
  readonly at: string
  readonly label: ScreenKey
  readonly values?: Values
} & (
  | {
      readonly kind: 'choose'
      readonly options: readonly Option[]
      readonly none?: ScreenKey
      readonly edits?: (value: string | undefined) => Edit
    }
  | { readonly kind: 'checks'; readonly options: readonly Option[]; readonly optional?: true }
  | { readonly kind: 'codes'; readonly optional?: true }
  | { readonly kind: 'number' | 'flag' | 'code' }
  | { readonly kind: 'time'; readonly optional?: true }
  /** A key that may be left out; it comes from a file of this nation. */
  | { readonly kind: 'key'; readonly nation: string }
  | { readonly kind: 'both'; readonly long?: true }
  /** A provision that may be left out, with what stands in it where it is put in. */
  | { readonly kind: 'provision'; readonly begin: () => unknown; readonly of: readonly FieldOf[] }
)

/** Fields, one below another; those of a list within the list stand in a row. */
export type FormShape = readonly (FieldOf | readonly FieldOf[])[]

/** A form for what stands at a path of the draft: every field says what is wrong with it. */
export function Form({ form, at, shape }: { readonly form: FormOf; readonly at: string; readonly shape: FormShape }): ReactNode {
  const { message } = useWords()
  const own = at === '' ? [] : form.problems.filter(({ where }) => where === at)
  const keyOf = (field: FieldOf): string => `${field.at} ${field.label} ${JSON.stringify(field.values ?? '')}`
  return (
    <div className="form">
      {own.map(({ code, severity, values }) => (
        <p key={code} className={`field-wrong problem-${severity}`}>
          {message(code, fieldValues(form, values))}
        </p>
      ))}
      {shape.map((field) =>
        'label' in field ? (
          <OneField key={keyOf(field)} form={form} below={at} field={field} />
        ) : (
          <div key={field.map(keyOf).join()} className="form-row">
            {field.map((one) => (
              <OneField key={keyOf(one)} form={form} below={at} field={one} />
            ))}
          </div>
        ),
      )}
    </div>
  )
}

/** At its field a message need not say where. */
function fieldValues({ names }: FormOf, values: Values): Values {
  return { ...namedBy(names, values), where: undefined, what: undefined }
}

function OneField({ form, below, field }: { readonly form: FormOf; readonly below: string; readonly field: FieldOf }): ReactNode {
  const { say, message } = useWords()
  const { body, edit, problems } = form
  const at = below === '' ? field.at : `${below}/${field.at}`
  const value = valueAt(body, at)
  const set = (to: unknown): void => edit({ edit: 'set', at, to })
  const type = (to: unknown): void => edit({ edit: 'set', at, to, run: true })
  const list = (to: readonly string[]): void => set(to.length === 0 && 'optional' in field ? undefined : to)
  const wrongAt = (path: string): readonly string[] =>
    problems
      .filter(({ where }) => where === path || where.startsWith(`${path}/`))
      .map(({ code, values }) => message(code, fieldValues(form, values)))
  const common = { label: say(field.label, field.values), name: field.at.split('/').at(-1), wrong: wrongAt(at) }
  switch (field.kind) {
    case 'choose': {
      const { none, options, edits } = field
      const change = (to: string): void => {
        const chosen = to === '' && none !== undefined ? undefined : to
        if (edits === undefined) set(chosen)
        else edit(edits(chosen))
      }
      const all = none === undefined ? options : [{ value: '', name: say(none) }, ...options]
      return <Choose {...common} value={textOf(value)} options={all} change={change} />
    }
    case 'checks':
      return <Checks {...common} value={listOf(value)} options={field.options} change={list} />
    case 'codes':
      return <CodesField {...common} value={listOf(value)} change={list} />
    case 'number':
      return <NumberField {...common} value={typeof value === 'number' ? value : undefined} change={type} />
    case 'flag':
      return <Check {...common} value={value === true} change={set} />
    case 'code':
      return <TextField {...common} value={textOf(value)} change={type} />
    case 'time':
      return <TimeField {...common} value={typeof value === 'number' ? value : undefined} optional={field.optional} change={type} />
    case 'key': {
      const id = value === undefined ? undefined : form.keyId(value as HybridPublicKey)
      return <KeyField {...common} value={id} nation={field.nation} change={set} />
    }
    case 'both':
      return (
        <div className="form both">
          {(['en', 'ja'] as const).map((lang) => (
            <TextField
              key={lang}
              lang={lang}
              long={field.long}
              label={`${common.label} (${lang === 'en' ? 'English' : '日本語'})`}
              name={`${common.name ?? ''}-${lang}`}
              wrong={wrongAt(`${at}/${lang}`)}
              value={textOf(valueAt(body, `${at}/${lang}`))}
              change={(to) => edit({ edit: 'set', at: `${at}/${lang}`, to, run: true })}
            />
          ))}
        </div>
      )
    default:
      return (
        <fieldset className="checks provision">
          <legend>{common.label}</legend>
          <Check
            name={common.name}
            wrong={problems.filter(({ where }) => where === at).map(({ code, values }) => message(code, fieldValues(form, values)))}
            label={say('room/field-provision')}
            value={value !== undefined}
            change={(on) => set(on ? field.begin() : undefined)}
          />
          {value === undefined ? null : (
            <div className="form-row">
              {field.of.map((one) => (
                <OneField key={one.at} form={form} below={at} field={one} />
              ))}
            </div>
          )}
        </fieldset>
      )
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}
