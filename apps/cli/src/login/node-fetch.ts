import http from 'node:http'
import https from 'node:https'
import type { LookupFunction } from 'node:net'
import { Readable } from 'node:stream'
import { codeOf } from '@entente/canonical'
import { LoginError } from './errors.ts'

export type FetchInit = {
  readonly method?: string
  readonly headers?: Headers | Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | URLSearchParams | ReadableStream<Uint8Array> | ArrayBuffer | null | undefined
  readonly signal?: AbortSignal
}

/** `fetch` without redirects, caches or a system resolver for `*.localhost`. */
export type Fetch = (url: string | URL, init?: FetchInit) => Promise<Response>

/** RFC 6761 section 6.3: `localhost` and everything below it is this machine. Many system resolvers do not know it. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '127.0.0.1' || host === '[::1]' || host === '::1'
}

const loopbackOnly: LookupFunction = (_, options, callback) => {
  if (options.all === true) callback(null, [{ address: '127.0.0.1', family: 4 }])
  else callback(null, '127.0.0.1', 4)
}

/** Statuses whose answers have no body; `Response` refuses one. */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304])

/**
 * One HTTP request; the answer is whatever came, redirects included. Throws `login/unreachable` (`values.host`) when nobody
 * answers, and `login/not-secure` for plain HTTP to anything but this machine. The body of the answer streams.
 */
export async function nodeFetch(url: string | URL, init: FetchInit = {}): Promise<Response> {
  const address = new URL(url)
  const { protocol, hostname, host } = address
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopback(hostname))) {
    throw new LoginError('login/not-secure', `plain http to ${host}`, { values: { host } })
  }
  const headers = new Headers(init.headers)
  const body = init.body instanceof URLSearchParams ? init.body.toString() : init.body
  if (init.body instanceof URLSearchParams && !headers.has('content-type')) headers.set('content-type', 'application/x-www-form-urlencoded')
  const fixed =
    typeof body === 'string' || body instanceof Uint8Array ? Buffer.from(body) : body instanceof ArrayBuffer ? Buffer.from(body) : undefined
  if (fixed !== undefined) headers.set('content-length', String(fixed.length))

  const attempt = (again: boolean): Promise<Response> =>
    new Promise<Response>((resolve, reject) => {
      const request = (protocol === 'https:' ? https : http).request(
        address,
        {
          method: init.method ?? 'GET',
          headers: Object.fromEntries(headers),
          ...(isLoopback(hostname) ? { lookup: loopbackOnly } : {}),
          ...(init.signal === undefined ? {} : { signal: init.signal }),
        },
        (answer) => resolve(asResponse(answer)),
      )
      request.on('error', (cause) => {
        // A kept connection that the other end had closed meanwhile: nothing was read there, so once more on a fresh one.
        if (again && request.reusedSocket && codeOf(cause) === 'ECONNRESET') resolve(attempt(false))
        else reject(new LoginError('login/unreachable', `${host} does not answer`, { values: { host }, cause }))
      })
      if (body instanceof ReadableStream) Readable.fromWeb(body).on('error', reject).pipe(request)
      else request.end(fixed)
    })
  return attempt(!(body instanceof ReadableStream))
}

function asResponse(answer: http.IncomingMessage): Response {
  const headers = new Headers()
  for (const [name, values] of Object.entries(answer.headersDistinct)) for (const value of values ?? []) headers.append(name, value)
  const status = answer.statusCode ?? 0
  if (BODILESS.has(status)) answer.resume()
  return new Response(BODILESS.has(status) ? null : (Readable.toWeb(answer) as ReadableStream<Uint8Array>), { status, headers })
}
