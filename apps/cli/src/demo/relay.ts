import { createWriteStream, type WriteStream } from 'node:fs'
import { type AddressInfo, type Socket, connect, createServer } from 'node:net'

/** A wire between two nations that is no part of either: it records what passes, and can be cut. */
export interface Relay extends AsyncDisposable {
  /** Port of 127.0.0.1 at which it takes connections. */
  readonly port: number
  /** File with every byte that passed, both ways. */
  readonly recording: string
  /** Drops every connection and takes none until `heal`. */
  cut(): void
  heal(): void
  /** Bytes that passed so far. */
  passed(): number
  /** Waits until the recording is on disk. */
  flush(): Promise<void>
}

/** Starts a relay to `target` of 127.0.0.1; `target` is asked anew for each connection, since nodes may move. */
export async function startRelay(target: () => number, recording: string): Promise<Relay> {
  const sockets = new Set<Socket>()
  const file: WriteStream = createWriteStream(recording, { flags: 'a', mode: 0o600 })
  let whole = true
  let bytes = 0
  const record = (chunk: Buffer): void => {
    bytes += chunk.length
    file.write(chunk)
  }
  const server = createServer((near) => {
    if (!whole) {
      near.destroy()
      return
    }
    const far = connect(target(), '127.0.0.1')
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.on('data', (chunk) => record(chunk as Buffer))
      one.pipe(other)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve)
  })
  const drop = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    recording,
    cut() {
      whole = false
      drop()
    },
    heal() {
      whole = true
    },
    passed: () => bytes,
    flush: () =>
      new Promise((resolve, reject) => {
        file.write('', (error) => (error === null || error === undefined ? resolve() : reject(error)))
      }),
    async [Symbol.asyncDispose]() {
      drop()
      await new Promise<void>((resolve) => server.close(() => resolve()))
      await new Promise<void>((resolve) => file.end(() => resolve()))
    },
  }
}
