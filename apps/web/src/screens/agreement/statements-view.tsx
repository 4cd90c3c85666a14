import { type ScreenKey, say } from '@entente/words'
import type { ReactNode } from 'react'
import { useWords } from '../../frame/language.tsx'
import { RULES, statementsChanged } from './statements.ts'
import type { Compared, Room } from './use-room.ts'

/** What a version says otherwise, as it was and as it would be: its rules, or the rest: parties, tables, clocks, survival, dates, texts. */
export function Statements(props: {
  readonly room: Room
  readonly compared: Compared
  readonly part: 'rules' | 'rest'
  readonly lang?: 'en' | 'ja'
}): ReactNode {
  const { room, compared, part, lang: given } = props
  const words = useWords()
  const lang = given ?? words.lang
  const said = (key: ScreenKey): string => say(lang, key)
  const { body } = compared.version
  const before = compared.before.agreements.find((one) => one.body.agreement === body.agreement)?.body ?? room.version.body
  const all = statementsChanged({ body: before, side: compared.before }, { body, side: compared.after }, room.names[lang])
  const changed = all.filter(({ heading }) => RULES.some((one) => one === heading) === (part === 'rules'))
  return (
    <div lang={lang} data-statements={part}>
      {changed.length === 0 ? <p>{said('room/nothing')}</p> : null}
      {changed.map(({ heading, gone, new: come }) => (
        <div key={heading} data-statement={heading}>
          <p className="state-title">{said(heading)}</p>
          <ul className="statements">
            {gone.map((text) => (
              <li key={`- ${text}`}>
                <span className="change change-lost">
                  −<span className="only-heard">{said('room/was-said')}</span>
                </span>{' '}
                <del>{text}</del>
              </li>
            ))}
            {come.map((text) => (
              <li key={`+ ${text}`}>
                <span className="change change-gained">
                  +<span className="only-heard">{said('room/is-said')}</span>
                </span>{' '}
                {text}
              </li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  )
}
