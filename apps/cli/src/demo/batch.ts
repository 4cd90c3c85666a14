import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { NODE_MAIN, NODE_OPTIONS } from './entry.ts'
import { DemoError } from './errors.ts'

/** Runs set-up commands of one nation in a process of its own, one after the other. */
export interface Batch extends AsyncDisposable {
  /** Gives the command's answer; throws `demo/set-up-failed` with the code that the nation's process gave. */
  run<T>(command: string, input?: unknown): Promise<T>
}

/** Starts the set-up process of the nation in `dir`. Its secrets stay in it and in its directory. */
export function startBatch(dir: string): Batch {
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(process.execPath, [...NODE_OPTIONS, NODE_MAIN, 'batch', dir], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  // A process that went away is told by the missing answer.
  child.stdin.on('error', () => {})
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    async run<T>(command: string, input: unknown = {}): Promise<T> {
      child.stdin.write(`${JSON.stringify({ command, input })}\n`)
      const line = await answers.next()
      const answer = line.done === true ? undefined : (JSON.parse(line.value) as { error?: { code: string; message: string } })
      const error = answer === undefined ? { code: '', message: 'the process ended' } : answer.error
      if (error !== undefined) {
        throw new DemoError('demo/set-up-failed', `${command}: ${error.message}`, { values: { command, code: error.code } })
      }
      return answer as T
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end()
      await ended
    },
  }
}
