import { homedir } from 'node:os'
import { join } from 'node:path'
/** Where the command line reads and writes: results on `stdout`, problems on `stderr`. */
export interface Io {
  readonly stdin: AsyncIterable<Uint8Array>
  readonly stdout: { write(text: string | Uint8Array): unknown; readonly isTTY?: boolean }
  readonly stderr: { write(text: string): unknown }
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Where the demonstration lives unless `--dir` says otherwise: `$ENTENTE_DIR`, or a folder in the person's home. */
export function usualDir(env: Io['env']): string {
  return env['ENTENTE_DIR'] ?? join(homedir(), '.entente', 'demo')
}
