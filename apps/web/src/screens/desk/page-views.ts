import type { Node } from 'prosemirror-model'
import type { NodeView, NodeViewConstructor } from 'prosemirror-view'
import type { ShownMarking } from '../../parts/marking.ts'
import { sizeText } from '../../parts/time.ts'
import type { FileFacts } from './schema.ts'

/** What the page says and shows that is not in the document. */
export interface PageWords {
  readonly unmarked: string
  readonly shown: (marking: string) => ShownMarking
  /** How far a file has come. */
  readonly progress: (key: string, sha256: string | null) => string
  /** Calls back whenever a file has come further; gives what ends it. */
  readonly watch: (run: () => void) => () => void
}

/** How portions and files are drawn: the mark stands first, and is no part of what is edited. */
export function pageViews(words: PageWords): Readonly<Record<string, NodeViewConstructor>> {
  return {
    portion: (node) => new PortionView(node, words),
    file: (node) => new FileView(node, words),
  }
}

/** A mark as the rest of the pages shows it, or the sign of an unmarked portion. Styles are set one by one: nothing is inline. */
function drawMark(chip: HTMLElement, marking: unknown, words: PageWords): void {
  chip.contentEditable = 'false'
  if (typeof marking !== 'string') {
    chip.className = 'mark mark-none'
    chip.removeAttribute('style')
    chip.lang = ''
    chip.textContent = words.unmarked
    return
  }
  const { text, colours } = words.shown(marking)
  chip.className = colours.frame === undefined ? 'mark' : 'mark mark-framed'
  chip.lang = 'und'
  chip.style.background = colours.background
  chip.style.color = colours.text
  chip.style.borderColor = colours.frame ?? colours.background
  chip.textContent = text
}

/**
 * The mark of a text portion is drawn before it by its style: an element beside the text that cannot be edited makes
 * Chromium lose a composition that begins in an empty portion.
 */
class PortionView implements NodeView {
  readonly dom: HTMLElement
  readonly contentDOM: HTMLElement
  readonly #words: PageWords
  #marking: unknown

  constructor(node: Node, words: PageWords) {
    this.#words = words
    this.dom = document.createElement('div')
    this.dom.className = 'portion desk-portion desk-text-portion'
    this.contentDOM = document.createElement('div')
    this.contentDOM.className = 'desk-passages'
    this.dom.append(this.contentDOM)
    this.#draw(node)
  }

  update(node: Node): boolean {
    if (node.type.name !== 'portion') return false
    if (node.attrs['marking'] !== this.#marking) this.#draw(node)
    return true
  }

  #draw(node: Node): void {
    this.#marking = node.attrs['marking']
    const shown = typeof this.#marking === 'string' ? this.#words.shown(this.#marking) : undefined
    this.dom.dataset['mark'] = shown?.text ?? this.#words.unmarked
    this.dom.classList.toggle('desk-unmarked', shown === undefined)
    this.dom.classList.toggle('desk-framed', shown?.colours.frame !== undefined)
    for (const [name, value] of [
      ['--mark-ground', shown?.colours.background],
      ['--mark-ink', shown?.colours.text],
      ['--mark-edge', shown?.colours.frame ?? shown?.colours.background],
    ] as const) {
      if (value === undefined) this.dom.style.removeProperty(name)
      else this.dom.style.setProperty(name, value)
    }
  }

  ignoreMutation(record: { readonly type: string; readonly target: globalThis.Node }): boolean {
    return record.type !== 'selection' && !this.contentDOM.contains(record.target)
  }
}

class FileView implements NodeView {
  readonly dom: HTMLElement
  readonly #chip: HTMLElement
  readonly #facts: HTMLElement
  readonly #words: PageWords
  readonly #unwatch: () => void
  #node: Node

  constructor(node: Node, words: PageWords) {
    this.#words = words
    this.#node = node
    this.#unwatch = words.watch(() => this.#tell())
    this.dom = document.createElement('div')
    this.dom.className = 'portion desk-portion desk-file'
    this.dom.contentEditable = 'false'
    const body = document.createElement('div')
    body.className = 'file'
    this.#chip = document.createElement('span')
    const name = document.createElement('span')
    name.className = 'file-name'
    name.textContent = String(node.attrs['name'])
    this.#facts = document.createElement('span')
    this.#facts.className = 'file-facts'
    body.append(this.#chip, ' ', name, ' ', this.#facts)
    this.dom.append(body)
    this.#draw(node)
  }

  update(node: Node): boolean {
    if (node.type.name !== 'file') return false
    this.#draw(node)
    return true
  }

  #draw(node: Node): void {
    this.#node = node
    drawMark(this.#chip, node.attrs['marking'], this.#words)
    this.#tell()
  }

  #tell(): void {
    const { key, mediaType, size, sha256 } = this.#node.attrs as FileFacts & { readonly key: string }
    this.#facts.textContent = [mediaType, sizeText(size), this.#words.progress(key, sha256)].filter((one) => one !== '').join(' · ')
  }

  destroy(): void {
    this.#unwatch()
  }

  ignoreMutation(): boolean {
    return true
  }
}
