import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import type { TLSSocket } from 'node:tls'
import { partnerOfSocket } from '#src/partner/tls.ts'
import { makeTlsIdentity } from '#src/tls/anchors.ts'
import type { Trust } from '#src/trust.ts'

const NOW = Math.floor(Date.now() / 1_000)

/** As much of a trust as is asked here: which partners there are, and the names of their nodes. */
const trustIn = (...nations: readonly string[]): Trust =>
  ({
    partners: new Map(nations.map((nation) => [nation, { names: { node: `https://node.${nation.toLowerCase()}.example` } }])),
  }) as unknown as Trust

test('a connection is looked into once under one trust, and anew under another', async () => {
  const [one, other] = await Promise.all(
    ['node.xka.example', 'node.xlo.example'].map((host) => makeTlsIdentity(host, 'exercise', host, NOW)),
  )
  assert.ok(one !== undefined && other !== undefined)
  const tls = {
    key: '',
    certificate: '',
    anchors: new Map([
      ['XKA', one.anchor],
      ['XLO', other.anchor],
    ]),
  }
  let looked = 0
  const socket = {
    authorized: true,
    getPeerX509Certificate: () => {
      looked++
      return new X509Certificate(one.certificate)
    },
  } as unknown as TLSSocket
  const trust = trustIn('XKA', 'XLO')
  for (let call = 0; call < 3; call++) assert.equal(partnerOfSocket(trust, tls, socket), 'XKA')
  assert.equal(looked, 1)
  // A partner that is none any more is none on a connection that stands, either.
  assert.throws(() => partnerOfSocket(trustIn('XLO'), tls, socket), { code: 'node/trust' })
  const changed = { ...tls, anchors: new Map([['XKA', other.anchor]]) }
  assert.throws(() => partnerOfSocket(trust, changed, socket), { code: 'node/trust' })
  assert.equal(partnerOfSocket(trust, tls, socket), 'XKA')
  const stranger = { authorized: false } as unknown as TLSSocket
  for (let call = 0; call < 2; call++) assert.throws(() => partnerOfSocket(trust, tls, stranger), { code: 'node/trust' })
})
