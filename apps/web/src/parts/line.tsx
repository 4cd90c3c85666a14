import type { ReactNode } from 'react'
import { Mark } from './mark.tsx'
import type { ShownMarking } from './marking.ts'

/** A line of a list: mark, title, facts. */
export function ListLine(props: {
  readonly id: string
  readonly marking: ShownMarking | undefined
  readonly title: ReactNode
  readonly facts: readonly string[]
  readonly here: boolean
  readonly fresh?: boolean
  readonly choose: () => void
}): ReactNode {
  const { id, marking, title, facts, here, fresh = false, choose } = props
  return (
    <li className={here ? 'line line-here' : 'line'}>
      <button type="button" id={`line-${id}`} className="line-button" aria-current={here ? 'true' : undefined} onClick={choose}>
        {marking === undefined ? null : <Mark marking={marking} form="short" />}
        <span className="line-text">
          <span className={fresh ? 'line-title line-new' : 'line-title'}>{title}</span>
          <span className="line-facts line-facts-listed">
            {facts.map((fact) => (
              <span key={fact} className="line-fact">
                {fact}
              </span>
            ))}
          </span>
        </span>
      </button>
    </li>
  )
}
