import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Check, place, sources } from './check.ts'

const LINK = /\]\((?<target>[^)\s#]+)(?:#[^)]*)?\)/gu

export const links: Check = {
  name: 'links',
  promise: 'every link between documents leads somewhere',
  run(root) {
    return sources(root, '*.md', '{docs,spec,nations,agreements,packages,apps,interop,bench}/**/*.md').flatMap((source) =>
      [...source.text.matchAll(LINK)]
        .filter((match) => !/^[a-z]+:/u.test(match.groups?.['target'] ?? ''))
        .filter((match) => !existsSync(join(root, dirname(source.path), match.groups?.['target'] ?? '')))
        .map((match) => `${place(source, match.index)}: \`${match.groups?.['target'] ?? ''}\` is not there`),
    )
  },
}
