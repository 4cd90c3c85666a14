import { EntenteError } from '@entente/canonical'
import type { ReactNode, Ref } from 'react'
import { useWords } from '../../frame/language.tsx'
import { useSession } from '../../frame/session-context.ts'
import { Mark } from '../../parts/mark.tsx'
import type { ShownMarking } from '../../parts/marking.ts'
import { codeFor } from '../../parts/states.tsx'
import { areasOf } from './partners.ts'
import { clockText } from './readers.tsx'
import type { SaveState } from './saving.ts'
import type { SheetState } from './use-sheet.ts'

/** Titles and area of a draft. `first` is the title in the reader's language; Enter in a title goes on to the text. */
export function Fields(props: {
  readonly sheet: SheetState
  readonly readOnly: boolean
  readonly first: Ref<HTMLInputElement>
  readonly on: () => void
}): ReactNode {
  const { sheet, readOnly, first, on } = props
  const session = useSession()
  const { say, pick, lang } = useWords()
  const { content } = sheet
  const areas = areasOf(session)
  const order = lang === 'ja' ? (['ja', 'en'] as const) : (['en', 'ja'] as const)
  return (
    <div className="desk-fields">
      {order.map((one, index) => (
        <label key={one} className="field desk-title">
          <span>{say(`desk/title-${one}`)}</span>
          <input
            ref={index === 0 ? first : null}
            type="text"
            lang={one}
            maxLength={512}
            readOnly={readOnly}
            value={content.title[one]}
            onChange={(event) => sheet.setTitle(one, event.target.value)}
            onKeyDown={(event) => {
              if (event.nativeEvent.isComposing || event.keyCode === 229 || event.key !== 'Enter' || event.ctrlKey) return
              event.preventDefault()
              on()
            }}
          />
        </label>
      ))}
      <label className="field desk-area">
        <span>{say('desk/area')}</span>
        <select value={content.area} disabled={readOnly} onChange={(event) => sheet.setArea(event.target.value)}>
          {areas.some(({ code }) => code === content.area) ? null : <option value={content.area}>{content.area}</option>}
          {areas.map(({ code, names, depth }) => (
            <option key={code} value={code}>
              {`${'\u3000'.repeat(depth)}${pick(names)}`}
            </option>
          ))}
        </select>
      </label>
    </div>
  )
}

/** The mark of the whole, and what has none. */
export function Whole(props: {
  readonly banner: ShownMarking | 'person-decides' | undefined
  readonly unmarked: number
  readonly next: () => void
}): ReactNode {
  const { banner, unmarked, next } = props
  const { say } = useWords()
  return (
    <p className="desk-whole">
      {say('desk/whole')}{' '}
      {banner === undefined ? (
        <span className="desk-quiet">{say('desk/whole-none')}</span>
      ) : banner === 'person-decides' ? (
        <span className="desk-wrong">{say('desk/whole-person')}</span>
      ) : (
        <Mark marking={banner} />
      )}{' '}
      {unmarked === 0 ? null : (
        <button type="button" className="button desk-queue" onClick={next}>
          {say('desk/to-mark', { count: unmarked })} <kbd>F8</kbd>
        </button>
      )}
    </p>
  )
}

/** Whether what is written is at the node, and if not, why. */
export function Saved({ save, known }: { readonly save: SaveState; readonly known: boolean }): ReactNode {
  const { say } = useWords()
  switch (save.state) {
    case 'untouched':
      return known ? null : <span className="desk-quiet">{say('desk/untouched')}</span>
    case 'waiting':
      return <span className="desk-quiet">{say(save.hindrance === undefined ? 'desk/not-saved' : `desk/not-saved-${save.hindrance}`)}</span>
    case 'saving':
      return <span className="desk-quiet">{say('desk/saving')}</span>
    case 'saved':
      return <span className="desk-good">{say('desk/saved', { time: clockText(save.at) })}</span>
    default:
      return <Failed error={save.error} again={save.again} />
  }
}

function Failed({ error, again }: { readonly error: unknown; readonly again: boolean }): ReactNode {
  const { say, message, hint } = useWords()
  const code = codeFor(error)
  const values = error instanceof EntenteError ? error.values : {}
  const why = code === 'login/unreachable' ? say('frame/node-away') : message(code, values)
  // The hints of signing in are those of the command line.
  const help = code.startsWith('login/') ? null : hint(code, values)
  return (
    <span className="desk-wrong">
      {say('desk/save-failed')} {why} {help} {say(again ? 'desk/save-again' : 'desk/save-change')} <code>{code}</code>
    </span>
  )
}
