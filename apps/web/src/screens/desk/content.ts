import type { DraftFile, DraftText, DraftView, KeptFile } from '@entente/client'
import type { Node } from 'prosemirror-model'
import { type PagePortion, type TextLang, fileNode, portionsIn, textNode, types } from './schema.ts'

/** A draft as a page; without one, an empty page. */
export function pageOf(draft: DraftView | undefined, lang: TextLang): Node {
  const portions = (draft?.portions ?? []).map((portion) => {
    if (portion.kind === 'text') return textNode(portion.marking, portion.texts)
    const { marking, name, mediaType, size, sha256 } = portion
    return fileNode(marking, { name, mediaType, size, sha256 })
  })
  return types.doc.create(null, portions.length === 0 ? [textNode(null, [{ lang, text: '' }])] : portions)
}

/** Where the bytes of a page's files are. */
export interface FileBytes {
  /** A file that was chosen here, by the key of its portion. */
  chosen(key: string): { readonly name: string; read(): AsyncIterable<Uint8Array> } | undefined
  /** What the node has by now of the portion's file. */
  stored(key: string): { readonly size: number; readonly sha256: string } | undefined
  isUploaded(sha256: string): boolean
}

/** What of a page is sent: the portions in order, and the keys that they have on the page. */
export interface Sendable {
  readonly keys: readonly string[]
  readonly portions: readonly (DraftText | DraftFile | KeptFile)[]
}

/** A page as it is sent. Every portion that is not empty must have its mark; throws `TypeError` otherwise. */
export function sendable(doc: Node, bytes: FileBytes): Sendable {
  const written = portionsIn(doc).filter(({ empty }) => !empty)
  return { keys: written.map(({ key }) => key), portions: written.map((portion) => sent(portion, bytes)) }
}

function sent({ key, marking, texts, file }: PagePortion, bytes: FileBytes): DraftText | DraftFile | KeptFile {
  if (marking === null) throw new TypeError('an unmarked portion is never sent')
  if (file === undefined) return { kind: 'text', marking, texts }
  const { name, mediaType, size, sha256 } = file
  const known = bytes.stored(key) ?? (sha256 === null ? undefined : { size, sha256 })
  const chosen = bytes.chosen(key)
  if (known !== undefined && (bytes.isUploaded(known.sha256) || chosen === undefined)) {
    return { kind: 'kept', marking, name, mediaType, ...known }
  }
  if (chosen === undefined) throw new TypeError('a file without bytes')
  return { kind: 'file', marking, name, mediaType, read: () => chosen.read() }
}

/** Keys of the files whose bytes are neither here nor at the node: such a file must be chosen again. */
export function lostFiles(doc: Node, bytes: FileBytes): readonly string[] {
  return portionsIn(doc)
    .filter(({ key, file }) => {
      if (file === undefined || bytes.chosen(key) !== undefined) return false
      const sha256 = bytes.stored(key)?.sha256 ?? file.sha256
      return sha256 === null || !bytes.isUploaded(sha256)
    })
    .map(({ key }) => key)
}
