import { readFile } from 'node:fs/promises'
import { type Crypto, canonicalText, readJson, toBase64Url } from '@entente/canonical'
import { NodeError } from './errors.ts'
import { writeDurably } from './config.ts'

/** Private seeds by name, 32 bytes each, base64url: what a process's `keys.json` holds, readable by its owner only. */
export type Seeds<Name extends string> = Readonly<Record<Name, string>>

/** Makes fresh seeds and writes them durably with mode 0600. */
export async function makeSeeds<Name extends string>(crypto: Crypto, path: string, names: readonly Name[]): Promise<Seeds<Name>> {
  const seeds = Object.fromEntries(names.map((name) => [name, toBase64Url(crypto.random(32))])) as Seeds<Name>
  await writeDurably(path, canonicalText(seeds))
  return seeds
}

/** Reads seeds; throws `node/config` when one is missing or malformed. */
export async function readSeeds<Name extends string>(path: string, names: readonly Name[]): Promise<Seeds<Name>> {
  const value = readJson(await readFile(path)) as Readonly<Record<string, unknown>>
  for (const name of names) {
    const seed = value[name]
    if (typeof seed !== 'string' || !/^[A-Za-z0-9_-]{43}$/u.test(seed)) {
      throw new NodeError('node/config', 'a key file is incomplete', { values: { what: name } })
    }
  }
  return value as Seeds<Name>
}
