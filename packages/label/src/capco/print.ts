import { PERSON } from '../policy-codes.ts'
import { ordered } from './countries.ts'
import { type Marking, has, ownOnly } from './marking.ts'
import { ALLIANCE, DISSEMINATION, NON_IC } from './words.ts'

type Form = 'banner' | 'portion'

/** A marking as the Register writes it: `SECRET//REL TO …` as `banner`, `(S//REL TO …)` as `portion`. */
export function writeMarking(marking: Marking, form: Form): string {
  const parts = marking.entries.length === 0 && marking.rel === undefined ? '' : written(marking, form)
  const text = `${front(marking, form)}${parts}`
  return form === 'portion' ? `(${text})` : text
}

function front(marking: Marking, form: Form): string {
  const { level, owners } = marking
  if (ownOnly(marking)) return level[form]
  if (owners.length > 1) return `//JOINT ${level[form]} ${owners.join(' ')}`
  if (owners[0] !== ALLIANCE.code) return `//${owners[0]} ${level[form]}`
  if (level.code === ALLIANCE.top) return `//${form === 'portion' ? ALLIANCE.topPortion : ALLIANCE.topBanner}`
  return form === 'portion' ? `//N${level.portion}` : `//${ALLIANCE.code} ${level.banner}`
}

function written(marking: Marking, form: Form): string {
  const parts = [
    listed(marking, 'foreign-control', form),
    codes(marking, 'cui').join('/'),
    tree(codes(marking, 'sci')),
    programs(marking, form),
    atomic(marking, form),
    foreignSources(marking),
    dissemination(marking, form),
    outside(marking, form),
  ]
  let text = ''
  for (const part of parts) if (part !== '') text += `//${part}`
  return text
}

function codes({ entries }: Marking, tag: string): string[] {
  const found = entries.filter((entry) => entry.tag === tag).map(({ code }) => code)
  return found.length > 1 ? found.sort() : found
}

function listed(marking: Marking, tag: string, form: Form): string {
  return codes(marking, tag)
    .map((code) => marking.words.byCode.get(code)?.[form] ?? code)
    .join('/')
}

/** `SI-G ABCD ACDE/TK`: each control with its compartments, each compartment with what lies in it. */
function tree(all: readonly string[]): string {
  if (all.length === 0) return ''
  const inside = (outer: string) => all.filter((code) => code.startsWith(`${outer}-`) && !code.slice(outer.length + 1).includes('-'))
  const name = (code: string) => code.slice(code.lastIndexOf('-') + 1)
  return all
    .filter((code) => !code.includes('-'))
    .map((control) => {
      const compartments = inside(control).map((compartment) => [name(compartment), ...inside(compartment).map(name)].join(' '))
      return [control, ...compartments].join('-')
    })
    .join('/')
}

function programs(marking: Marking, form: Form): string {
  const all = codes(marking, 'sap')
  if (all.length === 0) return ''
  const { byCode } = marking.words
  const named = all.filter((code) => code !== 'HVSACO')
  const hvsaco = all.length > named.length ? [byCode.get('HVSACO')?.[form] ?? ''] : []
  const names = named.includes('MULTIPLE-PROGRAMS') ? 'MULTIPLE PROGRAMS' : tree(named)
  return [...hvsaco, ...(names === '' ? [] : [`SAR-${names}`])].join('/')
}

function atomic(marking: Marking, form: Form): string {
  const all = codes(marking, 'aea')
  const written: string[] = []
  for (const base of ['RD', 'FRD', 'DCNI', 'UCNI', 'TFNI']) {
    if (!all.includes(base)) continue
    const cnwdi = all.includes(`${base}-CNWDI`) ? (form === 'portion' ? '-N' : '-CNWDI') : ''
    const numbers = all.filter((code) => code.startsWith(`${base}-SG-`)).map((code) => Number(code.slice(base.length + 4)))
    const sigma = numbers.length === 0 ? '' : `-${form === 'portion' ? 'SG' : 'SIGMA'} ${numbers.sort((a, b) => a - b).join(' ')}`
    written.push(`${marking.words.byCode.get(base)?.[form] ?? base}${cnwdi}${sigma}`)
  }
  return written.join('/')
}

/** A source that is not named hides those that are: naming them beside it would tell. */
function foreignSources(marking: Marking): string {
  const all = codes(marking, 'fgi')
  if (all.length === 0) return ''
  return all.includes('FGI') ? 'FGI' : `FGI ${ordered(all, undefined).join(' ')}`
}

function dissemination(marking: Marking, form: Form): string {
  const { words, entries, rel } = marking
  const eyes = has(marking, 'handling', 'EYES-ONLY')
  const written: string[] = []
  for (const code of DISSEMINATION) {
    if (code === PERSON) written.push(...codes(marking, PERSON).map((rule) => words.byCode.get(rule)?.[form] ?? rule))
    else if (code === 'REL') written.push(...(rel === undefined || eyes ? [] : [`REL TO ${rel.join(', ')}`]))
    else if (code === 'EYES') written.push(...(rel !== undefined && eyes ? [`${rel.join('/')} EYES ONLY`] : []))
    else if (code === 'DISPLAY') {
      const shown = codes(marking, 'display-only')
      if (shown.length > 0) written.push(`DISPLAY ONLY ${ordered(shown, undefined).join(', ')}`)
    } else if (entries.some((entry) => entry.code === code && (entry.tag === 'dissemination' || entry.tag === 'handling'))) {
      written.push(words.byCode.get(code)?.[form] ?? code)
    }
  }
  return written.join('/')
}

function outside(marking: Marking, form: Form): string {
  const written = NON_IC.filter((code) => has(marking, 'non-ic', code) || has(marking, 'handling', code)).map(
    (code) => marking.words.byCode.get(code)?.[form] ?? code,
  )
  const names = codes(marking, 'accm')
  return [...written, ...(names.length === 0 ? [] : [`ACCM-${names.join('/')}`])].join('/')
}
