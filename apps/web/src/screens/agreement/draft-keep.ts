import { agreementShape } from '@entente/agreement'
import { readShape } from '@entente/canonical'
import { type Draft, type Edit, edited } from './edit.ts'

const PREFIX = 'entente.amendment.'

/** Drafts stay with this tab and this person (spec/device.md 3); no node hears of them before they are proposed. */
function keyOf(person: string, agreement: string): string {
  return `${PREFIX}${person}.${agreement}`
}

/** The draft that this tab keeps, with everything that can be undone; undefined where there is none that can be read. */
export function keptDraft(person: string, agreement: string): Draft | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(keyOf(person, agreement)) ?? 'null') as Draft | null
    if (kept === null || typeof kept.base !== 'string') return undefined
    const begun = readShape(agreementShape, kept.begun, 'draft')
    const done = readEdits(kept.done)
    const answers = typeof kept.answers === 'string' ? { answers: kept.answers } : {}
    return { base: kept.base, ...answers, begun, done, undone: readEdits(kept.undone), present: done.reduce(edited, begun) }
  } catch {
    return undefined
  }
}

function readEdits(edits: readonly Edit[]): readonly Edit[] {
  if (!edits.every(({ edit, at }) => ['set', 'add', 'remove'].includes(edit) && typeof at === 'string')) throw new TypeError('no edit')
  return edits
}

/** Keeps a draft; `undefined` forgets the one that is kept. */
export function keepDraft(person: string, agreement: string, draft: Draft | undefined): void {
  if (draft === undefined) sessionStorage.removeItem(keyOf(person, agreement))
  else {
    const { present: _, running: __, ...kept } = draft
    sessionStorage.setItem(keyOf(person, agreement), JSON.stringify(kept))
  }
}

/** Has the browser ask before it closes a tab that keeps a draft, on whatever screen: with the tab the draft goes. Once a page. */
export function askBeforeClosing(): void {
  let staysInTab = false
  // Where the page goes by itself (signing in anew, the session's end) the tab keeps what it has, and nothing is to be asked.
  globalThis.navigation?.addEventListener('navigate', ({ destination }) => {
    staysInTab = !destination.sameDocument && new URL(destination.url).origin === location.origin
  })
  addEventListener('beforeunload', (event) => {
    if (!staysInTab && Object.entries<string>(sessionStorage).some(([key, kept]) => key.startsWith(PREFIX) && isChanged(kept)))
      event.preventDefault()
  })
}

function isChanged(kept: string): boolean {
  try {
    const { done } = JSON.parse(kept) as { readonly done?: unknown }
    return Array.isArray(done) && done.length > 0
  } catch {
    return false
  }
}
