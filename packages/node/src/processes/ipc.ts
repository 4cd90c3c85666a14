import { EntenteError, codeOf } from '@entente/canonical'
import { NodeError } from '../errors.ts'

/** What a process offers to its peer: operations of one argument. */
export type Api = Record<string, (body: never) => unknown>

type Body<F> = F extends (body: infer B) => unknown ? B : never
type Answer<F> = F extends (body: never) => infer R ? Awaited<R> : never

/** The two ends of Node's IPC channel look the same: `ChildProcess` and `process`. */
export interface Channel {
  send?(message: unknown, sent: (error: Error | null) => void): boolean
  on(event: 'message', listener: (message: unknown) => void): unknown
  on(event: 'disconnect', listener: () => void): unknown
}

interface Request {
  readonly ask: number
  readonly op: string
  readonly body: unknown
}
interface Response {
  readonly answer: number
  readonly value?: unknown
  readonly error?: { readonly code: string; readonly message: string; readonly values: Readonly<Record<string, string | number>> }
}

/** A process at the other end of an IPC channel, called by operation. */
export interface Peer<Remote> {
  /** Throws what the other end threw, as `EntenteError` with the same code, or `node/process-gone`. */
  call<Op extends keyof Remote & string>(op: Op, body: Body<Remote[Op]>): Promise<Answer<Remote[Op]>>
  /** Resolves once the channel is gone. */
  readonly gone: Promise<void>
}

/**
 * Speaks request and answer over one IPC channel, both ways. Both ends are processes of the same node started from the
 * same code, so bodies are not checked again here; nothing from outside reaches this channel unparsed.
 */
export function peerOver<Remote>(channel: Channel, own: Record<string, (body: never) => unknown>): Peer<Remote> {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>()
  let next = 1
  let isGone = false
  const { promise: gone, resolve: leave } = Promise.withResolvers<void>()

  channel.on('message', (message) => {
    if (Array.isArray(message)) for (const one of message) take(one)
    else take(message)
  })

  function take(message: unknown): void {
    if (isResponse(message)) {
      const caller = waiting.get(message.answer)
      waiting.delete(message.answer)
      if (message.error === undefined) caller?.resolve(message.value)
      else caller?.reject(new EntenteError(message.error.code, message.error.message, { values: message.error.values }))
    } else if (isRequest(message)) {
      void answer(message)
    }
  }
  channel.on('disconnect', () => {
    isGone = true
    for (const caller of waiting.values()) caller.reject(new NodeError('node/process-gone', 'the other process is gone'))
    waiting.clear()
    leave()
  })

  async function answer(request: Request): Promise<void> {
    try {
      const operation = own[request.op]
      if (operation === undefined) throw new NodeError('node/internal', `no operation \`${request.op}\``)
      post({ answer: request.ask, value: await operation(request.body as never) })
    } catch (error) {
      post({ answer: request.ask, error: carried(error) })
    }
  }

  /** What this turn has to say, in order: each message by itself would wake the other process. */
  let turn: (Request | Response)[] = []

  function post(message: Request | Response): void {
    if (turn.push(message) > 1) return
    process.nextTick(() => {
      const messages = turn
      turn = []
      try {
        send(messages.length === 1 ? messages[0] : messages)
      } catch {
        // One of them is nothing that can be carried; the others are.
        for (const one of messages) sendAlone(one)
      }
    })
  }

  /** A channel that closes while a message is on its way tells by `disconnect`; the message's own error says nothing more. */
  function send(message: unknown): void {
    if (!isGone) channel.send?.(message, () => {})
  }

  function sendAlone(message: Request | Response): void {
    try {
      send(message)
    } catch (error) {
      if ('answer' in message) send({ answer: message.answer, error: carried(error) } satisfies Response)
      else {
        waiting.get(message.ask)?.reject(error)
        waiting.delete(message.ask)
      }
    }
  }

  return {
    gone,
    call(op, body) {
      if (isGone) return Promise.reject(new NodeError('node/process-gone', 'the other process is gone'))
      const { promise, resolve, reject } = Promise.withResolvers<unknown>()
      const ask = next++
      waiting.set(ask, { resolve, reject })
      post({ ask, op, body })
      return promise as Promise<never>
    },
  }
}

function carried(error: unknown): NonNullable<Response['error']> {
  if (error instanceof EntenteError) return { code: codeOf(error), message: error.message, values: error.values }
  return { code: 'node/internal', message: error instanceof Error ? (error.stack ?? error.message) : String(error), values: {} }
}

function isRequest(message: unknown): message is Request {
  return typeof message === 'object' && message !== null && 'ask' in message
}

function isResponse(message: unknown): message is Response {
  return typeof message === 'object' && message !== null && 'answer' in message
}
