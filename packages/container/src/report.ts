import { CanonicalError, type Json, type Shape, canonicalBytes, readCanonical, readShape, shapes } from '@entente/canonical'
import { type Portion, portionShape } from '@entente/label'
import * as v from 'valibot'
import { type Place, type Titled, areaShape, hasControls, placeShape, titledShape } from './card.ts'
import { ContainerError } from './errors.ts'

/** Media type of a payload that is a report; any other payload is a single file. */
export const REPORT_MEDIA_TYPE = 'application/vnd.entente.report+zip'
export const REPORT_NAME = 'report.json'
export const MAX_REPORT_BYTES = 4_194_304
export const MAX_PORTIONS = 10_000

/** A portion that is a file. */
export type FilePortion = Extract<Portion, { kind: 'file' }>

/** What a report says: the first entry of the payload. Files follow as `files/1`, `files/2`, … in the order of their portions. */
export interface Report {
  readonly title: Titled
  /** Code of the area. */
  readonly area: string
  readonly place?: Place
  /** When what it tells of happened, seconds since 1970. */
  readonly at?: number
  /** In reading order. A portion that may not go to these readers is in no byte of this. */
  readonly portions: readonly Portion[]
}

const RESERVED = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/iu

/**
 * Whether this is a file name that every system can keep and that is no path: NFC, 1 to 255 bytes of UTF-8, no separator,
 * no control or direction mark, no leading or trailing space, no trailing dot, no name that Windows reserves. Any script.
 */
export function isFileName(name: string): boolean {
  if (name === '' || !name.isWellFormed() || name.normalize('NFC') !== name || hasControls(name)) return false
  if (/[/\\:*?"<>|]/u.test(name) || /^\s|[\s.]$/u.test(name) || RESERVED.test(name)) return false
  return new TextEncoder().encode(name).length <= 255
}

export const reportShape: Shape<Report> = v.strictObject({
  title: titledShape,
  area: areaShape,
  place: v.exactOptional(placeShape),
  at: v.exactOptional(shapes.instant),
  portions: v.pipe(
    v.array(portionShape),
    v.minLength(1),
    v.maxLength(MAX_PORTIONS),
    v.check((list) => new Set(list.map((portion) => portion.id)).size === list.length, 'each portion id once'),
  ),
}) as Shape<Report>

/** The portions that are files, in order: the n-th (from 1) is `files/n`. */
export function filesOf(report: Report): readonly FilePortion[] {
  return report.portions.filter((portion) => portion.kind === 'file')
}

/** The entry of the n-th file, counted from 0. */
export function fileEntryName(index: number): string {
  return `files/${index + 1}`
}

/** Canonical bytes of a report that a reader will take. Throws `container/report-malformed`, `container/report-file-name`. */
export function encodeReport(report: Report): Uint8Array<ArrayBuffer> {
  const bytes = canonicalBytes(checked(() => report) as unknown as Json)
  if (bytes.length > MAX_REPORT_BYTES) throw malformed('', undefined)
  return bytes
}

/** Reads `report.json`, which must be canonical. Throws as `encodeReport`. */
export function decodeReport(bytes: Uint8Array): Report {
  return checked(() => readCanonical(bytes, MAX_REPORT_BYTES))
}

function checked(read: () => unknown): Report {
  let report: Report
  try {
    report = readShape(reportShape, read(), 'report')
  } catch (cause) {
    const where = cause instanceof CanonicalError ? String(cause.values['where'] ?? '') : ''
    if (/^portions\/[0-9]+\/name$/u.test(where)) throw fileName(where, 'a file name is a path, or cannot be kept', cause)
    throw malformed(where, cause)
  }
  checkNames(report)
  return report
}

/** Stricter than a portion must be: here names leave the browser for a disk, where two that fold to one would overwrite each other. */
function checkNames(report: Report): void {
  const names = new Set<string>()
  for (const [index, portion] of report.portions.entries()) {
    if (portion.kind !== 'file') continue
    const where = `portions/${index}/name`
    if (!isFileName(portion.name)) throw fileName(where, 'a file name is a path, or cannot be kept')
    const folded = portion.name.normalize('NFKC').toLowerCase()
    if (names.has(folded)) throw fileName(where, 'two files have one name')
    names.add(folded)
  }
}

function fileName(where: string, message: string, cause?: unknown): ContainerError {
  return new ContainerError('container/report-file-name', message, { values: { where }, cause })
}

function malformed(where: string, cause: unknown): ContainerError {
  return new ContainerError('container/report-malformed', 'not a report', { values: { where }, cause })
}
