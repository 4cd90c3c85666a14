import { LabelError } from '../../errors.ts'
import type { CategoryKind } from '../../model.ts'
import { Lenience, attribute, missing, onlyAttributes, onlyElements, textOf, unexpected, wrongValue } from '../elements.ts'
import type { FormOptions, FormReading } from '../stanag-4774.ts'
import { type XmlElement, readXml } from '../xml.ts'
import { checkSpif } from './check.ts'
import { duplicate, reference } from './faults.ts'
import { readMarks } from './marks.ts'
import type {
  Applied,
  Spif,
  SpifClassification,
  SpifEncoding,
  SpifEquivalentClassification,
  SpifEquivalentValue,
  SpifGroup,
  SpifRequirement,
  SpifTag,
  SpifTagSet,
  SpifValue,
} from './model.ts'

/** How many UTF-16 units a SPIF may have: the largest published ones have some 200,000. */
export const MAX_SPIF_XML = 4_194_304

const NAMESPACE = 'http://www.xmlspif.org/spif'
const VERSIONS: ReadonlySet<string> = new Set(['1.0', '2.0', '2.1'])
const APPLIED: ReadonlyMap<string, readonly Applied[]> = new Map([
  ['encrypt', ['encrypt']],
  ['decrypt', ['decrypt']],
  ['both', ['encrypt', 'decrypt']],
])
const OPERATIONS: ReadonlyMap<string, SpifRequirement['operation']> = new Map([
  ['all', 'all'],
  ['oneOrMore', 'one-or-more'],
  ['onlyOne', 'only-one'],
])
const MAX_VALUES = 65_536
const DESCRIPTION = ['schemaVersion', 'version', 'creationDate', 'originatorDN', 'keyIdentifier', 'privilegeId', 'rbacId']
const ROOT_ATTRIBUTES = [...DESCRIPTION, 'userRefURI', 'docRefURI', 'notBefore', 'notAfter']

/**
 * A SPIF 2.1 (or 1.0, 2.0) from its XML, as a policy of its own (spec/label.md section 12.4). Children are read by name, in any order;
 * an element or attribute that the schema does not have is refused, since it could narrow. `lenient` reads what published files get
 * wrong: no namespace, an unqualified child, a missing version, `code` for `markingCode`. Throws `form/xml…`, `form/not-this-form`,
 * `form/missing`, `form/unexpected`, `form/value`, `form/spif-version`, `form/spif-duplicate`, `form/spif-reference`.
 */
export function readSpif(xml: string | Uint8Array, { lenient = false }: FormOptions = {}): FormReading<Spif> {
  const root = readXml(xml, MAX_SPIF_XML)
  const lenience = new Lenience(lenient)
  if (root.name !== 'SPIF' || (root.namespace !== NAMESPACE && root.namespace !== '')) throw notASpif(root)
  if (root.namespace === '') lenience.pass(notASpif(root), { from: '', to: NAMESPACE })
  const spif = new SpifReader(lenience).spif(root)
  checkSpif(spif)
  return { value: spif, changes: lenience.changes }
}

function notASpif(root: XmlElement): LabelError {
  return new LabelError('form/not-this-form', `\`${root.name}\` is not the root of a SPIF`, { values: { text: root.name, at: root.at } })
}

/** An integer of any size without leading zeros, or the text as it stands. */
export function lacvOf(text: string): string {
  return /^[0-9]{1,64}$/u.test(text) ? BigInt(text).toString() : text
}

class SpifReader {
  readonly #lenience: Lenience
  readonly #equivalents = new Map<string, string>()
  #values = 0

  constructor(lenience: Lenience) {
    this.#lenience = lenience
  }

  spif(root: XmlElement): Spif {
    const children = this.#children(
      root,
      ['defaultSecurityPolicyId', 'securityPolicyId', 'updateInfo', 'securityClassifications', 'securityCategoryTagSets', 'privacyMarks'],
      ['equivalentPolicies', 'markingData', 'markingQualifier', 'extensions'],
    )
    onlyAttributes(root, ...ROOT_ATTRIBUTES)
    const schemaVersion = attribute(root, 'schemaVersion')
    if (schemaVersion === undefined) this.#lenience.pass(missing('schemaVersion', root.at), { from: '', to: '2.1' })
    else if (!VERSIONS.has(schemaVersion)) {
      throw new LabelError('form/spif-version', `SPIF \`${schemaVersion}\` is not read`, { values: { text: schemaVersion, at: root.at } })
    }
    const [policy] = children.get('securityPolicyId') ?? []
    const [levels] = children.get('securityClassifications') ?? []
    if (policy === undefined) throw missing('securityPolicyId', root.at)
    if (levels === undefined) throw missing('securityClassifications', root.at)
    for (const [name, all] of children) {
      if (all.length > 1 && !name.startsWith('marking')) throw unexpected(name, all[1]?.at ?? root.at)
    }
    const equivalentPolicies = this.#below(children.get('equivalentPolicies')?.[0], 'equivalentPolicy').map((one) =>
      this.#equivalentPolicy(one),
    )
    const own = this.#children(policy, ['markingData', 'markingQualifier'])
    return {
      ...this.#nameAndId(policy),
      schemaVersion: schemaVersion ?? '2.1',
      equivalentPolicies,
      classifications: this.#below(levels, 'securityClassification').map((one) => this.#classification(one)),
      tagSets: this.#below(children.get('securityCategoryTagSets')?.[0], 'securityCategoryTagSet').map((one) => this.#tagSet(one)),
      marks: readMarks([...all(children), ...all(own)], this.#lenience),
    }
  }

  /** The children by name, in the order in which names first occur; refuses other names. */
  #children(element: XmlElement, ...names: readonly (readonly string[])[]): ReadonlyMap<string, readonly XmlElement[]> {
    onlyElements(element)
    const found = new Map<string, XmlElement[]>()
    for (const child of element.children) {
      if (child.namespace === '' && element.namespace !== '') {
        this.#lenience.pass(unexpected(child.name, child.at), { from: child.name, to: `{${NAMESPACE}}${child.name}` })
      } else if (child.namespace !== element.namespace) throw unexpected(child.name, child.at)
      if (!names.flat().includes(child.name)) throw unexpected(child.name, child.at)
      const same = found.get(child.name)
      if (same === undefined) found.set(child.name, [child])
      else same.push(child)
    }
    return found
  }

  #below(element: XmlElement | undefined, name: string): readonly XmlElement[] {
    if (element === undefined) return []
    const marks = element.name === 'securityClassifications' ? ['markingData', 'markingQualifier'] : []
    const found = this.#children(element, [name, ...marks])
    // Marks of all classifications together have no place in a marking of one.
    if (found.has('markingData') || found.has('markingQualifier')) throw unexpected('markingData', element.at)
    return found.get(name) ?? []
  }

  #required(element: XmlElement, name: string): string {
    // Published files have line ends in names; in the text of a label they would be spaces.
    const value = attribute(element, name)
      ?.replace(/[ \t\n\r]+/gu, ' ')
      .trim()
    if (value === undefined || value === '') throw missing(name, element.at)
    if (value.length > 256) throw wrongValue(value, element.at)
    return value
  }

  #nameAndId(element: XmlElement): { name: string; id: string } {
    onlyAttributes(element, 'name', 'id', 'userRefURI', 'docRefURI')
    return { name: this.#required(element, 'name'), id: this.#oid(element, 'id') }
  }

  #oid(element: XmlElement, name: string): string {
    const id = this.#required(element, name)
    if (!/^[0-2](?:\.[0-9]{1,39}){1,32}$/u.test(id)) throw wrongValue(id, element.at)
    return id
  }

  #boolean(element: XmlElement, name: string): boolean {
    const value = attribute(element, name)?.trim() ?? 'false'
    if (!['true', 'false', '1', '0'].includes(value)) throw wrongValue(value, element.at)
    return value === 'true' || value === '1'
  }

  #integer(element: XmlElement, name: string): string {
    const value = this.#required(element, name)
    if (!/^[0-9]{1,64}$/u.test(value)) throw wrongValue(value, element.at)
    return lacvOf(value)
  }

  #equivalentPolicy(element: XmlElement): Spif['equivalentPolicies'][number] {
    const named = this.#nameAndId(element)
    this.#equivalents.set(named.name, named.id)
    const children = this.#children(element, ['requiredCategory'])
    return { ...named, requires: (children.get('requiredCategory') ?? []).map((one) => this.#requirement(one)) }
  }

  #policyRef(element: XmlElement): string {
    const name = this.#required(element, 'policyRef')
    const id = this.#equivalents.get(name)
    if (id === undefined) throw reference(name, element.at)
    return id
  }

  #applied(element: XmlElement): readonly Applied[] {
    const applied = APPLIED.get(this.#required(element, 'applied'))
    if (applied === undefined) throw wrongValue(attribute(element, 'applied') ?? '', element.at)
    return applied
  }

  #classification(element: XmlElement): SpifClassification {
    onlyAttributes(element, 'name', 'color', 'lacv', 'hierarchy', 'obsolete')
    const children = this.#children(element, ['equivalentClassification', 'markingData', 'markingQualifier', 'requiredCategory'])
    return {
      name: this.#required(element, 'name'),
      lacv: this.#integer(element, 'lacv'),
      hierarchy: BigInt(this.#integer(element, 'hierarchy')),
      obsolete: this.#boolean(element, 'obsolete'),
      marks: readMarks(all(children), this.#lenience),
      requires: (children.get('requiredCategory') ?? []).map((one) => this.#requirement(one)),
      equivalents: (children.get('equivalentClassification') ?? []).map((one) => this.#equivalentClassification(one)),
    }
  }

  #equivalentClassification(element: XmlElement): SpifEquivalentClassification {
    onlyAttributes(element, 'policyRef', 'lacv', 'applied')
    const children = this.#children(element, ['requiredCategory'])
    return {
      policyId: this.#policyRef(element),
      lacv: this.#integer(element, 'lacv'),
      applied: this.#applied(element),
      requires: (children.get('requiredCategory') ?? []).map((one) => this.#requirement(one)),
    }
  }

  #requirement(element: XmlElement): SpifRequirement {
    onlyAttributes(element, 'operation')
    const operation = OPERATIONS.get(this.#required(element, 'operation'))
    if (operation === undefined) throw wrongValue(attribute(element, 'operation') ?? '', element.at)
    const groups = (this.#children(element, ['categoryGroup']).get('categoryGroup') ?? []).map((one) => this.#group(one))
    if (groups.length === 0) throw missing('categoryGroup', element.at)
    return { operation, groups }
  }

  #group(element: XmlElement): SpifGroup {
    onlyAttributes(element, 'tagSetRef', 'tagType', 'enumType', 'lacv', 'all')
    onlyElements(element)
    const every = this.#boolean(element, 'all')
    const lacv = attribute(element, 'lacv')
    if (every && lacv !== undefined) throw unexpected('all', element.at)
    return {
      tagSet: this.#required(element, 'tagSetRef'),
      ...this.#tagType(element),
      ...(lacv === undefined ? {} : { lacv: lacvOf(lacv) }),
    }
  }

  #tagType(element: XmlElement): { kind: CategoryKind; encoding?: SpifEncoding } {
    const type = this.#required(element, 'tagType')
    const enumType = attribute(element, 'enumType')
    if (enumType !== undefined && type !== 'enumerated') throw unexpected('enumType', element.at)
    switch (type) {
      case 'restrictive':
      case 'permissive':
        return { kind: type, encoding: 'bits' }
      case 'enumerated':
        if (enumType === undefined) throw missing('enumType', element.at)
        if (enumType !== 'restrictive' && enumType !== 'permissive') throw wrongValue(enumType, element.at)
        return { kind: enumType, encoding: 'integers' }
      case 'tagType7':
        return { kind: 'informative' }
      default:
        throw wrongValue(type, element.at)
    }
  }

  #tagSet(element: XmlElement): SpifTagSet {
    onlyAttributes(element, 'name', 'id')
    // What a tag set as a whole becomes elsewhere is not read; a mapping without it could be too wide.
    const tags = this.#children(element, ['securityCategoryTag']).get('securityCategoryTag') ?? []
    if (tags.length === 0) throw missing('securityCategoryTag', element.at)
    return { name: this.#required(element, 'name'), id: this.#oid(element, 'id'), tags: tags.map((tag) => this.#tag(tag)) }
  }

  #tag(element: XmlElement): SpifTag {
    onlyAttributes(element, 'name', 'tagType', 'enumType', 'tag7Encoding', 'singleSelection', 'maxSelection', 'minSelection')
    const children = this.#children(element, ['tagCategory', 'markingQualifier'])
    const { kind, encoding } = this.#tagType(element)
    const single = this.#boolean(element, 'singleSelection')
    const max = this.#selection(element, 'maxSelection') ?? (single ? 1 : undefined)
    if (single && max !== 1) throw wrongValue(String(max), element.at)
    const encoded = encoding ?? this.#tag7Encoding(element)
    return {
      name: attribute(element, 'name') ?? '',
      kind,
      ...(encoded === undefined ? {} : { encoding: encoded }),
      min: this.#selection(element, 'minSelection') ?? 0,
      ...(max === undefined ? {} : { max }),
      values: (children.get('tagCategory') ?? []).map((one) => this.#value(one)),
      marks: readMarks(all(children), this.#lenience),
    }
  }

  #tag7Encoding(element: XmlElement): SpifEncoding | undefined {
    const encoding = attribute(element, 'tag7Encoding')
    if (encoding === undefined) return undefined
    if (encoding !== 'bitSetAttributes' && encoding !== 'securityAttributes') throw wrongValue(encoding, element.at)
    return encoding === 'bitSetAttributes' ? 'bits' : 'integers'
  }

  #selection(element: XmlElement, name: string): number | undefined {
    const value = attribute(element, name)
    if (value === undefined || value === 'unbounded') return undefined
    if (!/^[0-9]{1,6}$/u.test(value)) throw wrongValue(value, element.at)
    return Number(value)
  }

  #value(element: XmlElement): SpifValue {
    if (++this.#values > MAX_VALUES) throw new LabelError('form/xml-limit', 'too many values', { values: { at: element.at } })
    onlyAttributes(element, 'name', 'lacv', 'userInput', 'requiredClass', 'obsolete', 'dateFormat', 'notBefore', 'notAfter')
    const children = this.#children(
      element,
      ['equivalentSecCategoryTag', 'markingData', 'markingQualifier', 'excludedClass'],
      ['requiredCategory', 'excludedCategory'],
    )
    const requiredClass = attribute(element, 'requiredClass')
    const excludedClasses = (children.get('excludedClass') ?? []).map(textOf)
    const twice = excludedClasses.find((name, index) => excludedClasses.indexOf(name) !== index)
    if (twice !== undefined) throw duplicate(twice, element.at)
    return {
      name: this.#required(element, 'name'),
      lacv: lacvOf(this.#required(element, 'lacv')),
      obsolete: this.#boolean(element, 'obsolete'),
      ...(requiredClass === undefined ? {} : { requiredClass }),
      excludedClasses,
      requires: (children.get('requiredCategory') ?? []).map((one) => this.#requirement(one)),
      excludes: (children.get('excludedCategory') ?? []).map((one) => this.#group(one)),
      equivalents: (children.get('equivalentSecCategoryTag') ?? []).map((one) => this.#equivalentValue(one)),
      marks: readMarks(all(children), this.#lenience),
    }
  }

  #equivalentValue(element: XmlElement): SpifEquivalentValue {
    onlyAttributes(element, 'policyRef', 'tagSetId', 'tagType', 'enumType', 'lacv', 'applied', 'action')
    const base = { policyId: this.#policyRef(element), applied: this.#applied(element) }
    const action = attribute(element, 'action')
    if (action === 'discard') return base
    if (action !== undefined) throw wrongValue(action, element.at)
    const tagSetId = this.#oid(element, 'tagSetId')
    return { ...base, to: { tagSetId, ...this.#tagType(element), lacv: lacvOf(this.#required(element, 'lacv')) } }
  }
}

function all(children: ReadonlyMap<string, readonly XmlElement[]>): readonly XmlElement[] {
  return [...(children.get('markingData') ?? []), ...(children.get('markingQualifier') ?? [])]
}
