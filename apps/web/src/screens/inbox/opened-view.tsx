import type { ListedLine } from '@entente/client'
import { type Portion, toStanag4774 } from '@entente/label'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useWords } from '../../frame/language.tsx'
import { useSession } from '../../frame/session-context.ts'
import { useKeys } from '../../keys/keys.ts'
import { Mark } from '../../parts/mark.tsx'
import { policyOf, shownLabel } from '../../parts/marking.ts'
import { saveBlob } from '../../parts/save.ts'
import { Problem } from '../../parts/states.tsx'
import { sizeText } from '../../parts/time.ts'
import type { OpenedReport } from './opened.ts'
import { FileShown, canShow } from './file-shown.tsx'
import { Why } from './why.tsx'

type TextLang = 'all' | 'en' | 'ja'
const TEXT_LANGS: readonly TextLang[] = ['all', 'en', 'ja']

/** An opened report: every portion with its mark, its files, why it could be opened, and the proof. */
export function OpenedView(props: {
  readonly line: ListedLine
  readonly opened: OpenedReport
  readonly purpose: string
  readonly save: () => void
  readonly changed: () => void
}): ReactNode {
  const { line, opened, purpose, save, changed } = props
  const session = useSession()
  const { say, lang } = useWords()
  const [textLang, setTextLang] = useState<TextLang>('all')
  const [at, setAt] = useState(0)
  const [notice, setNotice] = useState<string>()
  const [error, setError] = useState<unknown>()
  const [acknowledged, setAcknowledged] = useState(line.acknowledged !== undefined)
  const portions = useRef<(HTMLElement | null)[]>([])
  const { report } = opened
  const own = line.originator === session.me.nation

  const go = (step: number): void => {
    const next = Math.min(Math.max(at + step, 0), report.portions.length - 1)
    setAt(next)
    portions.current[next]?.focus()
  }
  const cite = (): void => {
    const portion = report.portions[at]
    if (portion === undefined) return
    navigator.clipboard.writeText(citation(portion, shownLabel(session, portion.label, line.equivalent, 'portion').text, textLang)).then(
      () => setNotice(say('reader/cited')),
      (cause: unknown) => setError(cause),
    )
  }
  const acknowledge = (): void => {
    if (acknowledged) return
    opened.item.acknowledge().then(
      () => {
        setAcknowledged(true)
        changed()
      },
      (cause: unknown) => setError(cause),
    )
  }
  useKeys([
    { keys: 'a', says: 'reader/acknowledge', run: acknowledge },
    { keys: 'n', says: 'reader/next-portion', run: () => go(1) },
    { keys: 'p', says: 'reader/previous-portion', run: () => go(-1) },
    { keys: 'c', says: 'reader/cite', run: cite },
    { keys: 'v', says: 'reader/language', run: () => setTextLang('all') },
    {
      keys: 'l',
      says: 'reader/text-language',
      run: () => setTextLang(TEXT_LANGS[(TEXT_LANGS.indexOf(textLang) + 1) % TEXT_LANGS.length] ?? 'all'),
    },
  ])
  useEffect(() => setNotice(undefined), [lang])
  return (
    <>
      <div className="report" data-opened>
        {report.portions.map((portion, index) => (
          <PortionView
            key={portion.id}
            portion={portion}
            equivalent={line.equivalent}
            textLang={textLang}
            file={opened.files.get(index)}
            here={index === at}
            chosen={() => setAt(index)}
            notice={setNotice}
            keep={(element) => {
              portions.current[index] = element
            }}
          />
        ))}
      </div>
      <p className="acts">
        <button type="button" className="button button-first" onClick={acknowledge} aria-disabled={acknowledged}>
          {say('reader/acknowledge')} <kbd>a</kbd>
        </button>
        <button type="button" className="button button-second" onClick={cite}>
          {say('reader/cite')} <kbd>c</kbd>
        </button>
        <button type="button" className="button button-second" onClick={save}>
          {say('reader/save-container')} <kbd>s</kbd>
        </button>
        <label className="field field-inline">
          {say('reader/text-language')}
          <select value={textLang} onChange={(event) => setTextLang(TEXT_LANGS.find((one) => one === event.target.value) ?? 'all')}>
            <option value="all">{say('reader/all-languages')}</option>
            <option value="en" lang="en">
              English
            </option>
            <option value="ja" lang="ja">
              日本語
            </option>
          </select>
        </label>
      </p>
      <div role="status">
        {acknowledged ? <p className="notice notice-good">{say(own ? 'reader/acknowledged-own' : 'reader/acknowledged')}</p> : null}
        {notice === undefined ? null : <p className="notice">{notice}</p>}
      </div>
      {error === undefined ? null : <Problem error={error} />}
      <Why line={line} opened={opened} purpose={purpose} />
    </>
  )
}

function PortionView(props: {
  readonly portion: Portion
  readonly equivalent: string | undefined
  readonly textLang: TextLang
  readonly file: Blob | undefined
  readonly here: boolean
  readonly chosen: () => void
  readonly notice: (text: string) => void
  readonly keep: (element: HTMLElement | null) => void
}): ReactNode {
  const { portion, equivalent, textLang, file, here, chosen, notice, keep } = props
  const session = useSession()
  const marking = shownLabel(session, portion.label, equivalent, 'portion')
  return (
    <div
      role="group"
      ref={keep}
      tabIndex={-1}
      className={here ? 'portion portion-here' : 'portion'}
      onFocus={chosen}
      onClick={chosen}
      aria-label={marking.text}
    >
      {portion.kind === 'text' ? (
        textsIn(portion, textLang).map(({ lang, text }) => (
          <p key={lang} lang={lang} className="passage">
            <Mark marking={marking} /> {text}
          </p>
        ))
      ) : (
        <FilePortionView portion={portion} marking={<Mark marking={marking} />} file={file} notice={notice} />
      )}
    </div>
  )
}

function FilePortionView(props: {
  readonly portion: Extract<Portion, { kind: 'file' }>
  readonly marking: ReactNode
  readonly file: Blob | undefined
  readonly notice: (text: string) => void
}): ReactNode {
  const { portion, marking, file, notice } = props
  const session = useSession()
  const { say } = useWords()
  const [shown, setShown] = useState(false)
  const save = (): void => {
    const policy = policyOf(session, portion.label)
    if (file === undefined || policy === undefined) return
    saveBlob(file, portion.name)
    saveBlob(new Blob([toStanag4774(portion.label, policy)], { type: 'application/xml' }), `${portion.name}.label.xml`)
    notice(say('reader/file-saved'))
  }
  return (
    <div className="file">
      <p className="file-head">
        {marking} <span className="file-name">{portion.name}</span>{' '}
        <span className="file-facts">
          {portion.mediaType} · {sizeText(portion.size)}
        </span>
      </p>
      <p className="acts">
        {canShow(portion.mediaType) ? (
          <button type="button" className="button button-second" aria-expanded={shown} onClick={() => setShown(!shown)}>
            {say(shown ? 'reader/file-hide' : 'reader/file-show')}
          </button>
        ) : (
          <span className="file-facts">{say('reader/file-not-shown')}</span>
        )}
        <button type="button" className="button button-second" onClick={save}>
          {say('reader/file-save')}
        </button>
      </p>
      {shown && file !== undefined ? <FileShown file={file} name={portion.name} /> : null}
    </div>
  )
}

/** The texts of a portion in the language asked for; where it has none in it, as it was written. */
function textsIn(
  portion: Extract<Portion, { kind: 'text' }>,
  lang: TextLang,
): readonly { readonly lang: 'en' | 'ja'; readonly text: string }[] {
  const found = portion.texts.filter((one) => one.lang === lang)
  return found.length === 0 ? portion.texts : found
}

/** What is copied carries its mark. */
function citation(portion: Portion, marking: string, lang: TextLang): string {
  if (portion.kind === 'file') return `${marking} ${portion.name} (SHA-256 ${portion.sha256})`
  return textsIn(portion, lang)
    .map(({ text }) => `${marking} ${text}`)
    .join('\n')
}
