import { Fragment, type ReactNode } from 'react'
import { useWords } from '../frame/language.tsx'
import type { ShownMarking } from './marking.ts'

/** A marking before a portion or in a list: text on its originator's colours, never colour alone. */
export function Mark({ marking, form = 'whole' }: { readonly marking: ShownMarking; readonly form?: 'whole' | 'short' }): ReactNode {
  const { colours, text, short } = marking
  return (
    <span
      className={`mark mark-${form}${colours.frame === undefined ? '' : ' mark-framed'}`}
      style={{ background: colours.background, color: colours.text, borderColor: colours.frame ?? colours.background }}
      title={text}
      lang="und"
    >
      {form === 'short' ? (
        <>
          <span aria-hidden="true">{short}</span>
          <span className="only-heard">{text}</span>
        </>
      ) : (
        <MarkingText text={text} />
      )}
    </span>
  )
}

/** A marking that is longer than its place goes on in the next line at one of its strokes, and not inside a word. */
function MarkingText({ text }: { readonly text: string }): ReactNode {
  return text.split(/(?<=\/\/)/u).map((part, index) => (
    <Fragment key={index}>
      {index === 0 ? null : <wbr />}
      {part}
    </Fragment>
  ))
}

/** The bar at the top or bottom of every screen: the highest marking that the screen shows. */
export function Banner({ marking, place }: { readonly marking: ShownMarking | undefined; readonly place: 'top' | 'bottom' }): ReactNode {
  const { say, pick } = useWords()
  const label = say(place === 'top' ? 'frame/banner-top' : 'frame/banner-bottom')
  const specimen = place === 'top' ? <span className="specimen">{say('frame/exercise')}</span> : null
  if (marking === undefined) {
    return (
      <div role="region" aria-label={label} className={`banner banner-${place} banner-none`}>
        {specimen}
        <span>{say('frame/nothing-marked')}</span>
      </div>
    )
  }
  const { colours, text, nation, equivalent } = marking
  return (
    <div
      role="region"
      aria-label={label}
      aria-live={place === 'top' ? 'polite' : 'off'}
      className={`banner banner-${place}${colours.frame === undefined ? '' : ' banner-framed'}`}
      style={{ background: colours.background, color: colours.text, borderColor: colours.frame ?? colours.text }}
    >
      {specimen}
      <span>
        <span className="banner-nation">{nation}</span>
        <span className="banner-text" lang="und">
          {text}
        </span>
        {equivalent === undefined ? null : (
          <span className="banner-equivalent">{equivalent === 'person-decides' ? say('frame/person-decides') : pick(equivalent)}</span>
        )}
      </span>
    </div>
  )
}
