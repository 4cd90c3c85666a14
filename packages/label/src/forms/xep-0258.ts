import { LabelError } from '../errors.ts'
import type { ConfidentialityLabel } from './confidentiality.ts'
import { Sequence, attribute, onlyAttributes, onlyElements, textOf, unexpected, wrongValue } from './elements.ts'
import { type EssLabel, readEssBase64, writeEssBase64 } from './ess.ts'
import { type FormOptions, type FormReading, LABEL_NAMESPACE, labelOfElement, writeStanag4774 } from './stanag-4774.ts'
import { element, escaped } from './xml-write.ts'
import { type XmlElement, readXml } from './xml.ts'
import { notCarried } from '../print.ts'

const NAMESPACE = 'urn:xmpp:sec-label:0'
const ESS_NAMESPACE = 'urn:xmpp:sec-label:ess:0'

/** A label inside a message: in one of the two forms that are read, or in one that is not, by its name. */
export type CarriedLabel =
  | { readonly form: 'ess'; readonly label: EssLabel }
  | { readonly form: 'stanag4774'; readonly label: ConfidentialityLabel }
  | { readonly form: 'unknown'; readonly namespace: string; readonly name: string }

/** A security label of a message (XEP-0258): what is shown, what binds, and what it is under other policies. */
export interface MessageLabel {
  readonly display?: { readonly text: string; readonly foreground?: string; readonly background?: string }
  /** Absent: a nil label, which no clearance opens. */
  readonly label?: CarriedLabel
  readonly equivalents: readonly CarriedLabel[]
}

/** A security label of XEP-0258 version 1.1.1 from its XML. Throws `form/xml…`, `form/not-this-form`, `form/missing`, `form/unexpected`, `form/value`, and as the form inside. */
export function readXep0258(xml: string | Uint8Array, options: FormOptions = {}): FormReading<MessageLabel> {
  const root = readXml(xml)
  if (root.namespace !== NAMESPACE || root.name !== 'securitylabel') {
    throw new LabelError('form/not-this-form', `\`${root.name}\` is no security label`, { values: { text: root.name, at: root.at } })
  }
  onlyAttributes(root)
  const parts = new Sequence(root, NAMESPACE)
  const display = parts.optional('displaymarking')
  const label = carried(parts.required('label'), options)
  const equivalents = parts.all('equivalentlabel').map((one) => carried(one, options))
  parts.end()
  return {
    value: {
      ...(display === undefined ? {} : { display: displayOf(display) }),
      ...(label.value === undefined ? {} : { label: label.value }),
      equivalents: equivalents.flatMap(({ value }) => (value === undefined ? [] : [value])),
    },
    changes: [...label.changes, ...equivalents.flatMap(({ changes }) => changes)],
  }
}

function displayOf(display: XmlElement): NonNullable<MessageLabel['display']> {
  onlyAttributes(display, 'fgcolor', 'bgcolor')
  const [foreground, background] = ['fgcolor', 'bgcolor'].map((name) => attribute(display, name))
  for (const colour of [foreground, background]) {
    if (colour !== undefined && !/^(?:#[0-9A-Fa-f]{6}|[A-Za-z]{1,32})$/u.test(colour)) throw wrongValue(colour, display.at)
  }
  const text = textOf(display)
  return { text, ...(foreground === undefined ? {} : { foreground }), ...(background === undefined ? {} : { background }) }
}

function carried(holder: XmlElement, options: FormOptions): FormReading<CarriedLabel | undefined> {
  onlyAttributes(holder)
  onlyElements(holder)
  const [child, more] = holder.children
  if (more !== undefined) throw unexpected(more.name, more.at)
  if (child === undefined) return { value: undefined, changes: [] }
  if (child.namespace === ESS_NAMESPACE && child.name === 'esssecuritylabel') {
    return { value: { form: 'ess', label: readEssBase64(textOf(child)) }, changes: [] }
  }
  if (child.namespace === LABEL_NAMESPACE) {
    const { value, changes } = labelOfElement(child, options)
    return { value: { form: 'stanag4774', label: value }, changes }
  }
  return { value: { form: 'unknown', namespace: child.namespace, name: child.name }, changes: [] }
}

/** The XML of a message's label. Throws as the writers of the form inside, and `label/not-carried` for one that was not read. */
export function writeXep0258({ display, label, equivalents }: MessageLabel): string {
  const colours = {
    ...(display?.foreground === undefined ? {} : { fgcolor: display.foreground }),
    ...(display?.background === undefined ? {} : { bgcolor: display.background }),
  }
  const children = [
    ...(display === undefined ? [] : [element('displaymarking', escaped(display.text), colours)]),
    element('label', label === undefined ? '' : writeCarried(label)),
    ...equivalents.map((one) => element('equivalentlabel', writeCarried(one))),
  ]
  return element('securitylabel', children.join(''), { xmlns: NAMESPACE })
}

function writeCarried(label: CarriedLabel): string {
  switch (label.form) {
    case 'ess':
      return element('esssecuritylabel', writeEssBase64(label.label), { xmlns: ESS_NAMESPACE })
    case 'stanag4774':
      return writeStanag4774(label.label)
    case 'unknown':
      throw notCarried(label.name)
    default:
      return label satisfies never
  }
}
