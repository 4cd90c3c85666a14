import { Agent, type RequestOptions, request } from 'node:https'
import type { IncomingMessage } from 'node:http'
import {
  type Crypto,
  type HybridSigner,
  type Json,
  type Shape,
  canonicalBytes,
  codeOf,
  concatBytes,
  keyIdOf,
  readDocument,
  readJson,
  shapes,
  toBase64Url,
} from '@entente/canonical'
import * as v from 'valibot'
import { signRequest } from '@entente/exchange'
import { readPeers } from '../config.ts'
import { NodeError } from '../errors.ts'
import { type Trust, partnerOf } from '../trust.ts'
import type { TlsMaterial } from './tls.ts'

/** Answer of a partner's node. */
export interface PartnerAnswer {
  readonly status: number
  readonly body: Uint8Array
}

/** Calls to partners' nodes: mutual TLS under the pinned anchor, and every call signed (RFC 9421). */
export interface PartnerCalls {
  /** Throws `node/partner-unreachable` when no answer comes, `node/clock` when the clocks differ too much for any. */
  post(
    nation: string,
    path: string,
    contentType: string,
    body: Uint8Array,
    options?: { readonly timeoutMilliseconds?: number },
  ): Promise<PartnerAnswer>
  /** Posts JSON and reads JSON; throws `node/partner-refused` with the status for anything but 200. */
  ask(nation: string, path: string, body: Json, options?: { readonly timeoutMilliseconds?: number }): Promise<Json>
  /** Streams what a call answers with, from a byte on. */
  download(nation: string, path: string, body: Json): Promise<AsyncIterable<Uint8Array>>
  close(): void
}

const SIGNATURE_SECONDS = 60
const TIMEOUT_MILLISECONDS = 15_000
const MAX_ANSWER_BYTES = 4_194_304
/** How far the partner's clock may be off before it takes no call, in seconds. */
const SKEW_SECONDS = 30

/** Where a partner's calls stand: paths below its stable name. */
export const PARTNER_PATH = '/exchange/v1'

const refusalShape: Shape<{ readonly code: string; readonly at: number }> = v.object({
  code: v.literal('exchange/http-time'),
  at: shapes.instant,
})

/** Throws `node/clock` for a refusal that says so; `seconds`: how far the partner's clock is ahead of this one. */
function refuseOtherTime(nation: string, body: Uint8Array, now: number): void {
  let at: number
  try {
    at = readDocument(refusalShape, body, 'refusal').at
  } catch {
    // Refused for another reason, which the caller judges by its status.
    return
  }
  throw new NodeError('node/clock', 'the clocks of both sides differ too much', {
    values: { nation, seconds: at - now, limit: SKEW_SECONDS },
  })
}

/** Makes the calls of one node. */
export function partnerCalls(options: {
  readonly crypto: Crypto
  readonly dir: string
  readonly trust: () => Trust
  readonly tls: () => TlsMaterial
  readonly signer: HybridSigner
  readonly now: () => number
  /** Told after each call whether the partner answered it. */
  readonly onCall?: (nation: string, answered: boolean) => void
}): PartnerCalls {
  const { crypto, dir, trust, tls, signer, now, onCall = () => {} } = options
  const keyId = keyIdOf(crypto, signer.publicKey)
  const agents = new Map<string, Agent>()

  function agentOf(nation: string): Agent {
    let agent = agents.get(nation)
    if (agent === undefined) {
      const { key, certificate, anchors } = tls()
      const anchor = anchors.get(nation)
      if (anchor === undefined) throw new NodeError('node/trust', 'this nation was never paired', { values: { nation } })
      agent = new Agent({ key, cert: certificate, ca: anchor, minVersion: 'TLSv1.3', keepAlive: true, maxSockets: 32 })
      agents.set(nation, agent)
    }
    return agent
  }

  async function start(
    nation: string,
    path: string,
    contentType: string,
    body: Uint8Array,
    timeout: number,
    again = true,
  ): Promise<IncomingMessage> {
    const name = new URL(partnerOf(trust(), nation).names.node)
    const address = readPeers(dir)[name.origin]
    if (address === undefined) throw new NodeError('node/partner-unreachable', 'the partner has no address here', { values: { nation } })
    const target = `${name.origin}${PARTNER_PATH}${path}`
    const nonce = toBase64Url(crypto.random(16))
    const headers = await signRequest(
      crypto,
      { method: 'POST', targetUri: target, contentType, body },
      { signer: signer.ed25519, keyId, created: now(), expiresSeconds: SIGNATURE_SECONDS, nonce },
    )
    const call: RequestOptions = {
      agent: agentOf(nation),
      host: address.host,
      port: address.port,
      servername: name.hostname,
      method: 'POST',
      path: `${PARTNER_PATH}${path}`,
      headers: { ...headers, host: name.hostname, 'content-length': body.length },
      timeout,
    }
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    const sent = request(call, (answer) => {
      onCall(nation, true)
      resolve(answer)
    })
    sent.once('timeout', () => sent.destroy(new Error('no answer in time')))
    sent.once('error', (cause) => {
      // A kept connection that the partner had closed meanwhile: nothing was read there, so once more on a fresh one.
      if (again && sent.reusedSocket && codeOf(cause) === 'ECONNRESET') resolve(start(nation, path, contentType, body, timeout, false))
      else {
        onCall(nation, false)
        reject(new NodeError('node/partner-unreachable', 'the partner cannot be reached', { values: { nation }, cause }))
      }
    })
    sent.end(body)
    return promise
  }

  async function post(
    nation: string,
    path: string,
    contentType: string,
    body: Uint8Array,
    more: { readonly timeoutMilliseconds?: number } = {},
  ): Promise<PartnerAnswer> {
    const timeout = more.timeoutMilliseconds ?? TIMEOUT_MILLISECONDS
    try {
      const answer = await start(nation, path, contentType, body, timeout)
      const parts: Uint8Array[] = []
      let length = 0
      for await (const part of answer) {
        length += (part as Uint8Array).length
        if (length > MAX_ANSWER_BYTES)
          throw new NodeError('node/partner-refused', "the partner's answer is too long", { values: { status: 0 } })
        parts.push(part as Uint8Array)
      }
      const whole = concatBytes(...parts)
      if (answer.statusCode === 403) refuseOtherTime(nation, whole, now())
      return { status: answer.statusCode ?? 0, body: whole }
    } catch (cause) {
      if (cause instanceof NodeError) throw cause
      throw new NodeError('node/partner-unreachable', "the partner's answer broke off", { values: { nation }, cause })
    }
  }

  return {
    post,
    async ask(nation, path, body, more) {
      const { status, body: answer } = await post(nation, path, 'application/json', canonicalBytes(body), more)
      if (status !== 200) throw new NodeError('node/partner-refused', `the partner answered ${status}`, { values: { nation, status } })
      return readJson(answer, MAX_ANSWER_BYTES)
    },
    async download(nation, path, body) {
      const answer = await start(nation, path, 'application/json', canonicalBytes(body), TIMEOUT_MILLISECONDS)
      if (answer.statusCode !== 200) {
        answer.resume()
        throw new NodeError('node/partner-refused', `the partner answered ${answer.statusCode}`, {
          values: { nation, status: answer.statusCode ?? 0 },
        })
      }
      return answer as AsyncIterable<Uint8Array>
    },
    close() {
      for (const agent of agents.values()) agent.destroy()
      agents.clear()
    },
  }
}
