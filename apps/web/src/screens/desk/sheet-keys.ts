import type { MarkingPolicy } from '@entente/label'
import type { ScreenKey, Values } from '@entente/words'
import { undo } from 'prosemirror-history'
import type { RefObject } from 'react'
import type { KeyAct } from '../../keys/keys.ts'
import { deletePortion, movePortion, otherLanguage, toPortion } from './commands.ts'
import type { PageHandle } from './editor.tsx'
import { type Changed, atLevel, toggleNation } from './marks.ts'
import type { Review } from './review.tsx'
import type { Saver } from './saving.ts'
import type { PagePortion } from './schema.ts'

/** What the keys of the desk act on. */
export interface Desk {
  readonly page: RefObject<PageHandle | null>
  readonly box: RefObject<HTMLInputElement | null>
  readonly fileBox: RefObject<HTMLInputElement | null>
  readonly policy: MarkingPolicy
  readonly partner: string | undefined
  readonly here: PagePortion | undefined
  /** Which of the portions `here` is, from 1. */
  readonly number: number
  readonly portions: readonly PagePortion[]
  readonly readOnly: boolean
  /** The other side's view is shown, and the page is not. */
  readonly tear: boolean
  readonly review: Review
  readonly saver: Saver
  readonly apply: (changed: Changed) => void
  readonly tell: (text: string, kind: 'plain' | 'warn') => void
  readonly next: () => void
  readonly close: () => void
  readonly setTear: () => void
  readonly say: (key: ScreenKey, values?: Values) => string
}

/** The keys of one draft. In review only those that read and take back. */
export function deskKeys(desk: Desk): readonly KeyAct[] {
  const { page, here, portions, readOnly, tear, review, saver, close, setTear } = desk
  const move = (step: number): void => {
    const at = portions.findIndex(({ key }) => key === here?.key) + step
    const portion = portions[Math.min(Math.max(at, 0), portions.length - 1)]
    if (portion !== undefined) page.current?.run(toPortion(portion.at))
  }
  const leave = (): void => {
    const active = document.activeElement
    if (active instanceof HTMLElement && active.closest('input, textarea, select, [contenteditable="true"]') !== null) {
      active.blur()
      document.getElementById('content')?.focus()
    } else close()
  }
  return [
    { keys: 'Escape', says: 'desk/act-leave-text', run: leave, inText: true },
    { keys: 'j', says: 'frame/move', run: () => move(1) },
    { keys: 'k', says: 'frame/move', run: () => move(-1) },
    { keys: 'Alt T', says: 'desk/act-tear-line', run: setTear, inText: true },
    { keys: 'Ctrl Shift T', says: 'desk/act-tear-line', run: setTear, inText: true },
    ...(readOnly
      ? [{ keys: 'u', says: 'desk/undo-send', run: () => (review.state === 'review' ? void review.takeBack() : undefined) } as const]
      : [
          { keys: 'Ctrl S', says: 'desk/act-save', run: () => void saver.save(), inText: true } as const,
          { keys: 'Ctrl Enter', says: 'desk/send', run: () => void review.submit(), inText: true } as const,
          ...(tear ? [] : writingKeys(desk)),
        ]),
  ]
}

function writingKeys({ page, box, fileBox, policy, partner, here, number, apply, tell, next, say }: Desk): readonly KeyAct[] {
  const levels = policy.classifications.toSorted((a, b) => a.order - b.order).slice(0, 9)
  const release = (): void => {
    if (here?.marking === undefined || here.marking === null) tell(say('desk/level-first', { last: levels.length }), 'warn')
    else if (partner === undefined) tell(say('desk/no-partner'), 'warn')
    else apply(toggleNation(here.marking, partner, policy))
  }
  const act = (keys: string, says: ScreenKey, run: () => void): KeyAct => ({ keys, says, run, inText: true })
  return [
    { keys: 'Enter', says: 'desk/act-text', run: () => page.current?.focus() },
    ...levels.map(({ code }, index) =>
      act(`Alt ${index + 1}`, 'desk/act-level', () => apply(atLevel(here?.marking ?? null, code, policy))),
    ),
    act('Alt R', 'desk/act-release', release),
    act('Alt M', 'desk/act-typed', () => {
      box.current?.focus()
      box.current?.select()
    }),
    act('F8', 'desk/next-unmarked', next),
    act('Alt L', 'desk/act-language', () => void page.current?.run(otherLanguage)),
    act('Alt ArrowUp', 'desk/act-up', () => void page.current?.run(movePortion(-1))),
    act('Alt ArrowDown', 'desk/act-down', () => void page.current?.run(movePortion(1))),
    act('Alt Backspace', 'desk/act-delete', () => {
      if (page.current?.run(deletePortion) === true) tell(say('desk/deleted', { number }), 'plain')
    }),
    act('Alt F', 'desk/act-file', () => fileBox.current?.click()),
    // Outside the text too: what a notice says about Ctrl Z holds wherever the focus is.
    { keys: 'Ctrl Z', says: 'desk/undo', run: () => void page.current?.run(undo) },
  ]
}
