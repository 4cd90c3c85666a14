import { LabelError } from '../errors.ts'
import { attribute } from '../forms/elements.ts'
import { escaped } from '../forms/xml-write.ts'
import { type XmlElement, readXml } from '../forms/xml.ts'

/** The longest `docProps/custom.xml` that is read, in UTF-16 units. */
const MAX_PROPERTIES = 262_144
const NAME = 'X-Protective-Marking'
const PROPERTIES = 'http://schemas.openxmlformats.org/officeDocument/2006/custom-properties'
const TYPES = 'http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes'
/** The format identifier that every custom property of an Office document has. */
const FORMAT = '{D5CDD505-2E9C-101B-9397-08002B2CF9AE}'

/**
 * The mail marking that an Office document carries: the property `X-Protective-Marking` in the text of `docProps/custom.xml`
 * (spec/label.md section 9); undefined where the document has none. Throws `label/property` for markup that Office does not
 * write (declarations, comments, character data sections) and for more than one such property.
 */
export function readDocumentProperty(xml: string): string | undefined {
  return markingIn(xml)?.text
}

/** The text of `docProps/custom.xml` with the marking in it: a new one, or the given one with the property set and with line ends of one unit. Throws as `readDocumentProperty` does. */
export function writeDocumentProperty(marking: string, xml?: string): string {
  if (xml === undefined) {
    const property = propertyOf(marking, 2)
    return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns="${PROPERTIES}" xmlns:vt="${TYPES}">${property}</Properties>`
  }
  const text = xml.replace(/^\uFEFF/u, '').replace(/\r\n?/gu, '\n')
  const found = markingIn(text)
  if (found !== undefined) {
    const from = text.indexOf('>', found.at) + 1
    const to = text.indexOf('<', from)
    // A tag that ends itself, or that holds a bracket: Office writes neither, and the place would be another.
    if (text[from - 2] === '/' || inXml(`<a>${text.slice(from, to)}</a>`).text !== found.text) throw refused('a marking that is no text')
    return text.slice(0, from) + escaped(marking) + text.slice(to)
  }
  const end = text.search(/<\/(?:[A-Za-z_][\w.-]*:)?Properties\s*>\s*$/u)
  if (end === -1) throw refused('no end of the properties')
  const pids = within(inXml(text)).map((element) => Number(attribute(element, 'pid') ?? 1))
  return text.slice(0, end) + propertyOf(marking, Math.max(1, ...pids.filter(Number.isSafeInteger)) + 1) + text.slice(end)
}

function propertyOf(marking: string, pid: number): string {
  return `<property xmlns="${PROPERTIES}" fmtid="${FORMAT}" pid="${pid}" name="${NAME}"><vt:lpwstr xmlns:vt="${TYPES}">${escaped(marking)}</vt:lpwstr></property>`
}

/** The element whose text is the marking. Nothing but elements: no comment or character data section may make a marking look like another. */
function markingIn(xml: string): XmlElement | undefined {
  if (xml.includes('<!')) throw refused('markup that no such part holds')
  const root = inXml(xml)
  const named = within(root).filter((element) => attribute(element, 'name') === NAME)
  const [property, another] = named
  if (property === undefined) return undefined
  if (another !== undefined || property.name !== 'property' || !root.children.includes(property)) throw refused('not one marking')
  const [text, more] = property.children
  if (text?.name !== 'lpwstr' || more !== undefined || text.children.length > 0 || property.text.trim() !== '')
    throw refused('a marking that is no text')
  return text
}

function within(element: XmlElement): readonly XmlElement[] {
  return [element, ...element.children.flatMap(within)]
}

function inXml(xml: string): XmlElement {
  try {
    return readXml(xml, MAX_PROPERTIES)
  } catch (cause) {
    if (cause instanceof LabelError) throw refused(cause.message)
    throw cause
  }
}

function refused(why: string): LabelError {
  return new LabelError('label/property', `custom properties: ${why}`, { values: { why } })
}
