import { readFile, readdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { type TileReader, parseLogPath } from '@entente/ledger'
import { nodeFetch } from './login/index.ts'

/** Where a log's files lie: how to read one, and which there are, where that can be known. */
export interface LogFiles {
  readonly reader: TileReader
  readonly paths?: readonly string[]
}

/** The files of a log in a folder, or below an address. No node needs to be alive for a folder. */
export async function logFiles(place: string): Promise<LogFiles> {
  if (/^https?:\/\//u.test(place)) return { reader: overHttp(place) }
  const names = await readdir(place, { recursive: true }).catch((): string[] => [])
  const paths = names.map((name) => relative('.', name).split(sep).join('/')).filter((path) => parseLogPath(path) !== undefined)
  return { reader: inFolder(place), paths }
}

function inFolder(folder: string): TileReader {
  return async (path) => {
    // Only paths of a log become paths of this machine.
    if (path !== 'checkpoint' && parseLogPath(path) === undefined) return undefined
    try {
      return await readFile(join(folder, path))
    } catch (error) {
      if ((error as { code?: string }).code === 'ENOENT') return undefined
      throw error
    }
  }
}

function overHttp(prefix: string): TileReader {
  const base = prefix.endsWith('/') ? prefix : `${prefix}/`
  return async (path) => {
    const answer = await nodeFetch(new URL(path, base))
    if (answer.status === 404) return undefined
    if (answer.status !== 200) throw new Error(`status ${answer.status}`)
    return new Uint8Array(await answer.arrayBuffer())
  }
}
