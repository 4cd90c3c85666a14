import { type Check, type Source, place, sources, withoutComments } from './check.ts'

/** Words that say nothing of what a thing is (CONTRIBUTING.md, "Names"). `Product` is no word of ours: report or item. */
const EMPTY = /(?:^|[-_./]|(?<=[a-z]))(?:utils?|helpers?|managers?|common|misc|Utils?|Helpers?|Managers?|Misc)(?=$|[-_./]|[A-Z])/u
/** In code `common` is an honest word (what two sets have in common); as the name of a file it is a bag. */
const EMPTY_NAME = /(?:^|(?<=[a-z]))(?:utils?|helpers?|managers?|Utils?|Helpers?|Managers?)(?=$|[A-Z_])/u
const DECLARED = /\b(?:class|function|interface|type|const|let)\s+(?<name>[A-Za-z_$][\w$]*)/gu
const NOTES = /\b(?:FIXME|HACK)\b|\bTODO\b(?!\(#\d+\))/gu

export const names: Check = {
  name: 'names',
  promise: 'files and things are named for what they are; a TODO names its issue',
  run(root) {
    const code = sources(root, 'packages/**/*.ts', 'apps/**/*.ts', 'tools/**/*.ts', 'bench/**/*.ts', 'interop/**/*.ts')
    return code
      .filter(({ path }) => path !== 'tools/checks/names.ts')
      .flatMap((source) => [...pathFindings(source), ...declarations(source), ...notes(source)])
  },
}

function pathFindings({ path }: Source): readonly string[] {
  return EMPTY.test(path) ? [`${path}: the name says nothing`] : []
}

function declarations(source: Source): readonly string[] {
  return [...withoutComments(source.text).matchAll(DECLARED)]
    .filter((match) => EMPTY_NAME.test(match.groups?.['name'] ?? ''))
    .map((match) => `${place(source, match.index)}: \`${match.groups?.['name'] ?? ''}\` says nothing`)
}

function notes(source: Source): readonly string[] {
  return [...source.text.matchAll(NOTES)].map((match) => `${place(source, match.index)}: \`${match[0]}\``)
}
