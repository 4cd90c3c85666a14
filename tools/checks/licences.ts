import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Check, sources } from './check.ts'
import { importsOf } from './graph.ts'

const ALLOWED = new Set([
  'MIT',
  'MIT-0',
  'Apache-2.0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'CC0-1.0',
  'BlueOak-1.0.0',
  'Unlicense',
])
/** Fonts may travel with the pages under it; code may not. */
const FONT_LICENCE = 'OFL-1.1'
const FONT = /^node_modules\/@fontsource(?:-variable)?\/[^/]+$/u
/** What these import is bundled and handed to browsers, though it is installed for the build alone. */
const BUNDLED = '{apps/web,packages/crypto-web}/src/**/*'
const STYLE_IMPORT = /@import\s+(?:url\()?['"](?<from>[^'"]+)['"]/gu

interface Locked {
  readonly dev?: boolean
  readonly link?: boolean
  readonly resolved?: string
  readonly license?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
}
type Lockfile = Readonly<Record<string, Locked>>

export const licences: Check = {
  name: 'licences',
  promise: 'every production dependency, and all that is bundled into the pages, has a licence of the list',
  run(root) {
    const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Lockfile }
    const shipped = new Set(Object.keys(packages).filter((path) => path.includes('node_modules/') && packages[path]?.dev !== true))
    for (const path of bundled(root, packages)) shipped.add(path)
    return [...shipped]
      .filter((path) => path.includes('node_modules/') && packages[path]?.link !== true)
      .map((path) => ({ path, licence: packages[path]?.license ?? '' }))
      .filter(({ path, licence }) => !allowed(licence) && !(licence === FONT_LICENCE && FONT.test(path)))
      .map(({ path, licence }) => `\`${path}\`: licence \`${licence === '' ? 'not named' : licence}\``)
  },
}

/** Places in the lockfile of everything that the pages import, with all that it needs. */
function bundled(root: string, packages: Lockfile): ReadonlySet<string> {
  const found = new Set<string>()
  const add = (name: string, from: string): void => {
    const path = resolved(packages, name, from)
    if (path === undefined || found.has(path)) return
    found.add(path)
    const { link, resolved: target = '' } = packages[path] ?? {}
    const at = link === true ? target : path
    const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = packages[at] ?? {}
    for (const one of Object.keys({ ...dependencies, ...optionalDependencies })) add(one, at)
    for (const one of Object.keys(peerDependencies ?? {})) if (peerDependenciesMeta?.[one]?.optional !== true) add(one, at)
  }
  for (const source of sources(root, `${BUNDLED}.{ts,tsx,css}`)) {
    const specifiers = source.path.endsWith('.css')
      ? [...source.text.matchAll(STYLE_IMPORT)].map(({ groups }) => groups?.['from'] ?? '')
      : importsOf(source).map(({ specifier }) => specifier)
    const from = source.path.split('/').slice(0, 2).join('/')
    for (const specifier of specifiers) if (!/^(?:\.|#|node:)/u.test(specifier)) add(packageOf(specifier), from)
  }
  return found
}

/** Name of the package of a module: `@scope/name`, or the first part. */
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

/** Where Node.js finds a package from a folder of the lockfile: beside it, else further up. */
function resolved(packages: Lockfile, name: string, from: string): string | undefined {
  const parts = from.split('/')
  for (let length = parts.length; length >= 0; length--) {
    const path = [...parts.slice(0, length), 'node_modules', name].join('/')
    if (path in packages) return path
  }
  return undefined
}

/** One choice of an `OR` is enough; of an `AND` every part must be allowed. */
function allowed(expression: string): boolean {
  const choices = expression.replaceAll(/[()]/gu, '').split(' OR ')
  return choices.some((choice) => choice.split(' AND ').every((name) => ALLOWED.has(name.trim())))
}
