import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Check, type Source, place, readManifest, sources, withoutComments } from './check.ts'

/** Who may import whom, written once; what stands here is the architecture (ARCHITECTURE.md, "May import"). */
const LIBRARIES = ['canonical', 'label', 'agreement', 'clearance', 'decision', 'difference', 'container', 'ledger', 'exchange'] as const
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  canonical: [],
  'crypto-node': ['canonical'],
  'crypto-web': ['canonical'],
  label: ['canonical'],
  agreement: ['canonical', 'label'],
  clearance: ['canonical', 'label', 'agreement'],
  decision: ['canonical', 'label', 'agreement', 'clearance'],
  difference: ['canonical', 'label', 'agreement', 'clearance', 'decision'],
  cedar: ['canonical', 'label', 'agreement'],
  container: ['canonical', 'label'],
  ledger: ['canonical'],
  exchange: ['canonical', 'label', 'agreement', 'clearance', 'decision', 'container', 'ledger'],
  client: LIBRARIES,
  words: [],
  node: [...LIBRARIES, 'crypto-node', 'words'],
  testkit: [...LIBRARIES, 'crypto-node', 'client', 'node', 'words'],
  cli: [...LIBRARIES, 'cedar', 'crypto-node', 'client', 'words'],
  web: [...LIBRARIES, 'crypto-web', 'client', 'words'],
}
/** `words` knows only the types of codes, so that a missing sentence is a type error; `cedar` shares no code with what it judges. */
const TYPES_ONLY: Readonly<Record<string, readonly string[]>> = { words: [...LIBRARIES, 'client'], cedar: ['decision'] }
/** Built into one bundle that a node hands out: what it holds is installed for the build alone. */
const BUNDLED = new Set(['web', 'crypto-web'])
/** `cli demo` and `cli serve` start a node; nothing else of the command line knows it. */
const STARTS_NODE = /^apps\/cli\/src\/(?:demo|serve)(?:\/|\.ts$|-)/u

const IMPORT =
  /\b(?:import|export)\b(?<type>\s+type\b)?[^'"`;()]*?\bfrom\s*['"](?<from>[^'"]+)['"]|\bimport\s*\(?\s*['"](?<bare>[^'"]+)['"]/gu

interface Import {
  readonly specifier: string
  readonly typeOnly: boolean
  readonly at: string
}

/** Every module that a file names, with its place. */
export function importsOf(source: Source): readonly Import[] {
  const code = withoutComments(source.text)
  return [...code.matchAll(IMPORT)].map((match) => ({
    specifier: match.groups?.['from'] ?? match.groups?.['bare'] ?? '',
    typeOnly: match.groups?.['type'] !== undefined,
    at: place(source, match.index),
  }))
}

export const graph: Check = {
  name: 'graph',
  promise: 'packages import in one direction, by name, through one entry',
  run(root) {
    return [
      ...sources(root, 'packages/*/src/**/*.ts', 'apps/*/src/**/*.{ts,tsx}').flatMap((source) => checkSource(root, source)),
      ...sources(root, 'packages/*/package.json', 'apps/*/package.json').flatMap(checkEntry),
    ]
  },
}

function checkSource(root: string, source: Source): readonly string[] {
  const [folder = '', owner = ''] = source.path.split('/')
  const allowed = MAY_IMPORT[owner]
  if (allowed === undefined) return [`${source.path}: \`${owner}\` is not in the graph of tools/checks/graph.ts`]
  const { dependencies, devDependencies } = readManifest(join(root, folder, owner, 'package.json'))
  const declared = BUNDLED.has(owner) ? { ...dependencies, ...devDependencies } : (dependencies ?? {})
  return importsOf(source).flatMap(({ specifier, typeOnly, at }) => {
    if (specifier.startsWith('.'))
      return leaves(source.path, specifier) ? [`${at}: \`${specifier}\` leaves the package; import it by name`] : []
    if (specifier.startsWith('node:') || specifier.startsWith('#')) return []
    const name = specifier
      .split('/')
      .slice(0, specifier.startsWith('@') ? 2 : 1)
      .join('/')
    const findings = name in declared ? [] : [`${at}: \`${name}\` is not among the dependencies of ${folder}/${owner}/package.json`]
    if (!name.startsWith('@entente/')) return findings
    if (specifier !== name) findings.push(`${at}: \`${specifier}\` goes round the one entry of \`${name}\``)
    const target = name.slice('@entente/'.length)
    const asType = typeOnly && (TYPES_ONLY[owner]?.includes(target) ?? false)
    const starts = owner === 'cli' && target === 'node' && STARTS_NODE.test(source.path)
    if (target === 'testkit') findings.push(`${at}: only tests import testkit`)
    else if (!allowed.includes(target) && !asType && !starts) findings.push(`${at}: \`${owner}\` may not import \`${target}\``)
    return findings
  })
}

function leaves(path: string, specifier: string): boolean {
  const depth = path.split('/').length - 4
  const ups = specifier.split('/').filter((part) => part === '..').length
  return ups > depth
}

function checkEntry(source: Source): readonly string[] {
  const manifest = JSON.parse(source.text) as { exports?: Readonly<Record<string, unknown>> }
  const folder = source.path.slice(0, -'/package.json'.length)
  // Nobody imports the pages.
  if (folder === 'apps/web') return manifest.exports === undefined ? [] : [`${source.path}: is bundled, and offers nothing`]
  const findings: string[] = []
  if (Object.keys(manifest.exports ?? {}).join(',') !== '.') findings.push(`${source.path}: exactly one entry, \`.\``)
  if (!existsSync(join(process.cwd(), folder, 'src', 'index.ts'))) findings.push(`${folder}: has no src/index.ts`)
  return findings
}
