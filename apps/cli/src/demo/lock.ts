import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DemoError } from './errors.ts'

/** What tells a process from a later one of the same number: its start time, where the system says it. */
async function birthOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * Takes a directory for this process; a lock left by one that is gone is taken over. Throws `demo/in-use` with the other's
 * process id. Disposing gives it back.
 */
export async function lockDirectory(dir: string): Promise<AsyncDisposable> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const file = join(dir, 'demo.lock')
  const mine = JSON.stringify({ pid: process.pid, born: await birthOf(process.pid) })
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      await writeFile(file, mine, { flag: 'wx', mode: 0o600 })
      return {
        async [Symbol.asyncDispose]() {
          await rm(file, { force: true })
        },
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const [pid, born] = await holderOf(file)
    if (pid !== 0 && alive(pid) && (born === '' || born === (await birthOf(pid)))) {
      throw new DemoError('demo/in-use', `process ${pid} runs the demonstration in this directory`, { values: { dir, pid } })
    }
    await rm(file, { force: true })
  }
  throw new DemoError('demo/in-use', 'another process takes this directory', { values: { dir, pid: 0 } })
}

async function holderOf(file: string): Promise<readonly [number, string]> {
  try {
    const { pid, born } = JSON.parse(await readFile(file, 'utf8')) as { pid?: unknown; born?: unknown }
    return [typeof pid === 'number' ? pid : 0, typeof born === 'string' ? born : '']
  } catch {
    // Half written by a process that died over it, or gone since.
    return [0, '']
  }
}
