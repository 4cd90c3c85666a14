/** Writes spec/vectors/container/containers.json anew: on purpose only, since ML-DSA signatures and sealing differ every time. */
import { writeFileSync } from 'node:fs'
import { toHex, utf8 } from '@entente/canonical'
import type { Manifest } from '@entente/container'
import { type Draft, type Made, loose, make, officer, putTogether, stranger, takeApart } from './made.ts'

const PLAINTEXT = 'EXERCISE 演習\n'

interface Vector {
  readonly name: string
  readonly dataKey: string
  readonly container: string
  readonly expect: string
  readonly plaintext?: string
}

const made = await make([utf8(PLAINTEXT)])
const foreign = await make([utf8(PLAINTEXT)], { signer: stranger })

async function changed(name: string, expect: string, change: (manifest: Draft<Manifest>, payload: Uint8Array) => void): Promise<Vector> {
  const { payload, manifest } = await takeApart(made.bytes)
  const own = loose(manifest)
  change(own, payload)
  return vector(name, expect, made, putTogether(payload, own))
}

function vector(name: string, expect: string, from: Made, bytes: Uint8Array, dataKey = toHex(from.keys.dataKey)): Vector {
  return { name, dataKey, container: Buffer.from(bytes).toString('base64'), expect }
}

function edited(at: number, value: number): Uint8Array {
  const bytes = made.bytes.slice()
  bytes[at] = value
  return bytes
}

// Offset 10 of the first local header is the time of modification, which Entente always writes as zero.
const dated = edited(10, 1)
const vectors: Vector[] = [
  { ...vector('a container for both nations', 'opened', made, made.bytes), plaintext: PLAINTEXT },
  vector('another data key', 'container/root-signature', made, made.bytes, '00'.repeat(32)),
  await changed('a label assertion deleted', 'container/assertions', (manifest) => void manifest.assertions.shift()),
  await changed('the statement deleted', 'container/statement-missing', (manifest) => void manifest.assertions.pop()),
  await changed('a gmac root', 'container/gmac', (manifest) => {
    manifest.encryptionInformation.integrityInformation.rootSignature.alg = 'GMAC'
  }),
  await changed('a key access removed', 'container/statement-manifest', (manifest) => {
    manifest.encryptionInformation.keyAccess.pop()
  }),
  await changed('the payload changed', 'container/payload-digest', (_, payload) => {
    payload[20] = (payload[20] ?? 0) ^ 1
  }),
  vector('a date in the zip', 'container/zip-not-as-written', made, dated),
  vector('a byte after the end', 'container/zip-trailing-bytes', made, Uint8Array.from([...made.bytes, 0])),
  vector('signed by a stranger', 'container/statement-signer', foreign, foreign.bytes),
]
writeFileSync(
  new URL('../../../spec/vectors/container/containers.json', import.meta.url),
  `${JSON.stringify({ about: 'EXERCISE. Containers of one item AUS to JPN; label EXERCISE-AUS SECRET, releasable to AUS and JPN.', officer: officer.publicKey, vectors }, null, 1)}\n`,
)
