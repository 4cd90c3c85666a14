import { type Crypto, type MaybePromise, type SignatureAlgorithm, type Signer, toHex, utf8 } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import { type Chance, chanceOf } from './chance.ts'

const VERDICTS_KEPT = 8_192

/** The crypto port of one of several worlds that throw the same dice. */
export interface CoupledCrypto extends Crypto {
  /** From here on chance comes from this label; worlds that name the same label draw the same. */
  throwFrom(label: string): void
}

/**
 * Couples worlds: each has a crypto port of its own, and where two of them do the same (draw, sign the same bytes with the
 * same key, encapsulate to the same key for the same time) under the same label, they get the same. Signatures and
 * encapsulations are real ones, made once and used by all. Whatever then differs between the worlds differs for a reason that
 * is not chance.
 */
export class Coupling {
  readonly #signatures = new Map<string, MaybePromise<Uint8Array>>()
  readonly #encapsulations = new Map<string, ReturnType<Crypto['encapsulate']>>()
  /** Whether a signature holds depends on nothing else: it is asked once. */
  readonly #verdicts = new Map<string, MaybePromise<boolean>>()

  /** A port for one more world. */
  port(label: string): CoupledCrypto {
    let chance: Chance = chanceOf(label)
    let place = label
    const encapsulated = new Map<string, number>()
    const digest = (...parts: readonly Uint8Array[]): string => toHex(nodeCrypto.sha256(...parts))
    const random = (length: number): Uint8Array => chance.bytes(length)
    const signer = async (algorithm: SignatureAlgorithm, seed: Uint8Array): Promise<Signer> => {
      const real = await nodeCrypto.signer(algorithm, seed)
      return {
        ...real,
        sign: (message) =>
          once(this.#signatures, `${algorithm} ${digest(real.publicKey, nodeCrypto.sha256(message))}`, () => real.sign(message)),
      }
    }
    return {
      ...nodeCrypto,
      throwFrom: (next) => {
        chance = chanceOf(next)
        place = next
        encapsulated.clear()
      },
      random,
      signer: (algorithm, seed) => signer(algorithm, seed ?? random(32)),
      kemKey: (seed) => nodeCrypto.kemKey(seed ?? random(32)),
      encapsulate: (publicKey) => {
        const to = digest(publicKey, utf8(place))
        const time = encapsulated.get(to) ?? 0
        encapsulated.set(to, time + 1)
        return once(this.#encapsulations, `${to} ${time}`, () => nodeCrypto.encapsulate(publicKey))
      },
      verify: (algorithm, publicKey, message, signature) => {
        if (this.#verdicts.size > VERDICTS_KEPT) this.#verdicts.clear()
        const about = `${algorithm} ${digest(nodeCrypto.sha256(publicKey), nodeCrypto.sha256(message), signature)}`
        return once(this.#verdicts, about, () => nodeCrypto.verify(algorithm, publicKey, message, signature))
      },
    }
  }

  /** Forgets what was made so far; for when no world is in the middle of anything. */
  forget(): void {
    this.#signatures.clear()
    this.#encapsulations.clear()
  }
}

function once<T>(made: Map<string, T>, name: string, make: () => T): T {
  const known = made.get(name)
  if (known !== undefined) return known
  const fresh = make()
  made.set(name, fresh)
  return fresh
}
