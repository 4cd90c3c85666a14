import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { codeOf, utf8 } from '@entente/canonical'
import { NodeError } from '../errors.ts'
import type { Notice } from '../processes/log-events.ts'

const ANSWER_MILLISECONDS = 5_000

/** A pusher that runs. */
export interface MetricsPusher {
  /** Sends once more what there is, and ends. */
  stop(): Promise<void>
}

/**
 * Posts what `collect` gives to the one address that the nation's configuration names, again and again. A redirect is not
 * followed. What does not arrive is told once and left out: the next message says everything since the start.
 */
export function pushMetrics(options: {
  readonly url: string
  readonly everySeconds: number
  readonly collect: () => Promise<string>
  readonly notice: Notice
}): MetricsPusher {
  const { url, everySeconds, collect, notice } = options
  let failed = false
  let turn: Promise<void> = Promise.resolve()
  const push = (): Promise<void> =>
    (turn = turn.then(async () => {
      try {
        await post(url, await collect())
        failed = false
      } catch (error) {
        if (!failed) notice('metrics/not-sent', { reason: codeOf(error) })
        failed = true
      }
    }))
  const timer = setInterval(() => void push(), everySeconds * 1_000)
  timer.unref()
  return {
    async stop() {
      clearInterval(timer)
      await push()
    },
  }
}

async function post(url: string, text: string): Promise<void> {
  const body = utf8(text)
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const call = (url.startsWith('https:') ? requestHttps : requestHttp)(
    url,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': body.length },
      signal: AbortSignal.timeout(ANSWER_MILLISECONDS),
      agent: false,
    },
    (answer) => {
      answer.resume()
      answer.once('end', () => resolve(answer.statusCode ?? 0)).once('error', reject)
    },
  )
  call.once('error', reject)
  call.end(body)
  const status = await promise
  if (status < 200 || status > 299) throw new NodeError('node/partner-refused', `the collector answered ${status}`, { values: { status } })
}
