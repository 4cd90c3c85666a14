import { PERSON } from '../policy-codes.ts'
import type { LabelCode } from '../errors.ts'
import { inOrder, ordered } from './countries.ts'
import { type Marking, type Source, add, drop, has, hasTag, narrow, ownOnly, placeOf, refusal, repair } from './marking.ts'
import { ALLIANCE, type CapcoWords } from './words.ts'

/** A rule of the Register or of DoDM 5200.01 volume 2: where it is broken, and the narrower marking that keeps it. */
interface Rule {
  readonly code: LabelCode
  readonly source: string
  readonly says: string
  /** Where the marking breaks it; undefined where it does not. */
  broken(marking: Marking): number | undefined
  /** Bits of `maskOf` without all of which it cannot be broken. */
  readonly gate: number
  /** Makes the marking keep it, and lets nobody in whom it kept out; absent: nothing near does. */
  readonly fix?: (marking: Marking) => void
}

/** What there is in a marking, as bits: most rules speak of what is not there. */
const BITS: Readonly<Record<string, number>> = {
  [PERSON]: 1,
  handling: 2,
  'display-only': 4,
  dissemination: 8,
  'non-ic': 16,
  sci: 32,
  sap: 64,
  fgi: 128,
  'foreign-control': 256,
}
const REL = 512
const FOREIGN = 1024

function maskOf(marking: Marking): number {
  let mask = (rel(marking) === undefined ? 0 : REL) | (ownOnly(marking) ? 0 : FOREIGN)
  for (const { tag } of marking.entries) mask |= BITS[tag] ?? 0
  return mask
}

function bits(...tags: readonly string[]): number {
  return tags.reduce((mask, tag) => mask | (BITS[tag] ?? 0), 0)
}

const DODM = 'DoDM 5200.01-V2 encl. 4'
const REGISTER = 'IC Markings System Register and Manual, 2016'

/** What each rule on a level rests on, by the code that stands; the tag of an open category. */
const LEVEL_SOURCES: Readonly<Record<string, string>> = {
  ORCON: `${DODM}, 10.d.3`,
  IMCON: `${DODM}, 10 (IMCON) 1.b`,
  NOFORN: `${DODM}, 2.c`,
  RELIDO: `${DODM}, 4.c`,
  RD: `${DODM}, 8.a.4`,
  FRD: `${DODM}, 8.b.2`,
  fgi: `${DODM}, 9.b`,
  BALK: `${DODM}, 4.b.2.c`,
  BOHEMIA: `${DODM}, 4.b.2.c`,
}

/** Whether the marking says to whom it may be disclosed; ORCON leaves that to the originator. */
function disclosureSaid(marking: Marking): boolean {
  return marking.rel !== undefined || hasTag(marking, PERSON) || hasTag(marking, 'display-only') || has(marking, 'handling', 'RELIDO')
}

function controlled(marking: Marking): boolean {
  return has(marking, 'dissemination', 'ORCON') || has(marking, 'handling', 'ORCON-USGOV')
}

/** The later of two places, if both are there. */
function pair(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : Math.max(a, b)
}

function at(marking: Marking, tag: string, code?: string): number | undefined {
  const held = code === undefined ? hasTag(marking, tag) : has(marking, tag, code)
  return held ? placeOf(marking, tag, code) : undefined
}

/** Where something stands beside a value that stands alone under its tag; HVSACO is no program. */
function alone(marking: Marking, tag: string, code: string): number | undefined {
  if (!has(marking, tag, code)) return undefined
  const other = marking.entries.find((entry) => entry.tag === tag && entry.code !== code && entry.code !== 'HVSACO')
  return other === undefined ? undefined : Math.max(placeOf(marking, tag, code), placeOf(marking, tag, other.code))
}

/** Where it is said that others may read it: in REL TO, or by JOINT, whose owners are written there too when it is written again. */
function rel(marking: Marking): number | undefined {
  if (marking.rel !== undefined) return marking.relAt
  return marking.owners.length > 1 && marking.level.unmarkedRelease === 'originator' ? marking.levelAt : undefined
}

function dropRel(marking: Marking): void {
  marking.rel = undefined
  drop(marking, ({ code }) => code === 'EYES-ONLY')
}

function closeTo(marking: Marking): void {
  dropRel(marking)
  drop(marking, ({ tag, code }) => tag === 'display-only' || code === 'RELIDO')
  for (const { code } of marking.words.policy.personRules.slice(0, 1)) add(marking, { tag: PERSON, code }, marking.levelAt)
}

function setLevel(marking: Marking, code: string): void {
  marking.level = marking.words.policy.classifications.find((level) => level.code === code) ?? marking.level
}

function exclusive(
  source: string,
  names: readonly [string, string],
  first: (marking: Marking) => number | undefined,
  second: (marking: Marking) => number | undefined,
  fix: (marking: Marking) => void,
  gate: number,
): Rule {
  const says = `${names[0]} does not stand beside ${names[1]}`
  return { code: 'capco/exclusive', source, says, gate, broken: (marking) => pair(first(marking), second(marking)), fix }
}

const person = (marking: Marking) => at(marking, PERSON)
const display = (marking: Marking) => at(marking, 'display-only')
const relido = (marking: Marking) => at(marking, 'handling', 'RELIDO')
const dropDisplay = (marking: Marking) => drop(marking, ({ tag }) => tag === 'display-only')
const dropRelido = (marking: Marking) => drop(marking, ({ code }) => code === 'RELIDO')

/** Rules on what no entry and no list can break: who owns it, and at which level. */
const OWNER_RULES: readonly Rule[] = [
  {
    code: 'capco/restricted-foreign',
    gate: 0,
    source: `${DODM}, 4`,
    says: 'RESTRICTED is a level of other owners only',
    broken: (marking) => (ownOnly(marking) && marking.level.code === 'RESTRICTED' ? marking.levelAt : undefined),
    fix: (marking) => setLevel(marking, 'CONFIDENTIAL'),
  },
  {
    code: 'capco/joint-restricted',
    gate: FOREIGN,
    source: `${DODM}, 5.d`,
    says: 'what the own nation owns with others is not RESTRICTED',
    broken: (marking) =>
      marking.owners.length > 1 && marking.owners.includes(marking.words.own) && marking.level.code === 'RESTRICTED'
        ? marking.levelAt
        : undefined,
    fix: (marking) => setLevel(marking, 'CONFIDENTIAL'),
  },
  {
    code: 'label/not-at-this-level',
    gate: FOREIGN,
    source: '32 CFR part 2002',
    says: 'CUI is a mark of the own nation only',
    broken: (marking) => (!ownOnly(marking) && marking.level.code === 'CUI' ? marking.levelAt : undefined),
  },
]

/** In this order, so that what is said first is what most likely was meant. */
const RULES: readonly Rule[] = [
  {
    code: 'capco/alliance-control',
    gate: bits('foreign-control'),
    source: `${DODM}, 4.b.2.c`,
    says: 'a control of the alliance stands with the markings of the alliance only, and BALK and BOHEMIA with its highest level',
    broken: (marking) => {
      const place = at(marking, 'foreign-control')
      const alliance = marking.owners.length === 1 && marking.owners[0] === ALLIANCE.code
      const high = has(marking, 'foreign-control', 'BALK') || has(marking, 'foreign-control', 'BOHEMIA')
      return !alliance || (high && marking.level.code !== ALLIANCE.top) ? place : undefined
    },
    fix: (marking) => setLevel(marking, ALLIANCE.top),
  },
  {
    code: 'capco/noforn-foreign',
    gate: bits(PERSON) | FOREIGN,
    source: `${DODM}, 4.b.3`,
    says: 'what another owner gave is not closed to foreign nationals',
    broken: (marking) => (ownOnly(marking) ? undefined : person(marking)),
    // The owner's set stays as it is, and that is who may read it.
    fix: (marking) => drop(marking, ({ tag }) => tag === PERSON),
  },
  {
    code: 'capco/fgi-foreign',
    gate: bits('fgi') | FOREIGN,
    source: `${DODM}, 9.a`,
    says: 'FGI stands in markings of the own nation only',
    broken: (marking) => (ownOnly(marking) ? undefined : at(marking, 'fgi')),
    fix: (marking) => drop(marking, ({ tag }) => tag === 'fgi'),
  },
  {
    code: 'capco/foreign-release',
    gate: FOREIGN,
    source: 'ISM rules 124, 233, 234',
    says: 'RELIDO and DISPLAY ONLY are not for what others own',
    broken: (marking) => (marking.owners.includes(marking.words.own) ? undefined : (relido(marking) ?? display(marking))),
    fix: (marking) => drop(marking, ({ tag, code }) => tag === 'display-only' || code === 'RELIDO'),
  },
  exclusive(`${DODM}, 2.d`, ['NOFORN', 'RELIDO'], person, relido, dropRelido, bits(PERSON, 'handling')),
  exclusive(`${DODM}, 2.d and 10.e.7`, ['NOFORN', 'REL TO or EYES ONLY'], person, rel, dropRel, bits(PERSON) | REL),
  exclusive(`${DODM}, 10.g.4`, ['NOFORN', 'DISPLAY ONLY'], person, display, dropDisplay, bits(PERSON, 'display-only')),
  exclusive(`${DODM}, 10.g.4; ISM rule 169`, ['RELIDO', 'DISPLAY ONLY'], relido, display, dropDisplay, bits('handling', 'display-only')),
  exclusive(
    `${DODM}, other dissemination controls 1.d`,
    ['EXDIS', 'NODIS'],
    (marking) => at(marking, 'non-ic', 'EXDIS'),
    (marking) => at(marking, 'non-ic', 'NODIS'),
    (marking) => drop(marking, ({ code }) => code === 'EXDIS'),
    bits('non-ic'),
  ),
  exclusive(
    `${DODM}, other dissemination controls 1.c and 2.d`,
    ['EXDIS or NODIS', 'REL TO'],
    (marking) => at(marking, 'non-ic', 'EXDIS') ?? at(marking, 'non-ic', 'NODIS'),
    rel,
    dropRel,
    bits('non-ic') | REL,
  ),
  exclusive(
    REGISTER,
    ['ORCON', 'ORCON-USGOV'],
    (marking) => at(marking, 'dissemination', 'ORCON'),
    (marking) => at(marking, 'handling', 'ORCON-USGOV'),
    (marking) => drop(marking, ({ code }) => code === 'ORCON-USGOV'),
    bits('dissemination', 'handling'),
  ),
  exclusive(
    REGISTER,
    ['SBU-NF or LES-NF', 'REL TO'],
    (marking) => at(marking, 'non-ic', 'SBU-NF') ?? at(marking, 'non-ic', 'LES-NF'),
    rel,
    dropRel,
    bits('non-ic') | REL,
  ),
  {
    code: 'capco/exclusive',
    gate: bits('fgi'),
    source: `${REGISTER}; ISM rule 65`,
    says: 'a source that is not named hides those that are',
    broken: (marking) => alone(marking, 'fgi', 'FGI'),
    fix: (marking) => drop(marking, ({ tag, code }) => tag === 'fgi' && code !== 'FGI'),
  },
  {
    code: 'capco/exclusive',
    gate: bits('sap'),
    source: `${DODM}, 7.e`,
    says: 'beside MULTIPLE PROGRAMS no program is named',
    broken: (marking) => alone(marking, 'sap', 'MULTIPLE-PROGRAMS'),
  },
  {
    code: 'capco/waived',
    gate: bits('dissemination'),
    source: `${DODM}, 7.f`,
    says: 'WAIVED needs a special access program',
    broken: (marking) => (hasTag(marking, 'sap') ? undefined : at(marking, 'dissemination', 'WAIVED')),
  },
  {
    code: 'capco/programs',
    gate: bits('sap'),
    source: `${DODM}, 7.e`,
    says: 'more than four programs are MULTIPLE PROGRAMS',
    broken: (marking) => {
      const programs = marking.entries.filter(({ tag, code }) => tag === 'sap' && code !== 'HVSACO' && !code.includes('-'))
      return programs.length > 4 ? placeOf(marking, 'sap', programs[4]?.code) : undefined
    },
    fix: (marking) => {
      drop(marking, ({ tag }) => tag === 'sap')
      add(marking, { tag: 'sap', code: 'MULTIPLE-PROGRAMS' }, marking.levelAt)
    },
  },
  {
    code: 'capco/sci-noforn',
    gate: bits('sci'),
    source: `${DODM}, 6.f`,
    says: 'HCS and KLONDIKE need NOFORN',
    broken: (marking) =>
      ownOnly(marking) && !hasTag(marking, PERSON) ? (at(marking, 'sci', 'HCS') ?? at(marking, 'sci', 'KDK')) : undefined,
    fix: closeTo,
  },
  {
    code: 'capco/sci-release',
    gate: bits('sci'),
    source: `${DODM}, 6.c`,
    says: 'a compartment needs a control that says to whom it may be disclosed',
    broken: (marking) => (ownOnly(marking) && !disclosureSaid(marking) && !controlled(marking) ? at(marking, 'sci') : undefined),
    fix: closeTo,
  },
  {
    code: 'capco/sci-orcon',
    gate: bits('sci'),
    source: `${REGISTER}, SI-GAMMA`,
    says: 'SI-G needs ORCON',
    broken: (marking) => (ownOnly(marking) && !controlled(marking) ? at(marking, 'sci', 'SI-G') : undefined),
    fix: (marking) => add(marking, { tag: 'dissemination', code: 'ORCON' }, marking.levelAt),
  },
  {
    code: 'capco/imcon-release',
    gate: bits('dissemination'),
    source: `${DODM}, 10 (IMCON) 1.c`,
    says: 'IMCON needs a control that says to whom it may be disclosed',
    broken: (marking) => (ownOnly(marking) && !disclosureSaid(marking) ? at(marking, 'dissemination', 'IMCON') : undefined),
    fix: closeTo,
  },
]

/**
 * Holds a marking to the rules: a broken one is refused at its place with the rule's code and `values.source`. A search for
 * the nearest valid marking (`suggest`) narrows instead.
 */
export function checkRules(marking: Marking, source: Source): void {
  const mask = maskOf(marking)
  for (const rule of OWNER_RULES) if ((mask & rule.gate) === rule.gate) hold(rule, marking, source)
  if (mask === 0 && marking.entries.length === 0) return
  checkLevels(marking, source)
  for (const rule of RULES) if ((mask & rule.gate) === rule.gate) hold(rule, marking, source)
  if (marking.rel !== undefined) checkRelease(marking, source)
}

function hold(rule: Rule, marking: Marking, source: Source): void {
  const place = rule.broken(marking)
  if (place === undefined) return
  const values = { source: rule.source, rule: rule.says }
  narrow(source, rule.code, place, rule.says, values)
  rule.fix?.(marking)
  if (rule.broken(marking) !== undefined) throw refusal(source, rule.code, place, rule.says, values)
}

/** The place of a level among those of the policy; 0 where it has none of this code. */
export function orderOf(code: string, { known }: CapcoWords): number {
  return known.levels.get(code)?.order ?? 0
}

/** Every word stands only with the levels that its policy gives it. */
function checkLevels(marking: Marking, source: Source): void {
  const { words } = marking
  const classified = orderOf('CONFIDENTIAL', words)
  const marked = orderOf('CUI', words)
  for (const [index, { tag, code }] of marking.entries.entries()) {
    const limit = words.limits.get(code)
    // RESTRICTED is a classified level of others: what needs one may stand with it there.
    const order = marking.level.code === 'RESTRICTED' && !ownOnly(marking) ? classified : marking.level.order
    const open = tag === 'sci' || tag === 'sap' || tag === 'fgi' ? classified : tag === 'display-only' ? marked : 0
    const lowest = Math.max(limit?.lowest ?? 0, tag === 'sap' && code === 'HVSACO' ? 0 : open)
    if (order >= lowest && (limit?.only === undefined || limit.only.includes(marking.level.code))) continue
    const from = LEVEL_SOURCES[code] ?? LEVEL_SOURCES[tag] ?? (tag === 'display-only' ? `${DODM}, 10.g.3` : REGISTER)
    if (tag === 'foreign-control') continue
    const name = words.byCode.get(code)?.banner ?? code
    narrow(source, 'label/not-at-this-level', marking.ats[index] ?? 0, `\`${name}\` does not stand with \`${marking.level.banner}\``, {
      text: name,
      level: marking.level.banner,
      source: from,
    })
    if (limit?.only === undefined) setLevel(marking, words.policy.classifications.find((level) => level.order >= lowest)?.code ?? '')
    else if (words.known.categories.get(tag)?.kind === 'informative') drop(marking, (entry) => entry.code === code && entry.tag === tag)
    else throw refusal(source, 'label/not-at-this-level', marking.ats[index] ?? 0, 'no level near has it')
  }
}

/** REL TO: with the levels that have it, every owner in it, one more, and in order. */
function checkRelease(marking: Marking, source: Source): void {
  const { words, owners, rel: list = [], relAt } = marking
  const right = list.length > 1 && list[0] === words.own && ownOnly(marking) && inOrder(list, words.own, true)
  if (right && marking.level.order >= orderOf('CUI', words)) return
  const eyes = has(marking, 'handling', 'EYES-ONLY')
  const separator = eyes ? '/' : ', '
  const write = (codes: readonly string[]) => (eyes ? `${codes.join(separator)} EYES ONLY` : `REL TO ${codes.join(separator)}`)
  const values = { text: write(list).slice(0, 64) }
  if (ownOnly(marking) && marking.level.order < orderOf('CUI', words)) {
    narrow(source, 'label/not-at-this-level', relAt, `\`REL TO\` does not stand with \`${marking.level.banner}\``, {
      text: 'REL TO',
      level: marking.level.banner,
      source: `${DODM}, 10.e.3`,
    })
    setLevel(marking, 'CUI')
  }
  const own = owners.includes(words.own) ? words.own : undefined
  const whole = ordered([...new Set([...owners, ...list])], own)
  const missing = owners.find((owner) => !list.includes(owner))
  // An owner who is concealed stands in no list, so there is none to write.
  if (missing === 'FGI') {
    throw refusal(source, 'capco/rel-own-nation', relAt, 'a concealed owner', { ...values, nation: missing, source: `${DODM}, 10.e.4` })
  }
  if (missing !== undefined) {
    const sourced = { ...values, nation: missing, nearest: write(whole).slice(0, 64), source: `${DODM}, 10.e.4` }
    repair(source, 'capco/rel-own-nation', relAt, write(list), write(whole), `\`${missing}\` is not among those it is released to`, sourced)
    marking.rel = whole
  } else if (!inOrder(list, own, true) && !(own === undefined && inOrder(list, words.own, false))) {
    const sourced = { ...values, nearest: write(whole).slice(0, 64), source: `${DODM}, 10.e.4` }
    repair(source, 'capco/country-order', relAt, write(list), write(whole), 'countries stand in order', sourced)
    marking.rel = whole
  }
  if (ownOnly(marking) && whole.length < 2) {
    narrow(source, 'capco/rel-one-nation', relAt, 'REL TO names the own nation and one more', { ...values, source: `${DODM}, 10.e.5` })
    dropRel(marking)
  }
}
