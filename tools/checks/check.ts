import { spawn } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A rule that a machine holds. */
export interface Check {
  readonly name: string
  /** What is true when it passes, in a few words. */
  readonly promise: string
  /** Findings, one a string, `path:line: what` where it has a place; empty when the rule holds. `root` is the checkout. */
  run(root: string): Promise<readonly string[]> | readonly string[]
}

/** A file of the project and what it says. */
export interface Source {
  /** Relative to the checkout, with `/`. */
  readonly path: string
  readonly text: string
}

const NOT_OURS = new Set(['node_modules', 'dist', 'dist-test', 'built', '.git', 'out'])

/** The files that match, without what is installed or built; sorted by path. */
export function sources(root: string, ...patterns: readonly string[]): readonly Source[] {
  return globSync([...patterns], { cwd: root, exclude: (entry) => NOT_OURS.has(entry.split('/').at(-1) ?? '') })
    .filter((path) => !path.split('/').some((part) => NOT_OURS.has(part)))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
}

/** Code without its comments; places stay where they were. Good enough for our own style, where no string holds `//` after a space. */
export function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/[^\n]*/gu, (comment) => comment.replaceAll(/[^\n]/gu, ' '))
}

/** `path:line`, counted from 1. */
export function place(source: Source, index: number): string {
  return `${source.path}:${source.text.slice(0, index).split('\n').length}`
}

/** The members of a JSON file that these checks read. */
export interface Manifest {
  readonly name?: string
  readonly version?: string
  readonly license?: string
  readonly private?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly exports?: Readonly<Record<string, unknown>>
}

/** A `package.json`. */
export function readManifest(path: string): Manifest {
  return JSON.parse(readFileSync(path, 'utf8')) as Manifest
}

/** Runs a tool of `node_modules` with the running Node.js; its output when it fails, nothing when it passes. */
export async function runTool(root: string, script: string, ...args: readonly string[]): Promise<readonly string[]> {
  const child = spawn(process.execPath, [join(root, 'node_modules', script), ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const { promise, resolve, reject } = Promise.withResolvers<number | null>()
  child.on('error', reject)
  child.on('close', resolve)
  return (await promise) === 0 ? [] : [output.trim() || `${script} failed and said nothing`]
}
