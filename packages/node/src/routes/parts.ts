import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest, FastifySchema } from 'fastify'
import { absent, callerOf } from '../http/index.ts'
import type { RouteDescription } from '../http/index.ts'

/** The roles that people may have. */
export const ROLES = [
  'author',
  'disclosure-officer',
  'security-officer',
  'reader',
  'clearance-officer',
  'auditor',
  'negotiator',
  'signatory',
] as const
export type Role = (typeof ROLES)[number]

/** Route options for people with one of these roles; for anybody else nothing is there, and no body is read or checked. */
export function forRoles(...roles: readonly Role[]): {
  onRequest: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>
} {
  return {
    onRequest: async (request, reply) =>
      callerOf(request).roles.some((role) => (roles as readonly string[]).includes(role)) ? undefined : absent(reply),
  }
}

/** A schema with what the API description says of the route. */
export function described(operationId: string, summary: string, schema: FastifySchema): RouteDescription {
  return { operationId, summary, ...schema }
}

/** A strict JSON object; every member is required but those in `optional`. */
export function strict(properties: Readonly<Record<string, object>>, ...optional: readonly string[]): object {
  return {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(properties).filter((name) => !optional.includes(name)),
    properties,
  }
}

/** Schemas of the words that several routes use. */
export const words: Readonly<Record<'uuid' | 'sha256' | 'nation' | 'size' | 'code' | 'document', object>> = {
  uuid: { type: 'string', pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' },
  sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
  nation: { type: 'string', pattern: '^[A-Z]{3}$' },
  size: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
  code: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' },
  /** Checked in full where it is verified: its shape belongs to the document and not to the route. */
  document: { type: 'object' },
}

/** Answers with bytes as they come, and their number. */
export function sendBytes(
  reply: FastifyReply,
  { size, bytes }: { readonly size: number; readonly bytes: AsyncIterable<Uint8Array> },
): FastifyReply {
  return reply
    .type('application/octet-stream')
    .header('content-length', size)
    .send(Readable.from(bytes, { objectMode: false }))
}
