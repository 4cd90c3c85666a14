import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Shape, readDocument, shapes } from '@entente/canonical'
import type { FastifyInstance, FastifyReply } from 'fastify'
import * as v from 'valibot'

/** What a build of the pages says of itself: `pages.json` beside its files. */
export interface PagesManifest {
  readonly version: 1
  /** First parts of the paths at which the one page shows a screen. */
  readonly screens: readonly string[]
  /** Hashes of style elements that the page's libraries make, as they stand in a content policy. */
  readonly styles: readonly string[]
  /** Every file by its path from the root, with its SHA-256. */
  readonly files: readonly { readonly path: string; readonly type: string; readonly size: number; readonly sha256: string }[]
}

const manifestShape: Shape<PagesManifest> = v.strictObject({
  version: v.literal(1),
  screens: v.array(v.pipe(v.string(), v.regex(/^[a-z][a-z-]{0,31}$/u))),
  styles: v.array(v.pipe(v.string(), v.regex(/^sha256-[A-Za-z0-9+/]{43}=$/u))),
  files: v.array(
    v.strictObject({
      path: v.pipe(v.string(), v.regex(/^(?:assets\/)?[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/u)),
      type: shapes.shortText,
      size: shapes.natural,
      sha256: shapes.sha256,
    }),
  ),
}) as Shape<PagesManifest>

/** Largest `pages.json`: 1 MiB. */
const MAX_MANIFEST_BYTES = 1_048_576
const INDEX = 'index.html'

/** Reads the manifest of built pages; throws what `readDocument` throws, and the system's error where there is none. */
export async function readPages(folder: string): Promise<PagesManifest> {
  return readDocument(manifestShape, await readFile(join(folder, 'pages.json')), 'pages.json', MAX_MANIFEST_BYTES)
}

/**
 * What the page may do: run its own scripts, speak to its own node, show pictures that it decrypted itself. Strings become
 * script only through the two named policies (Trusted Types): ours makes nothing but addresses of own workers.
 */
export function contentPolicy(styles: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self'${styles.map((hash) => ` '${hash}'`).join('')}`,
    "img-src 'self' blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types entente ProseMirrorClipboard',
  ].join('; ')
}

/**
 * Serves a build of the pages, which says nothing of anybody: the same bytes for whoever asks. Only paths of the manifest
 * exist, and only files named in it are read.
 */
export function servePages(app: FastifyInstance, folder: string, { screens, styles, files }: PagesManifest): void {
  const known = new Map(files.map((file) => [file.path, file]))
  const send = (reply: FastifyReply, path: string, caching: string): FastifyReply => {
    const file = known.get(path)
    if (file === undefined) {
      reply.callNotFound()
      return reply
    }
    return reply
      .type(file.type)
      .header('cache-control', caching)
      .header('content-length', file.size)
      .send(createReadStream(join(folder, path)))
  }
  const page = async (_: unknown, reply: FastifyReply): Promise<FastifyReply> =>
    send(
      reply.headers({ 'content-security-policy': contentPolicy(styles), 'permissions-policy': 'camera=(), microphone=(), geolocation=()' }),
      INDEX,
      'no-store',
    )
  const options = { config: { access: 'open', undescribed: true } } as const
  for (const path of ['/', '/signed-in', ...screens.flatMap((screen) => [`/${screen}`, `/${screen}/*`])]) app.get(path, options, page)
  app.get('/assets/:name', options, async (request, reply) =>
    // The name carries the hash of the content: what has it once never changes.
    send(reply, `assets/${(request.params as { name: string }).name}`, 'public, max-age=31536000, immutable'),
  )
}
