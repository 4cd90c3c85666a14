import { type Check, runTool } from './check.ts'

export const format: Check = {
  name: 'format',
  promise: 'every file is formatted (npm run format)',
  run: (root) => runTool(root, 'oxfmt/bin/oxfmt', '--check', '.'),
}

export const lint: Check = {
  name: 'lint',
  promise: 'no lint finding, warnings included',
  run: (root) => runTool(root, 'oxlint/bin/oxlint', '--type-aware', '--deny-warnings'),
}

export const types: Check = {
  name: 'types',
  promise: 'the compiler accepts every package and every test',
  run: (root) => runTool(root, 'typescript/bin/tsc', '-b'),
}
