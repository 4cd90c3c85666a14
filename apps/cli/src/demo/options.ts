import type { Lang } from '@entente/words'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { DemoError } from './errors.ts'
import { usualDir } from '../io.ts'
import type { Io } from './io.ts'

/** What `demo` was asked for. */
export interface DemoOptions {
  readonly dir: string
  readonly fresh: boolean
  /** First port: nations' people get it and the next, partners the ones a hundred above. Undefined: as configured. */
  readonly port: number | undefined
  readonly lang: Lang
  readonly world: string | undefined
  readonly story: boolean
  readonly keep: boolean
  readonly json: boolean
  readonly files: readonly { readonly path: string; readonly marking?: string }[]
}

/** Reads the arguments after `demo`; throws `demo/usage`. */
export function readOptions(args: readonly string[], io: Io): DemoOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: false,
      options: {
        dir: { type: 'string' },
        fresh: { type: 'boolean', default: false },
        port: { type: 'string' },
        lang: { type: 'string' },
        world: { type: 'string' },
        story: { type: 'boolean', default: false },
        keep: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        file: { type: 'string', multiple: true, default: [] },
      },
    })
    const port = values.port === undefined ? undefined : Number(values.port)
    if (port !== undefined && !(Number.isInteger(port) && port >= 1_024 && port <= 65_000))
      throw new TypeError('--port takes a number from 1024 to 65000')
    if (values.lang !== undefined && values.lang !== 'ja' && values.lang !== 'en') throw new TypeError('--lang takes ja or en')
    const world = values.world
    return {
      dir: resolve(values.dir ?? usualDir(io.env)),
      fresh: values.fresh,
      port,
      lang: values.lang ?? languageOf(io.env),
      world: world === undefined ? undefined : resolve(world),
      story: values.story,
      keep: values.keep,
      json: values.json,
      files: values.file.map(readFileOption),
    }
  } catch (cause) {
    throw new DemoError('demo/usage', cause instanceof Error ? cause.message : String(cause), {
      cause,
      values: { why: cause instanceof Error ? cause.message : '' },
    })
  }
}

function languageOf(env: Io['env']): Lang {
  const set = env['LC_ALL'] ?? env['LC_MESSAGES'] ?? env['LANG'] ?? ''
  return set.startsWith('ja') ? 'ja' : 'en'
}

/** `PATH` or `PATH=MARKING`; a marking has no `=`, so the last one parts the two. */
function readFileOption(text: string): { path: string; marking?: string } {
  const at = text.lastIndexOf('=')
  return at <= 0 ? { path: resolve(text) } : { path: resolve(text.slice(0, at)), marking: text.slice(at + 1) }
}
