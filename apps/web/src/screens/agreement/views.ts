import type { ScreenKey } from '@entente/words'

/** What the room shows, in the order of its keys. */
export const VIEWS = ['articles', 'tables', 'matrix', 'changes', 'proposal', 'timeline', 'amend', 'notices'] as const
export type View = (typeof VIEWS)[number]

/** What an address of the room says besides its view. */
export interface RoomSearch {
  readonly agreement?: string
  /** Seconds: the room as it stood then. */
  readonly at?: number
  /** Id of the proposal or version that is compared with what is in force. */
  readonly with?: string
  readonly article?: string
}

/** The view of a path; the articles where it names none. */
export function viewOf(part: string | undefined): View {
  return VIEWS.find((view) => view === part) ?? 'articles'
}

export function viewKey(view: View): ScreenKey {
  return `room/${view}`
}

/** Reads the search of an address; what is no member, or no value of it, is left out. */
export function roomSearch(search: Record<string, unknown>): RoomSearch {
  const { agreement, at, with: other, article } = search
  return {
    ...(typeof agreement === 'string' && agreement !== '' ? { agreement } : {}),
    ...(typeof at === 'number' && Number.isSafeInteger(at) && at >= 0 ? { at } : {}),
    ...(typeof other === 'string' && /^[0-9a-f]{64}$/u.test(other) ? { with: other } : {}),
    ...(typeof article === 'number' || (typeof article === 'string' && article !== '') ? { article: String(article) } : {}),
  }
}
