import type { Disclosure, DraftView, MarkedPortion, PortionOutcome } from '@entente/client'
import { reasonSentence } from '@entente/words'
import { type ReactNode, useState } from 'react'
import { useWords } from '../../frame/language.tsx'
import { useSession } from '../../frame/session-context.ts'
import { Mark } from '../../parts/mark.tsx'
import { shownLabel, shownText } from '../../parts/marking.ts'
import { Problem } from '../../parts/states.tsx'
import { sizeText } from '../../parts/time.ts'
import { FileShown, canShow } from '../inbox/file-shown.tsx'

/** The portions of a report under review: whole, with what goes and what stays and why; or only what goes. */
export function Portions(props: {
  readonly draft: DraftView
  readonly disclosure: Disclosure | undefined
  readonly view: 'difference' | 'tear-line'
}): ReactNode {
  const { draft, disclosure, view } = props
  const session = useSession()
  const outcomes = new Map(disclosure?.portions.map((one) => [one.id, one]))
  const shown = draft.portions.filter(({ id }) => view === 'difference' || outcomes.get(id)?.goes === true)
  const banner = disclosure?.tearLineBanner
  return (
    <div className="report">
      {view === 'tear-line' && banner !== undefined ? (
        <p className="tear-line-banner">
          <Mark marking={shownText(session, banner, session.me.nation)} />
        </p>
      ) : null}
      {shown.map((portion) => (
        <ReviewedPortion
          key={portion.id}
          draft={draft.id}
          portion={portion}
          outcome={view === 'difference' ? outcomes.get(portion.id) : undefined}
        />
      ))}
    </div>
  )
}

function ReviewedPortion(props: {
  readonly draft: string
  readonly portion: MarkedPortion
  readonly outcome: PortionOutcome | undefined
}): ReactNode {
  const { draft, portion, outcome } = props
  const session = useSession()
  const { say } = useWords()
  const marking = <Mark marking={shownLabel(session, portion.label, undefined, 'portion')} />
  return (
    <section className={outcome === undefined ? 'portion' : outcome.goes ? 'portion portion-goes' : 'portion portion-stays'}>
      {outcome === undefined ? null : (
        <p className={outcome.goes ? 'outcome outcome-goes' : 'outcome outcome-stays'}>
          {outcome.goes ? `✓ ${say('queue/goes')}` : `✕ ${say('queue/stays')}`}
        </p>
      )}
      {portion.kind === 'text' ? (
        portion.texts.map(({ lang, text }) => (
          <p key={lang} lang={lang} className="passage">
            {marking} {text}
          </p>
        ))
      ) : (
        <DraftFileView draft={draft} portion={portion} marking={marking} />
      )}
      {outcome === undefined || outcome.goes ? null : <Reasons outcome={outcome} />}
    </section>
  )
}

function Reasons({ outcome }: { readonly outcome: Extract<PortionOutcome, { goes: false }> }): ReactNode {
  const { say, lang, message } = useWords()
  return (
    <ul className="reasons">
      {outcome.reasons.map((reason) => (
        <li key={`${reason.code} ${reason.rule ?? ''} ${reason.article ?? ''}`}>
          {reasonSentence(lang, reason)}
          {reason.nearest === undefined ? null : (
            <span className="suggestion">{say('queue/suggestion', { text: message(reason.nearest, reason.values) })}</span>
          )}
        </li>
      ))}
    </ul>
  )
}

function DraftFileView(props: {
  readonly draft: string
  readonly portion: Extract<MarkedPortion, { kind: 'file' }>
  readonly marking: ReactNode
}): ReactNode {
  const { draft, portion, marking } = props
  const { api } = useSession()
  const { say } = useWords()
  const [file, setFile] = useState<Blob>()
  const [error, setError] = useState<unknown>()
  const load = async (): Promise<void> => {
    const pieces: BlobPart[] = []
    for await (const piece of await api.stream(`/api/drafts/${draft}/files/${portion.sha256}`))
      pieces.push(piece as Uint8Array<ArrayBuffer>)
    setFile(new Blob(pieces, { type: portion.mediaType }))
  }
  return (
    <div className="file">
      <p className="file-head">
        {marking} <span className="file-name">{portion.name}</span>{' '}
        <span className="file-facts">
          {portion.mediaType} · {sizeText(portion.size)}
        </span>
      </p>
      {canShow(portion.mediaType) ? (
        <p className="acts">
          <button
            type="button"
            className="button button-second"
            aria-expanded={file !== undefined}
            onClick={() => (file === undefined ? void load().catch(setError) : setFile(undefined))}
          >
            {say(file === undefined ? 'queue/file-load' : 'reader/file-hide')}
          </button>
        </p>
      ) : (
        <p className="file-facts">{say('reader/file-not-shown')}</p>
      )}
      {error === undefined ? null : <Problem error={error} />}
      {file === undefined ? null : <FileShown file={file} name={portion.name} />}
    </div>
  )
}
