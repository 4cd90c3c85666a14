import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Check, sources } from './check.ts'

const LIMIT = 400
const EXCEPTIONS = 'tools/size-exceptions.txt'

export const size: Check = {
  name: 'size',
  promise: `no source file has more than ${LIMIT} lines without a reason in ${EXCEPTIONS}`,
  run(root) {
    const excused = readExceptions(root)
    const long = sources(
      root,
      'packages/**/*.ts',
      'apps/**/*.{ts,tsx,css}',
      'tools/**/*.ts',
      'bench/**/*.ts',
      'interop/**/*.{ts,go}',
      'bin/*.js',
    )
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ lines }) => lines > LIMIT)
    return [
      ...long.filter(({ path }) => !excused.has(path)).map(({ path, lines }) => `${path}: ${lines} lines`),
      ...[...excused]
        .filter(([path]) => !long.some((file) => file.path === path))
        .map(([path]) => `${EXCEPTIONS}: \`${path}\` needs no exception`),
      ...[...excused].filter(([, reason]) => reason === '').map(([path]) => `${EXCEPTIONS}: \`${path}\` gives no reason`),
    ]
  },
}

/** Lines `path: reason`; `#` starts a comment. */
function readExceptions(root: string): ReadonlyMap<string, string> {
  const path = join(root, EXCEPTIONS)
  if (!existsSync(path)) return new Map()
  return new Map(
    readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '' && !line.startsWith('#'))
      .map((line) => {
        const [file = '', ...reason] = line.split(':')
        return [file.trim(), reason.join(':').trim()]
      }),
  )
}
