import type { MarkingPolicy } from '@entente/label'
import { type ReactNode, type Ref, useEffect, useId, useRef, useState } from 'react'
import { useWords } from '../../frame/language.tsx'
import { useSession } from '../../frame/session-context.ts'
import { nationName } from '../../parts/names.ts'
import { type Changed, atLevel, choicesOf, labelOf, toggleNation, toggleTerm, typedMarking } from './marks.ts'
import { bears, heldIn, levelsOf } from './offers.ts'
import { partnersOf } from './partners.ts'
import type { PagePortion } from './schema.ts'

/** The mark of one portion, to be chosen or written. Offered is what its level allows, its author may use, and its readers can hold. */
export function Picker(props: {
  readonly portion: PagePortion
  readonly number: number
  readonly policy: MarkingPolicy
  readonly partner: string | undefined
  readonly box: Ref<HTMLInputElement>
  readonly apply: (changed: Changed) => void
  readonly back: () => void
}): ReactNode {
  const { portion, number, policy, partner, box, apply, back } = props
  const session = useSession()
  const { say, pick, lang } = useWords()
  const { marking } = portion
  const level = marking === null ? undefined : labelOf(marking, policy).classification
  const levels = policy.classifications.toSorted((a, b) => a.order - b.order)
  const choices = marking === null ? undefined : choicesOf(marking, policy)
  const nationOf = (nation: string) => pick(policy.releasableTo.find((one) => one.nation === nation)?.names ?? { en: nation })
  const first = choices?.nations.filter(({ nation, on }) => on || nation === partner) ?? []
  const more = choices?.nations.filter((one) => !first.includes(one)) ?? []
  const mine = levelsOf(session, policy)
  const partners = partnersOf(session)
  const readers = (choices?.nations ?? []).flatMap(({ nation: code, on }) => (on && partners.includes(code) ? [code] : []))
  const kept = choices?.terms.filter(({ term, on }) => !on && !readers.every((code) => bears(session, code, term))) ?? []
  const terms = choices?.terms.filter((one) => !kept.includes(one)) ?? []
  const names = (codes: readonly string[]) => codes.map((code) => nationName(session, code, lang)).join(lang === 'ja' ? '、' : ', ')
  const choiceOf = ({ nation: code, on, possible }: (typeof first)[number]): ReactNode => (
    <Check
      key={code}
      on={on}
      disabled={!possible}
      change={() => (marking === null ? undefined : apply(toggleNation(marking, code, policy)))}
    >
      {code} <span className="desk-nation">{nationOf(code)}</span> {code === partner ? <kbd>Alt R</kbd> : null}
    </Check>
  )
  return (
    <section className="desk-picker" aria-label={say('desk/mark-here', { number })}>
      <div className="desk-picker-row desk-levels" role="group" aria-label={say('desk/level')}>
        <span className="desk-picker-name" aria-hidden="true">
          {say('desk/level')} <kbd>Alt</kbd>
        </span>
        {levels.map(({ code, banner, names: levelNames }, index) => (
          <button
            key={code}
            type="button"
            className={code === level ? 'desk-level desk-level-on' : 'desk-level'}
            aria-pressed={code === level}
            aria-disabled={!mine.has(code)}
            title={mine.has(code) ? pick(levelNames) : say('desk/above-clearance', { level: banner })}
            onClick={() => apply(atLevel(marking, code, policy))}
          >
            <span lang="und">{banner}</span> {index < 9 ? <kbd aria-hidden="true">{index + 1}</kbd> : null}
          </button>
        ))}
      </div>
      <div className="desk-picker-row">
        <span className="desk-picker-name">{say('desk/release')}</span>
        {choices === undefined ? (
          <span className="desk-quiet">{say('desk/level-first', { last: levels.length })}</span>
        ) : choices.nations.length === 0 ? (
          <span className="desk-quiet">{say('desk/origin-typed')}</span>
        ) : (
          <>
            {first.map(choiceOf)}
            {more.length === 0 ? null : (
              <details className="desk-more">
                <summary>{say('desk/more-nations')}</summary>
                <div className="desk-picker-row">{more.map(choiceOf)}</div>
              </details>
            )}
          </>
        )}
      </div>
      <div className="desk-picker-row">
        <span className="desk-picker-name">{say('desk/caveats')}</span>
        {choices === undefined || (terms.length === 0 && kept.length === 0) ? (
          <span className="desk-quiet">{say('desk/none-here')}</span>
        ) : null}
        {terms.map(({ term, name, on }) => (
          <Check key={name} on={on} change={() => (marking === null ? undefined : apply(toggleTerm(marking, term, policy)))}>
            <span lang="und">{name}</span>
          </Check>
        ))}
        {kept.length === 0 ? null : (
          <span className="desk-quiet">
            {say('desk/caveats-keep', { caveats: kept.map(({ name }) => name).join(lang === 'ja' ? '、' : ', '), nations: names(readers) })}
          </span>
        )}
      </div>
      {level === undefined
        ? null
        : readers.map((code) => {
            const held = heldIn(session, code, level, policy)
            if (held === undefined) return null
            const nation = nationName(session, code, lang)
            return (
              <p key={code} className="desk-quiet">
                {held === 'person-decides' ? say('desk/held-person', { nation }) : say('desk/held-in', { nation, level: held[lang] })}
              </p>
            )
          })}
      <Typed key={`${portion.key} ${marking ?? ''}`} marking={marking ?? ''} policy={policy} box={box} apply={apply} back={back} />
    </section>
  )
}

function Check(props: {
  readonly on: boolean
  readonly disabled?: boolean
  readonly change: () => void
  readonly children: ReactNode
}): ReactNode {
  const { on, disabled = false, change, children } = props
  return (
    <label className="desk-check">
      <input type="checkbox" checked={on} disabled={disabled} onChange={change} />
      <span>{children}</span>
    </label>
  )
}

/** The mark as it is written: read at every stroke; Enter goes back to the text, or to what could not be read. */
function Typed(props: {
  readonly marking: string
  readonly policy: MarkingPolicy
  readonly box: Ref<HTMLInputElement>
  readonly apply: (changed: Changed) => void
  readonly back: () => void
}): ReactNode {
  const { marking, policy, box, apply, back } = props
  const { say, message, hint } = useWords()
  const [typed, setTyped] = useState(marking)
  const told = useId()
  const dropped = useRef(false)
  useEffect(() => setTyped(marking), [marking])
  const read = typed.trim() === '' ? undefined : typedMarking(typed, policy)
  const wrong = read !== undefined && !read.ok ? read.error : undefined
  const take = (field: HTMLInputElement): void => {
    if (read === undefined) return back()
    if (!read.ok) return choose(field, read.error.values)
    if (read.marking !== marking) apply(read)
    back()
  }
  const help = wrong === undefined ? null : hint(wrong.code, wrong.values)
  return (
    <div className="desk-picker-row">
      <label className="field field-inline desk-typed">
        <span className="desk-picker-name">{say('desk/typed')}</span>
        <input
          ref={box}
          type="text"
          lang="und"
          autoComplete="off"
          spellCheck={false}
          value={typed}
          aria-invalid={wrong !== undefined}
          aria-describedby={told}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing || event.keyCode === 229 || event.ctrlKey) return
            if (event.key !== 'Enter' && event.key !== 'Escape') return
            event.preventDefault()
            if (event.key === 'Enter') return take(event.currentTarget)
            // What leaves the field by Escape leaves the mark as it was.
            dropped.current = true
            setTyped(marking)
            back()
          }}
          onBlur={() => {
            if (dropped.current) dropped.current = false
            else if (read?.ok === true && read.marking !== marking) apply(read)
            else if (read?.ok !== false) setTyped(marking)
          }}
        />
        <kbd aria-hidden="true">Alt M</kbd>
      </label>
      <span id={told} role="status" className={wrong === undefined ? 'desk-quiet' : 'desk-wrong'}>
        {wrong === undefined ? null : message(wrong.code, wrong.values)} {help}
      </span>
    </div>
  )
}

/** Selects what could not be read. */
function choose(field: HTMLInputElement, values: { readonly at?: string | number; readonly text?: string | number }): void {
  const at = Number(values.at ?? 0)
  const length = values.text === undefined ? field.value.length - at : String(values.text).length
  field.setSelectionRange(at, at + length)
}
