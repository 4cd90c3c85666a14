import { LabelError } from '../errors.ts'
import { ISM_NAMESPACE, type IsmAttributes } from './ism.ts'

/** An attribute of an element that an XML reader has read. */
export interface NamedAttribute {
  readonly namespace: string
  readonly name: string
  readonly value: string
}

/**
 * The ISM attributes of one element; those of other namespaces are none of ours. Throws `capco/ism-attribute` when there is none, or
 * one stands twice.
 */
export function ismAttributes(attributes: readonly NamedAttribute[]): IsmAttributes {
  const found = attributes.filter(({ namespace }) => namespace === ISM_NAMESPACE)
  const names = new Set(found.map(({ name }) => name))
  if (found.length === 0 || names.size !== found.length) {
    throw new LabelError('capco/ism-attribute', 'an element without ISM attributes, or with one twice', {
      values: { attribute: ISM_NAMESPACE },
    })
  }
  return Object.fromEntries(found.map(({ name, value }) => [name, value]))
}

/** One empty element whose attributes in the namespace of ISM are the marking. */
export function ismElement(attributes: IsmAttributes): string {
  const written = Object.entries(attributes).map(([name, value]) => ` ism:${name}="${escaped(value)}"`)
  return `<ism:Marking xmlns:ism="${ISM_NAMESPACE}"${written.join('')}/>`
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replace(/[\t\n\r]/gu, (space) => `&#${space.charCodeAt(0)};`)
}
