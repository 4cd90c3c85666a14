import { type DraftView, NodeRefusal, draftReport, replaceDraft, submitDraft, withdrawDraft } from '@entente/client'
import type { Node } from 'prosemirror-model'
import { codeFor } from '../../parts/states.tsx'
import type { Session } from '../../session/session.ts'
import { lostFiles, sendable } from './content.ts'
import { type ChosenFiles, chosenFiles } from './files.ts'
import { type PagePortion, portionsIn } from './schema.ts'

/** What stands on the desk now. */
export interface DeskContent {
  readonly title: { readonly en: string; readonly ja: string }
  readonly area: string
  readonly doc: Node
}

/** What the node has: the draft's portions by the ids that it gave them. */
export interface Stored {
  readonly id: string
  /** Grows with every save. */
  readonly revision: number
  /** Milliseconds since 1970; undefined for what was saved before this page was opened. */
  readonly at?: number
  readonly portions: ReadonlyMap<string, PagePortion>
}

/** One draft at the node, through all its saves. */
export interface KeptDraft {
  readonly files: ChosenFiles
  send(content: DeskContent): Promise<Stored>
  submit(): Promise<void>
  withdraw(): Promise<void>
  /** Names of the files of a page that must be chosen again. */
  lost(doc: Node): readonly string[]
  /** `sha256` is what the page knows of a file that was there when it was opened. */
  isAtNode(key: string, sha256: string | null): boolean
}

/** Whether a failed request may succeed by itself: the node is away or busy, and did not refuse. */
export function isPassing(error: unknown): boolean {
  if (error instanceof NodeRefusal) return error.status >= 500 || error.status === 429
  return codeFor(error) === 'login/unreachable'
}

/** What the node has of a draft that was opened. */
export function storedOf(draft: DraftView, doc: Node): Stored {
  const onPage = portionsIn(doc)
  const portions = new Map(draft.portions.flatMap(({ id }, index) => (onPage[index] === undefined ? [] : [[id, onPage[index]]])))
  return { id: draft.id, revision: 0, portions }
}

/** A draft that is there, or one that the first save makes. `made` is told its id as soon as there is one. */
export function keptDraft(session: Session, draft: DraftView | undefined, made: (id: string) => void): KeptDraft {
  const { api, client } = session
  const needs = { crypto: client.crypto, api }
  const files = chosenFiles()
  const byKey = new Map<string, { readonly size: number; readonly sha256: string }>()
  let uploaded = new Set(draft?.uploaded)
  let id = draft?.id
  let revision = 0
  const bytes = {
    chosen: (key: string) => files.chosen(key),
    stored: (key: string) => byKey.get(key),
    isUploaded: (sha256: string) => uploaded.has(sha256),
  }
  const there = (): string => {
    if (id === undefined) throw new TypeError('the draft is not at the node yet')
    return id
  }
  return {
    files,
    async send({ title, area, doc }) {
      const { keys, portions } = sendable(doc, bytes)
      const parts = { title: written(title), area, portions }
      try {
        if (id === undefined) {
          // Its words first: when a file breaks off on the way, the next attempt finds the draft and makes no second one.
          const first = await draftReport(needs, { ...parts, portions: portions.filter((portion) => portion.kind === 'text') })
          id = first.id
          made(id)
          if (portions.every(({ kind }) => kind === 'text')) return took(first, keys, doc)
        }
        return took(await replaceDraft(needs, id, parts), keys, doc)
      } finally {
        files.rest()
      }
    },
    submit: async () => submitDraft(api, there()),
    withdraw: async () => withdrawDraft(api, there()),
    lost(doc) {
      const lost = new Set(lostFiles(doc, bytes))
      return portionsIn(doc).flatMap(({ key, file }) => (file !== undefined && lost.has(key) ? [file.name] : []))
    },
    isAtNode(key, sha256) {
      const known = byKey.get(key)?.sha256 ?? sha256
      return known !== null && uploaded.has(known)
    },
  }

  function took(view: DraftView, keys: readonly string[], doc: Node): Stored {
    uploaded = new Set(view.uploaded)
    const onPage = new Map(portionsIn(doc).map((portion) => [portion.key, portion]))
    const portions = new Map<string, PagePortion>()
    for (const [index, portion] of view.portions.entries()) {
      const key = keys[index] ?? ''
      const shown = onPage.get(key)
      if (shown !== undefined) portions.set(portion.id, shown)
      if (portion.kind === 'file') byKey.set(key, { size: portion.size, sha256: portion.sha256 })
    }
    revision++
    return { id: view.id, revision, at: Date.now(), portions }
  }
}

function written(title: DeskContent['title']): { readonly en?: string; readonly ja?: string } {
  const [en, ja] = [title.en.trim(), title.ja.trim()]
  return { ...(en === '' ? {} : { en }), ...(ja === '' ? {} : { ja }) }
}
