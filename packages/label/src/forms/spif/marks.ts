import { type Lenience, attribute, missing, onlyAttributes, textOf, unexpected, wrongValue } from '../elements.ts'
import type { XmlElement } from '../xml.ts'
import type { MarkingPlace, SpifMarks, SpifPhrase, SpifQualifier } from './model.ts'

const PLACES: ReadonlyMap<string, readonly MarkingPlace[]> = new Map([
  ['pageTop', ['page-top']],
  ['pageBottom', ['page-bottom']],
  ['pageTopBottom', ['page-top', 'page-bottom']],
  ['documentStart', ['document-start']],
  ['documentEnd', ['document-end']],
  ['firstLineOfText', ['first-line']],
  ['lastLineOfText', ['last-line']],
  ['subject', ['subject']],
  ['portionMarking', ['portion']],
  ['waterMark', ['watermark']],
])
const EFFECTS: ReadonlySet<string> = new Set(['noMarkingDisplay', 'noNameDisplay', 'suppressClassName', 'replacePolicy'])
/** Codes of the schema that name no place in a text: a header's name, a title on a screen. Their phrases are read and never used. */
const ELSEWHERE: ReadonlySet<string> = new Set(['xHeader', 'inputTitle'])

/** The marking data and qualifiers among the children of an element. Throws `form/missing`, `form/unexpected`, `form/value`. */
export function readMarks(elements: readonly XmlElement[], lenience: Lenience): SpifMarks {
  const of = (name: string) => elements.filter((element) => element.name === name)
  return {
    phrases: of('markingData').flatMap(phraseOf),
    qualifiers: of('markingQualifier').flatMap((element) => qualifiersOf(element, lenience)),
  }
}

function langOf(element: XmlElement): { lang?: string } {
  const lang = element.attributes.find(({ namespace, name }) => namespace.endsWith('/XML/1998/namespace') && name === 'lang')?.value
  if (lang === undefined) return {}
  if (!/^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}$/u.test(lang)) throw wrongValue(lang, element.at)
  return { lang: lang.toLowerCase() }
}

function phraseOf(element: XmlElement): readonly SpifPhrase[] {
  onlyAttributes(element, 'phrase')
  const codes = element.children.map((child) => {
    if (child.name !== 'code') throw unexpected(child.name, child.at)
    return textOf(child)
  })
  if (codes.length === 0) throw missing('code', element.at)
  const wrong = codes.find((code) => !PLACES.has(code) && !EFFECTS.has(code) && !ELSEWHERE.has(code))
  if (wrong !== undefined) throw wrongValue(wrong, element.at)
  const places = codes.flatMap((code) => PLACES.get(code) ?? [])
  if (places.length === 0 && codes.every((code) => ELSEWHERE.has(code))) return []
  const phrase = attribute(element, 'phrase')?.replace(/[\t\n\r]+/gu, ' ')
  if (phrase !== undefined && phrase.length > 256) throw wrongValue(phrase, element.at)
  return [
    {
      ...langOf(element),
      ...(phrase === undefined ? {} : { phrase }),
      ...(places.length === 0 ? {} : { places }),
      hidden: codes.includes('noMarkingDisplay'),
      nameHidden: codes.includes('noNameDisplay'),
      suppressClassName: codes.includes('suppressClassName'),
      replacePolicy: codes.includes('replacePolicy'),
    },
  ]
}

function qualifiersOf(element: XmlElement, lenience: Lenience): readonly SpifQualifier[] {
  onlyAttributes(element, 'markingCode', 'code')
  if (attribute(element, 'code') !== undefined) lenience.pass(unexpected('code', element.at), { from: 'code', to: 'markingCode' })
  if (element.children.length === 0) throw missing('qualifier', element.at)
  return element.children.map((child) => {
    if (child.name !== 'qualifier') throw unexpected(child.name, child.at)
    onlyAttributes(child, 'markingQualifier', 'qualifierCode')
    const text = attribute(child, 'markingQualifier')
    const code = attribute(child, 'qualifierCode')
    if (text === undefined) throw missing('markingQualifier', child.at)
    if (code !== 'prefix' && code !== 'suffix' && code !== 'separator') throw wrongValue(code ?? '', child.at)
    if (text.length > 256) throw wrongValue(text, child.at)
    return { ...langOf(child), code, text }
  })
}
