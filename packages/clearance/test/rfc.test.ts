import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { fromBase64Url, utf8 } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import { holderThumbprint, issueCredential, present } from '@entente/clearance'
import { digestOf, decode, makeWorld } from './forge.ts'
import { readDisclosure } from '#src/disclosure.ts'

const world = await makeWorld('rfc')

test('digests of disclosures are those of RFC 9901 section 4.2.3', () => {
  const claim = readDisclosure(nodeCrypto, 'WyI2cU1RdlJMNWhhaiIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0')
  assert.deepEqual([claim.name, claim.value, claim.digest], ['family_name', 'Möbius', 'uutlBuYeMDyjLLTpf6Jxi7yNkEF35jdyWMn9U7b_RYY'])
  const element = readDisclosure(nodeCrypto, 'WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIkZSIl0')
  assert.deepEqual([element.name, element.value, element.digest], [undefined, 'FR', 'w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs'])
})

test('the thumbprint of a key is that of RFC 8037 appendix A.3', () => {
  const key = fromBase64Url('11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo')
  assert.equal(holderThumbprint(nodeCrypto, key), 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k')
})

test('a credential has the form of RFC 9901 and of SD-JWT VC', async () => {
  const compact = await issueCredential(world.crypto, world.issuer, world.content)
  assert.match(compact, /^[\w-]+\.[\w-]+\.[\w-]+(?:~[\w-]+)+~$/u)
  const [jwt = '', ...disclosures] = compact.split('~').slice(0, -1)
  const [head = '', body = ''] = jwt.split('.')
  assert.deepEqual(decode(head), { alg: 'Ed25519', kid: 'jpn-office-1', typ: 'dc+sd-jwt' })
  const claims = decode(body)
  const digests = [
    claims['_sd'],
    ...['areas', 'briefings'].map((list) => (claims[list] as { '...': string }[]).map((one) => one['...'])),
  ].flat()
  assert.equal(new Set(digests).size, digests.length)
  for (const disclosure of disclosures) assert.ok(digests.includes(digestOf(world, disclosure)))
  const salts = disclosures.map((disclosure) => decode(disclosure)[0] as string)
  assert.equal(new Set(salts).size, salts.length)
  for (const salt of salts) assert.equal(fromBase64Url(salt).length, 16)
})

test('a key binding has the form of RFC 9901 section 4.3', async () => {
  const credential = await issueCredential(world.crypto, world.issuer, world.content)
  const compact = await present(world.crypto, credential, world.choice, world.holder)
  const cut = compact.lastIndexOf('~') + 1
  const [head = '', body = ''] = compact.slice(cut).split('.')
  assert.deepEqual(decode(head), { alg: 'Ed25519', typ: 'kb+jwt' })
  assert.deepEqual(Object.keys(decode(body)).sort(), ['aud', 'iat', 'nonce', 'requestBody', 'sd_hash'])
  assert.equal(decode(body)['sd_hash'], digestOf(world, compact.slice(0, cut)))
})

/** The parts of `@sd-jwt/core` 0.19.0 that the comparison uses. */
interface Partner {
  readonly SDJwtInstance: new (config: object) => {
    verify(compact: string, options: object): Promise<{ payload: Record<string, unknown>; kb?: { payload: Record<string, unknown> } }>
  }
}

function partner(): Partner | undefined {
  try {
    return createRequire(import.meta.url)('@sd-jwt/core') as Partner
  } catch {
    return undefined
  }
}

test('another library reads our presentations as we do', { skip: partner() === undefined && '@sd-jwt/core is not installed' }, async () => {
  const found = partner()
  assert.ok(found !== undefined)
  const verifier = (key: Uint8Array) => (text: string, signature: string) =>
    nodeCrypto.verify('Ed25519', key, utf8(text), fromBase64Url(signature))
  const reader = new found.SDJwtInstance({
    hasher: (data: string | ArrayBuffer) => nodeCrypto.sha256(typeof data === 'string' ? utf8(data) : new Uint8Array(data)),
    verifier: verifier(world.issuer.publicKey),
    kbVerifier: verifier(world.holder.publicKey),
  })
  const credential = await issueCredential(world.crypto, world.issuer, world.content)
  for (const disclose of [
    { clearance: true, areas: ['maritime'], briefings: [] },
    { clearance: false, areas: [], briefings: [] },
    { clearance: true, areas: ['cyber', 'energy/lng', 'maritime'], briefings: ['caveat/EXERCISE-KITE'] },
  ]) {
    const compact = await present(world.crypto, credential, { ...world.choice, disclose }, world.holder)
    const read = await reader.verify(compact, { keyBindingNonce: world.choice.nonce, currentDate: world.choice.issuedAt })
    assert.deepEqual([...(read.payload['areas'] as string[])].sort(), [...disclose.areas].sort())
    assert.deepEqual(read.payload['briefings'], disclose.briefings)
    assert.equal(read.payload['clearance'], disclose.clearance ? 'EXERCISE-GOKUHI' : undefined)
    assert.deepEqual(read.payload['citizenships'], ['JPN'])
    assert.equal(read.kb?.payload['aud'], world.choice.audience)
  }
})
