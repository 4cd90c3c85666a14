import { fileURLToPath } from 'node:url'

/** Script of a nation's own process. */
export const NODE_MAIN: string = fileURLToPath(new URL('../../../../packages/node/src/main.ts', import.meta.url))

/** Node.js options of a nation's process: from source, and small rather than fast. */
export const NODE_OPTIONS: readonly string[] = [
  '--conditions=entente-source',
  '--disable-warning=ExperimentalWarning',
  '--optimize-for-size',
  '--max-semi-space-size=1',
]
