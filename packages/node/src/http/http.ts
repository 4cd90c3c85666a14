import { EntenteError, type Json, readJson } from '@entente/canonical'
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Authenticate, Caller } from '../identity/authenticate.ts'
import { AuthError } from '../identity/errors.ts'
import type { Handle } from '../identity/provider.ts'
import { type Timer, arrived, inEvenTime, systemTimer } from './even-time.ts'
import { type ApiInfo, ApiDescription } from './openapi.ts'
import { absent, HttpError, makeProblem, PROBLEM_TYPE, STRICT_HEADERS, type Wording } from './problem.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** `open`: without a person. Anything else, and nothing said, means that the caller must be a person of the nation. */
    access?: 'open'
    /** Not part of the described API. */
    undescribed?: true
  }
  interface FastifyRequest {
    /** Set before a handler of a route that is not open runs. */
    caller: Caller | null
  }
}

export type HttpEvent = { readonly event: 'http/fault'; readonly method: string; readonly route: string; readonly error: unknown }

export type HttpOptions = {
  readonly info: ApiInfo
  readonly authenticate: Authenticate
  /** The largest JSON body, in bytes, where a route does not set its own bound. */
  readonly bodyLimitBytes: number
  /** The status of each code that may reach a caller. A code that is missing here is a fault of ours: 500, told to nobody but `onEvent`. */
  readonly statuses: Readonly<Record<string, number>>
  readonly wording: Wording
  readonly onEvent: (event: HttpEvent) => void
  /** Told the status of every answer. */
  readonly onAnswer?: (status: number) => void
  /** Whether the node can do its work now, and what `/api/health` answers beside `status`; public. */
  readonly health?: () => Promise<{ readonly ready: boolean; readonly members: { readonly [member: string]: Json } }>
  /** What the even times of refusals are measured and waited with; the system's if absent. */
  readonly timer?: Timer
}

/** The statuses of the edge's own codes. */
const STATUSES: Readonly<Record<string, number>> = {
  'http/absent': 404,
  'http/body-not-valid': 400,
  'http/body-not-json': 400,
  'http/request-not-valid': 400,
  'http/body-too-large': 413,
  'http/media-type': 415,
}

/**
 * The skeleton of a nation's HTTP server for its people: every route needs a person unless it says `access: 'open'`,
 * bodies are strict JSON (no duplicate member, no null, no fraction) checked by the route's schema with nothing removed
 * and nothing coerced, errors are RFC 9457 problems, absent and refused are the same bytes, and `/api/openapi.json`
 * describes exactly the routes that exist. The caller adds routes, then `await app.ready()`, then `listenOnFreePort(app.server, …)`.
 */
export function createHttp(options: HttpOptions): FastifyInstance {
  const api = new ApiDescription()
  const app = Fastify({
    bodyLimit: options.bodyLimitBytes,
    logger: false,
    exposeHeadRoutes: false,
    // Slow senders must not hold connections: headers within 10 s (Node's own bound), the whole request within 60 s.
    requestTimeout: 60_000,
    routerOptions: { ignoreTrailingSlash: false, caseSensitive: true, maxParamLength: 512 },
    ajv: {
      customOptions: {
        removeAdditional: false,
        coerceTypes: false,
        useDefaults: false,
        allErrors: false,
        strict: true,
        allowUnionTypes: true,
      },
    },
    frameworkErrors: (_, __, reply) => {
      void absent(reply)
    },
    clientErrorHandler: (_, socket) => {
      // Not HTTP at all: there is no request to answer and nothing worth saying.
      if (socket.writable) socket.write('HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
      socket.destroy()
    },
  })
  app.decorateRequest('caller', null)
  app.setNotFoundHandler((_, reply) => absent(reply))
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply, options))
  app.setSerializerCompiler(() => (body) => JSON.stringify(body))
  readStrictBodies(app, options.bodyLimitBytes)

  app.addHook('onRoute', (route) => {
    if (route.config?.undescribed !== true) api.add(route, route.config?.access === 'open')
  })
  app.addHook('onRequest', async (request, reply) => {
    arrived(request, options.timer ?? systemTimer)
    reply.headers(STRICT_HEADERS)
    // Before any body is read, or a large one would tell a missing route from one that is there.
    if (request.is404) return absent(reply)
    if (request.routeOptions.config.access !== 'open')
      request.caller = await options.authenticate({ method: request.method, target: request.url, headers: request.headers })
    return undefined
  })
  app.addHook('onResponse', async (_, reply) => options.onAnswer?.(reply.statusCode))
  app.addHook('onClose', async () => {
    app.server.closeAllConnections()
    if (app.server.listening) await new Promise((resolve) => app.server.close(resolve))
  })

  // The routes wait for the hooks above: Fastify applies a hook only to routes that come later.
  app.get('/api/health/live', { config: { access: 'open' }, schema: { summary: 'Whether the node answers' } as object }, async () => ({
    status: 'ok',
  }))
  app.get(
    '/api/health',
    { config: { access: 'open' }, schema: { summary: 'Whether the node can do its work now; 503 with codes where not' } as object },
    async (_, reply) => {
      const { ready, members } = (await options.health?.()) ?? { ready: true, members: {} }
      return reply.code(ready ? 200 : 503).send({ status: ready ? 'ok' : 'red', ...members })
    },
  )
  app.get('/api/openapi.json', { config: { access: 'open' }, schema: { summary: 'This description' } as object }, async () =>
    api.document(options.info),
  )
  return app
}

/** The person who calls. Only for routes that are not open; a fault, not a refusal, elsewhere. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw new TypeError('an open route asked who calls')
  return request.caller
}

/** Hands everything below `prefix` to a handler that reads and answers on the raw socket; what it does not know is absent. */
export function mount(app: FastifyInstance, prefix: string, find: (path: string) => Handle | undefined): void {
  app.all(
    `${prefix}/*`,
    {
      config: { access: 'open', undescribed: true },
      onRequest: async (request, reply) => {
        const handle = find(request.url.split('?', 1)[0] ?? '')
        if (handle === undefined) return absent(reply)
        reply.hijack()
        await handle(request.raw, reply.raw)
        return undefined
      },
    },
    async (_, reply) => absent(reply),
  )
}

function readStrictBodies(app: FastifyInstance, limit: number): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    try {
      return readJson(body, request.routeOptions.bodyLimit ?? limit)
    } catch (cause) {
      const why: string = cause instanceof EntenteError ? (cause as EntenteError).code : ''
      throw new HttpError('http/body-not-json', 'the body is not strict json', { values: { why }, cause })
    }
  })
  app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, async (_: FastifyRequest, body: Buffer) => body)
}

function answerError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  options: HttpOptions,
): FastifyReply | Promise<FastifyReply> {
  const known = asEntenteError(error, request, options)
  const status = known === undefined ? undefined : (statusOf(known) ?? options.statuses[known.code])
  if (known === undefined || status === undefined) {
    options.onEvent({ event: 'http/fault', method: request.method, route: request.routeOptions.url ?? '', error })
    return send(reply, makeProblem('http/internal', 500, {}, options.wording))
  }
  const timer = options.timer ?? systemTimer
  if (status === 404) return inEvenTime(request, timer, () => absent(reply))
  if (known instanceof AuthError) reply.header('www-authenticate', challenge(known))
  const problem = makeProblem(known.code, status, known.values, options.wording)
  return status === 403 ? inEvenTime(request, timer, () => send(reply, problem)) : send(reply, problem)
}

function send(reply: FastifyReply, problem: ReturnType<typeof makeProblem>): FastifyReply {
  return reply.headers(STRICT_HEADERS).code(problem.status).type(PROBLEM_TYPE).send(JSON.stringify(problem))
}

function statusOf(error: EntenteError): number | undefined {
  return error instanceof AuthError ? 401 : STATUSES[error.code]
}

/** RFC 9449 section 7.1. */
function challenge(error: AuthError): string {
  if (error.code === 'auth/credential-missing') return 'DPoP algs="ES256 Ed25519 EdDSA"'
  return `DPoP error="${error.code.startsWith('auth/proof-') ? 'invalid_dpop_proof' : 'invalid_token'}", algs="ES256 Ed25519 EdDSA"`
}

function asEntenteError(error: unknown, request: FastifyRequest, options: HttpOptions): EntenteError | undefined {
  if (error instanceof EntenteError) return error
  const { code, validation, validationContext } = error as Partial<FastifyError>
  const limit = request.routeOptions.bodyLimit ?? options.bodyLimitBytes
  const first = validation?.[0]
  if (first !== undefined) {
    const values = { part: validationContext ?? 'body', where: first.instancePath, rule: first.keyword }
    return new HttpError('http/body-not-valid', 'a request is not as its schema says', { values })
  }
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new HttpError('http/body-too-large', 'the body is too large', { values: { limit } })
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new HttpError('http/media-type', 'the body has a type that is not read here')
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return new HttpError('http/request-not-valid', 'the request is not complete')
    default:
      return undefined
  }
}
