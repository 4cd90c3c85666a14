import { type ReactNode, useId } from 'react'

export interface Option {
  readonly value: string
  readonly name: string
}

/** What every field has: its label, a name for scripts that look for it, and what is wrong with its value. */
interface Common {
  readonly label: string
  readonly name?: string | undefined
  readonly wrong?: readonly string[] | undefined
}

type Field<T> = Common & { readonly value: T; readonly change: (value: T) => void }

/** What is wrong, in the field's own description. */
function useWrong({ name, wrong = [] }: Common) {
  const id = useId()
  const bad = wrong.length > 0
  return {
    given: { 'data-field': name, ...(bad ? { 'aria-invalid': true, 'aria-describedby': id } : {}) },
    said: bad ? (
      <span id={id} className="field-wrong">
        {wrong.join(' ')}
      </span>
    ) : null,
  }
}

function Labelled(props: { readonly label: string; readonly said: ReactNode; readonly children: (id: string) => ReactNode }): ReactNode {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{props.label}</label>
      {props.children(id)}
      {props.said}
    </div>
  )
}

/** One of several. */
export function Choose(props: Field<string> & { readonly options: readonly Option[] }): ReactNode {
  const { label, value, options, change } = props
  const { given, said } = useWrong(props)
  // What is none of them is shown as it stands: a person sees it and the message, and chooses.
  const known = options.some((option) => option.value === value)
  return (
    <Labelled label={label} said={said}>
      {(id) => (
        <select id={id} value={value} {...given} onChange={(event) => change(event.target.value)}>
          {known ? null : <option value={value}>{value}</option>}
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.name}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  )
}

/** Some of several. */
export function Checks(props: Field<readonly string[]> & { readonly options: readonly Option[] }): ReactNode {
  const { label, value, options, change } = props
  const { given, said } = useWrong(props)
  const { 'aria-invalid': _, ...group } = { 'aria-invalid': false, ...given }
  const unknown = value.filter((one) => options.every((option) => option.value !== one)).map((one) => ({ value: one, name: one }))
  return (
    <fieldset className="checks" {...group}>
      <legend>{label}</legend>
      <div>
        {[...options, ...unknown].map((option) => (
          <label key={option.value} className="check">
            <input
              type="checkbox"
              checked={value.includes(option.value)}
              data-value={option.value}
              onChange={(event) => change(event.target.checked ? [...value, option.value] : value.filter((one) => one !== option.value))}
            />
            {option.name}
          </label>
        ))}
      </div>
      {said}
    </fieldset>
  )
}

export function Check(props: Field<boolean>): ReactNode {
  const { given, said } = useWrong(props)
  return (
    <label className="check">
      <input type="checkbox" checked={props.value} {...given} onChange={(event) => props.change(event.target.checked)} />
      {props.label}
      {said}
    </label>
  )
}

/** A whole number; nothing typed is `undefined`. */
export function NumberField(props: Field<number | undefined>): ReactNode {
  const { label, value, change } = props
  const { given, said } = useWrong(props)
  return (
    <Labelled label={label} said={said}>
      {(id) => (
        <input
          type="number"
          id={id}
          min={0}
          value={value ?? ''}
          {...given}
          onChange={({ target }) => change(Number.isNaN(target.valueAsNumber) ? undefined : target.valueAsNumber)}
        />
      )}
    </Labelled>
  )
}

export function TextField(props: Field<string> & { readonly long?: true | undefined; readonly lang?: 'en' | 'ja' | undefined }): ReactNode {
  const { label, value, change, long, lang } = props
  const { given, said } = useWrong(props)
  const all = { ...given, lang, value, onChange: (event: { target: { value: string } }) => change(event.target.value) }
  return (
    <Labelled label={label} said={said}>
      {(id) => (long === true ? <textarea id={id} rows={8} {...all} /> : <input id={id} type="text" {...all} />)}
    </Labelled>
  )
}

/** Words separated by blanks. */
export function CodesField(props: Field<readonly string[]>): ReactNode {
  const { label, value, change } = props
  const { given, said } = useWrong(props)
  return (
    <Labelled label={label} said={said}>
      {(id) => (
        <input
          type="text"
          id={id}
          // Read when it is left: while it is typed, a word is not yet one.
          key={value.join(' ')}
          defaultValue={value.join(' ')}
          {...given}
          onBlur={(event) => change(event.target.value.split(/\s+/u).filter((one) => one !== ''))}
        />
      )}
    </Labelled>
  )
}

/** A time to the minute, in the browser's own zone. */
export function TimeField(props: Field<number | undefined> & { readonly optional?: true | undefined }): ReactNode {
  const { label, value, change, optional } = props
  const { given, said } = useWrong(props)
  return (
    <Labelled label={label} said={said}>
      {(id) => (
        <input
          type="datetime-local"
          id={id}
          {...given}
          value={value === undefined ? '' : localText(value)}
          onChange={(event) => {
            const typed = Date.parse(event.target.value)
            if (!Number.isNaN(typed)) change(Math.floor(typed / 1_000))
            else if (optional === true) change(undefined)
          }}
        />
      )}
    </Labelled>
  )
}

function localText(seconds: number): string {
  const at = new Date(seconds * 1_000)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`
}
