import { authorityKeys, mergeSignatures, signAgreement } from '@entente/agreement'
import { type HybridSigner, type Json, canonicalText, fromBase64Url, hybridSigner, keyIdOf, readJson } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import { checkAgreements } from '../agreement-check.ts'
import { readAgreementFile } from '../agreement-file.ts'
import { type Command, listOption, one, usageError } from '../command.ts'
import { readGiven } from '../data.ts'
import { CliError, EXIT } from '../errors.ts'
import { hasError, tellFound } from './agreement-check.ts'

/** `agreement sign`: the signatures of an authority's persons, beside those that are there; nothing that has an error is signed. */
export const agreementSign: Command = {
  usage: 'agreement sign FILE --key FILE [--key FILE]',
  about: {
    en: "signs an agreement with the keys of an authority's persons",
    ja: '当局の担当者の鍵で取決めに署名する',
  },
  options: { key: { type: 'string', multiple: true } },
  async run(context) {
    const path = one(context, agreementSign)
    const keys = listOption(context, 'key')
    if (keys.length === 0 || context.positionals.length !== 1) throw usageError(agreementSign)
    const file = await readAgreementFile(path)
    if (file.form === 'template') {
      throw new CliError('cli/not-verified', 'a template is not signed', { values: { what: 'agreement', why: 'template' } })
    }
    const checked = await checkAgreements([path], Math.floor(Date.now() / 1000))
    // What it rests on is checked where all agreements are at hand.
    const own = checked.map((it) => ({ ...it, found: it.found.filter(({ code }) => code !== 'agreement/basis-unknown') }))
    if (own.some(hasError)) {
      for (const { found } of own) for (const problem of found) tellFound(context, path, problem)
      return EXIT.notVerified
    }
    const pinned = file.body.parties.flatMap(authorityKeys).map((key) => keyIdOf(nodeCrypto, key))
    const signers = await Promise.all(keys.map((key) => signerOf(key, pinned)))
    const made = await signAgreement(nodeCrypto, file.body, ...signers)
    const signed = file.form === 'signed' ? mergeSignatures(file.signed, made) : made
    context.result(signed as unknown as Json, () => [canonicalText(signed as unknown as Json)])
    return EXIT.done
  },
}

async function signerOf(path: string, pinned: readonly string[]): Promise<HybridSigner> {
  const signer = hybridSigner(...(await halvesOf(path)))
  if (pinned.includes(keyIdOf(nodeCrypto, signer.publicKey))) return signer
  throw new CliError('cli/no-party-key', 'a key that the agreement does not pin', { values: { path } })
}

async function halvesOf(path: string): Promise<Parameters<typeof hybridSigner>> {
  const value = readJson(await readGiven(path))
  const seed = (name: 'ed25519' | 'mldsa65'): Uint8Array => {
    const text = typeof value === 'object' && Object.hasOwn(value, name) ? (value as Readonly<Record<string, Json>>)[name] : undefined
    if (typeof text !== 'string' || !/^[A-Za-z0-9_-]{43}$/u.test(text))
      throw new CliError('cli/key-file', 'no seeds of an authority', { values: { path } })
    return fromBase64Url(text)
  }
  return [await nodeCrypto.signer('Ed25519', seed('ed25519')), await nodeCrypto.signer('ML-DSA-65', seed('mldsa65'))]
}
