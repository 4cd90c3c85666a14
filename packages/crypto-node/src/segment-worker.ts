/** A thread that works on segments: one comes, its memory goes back with the answer. */
import { parentPort } from 'node:worker_threads'
import { digestBytes, openSegment, sealSegment } from './segment.ts'
import type { SegmentTask } from './segment-threads.ts'

parentPort?.on('message', (task: SegmentTask) => {
  const { segment } = task
  parentPort?.postMessage(answerOf(task), [segment.buffer])
})

function answerOf(task: SegmentTask): unknown {
  switch (task.act) {
    case 'seal':
      return sealSegment(task.key, task.segment)
    case 'open':
      return openSegment(task.key, task.segment, task.mac)
    default:
      return digestBytes(task.algorithm, task.segment)
  }
}
