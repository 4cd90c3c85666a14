import { CanonicalError, type Crypto, type Json, type Shape, canonicalBytes, readShape, shapes, toHex } from '@entente/canonical'
import * as v from 'valibot'
import { ContainerError } from './errors.ts'

/** A title or a name in one language or both. */
export interface Titled {
  readonly en?: string
  readonly ja?: string
}

/** A point on the earth (WGS 84), in millionths of a degree: numbers on the wire are integers. */
export interface Place {
  /** -90,000,000 to 90,000,000. */
  readonly latitudeMicrodegrees: number
  /** -180,000,000 to 180,000,000. */
  readonly longitudeMicrodegrees: number
  /** How far it may be off, in metres; absent: as exact as it looks. */
  readonly radiusMetres?: number
  readonly name?: Titled
}

/** What lists and maps show of an item. Each field is under the item's label unless a disclosure decision lowered it. */
export interface Card {
  /** Absent in a draft's card. */
  readonly item?: string
  readonly title: Titled
  /** Code of the area. */
  readonly area: string
  readonly place?: Place
  /** When what it tells of happened, seconds since 1970. */
  readonly at?: number
  /** The banner marking as the originator's policy writes it. */
  readonly banner: string
  /** ISO 3166-1 alpha-3. */
  readonly originator: string
  /** 32 bytes of chance, URL-safe base64: without them who holds the digest could try out titles. Absent in a draft's card. */
  readonly salt?: string
}

const oneLine = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(512),
  v.check((text) => text.isWellFormed() && !hasControls(text), 'one line of text'),
)

/** Control characters and the marks that turn the reading direction, with which one text can be made to look like another. */
export function hasControls(text: string): boolean {
  return /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/u.test(text)
}

export const titledShape: Shape<Titled> = v.pipe(
  v.strictObject({ en: v.exactOptional(oneLine), ja: v.exactOptional(oneLine) }),
  v.check((titled) => titled.en !== undefined || titled.ja !== undefined, 'a title in one language at least'),
)

/** Codes of areas: as agreements write them. */
export const areaShape: Shape<string> = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,127}$/u))

export const placeShape: Shape<Place> = v.strictObject({
  latitudeMicrodegrees: v.pipe(v.number(), v.safeInteger(), v.minValue(-90_000_000), v.maxValue(90_000_000)),
  longitudeMicrodegrees: v.pipe(v.number(), v.safeInteger(), v.minValue(-180_000_000), v.maxValue(180_000_000)),
  radiusMetres: v.exactOptional(shapes.natural),
  name: v.exactOptional(titledShape),
})

export const cardShape: Shape<Card> = v.strictObject({
  item: v.exactOptional(shapes.uuid),
  title: titledShape,
  area: areaShape,
  place: v.exactOptional(placeShape),
  at: v.exactOptional(shapes.instant),
  banner: oneLine,
  originator: shapes.nation,
  salt: v.exactOptional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/u))),
})

/** Reads a card from anything; throws `container/card-malformed` with `where`. */
export function readCard(value: unknown): Card {
  try {
    return readShape(cardShape, value, 'card')
  } catch (cause) {
    const where = cause instanceof CanonicalError ? String(cause.values['where'] ?? '') : ''
    throw new ContainerError('container/card-malformed', 'not a card', { values: { where }, cause })
  }
}

/** SHA-384 of the canonical card, lower-case hexadecimal: what a release statement commits to. */
export function cardDigest(crypto: Crypto, card: Card): string {
  return toHex(crypto.sha384(canonicalBytes(card as unknown as Json)))
}

/** Throws `container/card-digest` unless this is the card that the statement commits to. */
export function checkCard(crypto: Crypto, card: Card, digest: string): void {
  if (cardDigest(crypto, card) !== digest) throw new ContainerError('container/card-digest', 'the card is not the one that was released')
}
