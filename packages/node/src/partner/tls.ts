import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { pathsOf } from '../config.ts'
import { NodeError } from '../errors.ts'
import { anchorDigest } from '../tls/fingerprint.ts'
import type { Trust } from '../trust.ts'

/** This node's TLS identity and its partners' anchors, each the one that the partner's key statement pins. */
export interface TlsMaterial {
  readonly key: string
  readonly certificate: string
  /** PEM by nation. */
  readonly anchors: ReadonlyMap<string, string>
}

/** Reads the TLS material; throws `node/trust` for an anchor that is not the pinned one. System anchors are never used. */
export async function loadTls(dir: string, trust: Trust): Promise<TlsMaterial> {
  const paths = pathsOf(dir)
  const anchors = new Map<string, string>()
  for (const [nation, statement] of trust.partners) {
    const pem = await readFile(join(paths.trust, `tls-${nation}.pem`), 'utf8')
    if (anchorDigest(pem) !== statement.keys.tls)
      throw new NodeError('node/trust', 'a TLS anchor is not the one that the key statement pins', { values: { nation } })
    anchors.set(nation, pem)
  }
  return {
    key: await readFile(join(paths.node, 'tls-key.pem'), 'utf8'),
    certificate: await readFile(join(paths.node, 'tls-certificate.pem'), 'utf8'),
    anchors,
  }
}

/** Whom a connection was found to come from, under which trust and material: another of either is asked anew. */
const found = new WeakMap<TLSSocket, { readonly trust: Trust; readonly tls: TlsMaterial; readonly nation: string }>()

/**
 * Which partner is at the other end: its certificate names that partner's node and stands under that partner's own
 * anchor. One partner's anchor vouches for no other partner. A connection has one certificate as long as it stands. Throws `node/trust`.
 */
export function partnerOfSocket(trust: Trust, tls: TlsMaterial, socket: TLSSocket): string {
  const known = found.get(socket)
  if (known?.trust === trust && known.tls === tls) return known.nation
  const nation = vouchedPartner(trust, tls, socket)
  found.set(socket, { trust, tls, nation })
  return nation
}

function vouchedPartner(trust: Trust, tls: TlsMaterial, socket: TLSSocket): string {
  const certificate = socket.authorized ? socket.getPeerX509Certificate() : undefined
  for (const [nation, statement] of trust.partners) {
    const pem = tls.anchors.get(nation)
    if (certificate === undefined || pem === undefined) continue
    const anchor = new X509Certificate(pem)
    const host = new URL(statement.names.node).hostname
    if (
      certificate.checkHost(host, { subject: 'never' }) !== undefined &&
      certificate.checkIssued(anchor) &&
      certificate.verify(anchor.publicKey)
    )
      return nation
  }
  throw new NodeError('node/trust', 'the caller is no partner of this nation')
}
