import { codesWithWords, placeholders, say, screenKeys } from '@entente/words'
import { type Check, place, sources, withoutComments } from './check.ts'

/** `'label/unknown-classification'`: package, slash, words with hyphens. */
const LITERAL = /'(?<code>(?<area>[a-z][a-z-]*)\/[a-z][a-z0-9]*(?:-[a-z0-9]+)*)'/gu
const AREAS = new Set([
  'canonical',
  'label',
  'agreement',
  'clearance',
  'decision',
  'difference',
  'container',
  'ledger',
  'exchange',
  'client',
  'node',
  'health',
  'auth',
  'http',
  'login',
  'demo',
  'nearest',
  'condition',
  'cli',
])

function takenBy(text: string): string {
  return [...new Set(text.match(/\{[a-z-]+\}/giu) ?? [])].sort().join(' ')
}

export const words: Check = {
  name: 'words',
  promise: 'every code that the packages use has its sentence in both languages, with the same values',
  run(root) {
    const known = new Set<string>([...codesWithWords(), ...screenKeys()])
    const seen = new Set<string>()
    const missing = sources(root, 'packages/*/src/**/*.ts', 'apps/*/src/**/*.{ts,tsx}')
      .filter(({ path }) => !path.startsWith('packages/words/') && !path.startsWith('packages/testkit/'))
      .flatMap((source) =>
        [...withoutComments(source.text).matchAll(LITERAL)]
          .filter((match) => AREAS.has(match.groups?.['area'] ?? '') && !known.has(match.groups?.['code'] ?? ''))
          .filter((match) => firstTime(seen, match.groups?.['code'] ?? ''))
          .map((match) => `${place(source, match.index)}: \`${match.groups?.['code'] ?? ''}\` has no words`),
      )
    const uneven = codesWithWords().flatMap((code) => {
      const { en, ja } = placeholders(code)
      return en === ja ? [] : [`${code}: English takes \`${en}\`, Japanese takes \`${ja}\``]
    })
    const unevenOnScreens = screenKeys().flatMap((key) => {
      const [en, ja] = (['en', 'ja'] as const).map((lang) => takenBy(say(lang, key)))
      return en === ja ? [] : [`${key}: English takes \`${en}\`, Japanese takes \`${ja}\``]
    })
    const pages = sources(root, 'apps/web/src/**/*.{ts,tsx}').map(({ text }) => text)
    // Names that pages make of data: a role's, a reason's.
    const made = pages.flatMap((text) =>
      [...text.matchAll(/`(?<begin>[a-z]+\/[a-z-]*)\$\{/gu)].map((match) => match.groups?.['begin'] ?? ''),
    )
    const unused = screenKeys()
      .filter((key) => !made.some((begin) => key.startsWith(begin)) && !pages.some((text) => text.includes(`'${key}'`)))
      .map((key) => `${key}: no page says it`)
    return [...missing, ...uneven, ...unevenOnScreens, ...unused]
  },
}

function firstTime(seen: Set<string>, code: string): boolean {
  const fresh = !seen.has(code)
  seen.add(code)
  return fresh
}
