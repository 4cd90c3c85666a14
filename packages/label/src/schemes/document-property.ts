import { LabelError } from '../errors.ts'

/** The longest `docProps/custom.xml` that is read, in UTF-16 units. */
const MAX_PROPERTIES = 262_144
const NAME = 'X-Protective-Marking'
const PROPERTIES = 'http://schemas.openxmlformats.org/officeDocument/2006/custom-properties'
const TYPES = 'http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes'
/** The format identifier that every custom property of an Office document has. */
const FORMAT = '{D5CDD505-2E9C-101B-9397-08002B2CF9AE}'

/** A property with its attributes and its content; neither holds a bracket of its own, as Office writes them. */
const PROPERTY =
  /<(?:[A-Za-z_][\w.-]*:)?property\s(?<attributes>[^<>]*[^<>/])>\s*(?<content><[^<>]*>[^<]*<\/[^<>]*>)\s*<\/(?:[A-Za-z_][\w.-]*:)?property\s*>/gu
const TEXT = /^<(?<name>(?:[A-Za-z_][\w.-]*:)?lpwstr)(?:\s[^<>]*)?>(?<value>[^<]*)<\/(?<end>[^<>\s]*)\s*>$/u
const ATTRIBUTE = /(?<name>[A-Za-z_][\w.:-]*)\s*=\s*(?:"(?<double>[^"]*)"|'(?<single>[^']*)')/gu

interface Found {
  /** Where the value stands in the XML. */
  readonly from: number
  readonly to: number
  readonly value: string
}

/**
 * The mail marking that an Office document carries: the property `X-Protective-Marking` in the text of `docProps/custom.xml`
 * (spec/label.md section 9); undefined where the document has none. Throws `label/property` for markup that Office does not
 * write (declarations, comments, character data sections) and for more than one such property.
 */
export function readDocumentProperty(xml: string): string | undefined {
  return markingIn(xml)?.value
}

/** The text of `docProps/custom.xml` with the marking in it: a new one, or the given one with the property set. Throws as `readDocumentProperty` does. */
export function writeDocumentProperty(marking: string, xml?: string): string {
  if (xml === undefined) {
    const property = propertyOf(marking, 2)
    return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns="${PROPERTIES}" xmlns:vt="${TYPES}">${property}</Properties>`
  }
  const found = markingIn(xml)
  if (found !== undefined) return xml.slice(0, found.from) + escaped(marking) + xml.slice(found.to)
  const end = xml.search(/<\/(?:[A-Za-z_][\w.-]*:)?Properties\s*>\s*$/u)
  if (end === -1) throw refused('no end of the properties')
  const pids = [...xml.matchAll(/\spid\s*=\s*["'](?<pid>\d{1,9})["']/gu)].map((match) => Number(match.groups?.['pid']))
  return xml.slice(0, end) + propertyOf(marking, Math.max(1, ...pids) + 1) + xml.slice(end)
}

function propertyOf(marking: string, pid: number): string {
  return `<property xmlns="${PROPERTIES}" fmtid="${FORMAT}" pid="${pid}" name="${NAME}"><vt:lpwstr xmlns:vt="${TYPES}">${escaped(marking)}</vt:lpwstr></property>`
}

function markingIn(xml: string): Found | undefined {
  if (xml.length > MAX_PROPERTIES) throw refused('longer than any such part')
  // Nothing but elements: no entity, comment or character data section may make a marking look like another.
  if (xml.includes('<!') || xml.replace(/^\uFEFF?<\?xml\s[^<>?]*\?>/u, '').includes('<?')) throw refused('markup that no such part holds')
  const found: Found[] = []
  let named = 0
  for (const match of xml.matchAll(ATTRIBUTE)) {
    if (match.groups?.['name'] === 'name' && unescaped(match.groups['double'] ?? match.groups['single'] ?? '') === NAME) named++
  }
  for (const match of xml.matchAll(PROPERTY)) {
    const { attributes = '', content = '' } = match.groups ?? {}
    const names = [...attributes.matchAll(ATTRIBUTE)].filter(({ groups }) => groups?.['name'] === 'name')
    if (names.length !== 1 || unescaped(names[0]?.groups?.['double'] ?? names[0]?.groups?.['single'] ?? '') !== NAME) continue
    const text = TEXT.exec(content)?.groups
    if (text === undefined || text['name'] !== text['end']) throw refused('a marking that is no text')
    const from = match.index + match[0].indexOf(content) + content.indexOf('>') + 1
    const value = text['value'] ?? ''
    found.push({ from, to: from + value.length, value: unescaped(value) })
  }
  if (found.length > 1 || found.length !== named) throw refused('not one marking')
  return found[0]
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function unescaped(text: string): string {
  return text.replace(/&(?<entity>[^;&]{0,12});?/gu, (whole, entity: string) => {
    const known = ENTITIES[entity]
    if (known !== undefined && whole.endsWith(';')) return known
    const code = /^#(?:x(?<hex>[0-9A-Fa-f]{1,6})|(?<decimal>\d{1,7}))$/u.exec(entity)?.groups
    const point =
      code === undefined ? Number.NaN : Number.parseInt(code['hex'] ?? code['decimal'] ?? '', code['hex'] === undefined ? 10 : 16)
    if (!whole.endsWith(';') || Number.isNaN(point) || point < 0x20 || point > 0x10_ff_ff || (point >= 0xd8_00 && point <= 0xdf_ff)) {
      throw refused('an entity that is none')
    }
    return String.fromCodePoint(point)
  })
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function refused(why: string): LabelError {
  return new LabelError('label/property', `custom properties: ${why}`, { values: { why } })
}
