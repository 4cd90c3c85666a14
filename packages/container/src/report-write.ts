import { type Crypto, toHex } from '@entente/canonical'
import { type Crc32, crc32 as ownCrc32 } from './crc32.ts'
import { ContainerError } from './errors.ts'
import { type FilePortion, REPORT_NAME, type Report, encodeReport, fileEntryName, filesOf } from './report.ts'
import type { Sink } from './source.ts'
import { ZipWriter } from './zip-write.ts'

/** A report and where its files' bytes come from; each is read once, in order. */
export interface ReportParts {
  readonly crypto: Crypto
  readonly report: Report
  readonly crc32?: Crc32
  content(portion: FilePortion): AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

/**
 * Writes a report payload: a STORE ZIP with `report.json`, then the files, in one pass. Sizes and SHA-256 of the files stand
 * in the report already and are checked on the way: throws `container/report-file-size`, `container/report-file-digest`.
 */
export async function writeReport(parts: ReportParts, sink: Sink): Promise<void> {
  const { crypto, report } = parts
  const zip = new ZipWriter(sink, parts.crc32 ?? ownCrc32)
  await zip.add(REPORT_NAME, encodeReport(report))
  for (const [index, portion] of filesOf(report).entries()) {
    const hash = crypto.hashSha256()
    let size = 0
    await zip.begin(fileEntryName(index))
    for await (const bytes of parts.content(portion)) {
      size += bytes.length
      checkSize(size <= portion.size, index)
      hash.update(bytes)
      await zip.write(bytes)
    }
    await zip.end()
    checkSize(size === portion.size, index)
    checkDigest(toHex(hash.digest()), portion, index)
  }
  await zip.finish()
}

/** Throws `container/report-file-size` for the file of that number, counted from 0. */
export function checkSize(holds: boolean, index: number): void {
  if (!holds)
    throw new ContainerError('container/report-file-size', 'a file is not as long as the report says', { values: { file: index + 1 } })
}

/** Throws `container/report-file-digest` for the file of that number, counted from 0. */
export function checkDigest(digest: string, portion: FilePortion, index: number): void {
  if (digest !== portion.sha256) {
    throw new ContainerError('container/report-file-digest', 'a file is not the one that the report says', { values: { file: index + 1 } })
  }
}
