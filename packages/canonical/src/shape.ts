import * as v from 'valibot'
import { CanonicalError } from './errors.ts'
import { type Json, readJson } from './json.ts'

/** A valibot schema whose output is `T`. */
export type Shape<T> = v.GenericSchema<unknown, T>

/**
 * Checks a value against a shape and returns own, typed data. Unknown members are refused where the shape is strict
 * (ours all are). Throws `canonical/shape` with `values.what` and `values.where` (a path such as `articles/3/title`).
 */
export function readShape<T>(shape: Shape<T>, value: unknown, what: string): T {
  const result = v.safeParse(shape, value, { abortEarly: true })
  if (result.success) return result.output
  const issue = result.issues[0]
  const where = issue.path?.map((step) => String(step.key)).join('/') ?? ''
  throw new CanonicalError(
    'canonical/shape',
    `${what}: ${where === '' ? '' : `at ${where}: `}expected ${issue.expected ?? 'another value'}`,
    {
      values: { what, where },
    },
  )
}

/** `readJson`, then `readShape`: from bytes to typed data in one step. */
export function readDocument<T>(shape: Shape<T>, bytes: Uint8Array, what: string, maxBytes?: number): T {
  return readShape(shape, readJson(bytes, maxBytes), what)
}

/** Shapes that every package uses. Text is at most 64 Ki characters unless a tighter shape says otherwise. */
export const shapes = {
  text: v.pipe(v.string(), v.maxLength(65_536)) as Shape<string>,
  shortText: v.pipe(v.string(), v.minLength(1), v.maxLength(512)) as Shape<string>,
  integer: v.pipe(v.number(), v.safeInteger()) as Shape<number>,
  /** A count, size or index: 0 or more. */
  natural: v.pipe(v.number(), v.safeInteger(), v.minValue(0)) as Shape<number>,
  /** Seconds since 1970-01-01T00:00:00Z. */
  instant: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(253_402_300_799)) as Shape<number>,
  /** SHA-256, lower-case hexadecimal. */
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u)) as Shape<string>,
  /** SHA-384, lower-case hexadecimal. */
  sha384: v.pipe(v.string(), v.regex(/^[0-9a-f]{96}$/u)) as Shape<string>,
  base64url: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]*$/u)) as Shape<string>,
  /** ISO 3166-1 alpha-3, upper case. */
  nation: v.pipe(v.string(), v.regex(/^[A-Z]{3}$/u)) as Shape<string>,
  uuid: v.pipe(v.string(), v.regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/u)) as Shape<string>,
  realm: v.picklist(['exercise', 'operational']) as Shape<'exercise' | 'operational'>,
  json: v.unknown() as Shape<Json>,
} as const
