import { fromUtf8 } from '@entente/canonical'
import { LabelError } from '../errors.ts'

/** How deep elements may stand in each other. */
export const MAX_XML_DEPTH = 32
/** How many UTF-16 units the XML of a label or a clearance may have. */
export const MAX_LABEL_XML = 65_536
const MAX_ATTRIBUTES = 64
const MAX_NAME = 256

export interface XmlAttribute {
  /** Empty for a name without a prefix. */
  readonly namespace: string
  readonly name: string
  readonly value: string
}

/** An element; `text` is its own character data in order, without that of its children. */
export interface XmlElement {
  readonly namespace: string
  readonly name: string
  readonly attributes: readonly XmlAttribute[]
  readonly children: readonly XmlElement[]
  readonly text: string
  /** Where it begins, UTF-16 units from 0. */
  readonly at: number
}

const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace'
const XMLNS_NAMESPACE = 'http://www.w3.org/2000/xmlns/'
/** Why markup is none; the place says which. */
const UNENDED = 'no end of what begins'
const NO_ATTRIBUTE = 'not an attribute'
const NO_REFERENCE = 'not a reference'
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
])
const START =
  'A-Z_a-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02ff\\u0370-\\u037d\\u037f-\\u1fff\\u200c\\u200d\\u2070-\\u218f\\u2c00-\\u2fef\\u3001-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\ufffd\\u{10000}-\\u{effff}'
const LOCAL = `[${START}][${START}\\-.0-9\\u00b7\\u0300-\\u036f\\u203f\\u2040]*`
const QNAME = new RegExp(`(?:(${LOCAL}):)?(${LOCAL})`, 'uy')
const SPACE = /[ \t\n]+/y
const ENTITY = /&(?:#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6})|([A-Za-z]{1,8}));/y
const DECLARATION =
  /<\?xml[ \t\n]+version[ \t\n]*=[ \t\n]*(?:"1\.[0-9]"|'1\.[0-9]')(?:[ \t\n]+encoding[ \t\n]*=[ \t\n]*(?:"([A-Za-z][A-Za-z0-9._-]*)"|'([A-Za-z][A-Za-z0-9._-]*)'))?(?:[ \t\n]+standalone[ \t\n]*=[ \t\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\n]*\?>/y
/** What is no character of XML 1.0. */
// oxlint-disable-next-line no-control-regex -- exactly those
const NO_CHARACTER = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/u

/**
 * The root element of an XML 1.0 document with namespaces (RFC 7303's UTF-8), from a text or its UTF-8 bytes. Less than XML on purpose
 * (docs/adr/0018): a document type, an entity of its own, a processing instruction and another encoding are refused, so nothing
 * outside is ever asked and nothing inside grows. Comments are passed over. Linear in the length of the text.
 * Throws `form/xml`, `form/xml-forbidden` and `form/xml-limit`, each with `values.at`.
 */
export function readXml(input: string | Uint8Array, maxLength: number = MAX_LABEL_XML): XmlElement {
  if (input.length > maxLength * (typeof input === 'string' ? 1 : 3)) throw refused('form/xml-limit', 'too long', maxLength)
  return new Reader(textOf(input), maxLength).document()
}

function textOf(input: string | Uint8Array): string {
  if (typeof input === 'string') return input
  try {
    return fromUtf8(input)
  } catch (cause) {
    throw new LabelError('form/xml', 'not utf-8', { values: { at: 0 }, cause })
  }
}

function refused(code: 'form/xml' | 'form/xml-forbidden' | 'form/xml-limit', why: string, at: number): LabelError {
  return new LabelError(code, `${why} at ${at}`, { values: { at } })
}

/** What prefixes stand for: the own declarations of an element, and then its parent's. Nothing is copied, so depth costs and number does not. */
interface Scope {
  readonly own: ReadonlyMap<string, string>
  readonly outer?: Scope
}

const OUTERMOST: Scope = { own: new Map([['xml', XML_NAMESPACE]]) }

function bound(scope: Scope | undefined, prefix: string): string | undefined {
  for (let inner = scope; inner !== undefined; inner = inner.outer) {
    const namespace = inner.own.get(prefix)
    if (namespace !== undefined) return namespace
  }
  return undefined
}

interface Open extends XmlElement {
  readonly children: XmlElement[]
  text: string
  readonly qualified: string
  readonly scope: Scope
}

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string, maxLength: number) {
    if (text.length > maxLength) throw refused('form/xml-limit', 'too long', maxLength)
    // A byte order mark is no character of the document. Line ends are one character (XML 1.0 section 2.11).
    this.#text = (text.startsWith('\ufeff') ? text.slice(1) : text).replace(/\r\n?/gu, '\n')
    const wrong = this.#text.isWellFormed() ? this.#text.search(NO_CHARACTER) : 0
    if (wrong >= 0) throw refused('form/xml', 'not a character of XML', wrong)
  }

  document(): XmlElement {
    if (this.#text.startsWith('<?xml') && /[ \t\n]/u.test(this.#text.charAt(5))) this.#declaration()
    this.#between()
    const root = this.#elements()
    this.#between()
    if (this.#at < this.#text.length) throw this.#wrong('more than one element')
    return root
  }

  #wrong(why: string, at: number = this.#at): LabelError {
    return refused('form/xml', why, at)
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)
    if (found !== null) this.#at = pattern.lastIndex
    return found
  }

  #declaration(): void {
    const found = this.#match(DECLARATION)
    if (found === null) throw this.#wrong('not an XML declaration')
    const encoding = (found[1] ?? found[2] ?? 'utf-8').toLowerCase()
    if (encoding !== 'utf-8' && encoding !== 'us-ascii') throw refused('form/xml-forbidden', 'another encoding than UTF-8', 0)
  }

  /** White space and comments outside of the root element. */
  #between(): void {
    for (;;) {
      this.#match(SPACE)
      if (!this.#comment()) break
    }
  }

  #comment(): boolean {
    if (!this.#text.startsWith('<!--', this.#at)) return false
    const end = this.#text.indexOf('--', this.#at + 4)
    if (end < 0 || this.#text[end + 2] !== '>') throw this.#wrong(UNENDED)
    this.#at = end + 3
    return true
  }

  /** From the root's start tag to its end tag. */
  #elements(): XmlElement {
    const open: Open[] = []
    for (;;) {
      const parent = open.at(-1)
      if (parent === undefined || (this.#text[this.#at] === '<' && !'/!?'.includes(this.#text[this.#at + 1] ?? ''))) {
        if (parent === undefined) this.#refuseMarkup()
        const { element, empty } = this.#startTag(parent?.scope ?? OUTERMOST)
        parent?.children.push(element)
        if (!empty) {
          open.push(element)
          if (open.length > MAX_XML_DEPTH) throw refused('form/xml-limit', 'too deep', element.at)
        } else if (parent === undefined) return element
      } else if (this.#text.startsWith('</', this.#at)) {
        this.#endTag(parent)
        open.pop()
        if (open.length === 0) return parent
      } else this.#content(parent)
    }
  }

  /** Character data, a CDATA section or a comment. */
  #content(parent: Open): void {
    if (this.#comment()) return
    if (this.#text.startsWith('<![CDATA[', this.#at)) {
      const end = this.#text.indexOf(']]>', this.#at + 9)
      if (end < 0) throw this.#wrong(UNENDED)
      parent.text += this.#text.slice(this.#at + 9, end)
      this.#at = end + 3
      return
    }
    this.#refuseMarkup()
    const next = this.#text.indexOf('<', this.#at)
    if (next === this.#at) throw this.#wrong('`<` that begins nothing')
    if (next < 0) throw this.#wrong(UNENDED, this.#text.length)
    const data = this.#text.slice(this.#at, next)
    const close = data.indexOf(']]>')
    if (close >= 0) throw this.#wrong('`]]>` in character data', this.#at + close)
    parent.text += this.#withoutEntities(data, this.#at)
    this.#at = next
  }

  #refuseMarkup(): void {
    const two = this.#text.slice(this.#at, this.#at + 2)
    if (two === '<!' || two === '<?') throw refused('form/xml-forbidden', 'a declaration or an instruction', this.#at)
  }

  #endTag(parent: Open): void {
    const at = this.#at
    this.#at += 2
    if (!this.#text.startsWith(parent.qualified, this.#at)) throw this.#wrong('an end tag of another element', at)
    this.#at += parent.qualified.length
    this.#match(SPACE)
    if (this.#text[this.#at] !== '>') throw this.#wrong('an end tag of another element', at)
    this.#at++
  }

  #startTag(outer: Scope): { element: Open; empty: boolean } {
    const at = this.#at
    if (this.#text[at] !== '<') throw this.#wrong('no element')
    this.#at++
    const [qualified, prefix, name] = this.#name()
    const raw: { prefix: string; name: string; value: string; at: number }[] = []
    for (;;) {
      const spaced = this.#match(SPACE) !== null
      const next = this.#text[this.#at]
      if (next === '>' || next === '/') break
      if (!spaced) throw this.#wrong(NO_ATTRIBUTE)
      if (raw.length === MAX_ATTRIBUTES) throw refused('form/xml-limit', 'too many attributes', this.#at)
      const from = this.#at
      const [, of, key] = this.#name()
      raw.push({ prefix: of, name: key, value: this.#attributeValue(), at: from })
    }
    const empty = this.#text[this.#at] === '/'
    if (empty) this.#at++
    if (this.#text[this.#at] !== '>') throw this.#wrong(UNENDED)
    this.#at++
    const scope = this.#scope(outer, raw)
    const attributes = raw
      .filter((one) => !isDeclaration(one))
      .map((one) => ({ namespace: one.prefix === '' ? '' : this.#resolved(scope, one.prefix, one.at), name: one.name, value: one.value }))
    const seen = new Set(attributes.map((one) => `{${one.namespace}}${one.name}`))
    if (seen.size !== attributes.length) throw this.#wrong('an attribute twice', at)
    if (prefix === 'xmlns') throw this.#wrong('a reserved prefix', at)
    const namespace = prefix === '' ? (bound(scope, '') ?? '') : this.#resolved(scope, prefix, at)
    return { element: { namespace, name, attributes, children: [], text: '', at, qualified, scope }, empty }
  }

  #name(): [qualified: string, prefix: string, name: string] {
    const found = this.#match(QNAME)
    if (found === null || this.#text[this.#at] === ':') throw this.#wrong('not a name')
    if (found[0].length > MAX_NAME) throw refused('form/xml-limit', 'a name too long', this.#at)
    return [found[0], found[1] ?? '', found[2] ?? '']
  }

  #attributeValue(): string {
    this.#match(SPACE)
    if (this.#text[this.#at] !== '=') throw this.#wrong(NO_ATTRIBUTE)
    this.#at++
    this.#match(SPACE)
    const quote = this.#text[this.#at]
    if (quote !== '"' && quote !== "'") throw this.#wrong(NO_ATTRIBUTE)
    const from = this.#at + 1
    const end = this.#text.indexOf(quote, from)
    if (end < 0) throw this.#wrong(UNENDED)
    const data = this.#text.slice(from, end)
    const less = data.indexOf('<')
    if (less >= 0) throw this.#wrong(NO_ATTRIBUTE, from + less)
    this.#at = end + 1
    // White space is a space each (XML 1.0 section 3.3.3); written as a character reference it stays what it is.
    return this.#withoutEntities(data.replace(/[\t\n]/gu, ' '), from)
  }

  #scope(outer: Scope, raw: readonly { prefix: string; name: string; value: string; at: number }[]): Scope {
    const own = new Map<string, string>()
    for (const { prefix, name, value, at } of raw.filter(isDeclaration)) {
      const declared = prefix === '' ? '' : name
      const reserved = declared === 'xmlns' || value === XMLNS_NAMESPACE || (declared === 'xml') !== (value === XML_NAMESPACE)
      if (reserved || (declared !== '' && value === '')) throw this.#wrong('a reserved prefix', at)
      if (own.has(declared)) throw this.#wrong('a prefix bound twice', at)
      own.set(declared, value)
    }
    return own.size === 0 ? outer : { own, outer }
  }

  #resolved(scope: Scope, prefix: string, at: number): string {
    const namespace = bound(scope, prefix)
    if (namespace === undefined) throw this.#wrong('a prefix that is not bound', at)
    return namespace
  }

  #withoutEntities(data: string, from: number): string {
    let at = data.indexOf('&')
    if (at < 0) return data
    let out = data.slice(0, at)
    while (at >= 0) {
      ENTITY.lastIndex = at
      const found = ENTITY.exec(data)
      if (found === null) throw this.#wrong(NO_REFERENCE, from + at)
      out += this.#referred(found, from + at)
      const next = data.indexOf('&', ENTITY.lastIndex)
      out += data.slice(ENTITY.lastIndex, next < 0 ? data.length : next)
      at = next
    }
    return out
  }

  #referred([, decimal, hexadecimal, name]: RegExpExecArray, at: number): string {
    if (name !== undefined) {
      const text = ENTITIES.get(name)
      if (text === undefined) throw refused('form/xml-forbidden', 'an entity', at)
      return text
    }
    const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal)
    const text = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : '\0'
    if (NO_CHARACTER.test(text)) throw this.#wrong(NO_REFERENCE, at)
    return text
  }
}

function isDeclaration({ prefix, name }: { readonly prefix: string; readonly name: string }): boolean {
  return prefix === 'xmlns' || (prefix === '' && name === 'xmlns')
}
