import { type ReactNode, useId } from 'react'

export interface Option {
  readonly value: string
  readonly name: string
}

/** One of several. */
export function Choose(props: {
  readonly label: string
  readonly value: string
  readonly options: readonly Option[]
  readonly choose: (value: string) => void
  readonly name?: string
}): ReactNode {
  const { label, value, options, choose, name } = props
  return (
    <label className="field">
      {label}
      <select value={value} data-field={name} onChange={(event) => choose(event.target.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.name}
          </option>
        ))}
      </select>
    </label>
  )
}

/** Some of several. */
export function Checks(props: {
  readonly label: string
  readonly values: readonly string[]
  readonly options: readonly Option[]
  readonly change: (values: readonly string[]) => void
  readonly name?: string
}): ReactNode {
  const { label, values, options, change, name } = props
  return (
    <fieldset className="checks" data-field={name}>
      <legend>{label}</legend>
      <div>
        {options.map(({ value, name: text }) => (
          <label key={value} className="check">
            <input
              type="checkbox"
              checked={values.includes(value)}
              data-value={value}
              onChange={(event) => change(event.target.checked ? [...values, value] : values.filter((one) => one !== value))}
            />
            {text}
          </label>
        ))}
      </div>
    </fieldset>
  )
}

export function Check(props: { readonly label: string; readonly on: boolean; readonly change: (on: boolean) => void }): ReactNode {
  return (
    <label className="check">
      <input type="checkbox" checked={props.on} onChange={(event) => props.change(event.target.checked)} />
      {props.label}
    </label>
  )
}

export function NumberField(props: {
  readonly label: string
  readonly value: number
  readonly change: (value: number) => void
  readonly name?: string
}): ReactNode {
  const { label, value, change, name } = props
  return (
    <label className="field">
      {label}
      <input
        type="number"
        min={1}
        value={value}
        data-field={name}
        onChange={(event) => {
          const typed = event.target.valueAsNumber
          if (Number.isSafeInteger(typed) && typed >= 0) change(typed)
        }}
      />
    </label>
  )
}

export function TextField(props: {
  readonly label: string
  readonly value: string
  readonly change: (value: string) => void
  readonly long?: true
  readonly lang?: 'en' | 'ja'
  readonly name?: string
}): ReactNode {
  const { label, value, change, long, lang, name } = props
  const id = useId()
  const given = { id, lang, value, 'data-field': name, onChange: (event: { target: { value: string } }) => change(event.target.value) }
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {long === true ? <textarea rows={8} {...given} /> : <input type="text" {...given} />}
    </div>
  )
}

/** Words separated by blanks; none is no list at all where `undefined` means any. */
export function CodesField(props: {
  readonly label: string
  readonly values: readonly string[]
  readonly change: (values: readonly string[]) => void
}): ReactNode {
  const { label, values, change } = props
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        type="text"
        id={id}
        // Read when it is left: while it is typed, a word is not yet one.
        key={values.join(' ')}
        defaultValue={values.join(' ')}
        onBlur={(event) => change(event.target.value.split(/\s+/u).filter((one) => one !== ''))}
      />
    </div>
  )
}

/** A time to the minute, in the browser's own zone. */
export function TimeField(props: {
  readonly label: string
  readonly value: number | undefined
  readonly change: (value: number | undefined) => void
  readonly name?: string
}): ReactNode {
  const { label, value, change, name } = props
  return (
    <label className="field">
      {label}
      <input
        type="datetime-local"
        data-field={name}
        value={value === undefined ? '' : localText(value)}
        onChange={(event) => {
          const typed = Date.parse(event.target.value)
          change(Number.isNaN(typed) ? undefined : Math.floor(typed / 1_000))
        }}
      />
    </label>
  )
}

function localText(seconds: number): string {
  const at = new Date(seconds * 1_000)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`
}
