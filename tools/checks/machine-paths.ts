import { type Check, place, sources } from './check.ts'

/** Traces of one machine or one mirror: a checkout must work, and read, the same everywhere. */
const TRACES =
  /(?<![\w.~}])\/(?:work|home\/[a-z]|Users\/[A-Z]|root|tmp\/n\d)\b|registry\.[a-z]+js\.org|\b[a-z0-9.-]+\.(?:internal|corp|lan)\b(?=[:/])|\bC:\\\\/gu

export const machinePaths: Check = {
  name: 'machine-paths',
  promise: 'no file names a machine, a home folder or a registry host',
  run(root) {
    return sources(root, '**/*.{ts,js,json,md,txt,yml,yaml,go,pml,py,sh}', '.ci/*', '.npmrc', '.*.json')
      .filter(({ path }) => path !== 'tools/checks/machine-paths.ts')
      .flatMap((source) => [...source.text.matchAll(TRACES)].map((match) => `${place(source, match.index)}: \`${match[0]}\``))
  },
}
