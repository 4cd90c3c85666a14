import { unreachable } from '@entente/canonical'
import { LabelError } from './errors.ts'
import type { Portion } from './model.ts'

/**
 * The portions that may go to other readers, as a new list with new ids, in the old order. It stands alone: nothing in
 * it tells that anything was left out. `newId` gives one id per portion chosen; an id that any portion had, or that it
 * gave before, throws `label/id-not-fresh`.
 */
export function tearLine(portions: readonly Portion[], mayGo: (portion: Portion) => boolean, newId: () => string): readonly Portion[] {
  const used = new Set(portions.map(({ id }) => id))
  return portions.filter(mayGo).map((portion) => {
    const id = newId()
    if (used.has(id)) throw new LabelError('label/id-not-fresh', 'a portion of a tear line has a used id')
    used.add(id)
    return copyWithId(portion, id)
  })
}

/** Built up member by member: whatever else an object may carry (an editor's history) does not come along. */
function copyWithId(portion: Portion, id: string): Portion {
  const { label, kind } = portion
  switch (kind) {
    case 'text':
      return { id, label, kind, texts: portion.texts.map(({ lang, text }) => ({ lang, text })) }
    case 'file':
      return { id, label, kind, name: portion.name, mediaType: portion.mediaType, size: portion.size, sha256: portion.sha256 }
    default:
      return unreachable(kind)
  }
}
