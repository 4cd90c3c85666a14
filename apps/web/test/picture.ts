import { crc32, deflateSync } from 'node:zlib'

const WIDTH = 640
const HEIGHT = 360
/** Grey for the sea, lighter for the shoal, dark for the track. */
const SEA = 208
const SHOAL = 240
const TRACK = 64

/** A picture for the exercise: a shoal and a track over it; PNG (ISO/IEC 15948), one byte of grey a pixel. */
export function chart(): Buffer {
  const rows = Array.from({ length: HEIGHT }, (_, y) => Buffer.from([0, ...Array.from({ length: WIDTH }, (_unused, x) => greyAt(x, y))]))
  const head = Buffer.alloc(13)
  head.writeUInt32BE(WIDTH, 0)
  head.writeUInt32BE(HEIGHT, 4)
  head.set([8, 0, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', deflateSync(Buffer.concat(rows))), chunk('IEND', Buffer.alloc(0))])
}

function greyAt(x: number, y: number): number {
  if (Math.abs(y - 0.4 * x - 40) < 2) return TRACK
  return ((x - 360) / 180) ** 2 + ((y - 190) / 90) ** 2 < 1 ? SHOAL : SEA
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}
