import { type ScreenKey, say } from '@entente/words'
import type { ReactNode } from 'react'
import { useWords } from '../../frame/language.tsx'
import { statementsChanged } from './statements.ts'
import type { Compared, Room } from './use-room.ts'

/** What changes beside who may read what: parties, tables, clocks, survival, dates, texts; as it was, and as it would be. */
export function OtherChanges({
  room,
  compared,
  lang: given,
}: {
  readonly room: Room
  readonly compared: Compared
  readonly lang?: 'en' | 'ja'
}): ReactNode {
  const words = useWords()
  const lang = given ?? words.lang
  const said = (key: ScreenKey): string => say(lang, key)
  const { body } = compared.version
  const before = compared.before.agreements.find((one) => one.body.agreement === body.agreement)?.body ?? room.version.body
  const changed = statementsChanged(before, body, room.names[lang], compared.after.at)
  return (
    <div lang={lang} data-statements={changed.length}>
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
