/** Runs one benchmark of this folder: `npm run bench -- start`; without a name, lists them. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const [name, ...rest] = process.argv.slice(2)
const file = join(import.meta.dirname, `${name ?? ''}.ts`)

if (name === undefined || name === 'run' || !existsSync(file)) {
  const names = readdirSync(import.meta.dirname).flatMap((one) => (one.endsWith('.ts') && one !== 'run.ts' ? [one.slice(0, -3)] : []))
  console.log(`npm run bench -- NAME, where NAME is one of: ${names.sort().join(', ')}`)
  process.exitCode = name === undefined ? 0 : 2
} else {
  process.argv.splice(2, 1)
  await ((await import(file)) as { bench(args: readonly string[]): Promise<void> }).bench(rest)
}
