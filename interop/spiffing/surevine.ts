import { fromUtf8 } from '@entente/canonical'
import {
  type LacvValue,
  LabelError,
  type Spif,
  type SpifClearance,
  type SpifLabel,
  type XmlElement,
  readXml,
  spifClearanceByLacv,
  spifLabelByLacv,
} from '@entente/label'

const NAMESPACE = 'http://surevine.com/xmlns/spiffy'
const TYPES: Readonly<Record<string, Pick<LacvValue, 'kind' | 'encoding'>>> = {
  restrictive: { kind: 'restrictive', encoding: 'bits' },
  permissive: { kind: 'permissive', encoding: 'bits' },
  enumeratedRestrictive: { kind: 'restrictive', encoding: 'integers' },
  enumeratedPermissive: { kind: 'permissive', encoding: 'integers' },
  informative: { kind: 'informative' },
}

export interface Known {
  /** The SPIF of a policy; throws where there is none. */
  (id: string): Spif
}

/** The form in which the other implementation writes labels for its own tests: integers, no names. */
export function readLabel(bytes: Uint8Array, known: Known): SpifLabel {
  const { spif, classifications, values } = read(bytes, 'label', known)
  return spifLabelByLacv(spif, classifications[0] ?? '0', values)
}

export function readClearance(bytes: Uint8Array, known: Known): SpifClearance {
  const { spif, classifications, values } = read(bytes, 'clearance', known)
  return spifClearanceByLacv(spif, classifications, values)
}

function read(bytes: Uint8Array, name: string, known: Known): { spif: Spif; classifications: string[]; values: LacvValue[] } {
  const root = readXml(fromUtf8(bytes))
  if (root.namespace !== NAMESPACE || root.name !== name) throw new LabelError('form/not-this-form', `not a ${name}`)
  const of = (child: string) => root.children.filter((one) => one.namespace === NAMESPACE && one.name === child)
  return {
    spif: known(attribute(of('policy')[0], 'id')),
    classifications: of('classification').map((one) => lacv(one)),
    values: of('tag').map((one) => {
      const type = TYPES[attribute(one, 'type')]
      if (type === undefined) throw new LabelError('form/value', 'not a type')
      return { tagSetId: attribute(one, 'id'), ...type, lacv: lacv(one) }
    }),
  }
}

function lacv(element: XmlElement): string {
  return BigInt(attribute(element, 'lacv')).toString()
}

function attribute(element: XmlElement | undefined, name: string): string {
  const value = element?.attributes.find((one) => one.namespace === '' && one.name === name)?.value
  if (value === undefined) throw new LabelError('form/missing', `no ${name}`)
  return value
}
