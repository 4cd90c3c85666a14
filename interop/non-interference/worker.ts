/** One process that runs rows of pairs and planted leaks, as it is told. */
import { PLANTED } from './planted.ts'
import { Beginning, type Row, runRow } from './session.ts'

/** What a worker is asked for. */
export type Task =
  | { readonly kind: 'row'; readonly seed: string; readonly length: number }
  | { readonly kind: 'planted'; readonly name: string; readonly seed: string; readonly length: number }

/** What comes back; `fault` where the run itself broke. */
export type Done = { readonly task: Task } & ({ readonly row: Row } | { readonly fault: string })

async function run(beginning: Beginning, task: Task): Promise<Row> {
  if (task.kind === 'row') return runRow(beginning, task.seed, task.length)
  const planted = PLANTED.find(({ name }) => name === task.name)
  if (planted === undefined) throw new Error(`nothing is planted as ${task.name}`)
  const { observer, difference, leak } = planted
  return runRow(beginning, task.seed, task.length, { observer, leak, ...(difference === undefined ? {} : { difference }) })
}

const beginning = await Beginning.make()
const tell = (done: Done | 'ready'): void => void process.send?.(done)

process.on('message', (task: Task | 'end') => {
  if (task === 'end') {
    void beginning[Symbol.asyncDispose]().then(() => process.disconnect?.())
    return
  }
  run(beginning, task).then(
    (row) => tell({ task, row }),
    (error: unknown) => tell({ task, fault: String((error as Error).stack ?? error) }),
  )
})
// Whoever asked is gone.
process.on('disconnect', () => process.exit())
tell('ready')
