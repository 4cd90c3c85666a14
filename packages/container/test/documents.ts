import { type Json, canonicalText, fromBase64, fromUtf8, readJson, toBase64, utf8 } from '@entente/canonical'
import {
  RELEASE_ASSERTION,
  type Report,
  collect,
  decodePolicy,
  readCard,
  readManifest,
  readReport,
  readStatement,
  whole,
  writeReport,
} from '@entente/container'
import type { HostileReader } from '../../canonical/test/hostile-documents.ts'
import { decodeReport } from '#src/report.ts'
import { CARD, LABEL, crypto, make, signedIn, takeApart } from './made.ts'

export const description = 'EXERCISE. What is inside a container: policy, manifest, statement, report; and the card beside it.'

const { manifest } = await takeApart((await make([utf8('EXERCISE')], { control: 'originator' })).bytes)
const { policy } = manifest.encryptionInformation
const foreign = { ...manifest, assertions: [] }
const report: Report = {
  title: { en: 'EXERCISE Sea lane', ja: '演習 航路' },
  area: 'maritime',
  at: 1_790_000_000,
  portions: [
    { id: 'p1', label: LABEL, kind: 'text', texts: [{ lang: 'ja', text: '本文\n' }] },
    { id: 'f1', label: LABEL, kind: 'file', name: '海図 (1).png', mediaType: 'image/png', size: 5, sha256: 'ab'.repeat(32) },
  ],
}
const out = collect()
await writeReport({ crypto, report: { ...report, portions: report.portions.slice(0, 1) }, content: () => [] }, out.sink)
const written = toBase64(out.bytes())
const reportText = canonicalText(report as unknown as Json)

export const readers: readonly HostileReader[] = [
  {
    parser: 'decodePolicy',
    // Base64 around the damage, or every case would be one about base64.
    read: (bytes) => decodePolicy(toBase64(bytes)),
    good: [fromUtf8(fromBase64(policy))],
    bad: [
      ['no uuid', '{"body":{}}'],
      ['an attribute that is text', '{"uuid":"x","body":{"dataAttributes":["a"]}}'],
    ],
  },
  {
    parser: 'readManifest',
    read: (bytes) => readManifest(bytes, RELEASE_ASSERTION),
    good: [canonicalText(manifest as unknown as Json), canonicalText(foreign as unknown as Json)],
    bad: [['gmac', canonicalText(manifest as unknown as Json).replace('"segmentHashAlg":"HS256"', '"segmentHashAlg":"GMAC"')]],
  },
  {
    parser: 'readStatement',
    read: (bytes) => readStatement(fromUtf8(bytes)),
    good: [canonicalText(signedIn(manifest) as unknown as Json)],
  },
  { parser: 'readCard', read: (bytes) => readCard(readJson(bytes)), good: [canonicalText(CARD as unknown as Json)] },
  {
    parser: 'decodeReport',
    read: decodeReport,
    good: [reportText],
    bad: [
      ['a path for a file name', reportText.replace('海図 (1).png', '../x')],
      ['a name that a system would bend', reportText.replace('海図 (1).png', 'NUL')],
    ],
  },
  {
    parser: 'readReport',
    read: async (bytes) => {
      for await (const part of readReport(crypto, [fromBase64(fromUtf8(bytes))])) if (part.kind === 'file') await whole(part.content)
    },
    good: [written],
    bad: [
      ['a byte more', toBase64(Uint8Array.from([...fromBase64(written), 0]))],
      ['a byte less', toBase64(fromBase64(written).subarray(0, -1))],
      ['no zip', toBase64(utf8('EXERCISE'))],
    ],
  },
]
