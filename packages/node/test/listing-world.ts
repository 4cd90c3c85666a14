import { type Json, type Signed } from '@entente/canonical'
import { type Card, type ReleaseStatement, cardDigest, signStatement, statementId } from '@entente/container'
import { nodeCrypto as crypto } from '@entente/crypto-node'
import { parseMarking } from '@entente/label'
import { type ItemPage, type ListQuestion, listItems } from '#src/use-cases/list-items.ts'
import { DraftingWorld, officer } from './drafting-world.ts'

const DAY = 86_400

/** A card that a test enters; the rest of its item is the same for all. */
export interface Entered {
  readonly title: Card['title']
  readonly marking?: string
  readonly area?: string
  /** How many seconds ago it was released. */
  readonly ago?: number
}

export function uuid(number: number): string {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`
}

/** The nation of a drafting world with a reader, and items of its own whose statements an officer signed. */
export class ListingWorld implements AsyncDisposable {
  readonly world: DraftingWorld
  #entered = 0

  private constructor(world: DraftingWorld) {
    this.world = world
  }

  static async make(): Promise<ListingWorld> {
    const world = await DraftingWorld.make()
    const made = new ListingWorld(world)
    made.clear('NV1')
    return made
  }

  /** Clears the reader at this level, for two areas. */
  clear(clearance: string): void {
    const { office } = this.world
    this.world.clear('morgan', clearance)
    const status = office.get('morgan')
    if (status?.state !== 'cleared') throw new Error('nobody was cleared')
    const assignments = ['maritime', 'maritime-shipping'].flatMap((area) => status.assignments.map((one) => ({ ...one, area })))
    office.set('morgan', { ...status, assignments })
  }

  /** Signs and enters items, each with the number that it comes as; `from` counts from somewhere else. */
  async enter(cards: readonly Entered[], from: number = this.#entered): Promise<void> {
    const { nation, now: at } = this.world
    const items = await Promise.all(cards.map((card, index) => this.#signed(card, uuid(from + index))))
    if (from === this.#entered) this.#entered += cards.length
    await nation.enter({ at, kind: 'release', body: { items } as unknown as Json, entries: [], effects: [], conditions: [] })
  }

  list(question: ListQuestion = {}, person = 'morgan'): Promise<ItemPage> {
    return listItems(this.world.nation, person, question)
  }

  /** Titles that a search finds. */
  async titles(q: string): Promise<readonly string[]> {
    return (await this.list({ q, limit: 200 })).items.map(({ card }) => card.title.en ?? card.title.ja ?? '')
  }

  async #signed({ title, marking = 'SECRET//AUSTEO', area = 'maritime', ago = 0 }: Entered, item: string) {
    const { nation, now } = this.world
    const policy = [...nation.policies.values()].find((one) => one.nation === 'AUS')
    if (policy === undefined) throw new Error('no policy')
    const released = now - ago
    const card: Card = { item, title, area, banner: marking, originator: 'AUS' }
    const body: ReleaseStatement = {
      realm: 'exercise',
      item,
      serial: 1,
      originator: 'AUS',
      recipient: 'AUS',
      label: parseMarking(marking, { policy, form: 'banner', created: released }),
      labelXmlDigest: 'a'.repeat(96),
      area,
      keyControl: 'originator',
      expires: released + 30 * DAY,
      released,
      foreignClients: false,
      cardDigest: cardDigest(crypto, card),
      payloadDigest: 'b'.repeat(96),
      manifestDigest: 'c'.repeat(96),
      keyServices: [{ name: 'https://kas.aus.entente.example', kid: `item.${item}`, role: 'originator' }],
    }
    const signed: Signed<ReleaseStatement> = await signStatement(crypto, officer, body)
    return { signed, statement: statementId(crypto, body), card, container: 'd'.repeat(64), containerSize: 1 }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.world[Symbol.asyncDispose]()
  }
}
