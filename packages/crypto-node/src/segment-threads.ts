/** Segments on as many threads as the machine has cores; on the caller's own while there are few. */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Digested, OpenedSegment, SealedSegment, SegmentCrypto } from '@entente/canonical'
import { digestBytes, openSegment, sealSegment } from './segment.ts'

/** What a thread is sent; it answers in the order in which it was asked. */
export type SegmentTask =
  | { readonly act: 'seal'; readonly key: Uint8Array; readonly segment: Uint8Array<ArrayBuffer> }
  | { readonly act: 'open'; readonly key: Uint8Array; readonly segment: Uint8Array<ArrayBuffer>; readonly mac?: Uint8Array }
  | { readonly act: 'digest'; readonly algorithm: 'SHA-256' | 'SHA-384'; readonly segment: Uint8Array<ArrayBuffer> }

interface Thread {
  readonly worker: Worker
  readonly waiting: PromiseWithResolvers<unknown>[]
  ready: boolean
}

const THREADS = Math.min(availableParallelism(), 4)
/** A thread takes as long to start as some ten segments to work on, and some megabytes: only a longer row of them is worth it. */
const ROW = 4
/** Bytes of a segment below which the way to a thread and back is longer than the work. */
const WORTH_SENDING = 131_072
/** In milliseconds: how soon the next segment comes within a row, and how long a thread waits for one before it ends. */
const WITHIN_ROW = 250
const IDLE = 5_000

/** What a thread may hold of the cipher's output before it is collected; its own heap takes three. */
const HEAP_MEGABYTES = 64

let threads: readonly Thread[] = []
let row = 0
let latest = 0
let ending: NodeJS.Timeout | undefined

/** Segments on the threads of this process. */
export const threadedSegments: SegmentCrypto = {
  seal: async (key, segment) => (await onThread({ act: 'seal', key, segment }, () => sealSegment(key, segment))) as SealedSegment,
  open: async (key, segment, mac) =>
    (await onThread({ act: 'open', key, segment, ...(mac === undefined ? {} : { mac }) }, () =>
      openSegment(key, segment, mac),
    )) as OpenedSegment,
  digest: async (algorithm, bytes) =>
    (await onThread({ act: 'digest', algorithm, segment: bytes }, () => digestBytes(algorithm, bytes))) as Digested,
}

async function onThread(task: SegmentTask, here: () => unknown): Promise<unknown> {
  if (task.segment.length < WORTH_SENDING) return here()
  const now = performance.now()
  row = now - latest > WITHIN_ROW ? 1 : row + 1
  latest = now
  if (row > ROW && threads.length === 0 && THREADS > 1) startThreads()
  const [thread] = threads.filter(({ ready }) => ready).sort((a, b) => a.waiting.length - b.waiting.length)
  if (thread === undefined) return here()
  const answer = Promise.withResolvers<unknown>()
  thread.waiting.push(answer)
  thread.worker.ref()
  thread.worker.postMessage(task, [task.segment.buffer])
  return answer.promise
}

function startThreads(): void {
  clearInterval(ending)
  ending = setInterval(endIdle, IDLE).unref()
  threads = Array.from({ length: THREADS }, startThread)
}

function startThread(): Thread {
  const worker = new Worker(new URL('./segment-worker.ts', import.meta.url), {
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES },
  })
  const thread: Thread = { worker, waiting: [], ready: false }
  // An idle thread keeps no process alive.
  worker.unref()
  worker.once('online', () => (thread.ready = true))
  worker.on('message', (answer: unknown) => {
    thread.waiting.shift()?.resolve(answer)
    if (thread.waiting.length === 0) worker.unref()
  })
  const gone = (cause: unknown): void => {
    threads = threads.filter((one) => one !== thread)
    for (const { reject } of thread.waiting.splice(0)) reject(new Error('a thread for segments ended', { cause }))
  }
  worker.once('error', gone)
  worker.once('exit', gone)
  return thread
}

function endIdle(): void {
  if (performance.now() - latest < IDLE || threads.some(({ waiting }) => waiting.length > 0)) return
  clearInterval(ending)
  for (const { worker } of threads) void worker.terminate()
  threads = []
}
