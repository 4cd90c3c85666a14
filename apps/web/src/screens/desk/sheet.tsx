import type { DraftView } from '@entente/client'
import { useBlocker } from '@tanstack/react-router'
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { useBanner } from '../../frame/frame.tsx'
import { useWords } from '../../frame/language.tsx'
import { useSession } from '../../frame/session-context.ts'
import { useKeys } from '../../keys/keys.ts'
import { type ShownMarking, ownPolicy, shownLabel } from '../../parts/marking.ts'
import { Problem } from '../../parts/states.tsx'
import { addFiles, nextUnmarked, portionAt, setMarking, toPortion, unmarkedIn } from './commands.ts'
import { Page, type PageHandle } from './editor.tsx'
import { canStand, factsOf } from './files.ts'
import { type Changed, isLowered, jointLabel, labelOf } from './marks.ts'
import { levelsOf } from './offers.ts'
import { Outline } from './outline.tsx'
import type { PageWords } from './page-views.ts'
import { partnersOf } from './partners.ts'
import { Picker } from './picker.tsx'
import { Readers, fatesOf, useExplained } from './readers.tsx'
import { type PagePortion, portionsIn } from './schema.ts'
import { Fields, Saved, Whole } from './sheet-head.tsx'
import { deskKeys } from './sheet-keys.ts'
import { TearLine } from './tear-line.tsx'
import { useReview } from './review.tsx'
import { useSheet } from './use-sheet.ts'

const NOTICE_CLASS = { plain: 'notice', warn: 'notice notice-warn', heard: 'only-heard' } as const

/** What the desk says of the last act. `heard` is for those who do not see the mark change. */
interface Notice {
  readonly text: string
  readonly kind: keyof typeof NOTICE_CLASS
}

/** One draft: outline, page, and who could read it. */
export function Sheet(props: {
  readonly draft: DraftView | undefined
  readonly made: (id: string) => void
  readonly close: () => void
}): ReactNode {
  const { draft, made, close } = props
  const session = useSession()
  const words = useWords()
  const { say, lang, message, hint } = words
  const policy = ownPolicy(session)
  const partners = useMemo(() => partnersOf(session), [session])
  const [partner, setPartner] = useState(partners[0])
  const [tear, setTear] = useState(false)
  const page = useRef<PageHandle>(null)
  const box = useRef<HTMLInputElement>(null)
  const fileBox = useRef<HTMLInputElement>(null)
  const titleBox = useRef<HTMLInputElement>(null)
  const [notice, setNotice] = useState<Notice>()
  const tell = (text: string | undefined, kind: Notice['kind'] = 'plain'): void =>
    setNotice(text === undefined ? undefined : { text, kind })
  const sheet = useSheet(session, draft, lang, made)
  const { content, kept, saver } = sheet
  const portions = useMemo(() => portionsIn(content.doc), [content.doc])
  const unmarked = unmarkedIn(content.doc)
  const joint = useMemo(
    () =>
      jointLabel(
        portions.filter(({ empty }) => !empty).map(({ marking }) => marking),
        policy,
      ),
    [portions, policy],
  )
  const review = useReview({ draft, sheet, unmarked: unmarked.length, joins: joint.ok || joint.reason === 'nothing-to-join', tell })
  const readOnly = review.state === 'review' || review.state === 'released'
  const here = sheet.page === undefined ? undefined : portionAt(sheet.page)
  const answers = useExplained(sheet.stored, partners)
  const explained = answers[partners.indexOf(partner ?? '')]?.data
  const tearShown = tear && explained !== undefined
  const number = here === undefined ? 0 : portions.findIndex(({ key }) => key === here.key) + 1
  useEffect(() => {
    if (draft === undefined) titleBox.current?.focus()
    else document.getElementById('content')?.focus()
  }, [])
  const toText = (): void => {
    if (readOnly) document.getElementById('content')?.focus()
    else page.current?.focus()
  }
  const wasShown = useRef(false)
  useEffect(() => {
    if (wasShown.current && !tearShown) toText()
    wasShown.current = tearShown
  }, [tearShown])

  const shown = useMemo(() => {
    const known = new Map<string, ShownMarking>()
    return (marking: string): ShownMarking => {
      const found = known.get(marking) ?? shownLabel(session, labelOf(marking, policy), undefined, 'portion')
      known.set(marking, found)
      return found
    }
  }, [session, policy])
  const banner = joint.ok ? shownLabel(session, joint.label) : joint.reason === 'nothing-to-join' ? undefined : 'person-decides'
  useBanner(banner === 'person-decides' ? highestOf(portions, shown, say('desk/whole-person')) : banner)

  const pageWords = useMemo(
    (): PageWords => ({
      unmarked: say('desk/unmarked'),
      shown,
      watch: (run) => kept.files.watch(run),
      progress(key, sha256) {
        const far = kept.files.progress(key)
        if (far !== undefined) return say(`desk/file-${far.step}`, { percent: Math.round(far.part * 100) })
        return say(kept.isAtNode(key, sha256) ? 'desk/file-sent' : 'desk/file-waits')
      },
    }),
    // oxlint-disable-next-line exhaustive-deps -- the words change with the language
    [lang, shown, kept],
  )

  const apply = (changed: Changed): void => {
    const before = here?.marking ?? null
    if (!changed.ok) {
      const { code, values } = changed.error
      return tell([message(code, values), hint(code, values) ?? ''].join(' '), 'warn')
    }
    const level = labelOf(changed.marking, policy).classification
    if (!levelsOf(session, policy).has(level)) {
      const banner = policy.classifications.find(({ code }) => code === level)?.banner ?? level
      return tell(say('desk/above-clearance', { level: banner }), 'warn')
    }
    if (readOnly) return
    page.current?.run(setMarking(changed.marking))
    const said = [
      ...(before !== null && isLowered(before, changed.marking, policy)
        ? [say('desk/lowered', { from: before, to: changed.marking })]
        : []),
      ...(changed.dropped.length === 0 ? [] : [say('desk/dropped', { names: changed.dropped.join(lang === 'ja' ? '、' : ', ') })]),
    ]
    if (said.length === 0) tell(say('desk/marked', { number, marking: changed.marking }), 'heard')
    else tell(said.join(' '))
  }
  const add = (files: readonly File[]): void => {
    const names = portions.flatMap(({ file }) => (file === undefined ? [] : [file.name]))
    const good: File[] = []
    const bad: string[] = []
    for (const file of files) {
      const { name } = factsOf(file)
      if (canStand(name, names)) good.push(file)
      else bad.push(name)
      names.push(name)
    }
    if (good.length > 0)
      page.current?.run(
        addFiles(good.map(factsOf), (key, index) => {
          const file = good[index]
          if (file !== undefined) kept.files.keep(key, file)
        }),
      )
    tell(bad.length === 0 ? undefined : say('desk/file-name', { names: bad.join(lang === 'ja' ? '、' : ', ') }), 'warn')
    page.current?.focus()
  }
  const showTear = (on: boolean): void => {
    tell(undefined)
    setTear(on)
  }
  const go = (portion: PagePortion): void => {
    setTear(false)
    page.current?.run(toPortion(portion.at))
    page.current?.focus()
  }
  const next = (): void => {
    if (page.current?.run(nextUnmarked) === true) page.current.focus()
    else tell(say('desk/all-marked'))
  }
  useKeys(
    deskKeys({
      page,
      box,
      fileBox,
      policy,
      partner,
      here,
      number,
      portions,
      readOnly,
      review,
      saver,
      tear: tearShown,
      apply,
      tell,
      next,
      close,
      say,
      setTear: () => showTear(!tear),
    }),
  )
  const blank =
    sheet.stored === undefined && portions.every(({ empty }) => empty) && content.title.en.trim() === '' && content.title.ja.trim() === ''
  const blocker = useBlocker({
    shouldBlockFn: async () => !blank && saver.unsaved && !(await saver.save()),
    enableBeforeUnload: () => !blank && saver.unsaved,
    withResolver: true,
  })
  useEffect(() => {
    // Saved after all: there is nothing left to ask.
    if (sheet.save.state === 'saved') blocker.reset?.()
  }, [sheet.save.state])
  return (
    <div className="desk">
      <section className="list desk-side" aria-label={say('desk/outline')}>
        <div className="list-head">
          <button type="button" className="button button-quiet desk-back" onClick={close}>
            {say('desk/back')} <kbd>Esc</kbd>
          </button>
          <h1>{say('desk/outline')}</h1>
          <Whole banner={banner} unmarked={unmarked.length} next={next} />
        </div>
        <Outline portions={portions} here={here?.key} shown={shown} fates={fatesOf(explained)} go={go} />
      </section>
      <section className="pane desk-pane" aria-label={say('desk/title')}>
        {blocker.status === 'blocked' ? (
          <div className="notice notice-warn desk-notice" role="alert">
            <p>{say('desk/leave')}</p>
            <button type="button" className="button button-first" autoFocus onClick={blocker.reset}>
              {say('desk/leave-stay')}
            </button>
            <button type="button" className="button button-bad" onClick={blocker.proceed}>
              {say('desk/leave-go')}
            </button>
          </div>
        ) : null}
        {review.banner}
        <Fields sheet={sheet} readOnly={readOnly} first={titleBox} on={toText} />
        {readOnly || here === undefined || tearShown ? null : (
          <Picker
            portion={here}
            number={number}
            policy={policy}
            partner={partner}
            box={box}
            apply={apply}
            back={() => page.current?.focus()}
          />
        )}
        <div role="status">{notice === undefined ? null : <p className={NOTICE_CLASS[notice.kind]}>{notice.text}</p>}</div>
        <div className="desk-scroll">
          {tearShown ? <TearLine explained={explained} title={content.title} shown={shown} /> : null}
          <div hidden={tearShown}>
            <Page
              doc={content.doc}
              policy={policy}
              words={pageWords}
              readOnly={readOnly}
              handle={page}
              changed={(state, docChanged) => {
                // What was said of the act before holds no longer: Ctrl Z would take back something else.
                if (docChanged) tell(undefined)
                sheet.pageChanged(state, docChanged)
              }}
              files={add}
              pasted={(count) => tell(say('desk/pasted', { count }))}
            />
          </div>
        </div>
        {review.error === undefined ? null : <Problem error={review.error} />}
        <p className="acts desk-acts">
          {review.acts}
          {readOnly ? null : (
            <label className="button button-second file-button">
              {say('desk/act-file')} <kbd>Alt F</kbd>
              <input
                ref={fileBox}
                type="file"
                multiple
                onChange={(event) => {
                  add([...(event.target.files ?? [])])
                  event.target.value = ''
                }}
              />
            </label>
          )}
          <span role="status">
            <Saved save={sheet.save} known={sheet.stored !== undefined} />
          </span>
        </p>
        {readOnly ? null : (
          <p className="list-keys desk-keys" aria-hidden="true">
            <kbd>Enter</kbd> {say('desk/next-short')} <kbd>Alt L</kbd> {say('desk/language-short')} <kbd>Alt ↑</kbd> <kbd>Alt ↓</kbd>{' '}
            {say('frame/move')} <kbd>Alt ⌫</kbd> {say('desk/delete-short')} <kbd>Ctrl S</kbd> {say('desk/act-save')}
          </p>
        )}
      </section>
      <Readers
        stored={sheet.stored}
        unsaved={saver.unsaved}
        partners={partners}
        partner={partner}
        choose={setPartner}
        answers={answers}
        shown={shown}
        numberOf={(key) => {
          const index = portions.findIndex((portion) => portion.key === key)
          return index === -1 ? undefined : index + 1
        }}
        tear={tear}
        setTear={showTear}
      />
    </div>
  )
}

/** Where no common mark is: the highest level that stands on the page, and that a person decides. */
function highestOf(portions: readonly PagePortion[], shown: (marking: string) => ShownMarking, says: string): ShownMarking | undefined {
  const all = portions.flatMap(({ marking }) => (marking === null ? [] : [shown(marking)]))
  const top = all.reduce<ShownMarking | undefined>((high, one) => (high === undefined || one.height > high.height ? one : high), undefined)
  return top === undefined ? undefined : { ...top, text: `${top.text} · ${says}` }
}
