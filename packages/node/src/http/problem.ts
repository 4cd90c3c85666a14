import { EntenteError, type MessageValues } from '@entente/canonical'
import type { FastifyReply } from 'fastify'

export type HttpCode =
  | 'http/absent'
  | 'http/body-not-valid'
  | 'http/body-not-json'
  | 'http/body-too-large'
  | 'http/media-type'
  | 'http/request-not-valid'
  | 'http/internal'
  | 'http/no-port'

/** What the HTTP edge itself refuses. */
export class HttpError extends EntenteError<HttpCode> {
  override name = 'HttpError'
}

/** The sentence for a code, in both languages, and what to do next. The sentences themselves stand in `words`. */
export type Wording = (code: string, values: MessageValues) => { readonly en: string; readonly ja?: string; readonly hint?: string }

/** RFC 9457 problem details; no `instance` and no request id, so that equal refusals are equal bytes. */
export type Problem = {
  readonly type: string
  readonly title: string
  readonly title_ja?: string
  readonly status: number
  readonly code: string
  readonly hint?: string
  readonly values?: MessageValues
}

const PROBLEMS = 'https://entente.example/problems/'

/** JSON Schema of a problem, for the API description. */
export const problemSchema: object = {
  type: 'object',
  required: ['type', 'title', 'status', 'code'],
  additionalProperties: false,
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    title_ja: { type: 'string' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    code: { type: 'string', pattern: '^[a-z-]+/[a-z0-9-]+$' },
    hint: { type: 'string' },
    values: { type: 'object', additionalProperties: { type: ['string', 'number'] } },
  },
}

export function makeProblem(code: string, status: number, values: MessageValues, wording: Wording): Problem {
  const { en, ja, hint } = wording(code, values)
  return {
    type: `${PROBLEMS}${code}`,
    title: en,
    ...(ja === undefined ? {} : { title_ja: ja }),
    status,
    code,
    ...(hint === undefined ? {} : { hint }),
    ...(Object.keys(values).length === 0 ? {} : { values }),
  }
}

/** What every answer of the API carries. An answer with a page of its own replaces the content policy. */
export const STRICT_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

export const PROBLEM_TYPE = 'application/problem+json'

/**
 * INVARIANT: constant. A route that does not exist, an item that does not exist, and an item that is not for this caller
 * are answered with these bytes and with no other header than `STRICT_HEADERS` (spec/leaks.md).
 */
export const ABSENT_BODY: string = JSON.stringify({
  type: `${PROBLEMS}http/absent`,
  title: 'nothing is here',
  title_ja: '該当するものはありません。',
  status: 404,
  code: 'http/absent',
} satisfies Problem)

/** Answers as if nothing were there. The only way to say no to somebody who may not know what was asked for. */
export function absent(reply: FastifyReply): FastifyReply {
  for (const name of Object.keys(reply.getHeaders())) reply.removeHeader(name)
  return reply.headers(STRICT_HEADERS).code(404).type(PROBLEM_TYPE).send(ABSENT_BODY)
}
