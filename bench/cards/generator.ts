import type { Json, Signed } from '@entente/canonical'
import { type Card, type ReleaseStatement, cardDigest, signStatement, statementId } from '@entente/container'
import { nodeCrypto as crypto } from '@entente/crypto-node'
import { type Label, type MarkingPolicy, parseMarking, printMarking } from '@entente/label'
import type { World } from '@entente/testkit'

/** Distinct likenesses among the items; the nth is as frequent as 1/n (Zipf). */
export const LIKENESSES = 4_000
/** In one title of so many stands the rare word. */
export const RARE_EVERY = 1_000
export const WORDS = { common: 'maritime', commonShort: '海上', rare: 'kestrel', none: 'zeppelin' } as const

const RELEASE_SECONDS = 72_000
const EXPIRY_SECONDS = 86_400 * 30
const OWN_EVERY = 5
const ENGLISH =
  'maritime surveillance patrol vessel submarine transit strait missile launch assessment cyber intrusion network logistics air activity coastal radar contact weekly daily summary island port fuel convoy carrier group southern northern eastern western'.split(
    ' ',
  )
const JAPANESE = '海上 警戒 監視 潜水艦 海峡 通過 評価 航空 活動 週報 日報 港湾 補給 船団 東部 西部 南部 北部 沿岸 電波 接触'.split(' ')
const OTHERS = ['CAN', 'GBR', 'NZL', 'USA'] as const

/** What one kind of item has in common. */
interface Kind {
  readonly originator: string
  readonly area: string
  readonly label: Label
  readonly banner: string
  readonly basis?: ReleaseStatement['basis']
}

/** Cards and statements that come out the same for the same number; only those that are asked for are signed. */
export class Generator {
  readonly #world: World
  readonly #kinds: readonly Kind[]
  readonly #cumulative: readonly number[]
  readonly #now: number

  constructor(world: World) {
    this.#world = world
    this.#now = world.recipient.parts.now()
    this.#kinds = kindsOf(world)
    let sum = 0
    this.#cumulative = this.#kinds.map((_, index) => (sum += 1 / (index + 1)))
  }

  get likenesses(): number {
    return this.#kinds.length
  }

  /**
   * Item `n` of `count` as a record's body holds it. NOTE: its signature is a short stand-in that does not hold, and no
   * container lies behind it; everything else is as a release makes it.
   */
  item(n: number, count: number): { readonly signed: Json; readonly statement: string; readonly card: Card } {
    const { body, card } = this.#statement(n, count)
    const signed = { body, signatures: [{ keyId: '0'.repeat(64), ed25519: '', mldsa65: '' }] }
    return { signed: signed as unknown as Json, statement: statementId(crypto, body), card }
  }

  /** Item `n` with the signature of its officer. */
  signed(n: number, count: number): Promise<Signed<ReleaseStatement>> {
    const { body } = this.#statement(n, count)
    const { originator, data } = this.#world
    const ours = data.nations.find(({ nation }) => nation === body.originator)?.persons.find(({ delegation }) => delegation !== undefined)
    const officer = body.originator === originator.code ? data.story.cast.disclosureOfficer : (ours?.id ?? '')
    return signStatement(crypto, this.#world.officerKey(officer), body)
  }

  #statement(n: number, count: number): { readonly body: ReleaseStatement; readonly card: Card } {
    const chance = sequence(n + 1)
    const kind = this.#kinds[this.#zipf(chance())] as Kind
    const item = uuidOf(n)
    const english = Array.from({ length: 5 }, () => ENGLISH[Math.floor(chance() * ENGLISH.length)])
    const japanese = Array.from({ length: 4 }, () => JAPANESE[Math.floor(chance() * JAPANESE.length)])
    if (n % RARE_EVERY === RARE_EVERY >> 1) english[2] = WORDS.rare
    const { originator, area, label, banner, basis } = kind
    const title = { en: `EXERCISE ${english.join(' ')}`, ja: `訓練 ${japanese.join('')}` }
    const card: Card = { item, title, area, banner, originator }
    const released = this.#now - RELEASE_SECONDS + Math.floor((n / count) * RELEASE_SECONDS)
    const body: ReleaseStatement = {
      realm: 'exercise',
      item,
      serial: 1,
      originator,
      recipient: this.#world.recipient.code,
      label: { ...label, created: released },
      labelXmlDigest: 'a'.repeat(96),
      area,
      ...(basis === undefined ? {} : { basis }),
      keyControl: basis === undefined ? 'originator' : 'both',
      expires: released + EXPIRY_SECONDS,
      released,
      foreignClients: false,
      cardDigest: cardDigest(crypto, card),
      payloadDigest: 'b'.repeat(96),
      manifestDigest: 'c'.repeat(96),
      keyServices: [{ name: 'https://kas.originator.example', kid: `item.${item}`, role: 'originator' }],
    }
    return { body, card }
  }

  #zipf(chance: number): number {
    const at = chance * (this.#cumulative.at(-1) ?? 0)
    let [low, high] = [0, this.#cumulative.length - 1]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#cumulative[middle] ?? 0) < at) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** The number of an item, from its id. */
export function numberOf(item: string): number {
  return Number.parseInt(item.slice(-12), 16)
}

function uuidOf(n: number): string {
  // Ids that are not in the order of release, as real ones are not.
  const spread = (Math.imul(n + 1, 0x9e37_79b1) >>> 0).toString(16).padStart(8, '0')
  return `${spread}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`
}

/** Numbers from 0 to 1 that only look like chance (mulberry32). */
function sequence(seed: number): () => number {
  let state = Math.imul(seed, 0x6d2b_79f5)
  return () => {
    state = (state + 0x6d2b_79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Every kind that the two policies, the areas and the grants of the world's agreement give, shuffled, cut at `LIKENESSES`. */
function kindsOf({ originator, recipient, data }: World): readonly Kind[] {
  const { parts } = recipient
  const version = parts.trust().agreements.get(data.agreement)?.at(-1)
  if (version === undefined) throw new Error('no agreement')
  const kinds: Kind[] = []
  for (const [nation, isOwn] of [
    [originator.code, false],
    [recipient.code, true],
  ] as const) {
    const policy = [...parts.policies.values()].find((one) => one.nation === nation)
    const grants = version.body.grants.filter(({ from }) => from === nation)
    if (policy === undefined) throw new Error('no policy')
    for (const label of labelsOf(policy, [originator.code, recipient.code])) {
      for (const { code: area } of version.body.areas) {
        const grant = grants.find(({ ceiling, floor }) => reaches(policy, label.classification, ceiling, floor))
        if (!isOwn && grant === undefined) continue
        const basis = grant && { agreement: data.agreement, version: version.id, article: grant.article, grant: grant.id }
        const banner = bannerOf(label, policy)
        if (banner === undefined) continue
        kinds.push({ originator: nation, area, label, banner, ...(isOwn || basis === undefined ? {} : { basis }) })
      }
    }
  }
  const chance = sequence(1)
  const shuffled = kinds.map((kind) => ({ kind, at: chance() * (kind.basis === undefined ? OWN_EVERY : 1) })).sort((a, b) => a.at - b.at)
  return shuffled.slice(0, LIKENESSES).map(({ kind }) => kind)
}

function labelsOf(policy: MarkingPolicy, parties: readonly string[]): readonly Label[] {
  const caveats = [[], ...policy.categories.flatMap(({ tag, kind, values }) => values.map(({ code }) => [{ tag, kind, values: [code] }]))]
  const subsets = OTHERS.map((_, bit) => bit).reduce<string[][]>(
    (all, bit) => [...all, ...all.map((one) => [...one, OTHERS[bit] ?? ''])],
    [[]],
  )
  return policy.classifications.flatMap(({ banner }) => {
    try {
      const plain = parseMarking(banner, { policy, form: 'banner', created: 0 })
      return caveats.flatMap((categories) =>
        subsets.map((others) => ({
          ...plain,
          categories,
          originators: [{ nation: policy.nation, releasableTo: [...parties, ...others].sort() }],
        })),
      )
    } catch {
      return []
    }
  })
}

/** The marking of a label; undefined where the policy has none for it. */
function bannerOf(label: Label, policy: MarkingPolicy): string | undefined {
  try {
    return printMarking(label, policy, { form: 'banner' })
  } catch {
    return undefined
  }
}

function reaches(policy: MarkingPolicy, code: string, ceiling: string, floor: string | undefined): boolean {
  const order = (of: string): number => policy.classifications.find((one) => one.code === of)?.order ?? -1
  return order(code) <= order(ceiling) && (floor === undefined || order(code) >= order(floor))
}
