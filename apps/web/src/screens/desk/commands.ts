import type { MarkingPolicy } from '@entente/label'
import { closeHistory } from 'prosemirror-history'
import type { Node } from 'prosemirror-model'
import { type Command, type EditorState, NodeSelection, Plugin, Selection, TextSelection, type Transaction } from 'prosemirror-state'
import { jointMark } from './marks.ts'
import { type FileFacts, type PagePortion, fileNode, langOf, paragraphsOf, passageNode, portionsIn, textNode, types } from './schema.ts'

/** The portion in which the selection begins. */
export function portionAt(state: EditorState): PagePortion | undefined {
  const index = state.selection.$from.index(0)
  return portionsIn(state.doc)[Math.min(index, state.doc.childCount - 1)]
}

/** Whether every portion in which something is written has its mark. */
export function unmarkedIn(doc: Node): readonly PagePortion[] {
  return portionsIn(doc).filter(({ marking, empty }) => marking === null && !empty)
}

/** Puts the cursor at the end of the portion that begins at `at`. */
export function toPortion(at: number): Command {
  return (state, dispatch) => {
    const node = state.doc.nodeAt(at)
    if (node === null) return false
    const selection = node.type === types.file ? NodeSelection.create(state.doc, at) : endOf(state.doc, at, node)
    dispatch?.(state.tr.setSelection(selection).scrollIntoView())
    return true
  }
}

function endOf(doc: Node, at: number, node: Node): Selection {
  return TextSelection.near(doc.resolve(at + node.nodeSize - 2), -1)
}

/** Marks the portion under the cursor; `null` takes its mark away. */
export function setMarking(marking: string | null): Command {
  return (state, dispatch) => {
    const portion = portionAt(state)
    if (portion === undefined) return false
    dispatch?.(state.tr.setNodeAttribute(portion.at, 'marking', marking))
    return true
  }
}

/**
 * Enter: what stands after the cursor becomes the next portion, in the same language and under the same mark. The other
 * language of the portion stays where it is.
 */
export const splitPortion: Command = (state, dispatch) => {
  const { $from, $to } = state.selection
  if (state.selection instanceof NodeSelection) return afterFile(state, dispatch)
  if ($from.depth < 2 || !$from.sameParent($to)) return false
  const marking = $from.node(1).attrs['marking'] as string | null
  const lang = langAt($from.parent)
  const rest = $from.parent.textBetween($to.parentOffset, $from.parent.content.size)
  const tr = state.tr.delete($from.pos, $from.end())
  const after = tr.mapping.map($from.after(1))
  tr.insert(after, textNode(marking, [{ lang, text: rest }]))
  tr.setSelection(TextSelection.create(tr.doc, after + 2))
  dispatch?.(tr.scrollIntoView())
  return true
}

function langAt(passage: Node): 'en' | 'ja' {
  return passage.attrs['lang'] === 'ja' ? 'ja' : 'en'
}

/** Enter on a file: an empty portion after it, which has no mark of a file's. */
function afterFile(state: EditorState, dispatch?: (tr: Transaction) => void): boolean {
  const at = state.selection.to
  const tr = closeHistory(state.tr).insert(at, textNode(null, [{ lang: nearestLang(state.doc, at), text: '' }]))
  dispatch?.(tr.setSelection(TextSelection.create(tr.doc, at + 2)).scrollIntoView())
  return true
}

function nearestLang(doc: Node, at: number): 'en' | 'ja' {
  let lang: 'en' | 'ja' = 'en'
  doc.nodesBetween(0, Math.min(at, doc.content.size), (node) => {
    if (node.type === types.passage) lang = langAt(node)
  })
  return lang
}

/** Shift-Enter: a line break in the passage. */
export const breakLine: Command = (state, dispatch) => {
  if (state.selection instanceof NodeSelection) return false
  dispatch?.(state.tr.insertText('\n').scrollIntoView())
  return true
}

/**
 * Backspace where a passage begins: an empty passage or portion goes; what follows a text in the same language joins it (its
 * mark becomes the joint one, see `keepMarks`); from anything else the cursor only moves there.
 */
export const joinBefore: Command = (state, dispatch) => {
  const { $from, empty } = state.selection
  if (!empty || $from.depth < 2 || $from.parentOffset > 0) return false
  const portion = $from.node(1)
  if (portion.childCount > 1 && $from.parent.content.size === 0) {
    const tr = state.tr.delete($from.before(), $from.after())
    dispatch?.(tr.setSelection(Selection.near(tr.doc.resolve(Math.max($from.before() - 1, 1)), -1)).scrollIntoView())
    return true
  }
  if ($from.index(1) > 0) return moveTo($from.before() - 1, state, dispatch)
  const before = $from.before(1)
  const previous = state.doc.resolve(before).nodeBefore
  if (portion.textContent === '' && state.doc.childCount > 1) {
    const tr = state.tr.delete(before, $from.after(1))
    const selection =
      previous?.type === types.file ? NodeSelection.create(tr.doc, before - previous.nodeSize) : Selection.near(tr.doc.resolve(before), -1)
    dispatch?.(tr.setSelection(selection).scrollIntoView())
    return true
  }
  if (previous === null) return true
  if (previous.type === types.file) {
    dispatch?.(state.tr.setSelection(NodeSelection.create(state.doc, before - previous.nodeSize)).scrollIntoView())
    return true
  }
  if (previous.lastChild?.attrs['lang'] !== $from.parent.attrs['lang']) return moveTo(before - 2, state, dispatch)
  dispatch?.(state.tr.delete(before - 2, $from.pos).scrollIntoView())
  return true
}

/** Delete where a passage ends: as Backspace at the beginning of the next portion. */
export const joinAfter: Command = (state, dispatch) => {
  const { $from, empty } = state.selection
  if (!empty || $from.depth < 2 || $from.pos < $from.end()) return false
  const after = $from.after(1)
  const next = state.doc.nodeAt(after)
  const last = $from.index(1) === $from.node(1).childCount - 1
  if (last && next?.type === types.portion && next.firstChild?.attrs['lang'] === $from.parent.attrs['lang']) {
    dispatch?.(state.tr.delete($from.pos, after + 2).scrollIntoView())
  }
  return true
}

function moveTo(pos: number, state: EditorState, dispatch?: (tr: Transaction) => void): boolean {
  dispatch?.(state.tr.setSelection(Selection.near(state.doc.resolve(pos), -1)).scrollIntoView())
  return true
}

/** Alt L: the other language's passage of the portion: made where there is none; in an empty portion the language changes. */
export const otherLanguage: Command = (state, dispatch) => {
  const { $from } = state.selection
  if ($from.depth < 2) return false
  const portion = $from.node(1)
  const other = langAt($from.parent) === 'en' ? 'ja' : 'en'
  const tr = state.tr
  if (portion.childCount > 1) {
    const at = $from.start(1) + ($from.index(1) === 0 ? portion.child(0).nodeSize : 0)
    const passage = portion.child($from.index(1) === 0 ? 1 : 0)
    tr.setSelection(TextSelection.create(tr.doc, at + 1 + passage.content.size))
  } else if ($from.parent.content.size === 0) {
    tr.setNodeAttribute($from.before(), 'lang', other)
  } else {
    tr.insert($from.after(), passageNode(other))
    tr.setSelection(TextSelection.create(tr.doc, $from.after() + 1))
  }
  dispatch?.(tr.scrollIntoView())
  return true
}

/** Moves the portion one place up (-1) or down (1). */
export function movePortion(step: -1 | 1): Command {
  return (state, dispatch) => {
    const { $from } = state.selection
    const index = $from.index(0)
    const neighbour = state.doc.maybeChild(index + step)
    const node = state.doc.maybeChild(index)
    const portion = portionAt(state)
    if (neighbour === null || node === null || portion === undefined) return false
    const to = step === -1 ? portion.at - neighbour.nodeSize : portion.at + neighbour.nodeSize
    const tr = closeHistory(state.tr)
      .delete(portion.at, portion.at + node.nodeSize)
      .insert(to, node)
    const within = state.selection.from - portion.at
    tr.setSelection(node.type === types.file ? NodeSelection.create(tr.doc, to) : TextSelection.create(tr.doc, to + within))
    dispatch?.(tr.scrollIntoView())
    return true
  }
}

/** Deletes the portion under the cursor; the last one leaves an empty one, unmarked. One undo brings it back, and nothing else. */
export const deletePortion: Command = (state, dispatch) => {
  const portion = portionAt(state)
  const node = portion === undefined ? null : state.doc.nodeAt(portion.at)
  if (portion === undefined || node === null) return false
  const end = portion.at + node.nodeSize
  const tr = closeHistory(state.tr)
  if (state.doc.childCount === 1) tr.replaceWith(portion.at, end, textNode(null, [{ lang: nearestLang(state.doc, end), text: '' }]))
  else tr.delete(portion.at, end)
  tr.setSelection(Selection.near(tr.doc.resolve(Math.min(portion.at, tr.doc.content.size)), 1))
  dispatch?.(tr.scrollIntoView())
  return true
}

/** Pasted text: one unmarked portion a paragraph, after the portion of the cursor, or in its place where that is empty. */
export function pasteText(text: string): Command {
  return (state, dispatch) => {
    const nodes = paragraphsOf(text).map((paragraph) => textNode(null, [{ lang: langOf(paragraph), text: paragraph }]))
    return insertPortions(nodes, state, dispatch)
  }
}

/** Files as portions, unmarked, after the portion of the cursor. */
export function addFiles(files: readonly FileFacts[], keep: (key: string, index: number) => void): Command {
  return (state, dispatch) => {
    const nodes = files.map((file) => fileNode(null, file))
    for (const [index, node] of nodes.entries()) keep(String(node.attrs['key']), index)
    return insertPortions(nodes, state, dispatch)
  }
}

function insertPortions(nodes: readonly Node[], state: EditorState, dispatch?: (tr: Transaction) => void): boolean {
  const here = portionAt(state)
  const node = here === undefined ? null : state.doc.nodeAt(here.at)
  if (here === undefined || node === null || nodes.length === 0) return false
  const end = here.at + node.nodeSize
  const from = here.empty ? here.at : end
  const tr = closeHistory(state.tr).replaceWith(from, end, nodes)
  const last = nodes.at(-1)
  const length = nodes.reduce((sum, { nodeSize }) => sum + nodeSize, 0)
  const at = from + length - (last?.nodeSize ?? 0)
  if (last !== undefined) tr.setSelection(last.type === types.file ? NodeSelection.create(tr.doc, at) : endOf(tr.doc, at, last))
  dispatch?.(tr.scrollIntoView())
  return true
}

/** F8: to the next portion without a mark, from the top again after the last one. */
export const nextUnmarked: Command = (state, dispatch) => {
  const unmarked = unmarkedIn(state.doc)
  const here = portionAt(state)?.at ?? -1
  const next = unmarked.find(({ at }) => at > here) ?? unmarked[0]
  return next === undefined ? false : toPortion(next.at)(state, dispatch)
}

/**
 * Whatever runs together takes the joint mark of all that it came from, and none where one had none: deleting across two
 * portions never carries text under a lower mark.
 */
export function keepMarks(policy: MarkingPolicy): Plugin {
  return new Plugin({
    appendTransaction(transactions, before, after) {
      const changes = transactions.filter(({ docChanged }) => docChanged)
      if (changes.length === 0) return null
      const map = (pos: number, side: -1 | 1) => changes.reduce((at, { mapping }) => mapping.map(at, side), pos)
      const sources = new Map<number, (string | null)[]>()
      for (const { at, marking, kind } of portionsIn(before.doc)) {
        const node = before.doc.nodeAt(at)
        if (kind !== 'text' || node === null) continue
        const reached = new Set<number>()
        node.forEach((passage, offset) => {
          const start = at + 1 + offset + 1
          const [from, to] = [map(start, 1), map(start + passage.content.size, -1)]
          if (to <= from) return
          for (const pos of [from, to]) reached.add(after.doc.resolve(pos).index(0))
        })
        for (const index of reached) sources.set(index, [...(sources.get(index) ?? []), marking])
      }
      const tr = after.tr
      for (const { at, marking } of portionsIn(after.doc)) {
        const from = sources.get(after.doc.resolve(at).index(0)) ?? []
        if (from.length < 2 || new Set(from).size < 2) continue
        const joint = jointMark(from, policy)
        if (joint !== marking) tr.setNodeAttribute(at, 'marking', joint)
      }
      return tr.docChanged ? tr : null
    },
  })
}
