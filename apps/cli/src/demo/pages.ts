import { spawn } from 'node:child_process'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { NODE_OPTIONS, PAGES, PAGES_BUILD } from './entry.ts'

/**
 * Folder of the built pages. `npm ci` builds them; where it was told to run no scripts they are built now. Undefined where
 * there is nothing to build them with: the nodes then have their API and no pages.
 */
export async function readyPages(): Promise<string | undefined> {
  if (await exists()) return PAGES
  const child = spawn(process.execPath, [...NODE_OPTIONS, PAGES_BUILD, '--if-needed'], { stdio: ['ignore', 'ignore', 'inherit'] })
  await new Promise((resolve) => child.once('exit', resolve))
  return (await exists()) ? PAGES : undefined
}

async function exists(): Promise<boolean> {
  return access(join(PAGES, 'pages.json')).then(
    () => true,
    () => false,
  )
}
