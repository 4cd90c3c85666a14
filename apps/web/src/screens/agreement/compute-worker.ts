/** Runs beside the page, under a policy of its own that lets it call nobody: it gets a task, tells how far it is, and answers. */
import { EntenteError, codeOf } from '@entente/canonical'
import { type Task, compute } from './compute.ts'

/** What the worker says of the task that it was given. */
export type Said =
  | { readonly said: 'step'; readonly done: number; readonly of: number }
  | { readonly said: 'answer'; readonly answer: unknown }
  | { readonly said: 'error'; readonly code: string; readonly message: string; readonly values: EntenteError['values'] }

const tell = (said: Said): void => postMessage(said)

addEventListener('message', ({ data }: MessageEvent<Task>) => {
  try {
    tell({ said: 'answer', answer: compute(data, (done, of) => tell({ said: 'step', done, of })) })
  } catch (error) {
    const values = error instanceof EntenteError ? error.values : {}
    tell({ said: 'error', code: codeOf(error), message: error instanceof Error ? error.message : '', values })
  }
})
