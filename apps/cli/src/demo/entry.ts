import { fileURLToPath } from 'node:url'

/** Script of a nation's own process. */
export const NODE_MAIN: string = fileURLToPath(new URL('../../../../packages/node/src/main.ts', import.meta.url))

/**
 * Node.js options of a nation's node: from source. Its young generation is a little larger than that of its children: at 1 MiB
 * a quarter of the start went to collecting it (`npm run bench -- start`).
 */
export const NODE_OPTIONS: readonly string[] = [
  '--conditions=entente-source',
  '--disable-warning=ExperimentalWarning',
  '--max-semi-space-size=4',
]

/** Folder of the built pages, which nations' nodes serve. */
export const PAGES: string = fileURLToPath(new URL('../../../web/built/', import.meta.url))
/** Script that builds them. */
export const PAGES_BUILD: string = fileURLToPath(new URL('../../../web/build.ts', import.meta.url))
