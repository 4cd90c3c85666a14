import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Check, readManifest, sources } from './check.ts'

interface Locked {
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly link?: boolean
  readonly hasInstallScript?: boolean
  readonly dev?: boolean
  readonly optional?: boolean
  readonly os?: readonly string[]
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

export const lockfile: Check = {
  name: 'lockfile',
  promise: 'the lockfile is whole, names no registry, has the hash of all that ships, and no dependency runs a script',
  run(root) {
    const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, Locked> }
    const findings: string[] = []
    for (const [path, locked] of Object.entries(packages)) {
      if (!path.startsWith('node_modules/') && !path.includes('/node_modules/')) continue
      if (locked.link === true) continue
      if (locked.resolved !== undefined) findings.push(`package-lock.json: \`${path}\` has \`resolved\``)
      if (locked.integrity === undefined && !foreignTool(locked)) findings.push(`package-lock.json: \`${path}\` has no hash`)
      if (locked.hasInstallScript === true) findings.push(`package-lock.json: \`${path}\` runs a script at installation`)
    }
    return [...findings, ...unlocked(root, packages), ...unlisted(packages)]
  },
}

/** Dependencies that a package.json names and the lockfile does not know: `npm ci` would refuse. */
function unlocked(root: string, packages: Readonly<Record<string, Locked>>): readonly string[] {
  return sources(root, 'packages/*/package.json', 'apps/*/package.json').flatMap(({ path }) => {
    const folder = path.slice(0, -'/package.json'.length)
    const known = (packages[folder] as { dependencies?: Readonly<Record<string, string>> } | undefined)?.dependencies ?? {}
    return Object.entries(readManifest(join(root, path)).dependencies ?? {})
      .filter(([name, range]) => known[name] !== range)
      .map(([name]) => `${path}: \`${name}\` is not in the lockfile as written here (npm install)`)
  })
}

/**
 * The binary of a development tool for another platform. A registry mirror may not carry it; it stands in the lockfile
 * all the same, since `npm ci` refuses a lockfile that leaves one out, on every platform. It is not part of the product.
 */
function foreignTool(locked: Locked): boolean {
  return locked.dev === true && locked.optional === true && locked.os !== undefined
}

function unlisted(packages: Readonly<Record<string, Locked>>): readonly string[] {
  return Object.entries(packages).flatMap(([path, { optionalDependencies }]) =>
    Object.keys(optionalDependencies ?? {})
      .filter((name) => packages[`node_modules/${name}`] === undefined)
      .map((name) => `package-lock.json: \`${name}\`, an optional dependency of \`${path}\`, is left out: \`npm ci\` will refuse`),
  )
}
