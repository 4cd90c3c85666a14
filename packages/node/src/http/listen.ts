import type { AddressInfo, Server } from 'node:net'
import { HttpError } from './problem.ts'

/**
 * Starts listening on `preferred` or, when others have it, on the next free port, at most `tries` further.
 * Returns the port. Throws `http/no-port`; any other reason why the address cannot be had is thrown as it is.
 */
export async function listenOnFreePort(server: Server, options: { preferred: number; host?: string; tries?: number }): Promise<number> {
  const { preferred, host = '127.0.0.1', tries = 100 } = options
  for (let port = preferred; port <= Math.min(preferred + tries, 65_535); port++) {
    if (await listens(server, port, host)) return (server.address() as AddressInfo).port
  }
  throw new HttpError('http/no-port', `no free port from ${preferred}`, { values: { preferred, tries } })
}

function listens(server: Server, port: number, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      server.off('listening', done)
      if (error.code === 'EADDRINUSE') resolve(false)
      else reject(error)
    }
    const done = (): void => {
      server.off('error', failed)
      resolve(true)
    }
    server.once('error', failed).once('listening', done).listen({ port, host })
  })
}
