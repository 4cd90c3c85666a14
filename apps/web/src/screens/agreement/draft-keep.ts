import type { Agreement } from '@entente/agreement'
import type { Draft } from './edit.ts'

/** Drafts stay with this page and this person; no node hears of them before they are proposed. */
function keyOf(person: string, agreement: string): string {
  return `entente.amendment.${person}.${agreement}`
}

/** The draft that this browser keeps; undefined where there is none that can be read. */
export function keptDraft(person: string, agreement: string): Draft | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(keyOf(person, agreement)) ?? 'null') as {
      readonly base: string
      readonly answers?: string
      readonly present: Agreement
    } | null
    if (kept === null || typeof kept.base !== 'string' || !Array.isArray(kept.present.grants)) return undefined
    return { ...kept, past: [], future: [] }
  } catch {
    return undefined
  }
}

/** Keeps a draft without its steps; `undefined` forgets the one that is kept. */
export function keepDraft(person: string, agreement: string, draft: Draft | undefined): void {
  if (draft === undefined) localStorage.removeItem(keyOf(person, agreement))
  else {
    const { base, answers, present } = draft
    localStorage.setItem(keyOf(person, agreement), JSON.stringify({ base, ...(answers === undefined ? {} : { answers }), present }))
  }
}
