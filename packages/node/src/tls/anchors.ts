import { webcrypto } from 'node:crypto'
import { nodeCrypto } from '@entente/crypto-node'
import { toHex } from '@entente/canonical'
// The certificate library asks for this polyfill to be loaded before it.
import 'reflect-metadata'
import * as x509 from '@peculiar/x509'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const YEARS = 10

/** What a node needs to speak mutual TLS: its own anchor, and a certificate under it for its stable name. All PEM. */
export interface TlsIdentity {
  readonly anchor: string
  readonly certificate: string
  readonly key: string
}

/**
 * Makes a nation's TLS anchor and the node's certificate under it, for both server and client. The anchor's private key
 * is thrown away: a new certificate means a new anchor, and that a new key statement.
 */
export async function makeTlsIdentity(hostname: string, realm: string, nation: string, now: number): Promise<TlsIdentity> {
  x509.cryptoProvider.set(webcrypto as never)
  const notBefore = new Date((now - 3_600) * 1000)
  const notAfter = new Date((now + YEARS * 31_557_600) * 1000)
  const anchorKeys = await webcrypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify'])
  const issuer = `CN=Entente ${realm} anchor ${nation}`
  const anchor = await x509.X509CertificateGenerator.create({
    serialNumber: toHex(nodeCrypto.random(16)),
    subject: issuer,
    issuer,
    notBefore,
    notAfter,
    publicKey: anchorKeys.publicKey as never,
    signingKey: anchorKeys.privateKey as never,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  })
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: toHex(nodeCrypto.random(16)),
    subject: `CN=${hostname}`,
    issuer,
    notBefore,
    notAfter,
    publicKey: keys.publicKey as never,
    signingKey: anchorKeys.privateKey as never,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
      new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: hostname }]),
    ],
  })
  const key = new Uint8Array(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey))
  return { anchor: anchor.toString('pem'), certificate: certificate.toString('pem'), key: x509.PemConverter.encode(key, 'PRIVATE KEY') }
}
