import { codesWithWords, placeholders } from '@entente/words'
import { type Check, place, sources, withoutComments } from './check.ts'

/** `'label/unknown-classification'`: package, slash, words with hyphens. */
const LITERAL = /'(?<code>(?<area>[a-z][a-z-]*)\/[a-z][a-z0-9]*(?:-[a-z0-9]+)*)'/gu
const AREAS = new Set([
  'canonical',
  'label',
  'agreement',
  'clearance',
  'decision',
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

export const words: Check = {
  name: 'words',
  promise: 'every code that the packages use has its sentence in both languages, with the same values',
  run(root) {
    const known = new Set(codesWithWords())
    const seen = new Set<string>()
    const missing = sources(root, 'packages/*/src/**/*.ts', 'apps/*/src/**/*.ts')
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
    return [...missing, ...uneven]
  },
}

function firstTime(seen: Set<string>, code: string): boolean {
  const fresh = !seen.has(code)
  seen.add(code)
  return fresh
}
