import { type Crypto, type KemKey, concatBytes, utf8 } from '@entente/canonical'

const IV_BYTES = 12

/** An item's own share key: made here, kept by the node as ciphertext that only this process opens, destroyed with the item. */
export async function makeItemKey(
  crypto: Crypto,
  kek: Uint8Array,
  item: string,
): Promise<{ kid: string; publicKey: Uint8Array; sealed: Uint8Array }> {
  const seed = crypto.random(32)
  const iv = crypto.random(IV_BYTES)
  const sealed = concatBytes(iv, await crypto.sealAesGcm(kek, iv, seed, context(item)))
  return { kid: itemKeyId(item), publicKey: (await crypto.kemKey(seed)).publicKey, sealed }
}

/** Opens an item's sealed key; throws `canonical/aead` for another item's or another nation's. */
export async function openItemKey(
  crypto: Crypto,
  kek: Uint8Array,
  item: string,
  sealed: Uint8Array,
): Promise<{ kid: string; key: KemKey }> {
  const seed = await crypto.openAesGcm(kek, sealed.subarray(0, IV_BYTES), sealed.subarray(IV_BYTES), context(item))
  return { kid: itemKeyId(item), key: await crypto.kemKey(seed) }
}

function itemKeyId(item: string): string {
  return `item.${item}`
}

function context(item: string): Uint8Array {
  return utf8(`entente/item-key/v1\n${item}`)
}
