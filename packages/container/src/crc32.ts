/** CRC-32 as ZIP uses it (IEEE 802.3, reflected); `seed` is the value of the bytes before. `node:zlib`'s `crc32` fits. */
export type Crc32 = (bytes: Uint8Array, seed?: number) => number

const LANES = 16

/** Table of 16 lanes of 256: lane k is the effect of a byte that stands k bytes before the end of a block. */
function makeTable(): Uint32Array {
  const table = new Uint32Array(LANES * 256)
  for (let byte = 0; byte < 256; byte++) {
    let value = byte
    for (let bit = 0; bit < 8; bit++) value = (value & 1) === 1 ? (value >>> 1) ^ 0xed_b8_83_20 : value >>> 1
    table[byte] = value
  }
  for (let at = 256; at < table.length; at++) {
    const before = table[at - 256] as number
    table[at] = (before >>> 8) ^ (table[before & 0xff] as number)
  }
  return table
}

const TABLE = makeTable()

/** CRC-32 without a host's help, sixteen bytes a step. */
export function crc32(bytes: Uint8Array, seed: number = 0): number {
  const t = TABLE
  let crc = ~seed
  let at = 0
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  // Four words a step; the first is mixed with the sum so far. Every index lies inside the table, so no check is missing.
  for (const end = bytes.length - 15; at < end; at += 16) {
    const a = view.getUint32(at, true) ^ crc
    const b = view.getUint32(at + 4, true)
    const c = view.getUint32(at + 8, true)
    const d = view.getUint32(at + 12, true)
    crc =
      t[3840 + (a & 0xff)]! ^
      t[3584 + ((a >>> 8) & 0xff)]! ^
      t[3328 + ((a >>> 16) & 0xff)]! ^
      t[3072 + (a >>> 24)]! ^
      t[2816 + (b & 0xff)]! ^
      t[2560 + ((b >>> 8) & 0xff)]! ^
      t[2304 + ((b >>> 16) & 0xff)]! ^
      t[2048 + (b >>> 24)]! ^
      t[1792 + (c & 0xff)]! ^
      t[1536 + ((c >>> 8) & 0xff)]! ^
      t[1280 + ((c >>> 16) & 0xff)]! ^
      t[1024 + (c >>> 24)]! ^
      t[768 + (d & 0xff)]! ^
      t[512 + ((d >>> 8) & 0xff)]! ^
      t[256 + ((d >>> 16) & 0xff)]! ^
      t[d >>> 24]!
  }
  for (; at < bytes.length; at++) crc = (crc >>> 8) ^ t[(crc ^ bytes[at]!) & 0xff]!
  return ~crc >>> 0
}
