import { nearest } from '../vocabulary.ts'
import type { PolicyClassification } from '../model.ts'
import { inOrder, ordered, countriesIn } from './countries.ts'
import { type Source, narrow, refusal, repair } from './marking.ts'
import { shown } from '../text.ts'
import { ALLIANCE, type CapcoWords, type Front, KEPT } from './words.ts'

/**
 * The front of a marking: `SECRET`, `//XKA SECRET`, `//JOINT SECRET XKA XLO`, `//COSMIC TOP SECRET`; `S`, `//NS` before a portion.
 * Throws `label/unknown-classification`, `label/unknown-nation`, `capco/cosmic`, `capco/joint-owners`, `capco/country-order`.
 */
export function frontOf(source: Source, words: CapcoWords): Front {
  const { text } = source
  if (text.startsWith('//')) {
    const stroke = text.indexOf('/', 2)
    const end = stroke === -1 ? text.length : stroke
    const body = text.slice(2, end)
    const known = source.mode === 'strict' ? words.fronts[source.form].get(body) : undefined
    if (known !== undefined) return known
    const front = { ...readForeign(source, words, body), end }
    if (source.mode === 'strict' && words.fronts[source.form].size < KEPT) words.fronts[source.form].set(body, front)
    return front
  }
  const stroke = text.indexOf('/')
  const end = stroke === -1 ? text.length : stroke
  return { level: readLevel(source, words, text.slice(0, end), 0), levelAt: 0, owners: [words.own], end }
}

function readLevel(source: Source, words: CapcoWords, text: string, at: number): PolicyClassification {
  const level = words.levels[source.form].get(text)
  if (level !== undefined) return level
  const other = words.levels.any.get(text)
  const form = source.form === 'portion' ? 'portion' : 'banner'
  const keys = words.levels[source.form].keys()
  const near = other?.[form] ?? nearest(text, text.length > 3 ? keys : [])
  const values = { text: shown(text), ...(near === undefined ? {} : { nearest: near }) }
  if (other !== undefined) {
    repair(source, 'label/unknown-classification', at, text, other[form], `unknown classification \`${shown(text)}\``, values)
    return other
  }
  narrow(source, 'label/unknown-classification', at, `unknown classification \`${shown(text)}\``, values)
  const found = near === undefined ? undefined : words.levels.any.get(near)
  if (found === undefined) throw refusal(source, 'label/unknown-classification', at, 'unknown classification', values)
  return found
}

function readForeign(source: Source, words: CapcoWords, body: string): Omit<Front, 'end'> {
  const alliance = readAlliance(source, words, body)
  if (alliance !== undefined) return { level: alliance, levelAt: 2, owners: [ALLIANCE.code] }
  const space = body.indexOf(' ')
  const head = space === -1 ? body : body.slice(0, space)
  const rest = space === -1 ? '' : body.slice(space + 1)
  const at = 2 + head.length + 1
  if (head === 'JOINT') return readJoint(source, words, rest, at)
  if (!words.countries.has(head)) {
    const near = nearest(head, ['JOINT', ...words.countries])
    const values = { text: shown(head), ...(near === undefined ? {} : { nearest: near }) }
    throw refusal(source, 'label/unknown-nation', 2, `unknown nation \`${shown(head)}\``, values)
  }
  const level = readLevel(source, words, rest, at)
  if (head === words.own)
    repair(source, 'capco/joint-owners', 2, `//${body}`, rest, 'the own nation is not named before its level', { text: head })
  return { level, levelAt: at, owners: [head] }
}

/** `COSMIC TOP SECRET`, `CTS`, `NS`: the alliance's own names of levels. Its highest has no other name. */
function readAlliance(source: Source, words: CapcoWords, body: string): PolicyClassification | undefined {
  if (!words.countries.has(ALLIANCE.code)) return undefined
  const { policy } = words
  const top = policy.classifications.find(({ code }) => code === ALLIANCE.top)
  const form = source.form
  const said = { source: 'DoDM 5200.01-V2 encl. 4, 4.b.2.a' }
  if ((body === ALLIANCE.topBanner && form !== 'portion') || (body === ALLIANCE.topPortion && form !== 'banner')) return top
  if (body === ALLIANCE.topBanner || body === ALLIANCE.topPortion) {
    repair(
      source,
      'label/unknown-classification',
      2,
      body,
      form === 'portion' ? ALLIANCE.topPortion : ALLIANCE.topBanner,
      'a word of the other form',
    )
    return top
  }
  if (body.startsWith(`${ALLIANCE.cosmic} `)) {
    narrow(source, 'capco/cosmic', 2, `\`${ALLIANCE.cosmic}\` stands with its highest level only`, { text: shown(body), ...said })
    return top
  }
  if (body.startsWith(`${ALLIANCE.code} `)) {
    const rest = body.slice(ALLIANCE.code.length + 1)
    if (top !== undefined && (rest === top.banner || rest === top.portion)) {
      repair(source, 'capco/cosmic', 2, body, ALLIANCE.topBanner, `the highest level is called \`${ALLIANCE.topBanner}\``, {
        text: shown(body),
        ...said,
      })
      return top
    }
    return undefined
  }
  const short = body.length <= 3 && body.startsWith('N') ? words.levels.portion.get(body.slice(1)) : undefined
  if (short === undefined || short === top || short.code === 'CUI' || words.countries.has(body)) return undefined
  if (form === 'banner')
    repair(source, 'label/unknown-classification', 2, body, `${ALLIANCE.code} ${short.banner}`, 'a word of the other form')
  return short
}

function readJoint(source: Source, words: CapcoWords, body: string, at: number): Omit<Front, 'end'> {
  // The level may be of two words, so it is found as the longest spelling that the text begins with.
  let spelling = ''
  for (const text of words.levels.any.keys()) if (body.startsWith(`${text} `) && text.length > spelling.length) spelling = text
  if (spelling === '')
    throw refusal(source, 'capco/joint-owners', at, 'JOINT names its level, then its owners', { source: 'DoDM 5200.01-V2 encl. 4, 5' })
  const level = readLevel(source, words, spelling, at)
  const from = at + spelling.length + 1
  const owners = countriesIn(source, words, body.slice(spelling.length + 1), from, ' ')
  const joint = { source: 'DoDM 5200.01-V2 encl. 4, 5', text: shown(body) }
  if (owners.length < 2) throw refusal(source, 'capco/joint-owners', from, 'JOINT needs two owners', joint)
  const sorted = ordered(owners, undefined)
  if (!inOrder(owners, undefined, false)) {
    repair(source, 'capco/country-order', from, owners.join(' '), sorted.join(' '), 'owners stand in order', joint)
  }
  return { level, levelAt: at, owners: sorted }
}
