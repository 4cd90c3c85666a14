import { type ListedLine, fetchContainer, readItem, verifyItem } from '@entente/client'
import { type ReactNode, useEffect, useState } from 'react'
import { useWords } from '../../frame/language.tsx'
import { useSession } from '../../frame/session-context.ts'
import { useKeys } from '../../keys/keys.ts'
import { agreementName, areaName, nationName, purposeName } from '../../parts/names.ts'
import { saveBlob } from '../../parts/save.ts'
import { Absent, Problem, codeFor } from '../../parts/states.tsx'
import { dateText, sizeText, timeText } from '../../parts/time.ts'
import { OpenedView } from './opened-view.tsx'
import { useOpening } from './opened.ts'

const STEPS = ['fetch', 'verify', 'ask', 'decrypt'] as const
const DAY_SECONDS = 86_400

/** One report: what its card says, opening it, and what was opened. */
export function Reader({ line, changed }: { readonly line: ListedLine; readonly changed: () => void }): ReactNode {
  const session = useSession()
  const { say, lang, pick } = useWords()
  const purposes = [...new Set(session.me.clearance?.areas.flatMap((area) => area.purposes) ?? [])]
  const [purpose, setPurpose] = useState(purposes[0] ?? '')
  const [notice, setNotice] = useState<string>()
  const [saveError, setSaveError] = useState<unknown>()
  const { opening, open } = useOpening(session, line.item)
  const own = line.originator === session.me.nation
  const begin = (): void => {
    if (opening.state !== 'opened') void open(purpose).then(changed)
  }
  const save = async (): Promise<void> => {
    const scratch = await session.scratch()
    try {
      const view = await readItem(session.client, line.item)
      const container = await fetchContainer(session.client, view, async () => scratch)
      await verifyItem(session.client, view, container)
      saveBlob(
        new Blob([(await container.read(0, container.size)) as Uint8Array<ArrayBuffer>], { type: 'application/zip' }),
        `${line.item}.tdf`,
      )
      setNotice(say('reader/container-saved'))
    } catch (error) {
      setSaveError(error)
    } finally {
      await scratch.remove()
    }
  }
  useKeys([
    { keys: 'Enter', says: 'reader/open', run: begin },
    { keys: 's', says: 'reader/save-container', run: () => void save() },
  ])
  useEffect(() => setNotice(undefined), [lang])

  return (
    <article className="reader" aria-busy={opening.state === 'opening'}>
      <h2 className="reader-title" lang={line.card.title[lang] === undefined ? (lang === 'ja' ? 'en' : 'ja') : lang}>
        {pick(line.card.title)}
      </h2>
      <Handling line={line} />
      {opening.state === 'sealed' || opening.state === 'opening' ? (
        <div className="sealed">
          <p className="sealed-title">{say('reader/sealed')}</p>
          <p>{say(own ? 'reader/sealed-why-own' : 'reader/sealed-why')}</p>
          {purposes.length < 2 ? null : (
            <label className="field">
              {say('reader/purpose')}
              <select value={purpose} onChange={(event) => setPurpose(event.target.value)}>
                {purposes.map((one) => (
                  <option key={one} value={one}>
                    {purposeName(lang, one)}
                  </option>
                ))}
              </select>
            </label>
          )}
          {opening.state === 'sealed' ? (
            <p className="acts">
              <button type="button" className="button button-first" onClick={begin}>
                {say('reader/open')} <kbd>Enter</kbd>
              </button>
              <button type="button" className="button button-second" onClick={() => void save()}>
                {say('reader/save-container')} <kbd>s</kbd>
              </button>
            </p>
          ) : (
            <div role="status" aria-label={say('reader/opening')}>
              <ol className="steps">
                {STEPS.map((step) => (
                  <li key={step} className={stepClass(step, opening.step)} aria-current={step === opening.step ? 'step' : undefined}>
                    {say(`reader/step-${step}`)}
                  </li>
                ))}
              </ol>
            </div>
          )}
        </div>
      ) : null}
      {notice === undefined ? null : (
        <p className="notice" role="status">
          {notice}
        </p>
      )}
      {saveError === undefined ? null : <Problem error={saveError} />}
      {opening.state === 'failed' ? (
        codeFor(opening.error) === 'client/absent' ? (
          <Absent />
        ) : (
          <Problem error={opening.error} again={begin} />
        )
      ) : null}
      {opening.state === 'opened' ? (
        <OpenedView line={line} opened={opening.opened} purpose={purpose} save={() => void save()} changed={changed} />
      ) : null}
    </article>
  )
}

function stepClass(step: (typeof STEPS)[number], at: (typeof STEPS)[number]): string {
  const [here, now] = [STEPS.indexOf(step), STEPS.indexOf(at)]
  return here < now ? 'step step-done' : here === now ? 'step step-now' : 'step'
}

/** Origin, basis, what is allowed, passing on, expiry. */
function Handling({ line }: { readonly line: ListedLine }): ReactNode {
  const session = useSession()
  const { say, lang } = useWords()
  const now = session.client.now()
  const own = line.originator === session.me.nation
  const facts: [string, string][] = [
    [say('reader/origin'), nationName(session, line.originator, lang)],
    [say('reader/basis'), line.agreement === undefined ? say('reader/basis-home') : agreementName(session, line.agreement, lang)],
    [say('reader/area'), areaName(session, line.agreement, line.card.area, lang)],
    ...(own ? [] : [[say('reader/passing-on'), say('reader/passing-on-text')] as [string, string]]),
    [say('reader/released'), timeText(lang, line.released)],
    [
      say('reader/expires'),
      `${dateText(line.expires)} (${say('reader/days-left', { count: Math.max(0, Math.ceil((line.expires - now) / DAY_SECONDS)) })})`,
    ],
    [say('reader/size'), sizeText(line.containerSize)],
  ]
  return (
    <dl className="handling">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
