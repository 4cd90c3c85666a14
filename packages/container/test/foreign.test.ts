import assert from 'node:assert/strict'
import { constants, privateDecrypt } from 'node:crypto'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fromBase64 } from '@entente/canonical'
import { bytesSource, checkPolicyBinding, openForeign, readContainer, whole } from '@entente/container'
import { crypto } from './made.ts'

const folder = process.env['ENTENTE_VECTORS'] === undefined ? '' : join(process.env['ENTENTE_VECTORS'], 'opentdf', 'xtest')

/** Plaintexts by file; the length alone where that says enough. */
const EXPECTED: Readonly<Record<string, string | number>> = {
  'key-management-no-split-golden.tdf': 'hello\n',
  'no-splitids-java.tdf': 5_120,
  'with-json-object-assertions-java.tdf': 'text',
}

test('foreign golden files are read, their bindings hold, and they open', { skip: !existsSync(folder) }, async () => {
  const [{ privateKey }] = JSON.parse(readFileSync(join(folder, 'extra-keys.json'), 'utf8')) as [{ privateKey: string }]
  const names = readdirSync(join(folder, 'golden'))
  assert.equal(names.length, 7)
  for (const name of names) {
    const container = await readContainer(crypto, bytesSource(readFileSync(join(folder, 'golden', name))))
    assert.equal(container.kind, 'foreign')
    const { keyAccess, policy } = container.manifest.encryptionInformation
    const shares = keyAccess.flatMap((access) => {
      try {
        const share = privateDecrypt(
          { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
          fromBase64(access.wrappedKey),
        )
        return share.length === 32 && checkPolicyBinding(crypto, share, policy, access.policyBinding) ? [share] : []
      } catch {
        return []
      }
    })
    const [dataKey] = shares
    assert.ok(dataKey !== undefined, name)
    const { assertions, plaintext } = openForeign(crypto, container, dataKey)
    const text = await whole(plaintext)
    assert.ok(
      assertions.every((one) => one.bound === 'data-key'),
      name,
    )
    const expected = EXPECTED[name]
    if (typeof expected === 'string') assert.equal(Buffer.from(text).toString(), expected)
    if (typeof expected === 'number') assert.equal(text.length, expected)
    assert.equal(text.length, container.plaintextBytes, name)
    const wrong = Uint8Array.from(dataKey, (byte) => byte ^ 1)
    assert.throws(() => openForeign(crypto, container, wrong), { code: 'container/root-signature' })
  }
})
