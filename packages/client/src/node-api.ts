import { type Json, type Shape, CanonicalError, canonicalBytes, concatBytes, readJson, readShape } from '@entente/canonical'
import * as v from 'valibot'
import { ClientError, NodeRefusal, absent } from './errors.ts'

/** One request to the own node, from its root: `/api/…`. */
export interface NodeRequest {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly contentType?: string
  readonly body?: Uint8Array
}

/** What came back, whatever it is. */
export interface NodeAnswer {
  readonly status: number
  /** To be read once, to its end or not at all. */
  readonly body: AsyncIterable<Uint8Array>
}

/** The host's way to the own node, with the person's token and proof. Throws when nobody answers. */
export type NodeCall = (request: NodeRequest) => Promise<NodeAnswer>

/** The own node, as the flows use it. Every answer is checked; a 404 is `client/absent`, another refusal a `NodeRefusal`. */
export interface NodeApi {
  get<T>(path: string, shape: Shape<T>): Promise<T>
  /** Without a shape the answer is not looked at. */
  post<T>(path: string, body: unknown, shape: Shape<T>): Promise<T>
  send(path: string, body: unknown): Promise<void>
  /** Puts JSON in the place of what stands there. */
  replace<T>(path: string, body: unknown, shape: Shape<T>): Promise<T>
  put(path: string, bytes: Uint8Array): Promise<void>
  /** The bytes of an answer as they come. */
  stream(path: string): Promise<AsyncIterable<Uint8Array>>
}

/** The largest answer that is read whole: 64 MiB, a disclosure. */
export const MAX_ANSWER_BYTES = 67_108_864
const PROBLEM = v.object({
  code: v.pipe(v.string(), v.regex(/^[a-z-]+\/[a-z0-9-]+$/u)),
  values: v.optional(v.record(v.string(), v.union([v.string(), v.number()])), {}),
})

/** The node's API over a host's call. */
export function nodeApi(call: NodeCall): NodeApi {
  const json = async <T>(request: NodeRequest, shape: Shape<T>): Promise<T> => {
    const body = await whole((await accepted(call, request)).body)
    try {
      return readShape(shape, readJson(body, MAX_ANSWER_BYTES), request.path)
    } catch (cause) {
      if (!(cause instanceof CanonicalError)) throw cause
      throw new ClientError('client/answer-malformed', `the node's answer to ${routeOf(request)} is not one`, {
        cause,
        values: { route: routeOf(request), why: cause.code },
      })
    }
  }
  return {
    get: (path, shape) => json({ method: 'GET', path }, shape),
    post: (path, body, shape) => json(posting(path, body), shape),
    replace: (path, body, shape) => json({ ...posting(path, body), method: 'PUT' }, shape),
    async send(path, body) {
      await whole((await accepted(call, posting(path, body))).body)
    },
    async put(path, bytes) {
      await whole((await accepted(call, { method: 'PUT', path, contentType: 'application/octet-stream', body: bytes })).body)
    },
    async stream(path) {
      return (await accepted(call, { method: 'GET', path })).body
    },
  }
}

function posting(path: string, body: unknown): NodeRequest {
  return { method: 'POST', path, contentType: 'application/json', body: canonicalBytes(body as Json) }
}

/** A route without what stands for one item or person: fit for a message. */
function routeOf({ method, path }: NodeRequest): string {
  return `${method} ${path.replace(/\?.*$/u, '').replaceAll(/[0-9a-f-]{32,}/gu, '…')}`
}

async function accepted(call: NodeCall, request: NodeRequest): Promise<NodeAnswer> {
  const answer = await call(request)
  if (answer.status >= 200 && answer.status < 300) return answer
  if (answer.status === 404) {
    await whole(answer.body)
    throw absent()
  }
  throw await refusalOf(answer, request)
}

async function refusalOf(answer: NodeAnswer, request: NodeRequest): Promise<NodeRefusal | ClientError> {
  try {
    const { code, values } = v.parse(PROBLEM, readJson(await whole(answer.body)))
    return new NodeRefusal(code, answer.status, values)
  } catch (cause) {
    return new ClientError('client/answer-unknown', `the node answered ${answer.status}`, {
      cause,
      values: { route: routeOf(request), status: answer.status },
    })
  }
}

/** All of a stream, at most `MAX_ANSWER_BYTES`; throws `client/answer-malformed` beyond. */
export async function whole(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of stream) {
    length += part.length
    if (length > MAX_ANSWER_BYTES)
      throw new ClientError('client/answer-malformed', 'a longer answer than any', { values: { why: 'canonical/too-large' } })
    parts.push(part)
  }
  return concatBytes(...parts)
}
