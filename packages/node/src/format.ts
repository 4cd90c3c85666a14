import { readFile } from 'node:fs/promises'
import { codeOf } from '@entente/canonical'
import { pathsOf, writeDurably } from './config.ts'
import { NodeError } from './errors.ts'

/** The format of a nation's directory that this program reads and writes. A directory without a number is of the first; since the second a witness keeps newer records apart (ADR 0017). */
export const FORMAT = 2

/**
 * Looks at the directory's `version` before anything of it is changed, and writes the own one where it is missing or older. Throws
 * `node/newer-format` (`format`, `known`), and `node/config` where it is no number.
 */
export async function checkFormat(dir: string): Promise<void> {
  const { version } = pathsOf(dir)
  const text = await readFile(version, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  })
  if (text !== undefined && !/^[1-9][0-9]{0,5}\n$/u.test(text))
    throw new NodeError('node/config', 'the directory says no version', { values: { what: 'version' } })
  const format = text === undefined ? 0 : Number(text)
  if (format > FORMAT)
    throw new NodeError('node/newer-format', `the directory is of format ${format}`, { values: { format, known: FORMAT } })
  if (format < FORMAT) await writeDurably(version, `${FORMAT}\n`)
}
