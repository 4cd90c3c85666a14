// Planted faults: a package is loaded beside itself with one line of its source made wrong.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

/** One wrong line in a copy of a package's source. */
export interface Fault {
  readonly name: string
  /** Of the package's `src`, without its ending. */
  readonly file: string
  readonly right: string
  readonly wrong: string
}

/** The package of a `src` folder (its address, with a slash at the end), true and with each fault. Once a process: it hooks the loader. */
export function planted<Package>(
  src: string,
  faults: readonly Fault[],
): { readonly sound: () => Promise<Package>; readonly twin: (fault: number) => Promise<Package> } {
  const addressOf = (file: string): string => `${src}${file}.ts`
  const textOf = (file: string): string => readFileSync(fileURLToPath(addressOf(file)), 'utf8')
  registerHooks({
    resolve(specifier, context, next) {
      const fault = /[?]fault=(\d+)$/u.exec(context.parentURL ?? '')?.[0]
      const resolved = next(specifier, context)
      return fault !== undefined && specifier.startsWith('./') ? { ...resolved, url: `${resolved.url}${fault}` } : resolved
    },
    load(url, context, next) {
      const [, number] = /[?]fault=(\d+)$/u.exec(url) ?? []
      const fault = number === undefined ? undefined : faults[Number(number)]
      if (fault === undefined || url.replace(/[?].*$/u, '') !== addressOf(fault.file)) return next(url, context)
      return { format: 'module-typescript', source: textOf(fault.file).replace(fault.right, () => fault.wrong), shortCircuit: true }
    },
  })
  const load = async (query: string): Promise<Package> => (await import(`${addressOf('index')}${query}`)) as Package
  return {
    sound: () => load(`?fault=${faults.length}`),
    async twin(number) {
      const { name, file, right, wrong } = faults[number] ?? fail(number)
      assert.equal(textOf(file).split(right).length, 2, `${name}: its line stands in ${file} exactly once`)
      assert.notEqual(right, wrong)
      return load(`?fault=${number}`)
    },
  }
}

function fail(number: number): never {
  throw new RangeError(`no fault has the number ${number}`)
}
