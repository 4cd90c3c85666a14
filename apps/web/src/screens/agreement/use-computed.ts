import { EntenteError } from '@entente/canonical'
import { type DependencyList, useEffect, useState } from 'react'
// oxlint-disable-next-line import/default -- the bundler gives its address (src/assets.d.ts)
import workerAddress from './compute-worker.ts?worker&url'
import type { Said } from './compute-worker.ts'
import type { Answers, Task } from './compute.ts'

/** The one address of which this page makes a worker (Trusted Types). */
const own = trustedAddress()

function trustedAddress(): string {
  if (typeof trustedTypes === 'undefined') return workerAddress
  const policy = trustedTypes.createPolicy('entente', {
    createScriptURL(url) {
      if (url !== workerAddress) throw new TypeError('no worker of this page')
      return url
    },
  })
  return policy.createScriptURL(workerAddress)
}

/** A worker that has answered and waits for the next task: starting one takes longer than most answers. */
let resting: Worker | undefined

/** Something that is computed beside the page. */
export interface Computed<A> {
  readonly answer: A | undefined
  readonly error: unknown
  /** Steps, once the worker has told of any. */
  readonly step: { readonly done: number; readonly of: number } | undefined
}

const NOTHING = { answer: undefined, error: undefined, step: undefined } as const

/**
 * Computes a task in a worker, `wait` milliseconds after it was last changed. `of` says what the task is of: with another, the one that
 * runs is ended where it stands, and its answer is never seen. No task, no answer.
 */
export function useComputed<K extends Task['task']>(
  task: Extract<Task, { readonly task: K }> | undefined,
  of: DependencyList,
  wait = 0,
): Computed<Answers[K]> & { readonly again: () => void } {
  const [round, setRound] = useState(0)
  const [found, setFound] = useState<Computed<Answers[K]> & { readonly of: DependencyList }>({ ...NOTHING, of: [] })
  const key = [...of, round]
  useEffect(() => {
    if (task === undefined) return undefined
    let end = (): void => {}
    const timer = setTimeout(() => {
      end = work(task, (said) => setFound({ ...said, of: key } as never))
    }, wait)
    return () => {
      clearTimeout(timer)
      end()
    }
    // The caller says what it depends on: a task is made anew at each rendering.
  }, key)
  const mine = found.of.length === key.length && found.of.every((one, at) => Object.is(one, key[at]))
  return { ...(mine && task !== undefined ? found : NOTHING), again: () => setRound(round + 1) }
}

/** Gives a worker a task; the function that is returned ends it. */
function work(task: Task, tell: (said: Computed<unknown>) => void): () => void {
  const worker = resting ?? new Worker(own)
  resting = undefined
  const listening = new AbortController()
  const { signal } = listening
  const finish = (said: Computed<unknown>, spent: boolean): void => {
    listening.abort()
    if (spent || resting !== undefined) worker.terminate()
    else resting = worker
    tell(said)
  }
  worker.addEventListener(
    'message',
    ({ data }: MessageEvent<Said>) => {
      if (data.said === 'step') tell({ ...NOTHING, step: { done: data.done, of: data.of } })
      else if (data.said === 'answer') finish({ ...NOTHING, answer: data.answer }, false)
      else finish({ ...NOTHING, error: new EntenteError(data.code, data.message, { values: data.values }) }, false)
    },
    { signal },
  )
  worker.addEventListener(
    'error',
    (event) => {
      event.preventDefault()
      finish({ ...NOTHING, error: new EntenteError('web/worker', 'the worker did not start') }, true)
    },
    { signal },
  )
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin to name
  worker.postMessage(task)
  return () => {
    if (signal.aborted) return
    listening.abort()
    worker.terminate()
  }
}
