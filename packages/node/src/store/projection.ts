import type { Crypto } from '@entente/canonical'
import type { Card, ReleaseStatement } from '@entente/container'
import type { Signed } from '@entente/canonical'
import type { JoinedReceipt } from '@entente/exchange'
import { CompiledQuery, sql } from 'kysely'
import { NodeError, diskError } from '../errors.ts'
import { type JournalRecord, decodeRecord } from '../ledger/record.ts'
import { indexCard } from './card-index.ts'
import type { AgreementStepRow, Database } from './database.ts'
import { type Likeness, likenessHash, likenessText } from './likeness.ts'
import type { ListedRow, Listing } from './listing.ts'
import { fillListing, rowMac } from './row-mac.ts'

/** What a record's body may say; the projection reads these members and nothing else. */
export interface RecordBody {
  /** Items that enter the register. */
  readonly items?: readonly {
    readonly signed: Signed<ReleaseStatement>
    readonly statement: string
    readonly card: Card
    readonly container: string
    readonly containerSize: number
    readonly report?: string
  }[]
  /** Items that stop. */
  readonly stops?: readonly string[]
  /** Envelopes that go out from here on. */
  readonly out?: readonly {
    readonly id: string
    readonly link: string
    readonly seq: number
    readonly type: string
    readonly text: string
  }[]
  /** Envelopes that came in, each with the receipt that answers it now and every time again. */
  readonly in?: readonly {
    readonly id: string
    readonly link: string
    readonly seq: number
    readonly type: string
    readonly text: string
    readonly receipt: string
  }[]
  /** Receipts that came for envelopes of ours. */
  readonly receipts?: readonly { readonly id: string; readonly receipt: string }[]
  /** Openings that were permitted, and what their readers' clients said of them. */
  readonly openings?: readonly { readonly leaf: string; readonly request: string; readonly item: string; readonly holderKey: string }[]
  readonly joined?: readonly { readonly leaf: string; readonly outcome: JoinedReceipt['outcome'] }[]
  /** Which of the own people a grant was given, by the hash of the request: no entry names them. */
  readonly readings?: readonly { readonly request: string; readonly item: string; readonly person: string }[]
  /** Steps in the life of agreements. */
  readonly agreements?: readonly (Omit<AgreementStepRow, 'row' | 'at' | 'person'> & { readonly person?: string })[]
  /** Named values that a later record of the same name replaces: the newest roster of a partner, a report's state. */
  readonly facts?: readonly { readonly name: string; readonly value: string }[]
}

/** Whose projection it is. */
export interface ProjectionOwner {
  /** ISO 3166-1 alpha-3: what is sealed for its people is what they might list. */
  readonly nation: string
  /** 32 bytes for the MACs of rows that lists start from (spec/node.md 8); kept outside of the database. */
  readonly rowKey: Uint8Array
  notice(code: string, values?: Record<string, string | number>): void
}

/** What one record changes in the listing, once the database holds it. */
interface ListingChange {
  readonly added: (ListedRow & { readonly kind: Likeness })[]
  readonly stopped: string[]
}

/** Follows the journal. Records are applied in order, each in one transaction with its number. */
export class Projection {
  /** What lists start from: in memory, as rows whose MAC holds and new records say. */
  readonly listing: Listing
  readonly #crypto: Crypto
  readonly #db: Database
  readonly #owner: ProjectionOwner
  #applied: number
  #chain: Promise<void> = Promise.resolve()
  readonly #waiting: { readonly n: number; readonly resolve: () => void; readonly reject: (error: unknown) => void }[] = []
  /** Durable records that are not applied yet, in order. */
  readonly #due: JournalRecord[] = []
  #full: NodeError | undefined

  private constructor(crypto: Crypto, db: Database, owner: ProjectionOwner, listing: Listing, applied: number) {
    this.#crypto = crypto
    this.#db = db
    this.#owner = owner
    this.listing = listing
    this.#applied = applied
  }

  /** Finds where the projection stands, and fills the listing from the rows whose MAC holds. */
  static async open(crypto: Crypto, db: Database, owner: ProjectionOwner): Promise<Projection> {
    const row = await db.selectFrom('meta').select('value').where('name', '=', 'applied').executeTakeFirst()
    const listing = await fillListing(crypto, db, owner)
    return new Projection(crypto, db, owner, listing, row === undefined ? 0 : Number(row.value))
  }

  /** Number of the next record that it wants. */
  get next(): number {
    return this.#applied
  }

  /** Takes durable records in, in order; those that it has are skipped. */
  take(payloads: readonly Uint8Array[]): void {
    for (const payload of payloads) this.#due.push(decodeRecord(payload))
    this.#chain = this.#chain.then(() => this.#applyDue())
  }

  /** Before an act is entered: throws `node/disk-full` where records still wait for space after one more try. */
  async ready(): Promise<void> {
    if (this.#full === undefined) return
    this.#chain = this.#chain.then(() => this.#applyDue())
    await this.#chain
    if (this.#full !== undefined) throw this.#full
  }

  async #applyDue(): Promise<void> {
    for (let record = this.#due[0]; record !== undefined; record = this.#due[0]) {
      try {
        await this.apply(record)
      } catch (error) {
        if (!(error instanceof NodeError) || error.code !== 'node/disk-full') throw error
        // The journal holds the record, and here it waits its turn: nothing is lost, and those who wait for it are told.
        this.#full = error
        for (const { reject } of this.#waiting.splice(0)) reject(error)
        return
      }
      this.#due.shift()
    }
    this.#full = undefined
  }

  /** Applies one record, whole or not at all. Throws `node/disk-full`. */
  async apply(record: JournalRecord): Promise<void> {
    if (record.n < this.#applied) return
    if (record.n > this.#applied) throw new Error(`record ${record.n} came where ${this.#applied} was due`)
    const change: ListingChange = { added: [], stopped: [] }
    try {
      await this.#write(record, change)
    } catch (cause) {
      throw diskError(cause, 'the projection')
    }
    for (const { kind, ...row } of change.added) {
      this.listing.know(row.likeness, kind)
      this.listing.add(row)
    }
    for (const item of change.stopped) this.listing.remove(item)
    this.#applied = record.n + 1
    for (let at = this.#waiting.length - 1; at >= 0; at--) {
      const waiting = this.#waiting[at]
      if (waiting !== undefined && waiting.n < this.#applied) {
        this.#waiting.splice(at, 1)
        waiting.resolve()
      }
    }
  }

  async #write(record: JournalRecord, change: ListingChange): Promise<void> {
    const positions = new Map<string, number>()
    await this.#db.transaction().execute(async (db) => {
      const body = record.body as unknown as RecordBody
      for (const item of body.items ?? []) {
        const row = await this.#insertItem(db, item)
        if (row !== undefined) change.added.push(row)
      }
      for (const item of body.stops ?? []) {
        await db.updateTable('items').set({ stopped: 1, stopped_by: record.n, mac: null }).where('item', '=', item).execute()
        change.stopped.push(item)
      }
      for (const { request, item, person } of body.readings ?? []) {
        await db.executeQuery(CompiledQuery.raw(INSERT_READING, [request, item, person, record.at]))
      }
      for (const { id, link, seq, type, text } of body.out ?? []) {
        await db
          .insertInto('envelopes')
          .values({ id, link, direction: 'out', seq, type, bytes: encoded(text), receipt: null, at: record.at })
          .execute()
      }
      for (const { id, link, seq, type, text, receipt } of body.in ?? []) {
        await db
          .insertInto('envelopes')
          .values({ id, link, direction: 'in', seq, type, bytes: encoded(text), receipt: encoded(receipt), at: record.at })
          .execute()
      }
      for (const { id, receipt } of body.receipts ?? []) {
        await db
          .updateTable('envelopes')
          .set({ receipt: encoded(receipt) })
          .where('id', '=', id)
          .execute()
      }
      for (const { leaf, request, item, holderKey } of body.openings ?? []) {
        await db.executeQuery(CompiledQuery.raw(INSERT_OPENING, [leaf, request, item, holderKey, record.at]))
      }
      for (const { leaf, outcome } of body.joined ?? []) {
        const before = outcome === 'acknowledged' ? 'opened' : null
        await db.updateTable('openings').set({ outcome }).where('leaf', '=', leaf).where('outcome', 'is', before).execute()
      }
      for (const { person, ...step } of body.agreements ?? []) {
        await db
          .insertInto('agreement_steps')
          .values({
            ...step,
            row: sql<number>`(SELECT COALESCE(MAX(row), 0) + 1 FROM agreement_steps)`,
            at: record.at,
            person: person ?? null,
          })
          .onConflict((conflict) => conflict.column('id').doNothing())
          .execute()
      }
      for (const { name, value } of body.facts ?? []) await setMeta(db, name, value)
      for (const { log, leaf, opening } of record.entries) {
        const position = positions.get(log) ?? (await nextPosition(db, log))
        positions.set(log, position + 1)
        const fields = new Map(opening.fields.map((field) => [field.name, field.value]))
        const item = fields.get('item')
        const act = fields.get('act')
        if (act === 'joined') await setReading(db, fields.get('request'), fields.get('outcome'), record.at)
        const named = [typeof act === 'string' ? act : '', typeof item === 'string' ? item : null]
        const row = [log, position, record.n, ...named, record.at, leaf, JSON.stringify(opening)]
        await db.executeQuery(CompiledQuery.raw(INSERT_ENTRY, row))
      }
      await setMeta(db, 'applied', String(record.n + 1))
    })
  }

  /** Resolves once record `n` is applied; rejects with `node/disk-full` where there is no space for it now. */
  applied(n: number): Promise<void> {
    if (n < this.#applied) return Promise.resolve()
    if (this.#full !== undefined) return this.ready()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#waiting.push({ n, resolve, reject })
    return promise
  }

  /** Enters an item; gives what the listing takes in, where it is for the own people. */
  async #insertItem(db: Database, item: NonNullable<RecordBody['items']>[number]): Promise<ListingChange['added'][number] | undefined> {
    const { signed, statement, card, container, containerSize, report } = item
    const { body } = signed
    const text = likenessText(body)
    const hash = likenessHash(this.#crypto, text)
    await db
      .insertInto('likenesses')
      .values({ id: sql<number>`(SELECT COALESCE(MAX(id), 0) + 1 FROM likenesses)`, hash, likeness: text })
      .onConflict((conflict) => conflict.column('hash').doNothing())
      .execute()
    const { id: likeness } = await db.selectFrom('likenesses').select('id').where('hash', '=', hash).executeTakeFirstOrThrow()
    const { id } = await db
      .selectFrom('items')
      .select((select) => sql<number>`${select.fn.coalesce(select.fn.max('id'), sql<number>`0`)} + 1`.as('id'))
      .executeTakeFirstOrThrow()
    const row = { id, item: body.item, likeness, released: body.released, expires: body.expires }
    const isOurs = body.recipient === this.#owner.nation
    await db
      .insertInto('items')
      .values({
        id,
        item: body.item,
        serial: body.serial,
        originator: body.originator,
        recipient: body.recipient,
        report: report ?? null,
        likeness,
        area: body.area,
        agreement: body.basis?.agreement ?? null,
        statement,
        signed: JSON.stringify(signed),
        card: JSON.stringify(card),
        container,
        container_size: containerSize,
        released_at: body.released,
        expires_at: body.expires,
        stopped: 0,
        stopped_by: null,
        mac: isOurs ? rowMac(this.#crypto, this.#owner.rowKey, row, hash) : null,
      })
      .execute()
    if (!isOurs) return undefined
    await indexCard(db, id, card)
    return { ...row, kind: JSON.parse(text) as Likeness }
  }
}

/** What a reader's client said of an opening, in the record of the grant that it rests on. */
async function setReading(db: Database, request: unknown, outcome: unknown, at: number): Promise<void> {
  if (typeof request !== 'string') return
  const reading = db.updateTable('readings').where('request', '=', request)
  if (outcome === 'opened') await reading.set((row) => ({ opened: row.ref('at') })).execute()
  if (outcome === 'acknowledged') await reading.where('acknowledged', 'is', null).set({ acknowledged: at }).execute()
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

// What every opening writes stands here as SQL: building it anew takes longer than SQLite does.
const INSERT_READING = 'INSERT INTO readings (request, item, person, at) VALUES (?, ?, ?, ?) ON CONFLICT (request) DO NOTHING'
const INSERT_OPENING = 'INSERT INTO openings (leaf, request, item, holder_key, at) VALUES (?, ?, ?, ?, ?)'
const INSERT_ENTRY = 'INSERT INTO entries (log, position, n, act, item, at, leaf, opening) VALUES (?, ?, ?, ?, ?, ?, ?, ?)'
const SET_META = 'INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value'
const NEXT_POSITION = 'SELECT COALESCE(MAX(position), -1) + 1 AS next FROM entries WHERE log = ?'

async function setMeta(db: Database, name: string, value: string): Promise<void> {
  await db.executeQuery(CompiledQuery.raw(SET_META, [name, value]))
}

async function nextPosition(db: Database, log: string): Promise<number> {
  const { rows } = await db.executeQuery<{ readonly next: number }>(CompiledQuery.raw(NEXT_POSITION, [log]))
  return rows[0]?.next ?? 0
}
