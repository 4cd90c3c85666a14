/** A process that sends bytes over a bare TLS 1.3 socket: `node tls-sender.ts KEY CERTIFICATE BYTES-OR-FILE`; prints its port. */
import { createReadStream, readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { createServer } from 'node:tls'

const [key = '', certificate = '', what = ''] = process.argv.slice(2)
const PIECE = new Uint8Array(1_048_576).fill(7)

const server = createServer(
  { key: readFileSync(key), cert: readFileSync(certificate), minVersion: 'TLSv1.3', requestCert: true, rejectUnauthorized: false },
  (socket) => {
    const source = /^\d+$/u.test(what)
      ? Readable.from(pieces(Number(what)), { objectMode: false })
      : createReadStream(what, { highWaterMark: PIECE.length })
    source.pipe(socket)
  },
)
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))

function* pieces(bytes: number): Generator<Uint8Array> {
  for (let left = bytes; left > 0; left -= PIECE.length) yield PIECE.subarray(0, Math.min(left, PIECE.length))
}
