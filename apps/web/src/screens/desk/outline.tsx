import type { ReactNode } from 'react'
import { useWords } from '../../frame/language.tsx'
import { Mark } from '../../parts/mark.tsx'
import type { ShownMarking } from '../../parts/marking.ts'
import type { PagePortion } from './schema.ts'

/** What becomes of a portion towards the chosen partner. */
export type Fate = 'goes' | 'stays'

/** The portions in order, each with its mark and what becomes of it. */
export function Outline(props: {
  readonly portions: readonly PagePortion[]
  readonly here: string | undefined
  readonly shown: (marking: string) => ShownMarking
  readonly fates: ReadonlyMap<string, Fate>
  readonly go: (portion: PagePortion) => void
}): ReactNode {
  const { portions, here, shown, fates, go } = props
  const { say } = useWords()
  return (
    <nav aria-label={say('desk/outline')}>
      <ol className="desk-outline">
        {portions.map((portion, index) => {
          const fate = fates.get(portion.key)
          return (
            <li key={portion.key} className={portion.key === here ? 'line line-here' : 'line'}>
              <button
                type="button"
                className="line-button desk-outline-line"
                aria-current={portion.key === here ? 'true' : undefined}
                onClick={() => go(portion)}
              >
                <span className="desk-number">
                  <span aria-hidden="true">{index + 1}</span>
                  <span className="only-heard">{say('desk/portion', { number: index + 1 })}</span>
                </span>
                <span className="line-text">
                  <span>
                    {portion.marking === null ? (
                      portion.empty ? null : (
                        <span className="mark mark-none">{say('desk/unmarked')}</span>
                      )
                    ) : (
                      <Mark marking={shown(portion.marking)} />
                    )}
                    {fate === undefined ? null : <span className={`desk-fate desk-${fate}`}>{say(`desk/${fate}`)}</span>}
                  </span>
                  <Beginning portion={portion} />
                </span>
              </button>
            </li>
          )
        })}
      </ol>
    </nav>
  )
}

/** First words of a portion, or its file's name. */
function Beginning({ portion }: { readonly portion: PagePortion }): ReactNode {
  const { say } = useWords()
  const [first] = portion.texts
  if (portion.file !== undefined) return <span className="desk-beginning">{portion.file.name}</span>
  if (first === undefined) return <span className="desk-beginning desk-nothing">{say('desk/portion-empty')}</span>
  return (
    <span className="desk-beginning" lang={first.lang}>
      {first.text.slice(0, 80)}
    </span>
  )
}
