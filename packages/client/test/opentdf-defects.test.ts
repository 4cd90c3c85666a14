/**
 * The eight defects of other OpenTDF software, against a container that is really on its way between two nations: by the
 * reader's own client, by the originator's key process and by the reader's own. The container alone is tried, with the
 * data key in hand, in packages/container/test/tamper.test.ts.
 */
import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'
import { EntenteError, type Json, canonicalBytes, canonicalText, toBase64 } from '@entente/canonical'
import { verifyReleased } from '@entente/client'
import { type Manifest, bytesSource, decodePolicy, encodePolicy, signStatement, whole } from '@entente/container'
import type { HostedNation } from '@entente/testkit'
import { freshHybrid, twoNations } from '@entente/testkit'
import { type Draft, loose, putTogether, signedIn, takeApart } from '../../container/test/made.ts'

/** What a nation's node asked its key process for. */
type Asked = Readonly<Record<string, unknown>> & { readonly request: string; readonly staple: Json }

/** Keeps the first question that this nation's node put to its key process; the answer is the process's own. */
function listen(nation: HostedNation): () => Asked {
  const { keys } = nation.parts
  const call = keys.call.bind(keys) as (op: string, body: unknown) => Promise<unknown>
  let first: Asked | undefined
  Object.assign(keys, {
    call: async (op: string, body: unknown) => {
      if (op === 'release') first ??= body as Asked
      return call(op, body)
    },
  })
  return () => first ?? assert.fail(`${nation.code} asked for nothing`)
}

/** The code at which something ends; the check's own where another package made it. */
async function codeOf(task: Promise<unknown>): Promise<string> {
  return task.then(
    () => 'done',
    (error: unknown) => (error instanceof EntenteError ? String(error.values['why'] ?? (error as EntenteError).code) : String(error)),
  )
}

function rebound(signature: string): string {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const header = Buffer.from(JSON.stringify({ alg: 'RS256', jwk: publicKey.export({ format: 'jwk' }) })).toString('base64url')
  const signed = `${header}.${signature.split('.')[1]}`
  return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`
}

test('none of the eight defects passes the client or either key process', async (t) => {
  await using world = await twoNations({ seed: 'opentdf-defects' })
  const reader = await world.firstReader()
  const item = await world.deliver()
  const asked = world.nations.map((nation) => ({ nation, last: listen(nation) }))
  assert.ok((await reader.open(item)) !== undefined)

  const { parts } = world.recipient
  const row = await parts.db.selectFrom('items').selectAll().where('item', '=', item).executeTakeFirstOrThrow()
  const bytes = await whole(parts.blobs.read(row.container))
  const { payload, manifest } = await takeApart(bytes)
  const client = { crypto: world.crypto, pins: { trust: parts.trust(), policies: parts.policies }, now: () => parts.now() }
  const stranger = await freshHybrid(world.crypto)
  const forged = await signStatement(world.crypto, stranger, signedIn(manifest).body)
  const { uuid, attributes } = decodePolicy(manifest.encryptionInformation.policy)
  const bend = (change: (draft: Draft<Manifest>) => unknown): Draft<Manifest> => {
    const copy = loose(manifest)
    change(copy)
    return copy
  }

  const ask = (change: Readonly<Record<string, unknown>>): Promise<string>[] =>
    asked.map(({ nation, last }) => codeOf(nation.parts.keys.call('release', { ...last(), ...change } as never)))
  /** Client, originator's keys, recipient's keys. */
  const outcomes = async (bent: Draft<Manifest>): Promise<readonly string[]> => [
    await codeOf(verifyReleased(client, bytesSource(putTogether(payload, bent)))),
    ...(await Promise.all(ask({ manifest: canonicalBytes(bent as unknown as Json) }))),
  ]
  assert.deepEqual(await outcomes(loose(manifest)), ['done', 'done', 'done'], 'unchanged, everybody goes along')

  const cases: readonly [name: string, bent: Draft<Manifest>, client: string, keys: string][] = [
    ['1: the label deleted', bend((m) => m.assertions.splice(1, 1)), 'container/assertions', 'container/statement-manifest'],
    [
      '2: the label changed and bound anew with a key in its header',
      bend((m) => {
        m.assertions[1].statement.value = (m.assertions[1].statement.value as string).replace('SECRET', 'OFFICIAL')
        m.assertions[1].binding.signature = rebound(m.assertions[1].binding.signature)
      }),
      'container/assertion-header',
      'container/statement-manifest',
    ],
    [
      '3: GMAC for the root',
      bend((m) => (m.encryptionInformation.integrityInformation.rootSignature.alg = 'GMAC')),
      'container/gmac',
      'container/gmac',
    ],
    [
      '3: GMAC for the segments',
      bend((m) => (m.encryptionInformation.integrityInformation.segmentHashAlg = 'GMAC')),
      'container/gmac',
      'container/gmac',
    ],
    [
      '4: an original by somebody who is no officer',
      bend((m) => (m.assertions[2].statement.value = canonicalText(forged as unknown as Json))),
      'container/assertion-content',
      'container/statement-signer',
    ],
    [
      '5: a policy that says less than the label',
      bend((m) => (m.encryptionInformation.policy = encodePolicy(uuid, attributes.slice(1)))),
      'container/statement-manifest',
      'container/statement-manifest',
    ],
    [
      '6: a policy for everybody',
      bend((m) => (m.encryptionInformation.policy = toBase64(canonicalBytes({ uuid, body: { dataAttributes: [], dissem: [] } })))),
      'container/statement-manifest',
      'container/statement-manifest',
    ],
    [
      '7: a share said to be wrapped with rsa',
      bend((m) => (m.encryptionInformation.keyAccess[0].type = 'wrapped')),
      'container/statement-manifest',
      'container/statement-manifest',
    ],
    [
      '8: a statement value that is an object',
      bend((m) => Object.assign(m.assertions[1].statement, { value: {} })),
      'container/manifest-malformed',
      'container/manifest-malformed',
    ],
  ]
  for (const [name, bent, atClient, atKeys] of cases) {
    await t.test(`defect ${name}`, async () => {
      assert.deepEqual(await outcomes(bent), [atClient, atKeys, atKeys])
    })
  }
  await t.test("defect 6: a request without its key's signature, or with another's, gets no share", async () => {
    const compact = asked[0]?.last().request ?? ''
    const [issued = '', ...rest] = compact.split('~')
    const binding = rest.at(-1) ?? ''
    const foreign = (await reader.prepare(item)).request.split('~').at(-1) ?? ''
    const [head, body] = binding.split('.')
    const requests: readonly [request: string, code: string][] = [
      [[issued, ...rest.slice(0, -1), ''].join('~'), 'canonical/shape'],
      [[issued, ...rest.slice(0, -1), `${head}.${body}.${foreign.split('.')[2]}`].join('~'), 'clearance/stolen'],
      [[issued, ...rest.slice(0, -1), foreign].join('~'), 'clearance/other-disclosures'],
    ]
    for (const [request, code] of requests) {
      for (const end of await Promise.all(ask({ request }))) assert.equal(end, code)
    }
  })
})
