import { type Check, place, sources } from './check.ts'

/** Nations are data: code that knows one of them would not work for the next. Comments included, tests not. */
const NATIONS =
  /\b(?:JPN|AUS|USA|GBR|CAN|NZL|FVEY|AUKUS|Aukus|QUAD|Japan|Japanese nation|Australian?|Tokyo|Canberra|AUSTEO|AGAO|GOKUHI|HIMITSU)\b|日本国|豪州|日豪|極秘|特定秘密|防衛省/gu

export const nationNames: Check = {
  name: 'nation-names',
  promise: 'no package knows a nation by name',
  run(root) {
    return sources(root, 'packages/*/src/**/*.ts')
      .filter(({ path }) => !path.startsWith('packages/testkit/'))
      .flatMap((source) => [...source.text.matchAll(NATIONS)].map((match) => `${place(source, match.index)}: \`${match[0]}\``))
  },
}
