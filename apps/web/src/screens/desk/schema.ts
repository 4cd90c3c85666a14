import { type Node, Schema } from 'prosemirror-model'

/** A language in which a report is written. */
export type TextLang = 'en' | 'ja'

const portionAttributes = {
  /** Names the portion on this page, through every change of place. */
  key: { default: '', validate: 'string' },
  // Without a default a portion could not be generated; `null` is an unmarked one: seen, and never sent.
  marking: { default: null, validate: 'string|null' },
}

/**
 * The grammar of a report on the page: portions, each one text in one language or two, or a file. A marking is the text
 * of a portion mark (`(S//REL XKA, XLO)`) that the own policy reads, or `null`.
 */
export const schema = new Schema({
  nodes: {
    doc: { content: '(portion | file)+' },
    portion: {
      content: 'passage{1,2}',
      attrs: portionAttributes,
      defining: true,
      isolating: true,
      toDOM: () => ['section', { class: 'portion' }, 0],
      parseDOM: [{ tag: 'section' }],
    },
    passage: {
      content: 'text*',
      attrs: { lang: { default: 'en', validate: 'string' } },
      // A line break inside a passage is a character of it, as in what is sent.
      whitespace: 'pre',
      defining: true,
      toDOM: ({ attrs }) => ['p', { class: 'passage', lang: String(attrs['lang']) }, 0],
      parseDOM: [{ tag: 'p' }],
    },
    file: {
      attrs: {
        ...portionAttributes,
        name: { default: '', validate: 'string' },
        mediaType: { default: 'application/octet-stream', validate: 'string' },
        size: { default: 0, validate: 'number' },
        sha256: { default: null, validate: 'string|null' },
      },
      atom: true,
      selectable: true,
      toDOM: () => ['div', { class: 'file' }],
    },
    text: {},
  },
})

let count = 0

/** A name for a new portion, unlike every other on this page. */
export function newKey(): string {
  count++
  return `p${count}`
}

function typeOf(name: 'doc' | 'portion' | 'passage' | 'file') {
  const type = schema.nodes[name]
  if (type === undefined) throw new TypeError(`no node type ${name}`)
  return type
}

export const types = { doc: typeOf('doc'), portion: typeOf('portion'), passage: typeOf('passage'), file: typeOf('file') }

/** A passage of this text. */
export function passageNode(lang: TextLang, text = ''): Node {
  return types.passage.create({ lang }, text === '' ? null : schema.text(text))
}

/** A text portion; with no passages it has an empty one in `lang`. */
export function textNode(marking: string | null, passages: readonly { readonly lang: TextLang; readonly text: string }[]): Node {
  return types.portion.create(
    { key: newKey(), marking },
    passages.map(({ lang, text }) => passageNode(lang, text)),
  )
}

/** What the page knows of a file. `sha256` is that of a file whose bytes the node has. */
export interface FileFacts {
  readonly name: string
  readonly mediaType: string
  /** Bytes. */
  readonly size: number
  readonly sha256: string | null
}

/** A file portion. */
export function fileNode(marking: string | null, facts: FileFacts): Node {
  return types.file.create({ key: newKey(), marking, ...facts })
}

/** One portion of a page, as everything round the page needs it. */
export interface PagePortion {
  readonly key: string
  readonly kind: 'text' | 'file'
  readonly marking: string | null
  /** Without passages that hold nothing but white space. */
  readonly texts: readonly { readonly lang: TextLang; readonly text: string }[]
  readonly file?: FileFacts
  /** A text portion in which nothing is written: it is neither marked nor sent. */
  readonly empty: boolean
  /** Where it begins on the page. */
  readonly at: number
}

/** The portions of a page, in order. */
export function portionsIn(doc: Node): readonly PagePortion[] {
  const portions: PagePortion[] = []
  doc.forEach((node, at) => {
    const key = String(node.attrs['key'])
    const marking = node.attrs['marking'] as string | null
    if (node.type === types.file) {
      const { name, mediaType, size, sha256 } = node.attrs as FileFacts
      portions.push({ key, kind: 'file', marking, texts: [], file: { name, mediaType, size, sha256 }, empty: false, at })
      return
    }
    const texts = node.children
      .map((passage) => ({ lang: passage.attrs['lang'] as TextLang, text: passage.textContent }))
      .filter(({ text }) => text.trim() !== '')
    portions.push({ key, kind: 'text', marking, texts, empty: texts.length === 0, at })
  })
  return portions
}

/** Japanese where there is any kana or kanji. */
export function langOf(text: string): TextLang {
  return /[\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Han}]/u.test(text) ? 'ja' : 'en'
}

/** The paragraphs of a pasted text: what blank lines part; where there are none, its lines. */
export function paragraphsOf(text: string): readonly string[] {
  const plain = text
    .replaceAll(/\r\n?/gu, '\n')
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (one) => (one === '\n' || one === '\t' ? one : ''))
  const parted = plain.trim().split(/\n[ \t\u3000]*\n/u)
  return (parted.length > 1 ? parted : plain.split('\n')).map((one) => one.trim()).filter((one) => one !== '')
}
