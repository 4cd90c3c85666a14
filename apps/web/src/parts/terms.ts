import type { Agreement } from '@entente/agreement'
import type { Side, Wording } from '@entente/difference'
import type { MarkingPolicy } from '@entente/label'
import { type Lang, type Values, message } from '@entente/words'
import { purposeName } from './names.ts'

/** Names of an agreement's terms in one language; a code without a name stands for itself. */
export interface TermNames {
  readonly lang: Lang
  readonly nation: (code: string) => string
  readonly area: (code: string) => string
  readonly level: (nation: string, code: string) => string
  readonly clearance: (nation: string, code: string) => string
  /** A level or clearance of whichever scheme has it: of a value that does not say whose it is. */
  readonly anyLevel: (code: string) => string
  readonly anyClearance: (code: string) => string
  readonly office: (nation: string, code: string) => string
  /** A value of a category, `tag/value`, or a person rule, of any scheme. */
  readonly mark: (code: string) => string
  readonly purpose: (code: string) => string
  readonly phrase: (code: string, values?: Values) => string
  readonly join: (list: readonly string[]) => string
}

export function termNames(lang: Lang, policies: readonly MarkingPolicy[], bodies: readonly Agreement[]): TermNames {
  const of = (nation: string): MarkingPolicy | undefined => policies.find((policy) => policy.nation === nation)
  return {
    lang,
    nation: (code) =>
      bodies.flatMap(({ parties }) => parties).find(({ nation }) => nation === code)?.names[lang] ?? of(code)?.nationNames[lang] ?? code,
    area: (code) => bodies.flatMap(({ areas }) => areas).find((area) => area.code === code)?.names[lang] ?? code,
    level: (nation, code) => of(nation)?.classifications.find((one) => one.code === code)?.names[lang] ?? code,
    clearance: (nation, code) => of(nation)?.clearances.find((one) => one.code === code)?.names[lang] ?? code,
    anyLevel: (code) => policies.flatMap(({ classifications }) => classifications).find((one) => one.code === code)?.names[lang] ?? code,
    anyClearance: (code) => policies.flatMap(({ clearances }) => clearances).find((one) => one.code === code)?.names[lang] ?? code,
    office: (nation, code) => of(nation)?.offices.find((one) => one.code === code)?.names[lang] ?? code,
    mark(code) {
      const [tag, value] = code.split('/')
      for (const policy of policies) {
        const found =
          value === undefined
            ? policy.personRules.find((rule) => rule.code === code)
            : policy.categories.find((category) => category.tag === tag)?.values.find((one) => one.code === value)
        if (found !== undefined) return found.names[lang]
      }
      return code
    },
    purpose: (code) => purposeName(lang, code),
    phrase: (code, values) => message(lang, code, values),
    join: (list) => list.join(lang === 'ja' ? '、' : ', '),
  }
}

/** How regions are worded on this screen. */
export function wordingOf(lang: Lang, sides: readonly Side[]): Wording {
  return { lang, sides, say: (code, values) => message(lang, code, values), purpose: (code) => purposeName(lang, code) }
}
