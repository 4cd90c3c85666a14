/** Where the command line reads and writes: results on `stdout`, problems on `stderr`. */
export interface Io {
  readonly stdin: AsyncIterable<Uint8Array>
  readonly stdout: { write(text: string | Uint8Array): unknown; readonly isTTY?: boolean }
  readonly stderr: { write(text: string): unknown }
  readonly env: Readonly<Record<string, string | undefined>>
}
