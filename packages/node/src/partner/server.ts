import { type IncomingMessage, type ServerResponse } from 'node:http'
import { type Server, createServer } from 'node:https'
import type { TLSSocket } from 'node:tls'
import {
  type Crypto,
  type Json,
  EntenteError,
  canonicalBytes,
  codeOf,
  concatBytes,
  fromBase64Url,
  keyIdOf,
  readJson,
  utf8,
} from '@entente/canonical'
import { SpentNonces, verifyRequest } from '@entente/exchange'
import { NodeError } from '../errors.ts'
import { type Trust, partnerOf } from '../trust.ts'
import { PARTNER_PATH } from './client.ts'
import type { Notice } from '../processes/log-events.ts'
import { faultOf } from '../processes/notice.ts'
import { type TlsMaterial, partnerOfSocket } from './tls.ts'

/** What a partner may ask for; each is one use case. Nothing else is listened to. */
export interface PartnerRoutes {
  /** An envelope; answers with its receipt, or with the number that is awaited. */
  inbox(nation: string, envelope: Uint8Array): Promise<{ readonly receipt: string } | { readonly expected: number }>
  nonce(nation: string, body: Json): Promise<Json>
  /** A relayed request; answers with an answer envelope, whatever the decision. */
  opening(nation: string, body: Uint8Array): Promise<Uint8Array>
  witness(nation: string, body: string): Promise<{ readonly status: number; readonly body: string }>
  /** A container that was offered to this partner, from a byte on. */
  container(nation: string, body: Json): Promise<AsyncIterable<Uint8Array>>
}

/** The largest body of a partner's call, in bytes. */
export const MAX_PARTNER_BODY_BYTES = 2_097_152
const SKEW_SECONDS = 30
/** What a log may say of a path: one of these, and not whatever somebody asked for. */
const PATHS = ['/inbox', '/nonces', '/openings', '/witness', '/containers'] as const

/** What a partner's call is answered with. */
export interface PartnerReply {
  readonly status: number
  readonly type: string
  readonly body: Uint8Array | AsyncIterable<Uint8Array>
}

/**
 * The listener for partners: TLS 1.3 with a client certificate under a pinned anchor, then a signature over every call.
 * An error that a partner may know is answered by code; everything else by `refused`, alike.
 */
export function partnerServer(options: {
  readonly crypto: Crypto
  readonly trust: () => Trust
  readonly tls: () => TlsMaterial
  readonly routes: PartnerRoutes
  readonly now: () => number
  readonly notice: Notice
}): Server {
  const { crypto, trust, tls, routes, now, notice } = options
  const spent = new SpentNonces()
  const { key, certificate, anchors } = tls()
  const server = createServer(
    {
      key,
      cert: certificate,
      ca: [...anchors.values()],
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.3',
      maxHeaderSize: 16_384,
    },
    (request, response) => void answer(request, response),
  )
  server.requestTimeout = 60_000
  server.headersTimeout = 10_000
  server.on('tlsClientError', () => notice('partner/tls-refused', {}))

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let reply: PartnerReply
    try {
      reply = await route(request)
    } catch (error) {
      const code = error instanceof EntenteError ? codeOf(error) : 'node/internal'
      notice('partner/refused', {
        reason: code,
        path: PATHS.find((path) => request.url === `${PARTNER_PATH}${path}`) ?? 'other',
        ...(code === 'node/internal' ? { fault: faultOf(error) } : {}),
      })
      reply = partnerRefusal(error, now())
    }
    response.writeHead(reply.status, { 'content-type': reply.type, 'cache-control': 'no-store' })
    if (reply.body instanceof Uint8Array) {
      response.end(reply.body)
      return
    }
    try {
      for await (const piece of reply.body)
        if (!response.write(piece)) await new Promise((resolve) => response.once('drain', resolve).once('close', resolve))
      response.end()
    } catch {
      response.destroy()
    }
  }

  async function route(request: IncomingMessage): Promise<PartnerReply> {
    const socket = request.socket as TLSSocket
    const nation = partnerOfSocket(trust(), tls(), socket)
    const body = await bodyOf(request)
    await checkSignature(nation, request, body)
    const path = request.url ?? ''
    if (request.method !== 'POST' || !path.startsWith(PARTNER_PATH)) throw new NodeError('node/absent', 'nothing is here')
    return answerPartner(routes, nation, path.slice(PARTNER_PATH.length), body)
  }

  async function checkSignature(nation: string, request: IncomingMessage, body: Uint8Array): Promise<void> {
    const { keys } = partnerOf(trust(), nation)
    const own = trust().own.names.node
    const headers: (readonly [string, string])[] = []
    for (let at = 0; at + 1 < request.rawHeaders.length; at += 2)
      headers.push([request.rawHeaders[at] ?? '', request.rawHeaders[at + 1] ?? ''])
    const signature = await verifyRequest(
      crypto,
      { method: request.method ?? '', targetUri: `${new URL(own).origin}${request.url ?? ''}`, headers, body },
      {
        keyOf: (keyId) => (keyId === keyIdOf(crypto, keys.envelope) ? fromBase64Url(keys.envelope.ed25519) : undefined),
        now: now(),
        skewSeconds: SKEW_SECONDS,
      },
    )
    spent.spend(signature, now(), SKEW_SECONDS)
  }

  return server
}

/** Answers a call of a partner that was authenticated. `path` stands below `PARTNER_PATH`. Throws what the use case throws. */
export async function answerPartner(routes: PartnerRoutes, nation: string, path: string, body: Uint8Array): Promise<PartnerReply> {
  switch (path) {
    case '/inbox': {
      const result = await routes.inbox(nation, body)
      return 'receipt' in result
        ? { status: 200, type: 'application/json', body: utf8(result.receipt) }
        : { status: 409, type: 'application/json', body: canonicalBytes(result) }
    }
    case '/nonces':
      return { status: 200, type: 'application/json', body: canonicalBytes(await routes.nonce(nation, readJson(body))) }
    case '/openings':
      return { status: 200, type: 'application/json', body: await routes.opening(nation, body) }
    case '/witness': {
      const result = await routes.witness(nation, new TextDecoder().decode(body))
      return { status: result.status, type: 'text/plain; charset=utf-8', body: utf8(result.body) }
    }
    case '/containers':
      return { status: 200, type: 'application/octet-stream', body: await routes.container(nation, readJson(body)) }
    default:
      throw new NodeError('node/absent', 'nothing is here')
  }
}

/**
 * What a partner is told of an error: the code where it is about the call itself, otherwise only that it was refused. Where
 * the clocks differ too much for a call to count, also what this one shows (`at`, seconds), or nobody could say by how much.
 */
export function partnerRefusal(error: unknown, at?: number): { readonly status: number; readonly type: string; readonly body: Uint8Array } {
  const code = error instanceof EntenteError ? codeOf(error) : 'node/internal'
  const clock = code === OTHER_TIME && at !== undefined ? { at } : {}
  return { status: statusOf(code), type: 'application/json', body: canonicalBytes({ code: TOLD.has(code) ? code : 'refused', ...clock }) }
}

/** The code of a call whose time is too far from the called one's. */
const OTHER_TIME = 'exchange/http-time'

/** Codes about the call itself, which its signer may know; everything about holdings and decisions is only `refused`. */
const TOLD = new Set([
  'node/too-large',
  'node/disk-full',
  'node/behind',
  'node/quarantined',
  'exchange/http-unsigned',
  'exchange/http-signature',
  'exchange/http-digest',
  'exchange/http-time',
  'exchange/http-replayed',
  'exchange/wrong-addressee',
  'exchange/wrong-realm',
  'exchange/wrong-sender',
  'exchange/wrong-link',
  'exchange/stranger-key',
  'exchange/signature-invalid',
  'exchange/malformed',
  'exchange/too-large',
  'exchange/replay-differs',
  'exchange/wrong-previous',
])

function statusOf(code: string): number {
  switch (code) {
    case 'node/too-large':
    case 'exchange/too-large':
      return 413
    case 'node/disk-full':
    case 'node/behind':
    case 'node/quarantined':
    case 'node/process-gone':
    case 'node/not-cosigned':
    case 'node/partner-unreachable':
      return 503
    case 'node/internal':
      return 500
    default:
      return 403
  }
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of request) {
    length += (part as Uint8Array).length
    if (length > MAX_PARTNER_BODY_BYTES)
      throw new NodeError('node/too-large', 'the body is too large', { values: { limit: MAX_PARTNER_BODY_BYTES } })
    parts.push(part as Uint8Array)
  }
  return concatBytes(...parts)
}
