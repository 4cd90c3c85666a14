import { fromUtf8, readJson, utf8 } from '@entente/canonical'
import { type Check, type Source, sources } from './check.ts'

/** Sentences that a person reads stand in pairs: English and Japanese, both filled. */
const LANGUAGES = ['en', 'ja'] as const

export const dataValid: Check = {
  name: 'data',
  promise: 'data files are strict JSON (no null, no fraction, no duplicate), bilingual where they speak',
  run(root) {
    return sources(root, 'nations/**/*.json', 'agreements/**/*.json').flatMap(checkFile)
  },
}

function checkFile(source: Source): readonly string[] {
  try {
    // Twice through the bytes, so that a byte order mark or a broken sequence is found and not repaired.
    const value = readJson(utf8(fromUtf8(utf8(source.text))))
    return halfTranslated(value, '').map((where) => `${source.path}: \`${where}\` lacks a language`)
  } catch (cause) {
    return [`${source.path}: ${cause instanceof Error ? cause.message : String(cause)}`]
  }
}

function halfTranslated(value: unknown, where: string): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => halfTranslated(item, `${where}/${index}`))
  if (typeof value !== 'object' || value === null) return []
  const members = value as Readonly<Record<string, unknown>>
  const speaks = LANGUAGES.some((lang) => typeof members[lang] === 'string')
  const whole = LANGUAGES.every((lang) => typeof members[lang] === 'string' && members[lang] !== '')
  return [
    ...(speaks && !whole ? [where] : []),
    ...Object.entries(members).flatMap(([name, member]) => halfTranslated(member, `${where}/${name}`)),
  ]
}
