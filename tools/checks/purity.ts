import { type Check, type Source, place, sources, withoutComments } from './check.ts'
import { importsOf } from './graph.ts'

/** Packages with a host: sockets, files, a clock. All others take time, chance and the outside as arguments. */
const HOSTED = new Set(['node', 'crypto-node', 'crypto-web', 'testkit'])
const OUTSIDE =
  /\b(?:Date\.now|Math\.random|performance\.now|Temporal\.Now|new Date\(\)|fetch\(|setTimeout|setInterval|queueMicrotask|crypto\.subtle)/gu

export const purity: Check = {
  name: 'purity',
  promise: 'isomorphic packages use no node: module, clock, chance or network',
  run(root) {
    return sources(root, 'packages/*/src/**/*.ts')
      .filter((source) => !HOSTED.has(source.path.split('/')[1] ?? ''))
      .flatMap((source) => [...hostModules(source), ...outside(source)])
  },
}

function hostModules(source: Source): readonly string[] {
  return importsOf(source)
    .filter(({ specifier }) => specifier.startsWith('node:'))
    .map(({ specifier, at }) => `${at}: \`${specifier}\` in an isomorphic package`)
}

function outside(source: Source): readonly string[] {
  const code = withoutComments(source.text)
  return [...code.matchAll(OUTSIDE)].map((match) => `${place(source, match.index)}: \`${match[0]}\`: take it as an argument`)
}
