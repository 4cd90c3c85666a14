import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { LoginError } from './errors.ts'

export type RedirectListener = AsyncDisposable & {
  /** The redirect address to give to the provider. */
  readonly redirect: string
  /** The address with which the browser came back; rejects with `login/timed-out`. */
  readonly arrived: Promise<URL>
}

/**
 * Listens on a free port of 127.0.0.1 for the one redirect that ends a sign-in in the browser, which then sees `page`
 * (plain text in the reader's language). Everything else is answered 404.
 */
export async function awaitRedirect(options: { page: string; waitSeconds: number }): Promise<RedirectListener> {
  const { promise, resolve, reject } = Promise.withResolvers<URL>()
  // The listener may be closed before anybody waits; that is no fault.
  promise.catch(() => {})
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', redirect)
    const ours = request.method === 'GET' && url.pathname === '/callback' && request.headers.host === new URL(redirect).host
    response.writeHead(ours ? 200 : 404, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', connection: 'close' })
    response.end(ours ? `${options.page}\n` : '')
    if (ours) response.on('finish', () => resolve(url))
  })
  await new Promise<void>((listening, failed) => {
    server.once('error', failed).listen(0, '127.0.0.1', listening)
  })
  const redirect = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`
  const timer = setTimeout(
    () => reject(new LoginError('login/timed-out', 'nobody signed in', { values: { seconds: options.waitSeconds } })),
    options.waitSeconds * 1000,
  )
  return {
    redirect,
    arrived: promise,
    async [Symbol.asyncDispose]() {
      clearTimeout(timer)
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}
