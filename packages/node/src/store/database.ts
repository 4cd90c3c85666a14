import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { Recent } from '@entente/canonical'
import type { JoinedReceipt } from '@entente/exchange'
import { Kysely, SqliteDialect } from 'kysely'
import { diskError } from '../errors.ts'

/** What decides about at least one item, interned: decisions are made once per distinct likeness. */
export interface LikenessRow {
  id: number
  /** `likenessHash`. */
  hash: string
  /** `likenessText`. */
  likeness: string
}

/** The register of items as this nation knows it: its own, and those that it was given. */
export interface ItemRow {
  /** Number of the row, in the order of the journal. */
  id: number
  item: string
  serial: number
  /** Nation that originated it. */
  originator: string
  /** Nation whose people it was sealed for. */
  recipient: string
  /** Report that it is a rendition of; only for own items. */
  report: string | null
  /** Number of its likeness. */
  likeness: number
  area: string
  agreement: string | null
  /** Id of the release statement. */
  statement: string
  /** The signed release statement as JSON: what decisions read after verifying it, never the other columns. */
  signed: string
  card: string
  container: string
  container_size: number
  released_at: number
  expires_at: number
  stopped: number
  /** Journal number that stopped it. */
  stopped_by: number | null
  /** MAC of what lists start from (spec/node.md 8); only on what the own people might list, until it stops. */
  mac: string | null
}

/** One grant that an own person was given, and what came of it. */
export interface ReadingRow {
  /** Hash of the request. */
  request: string
  item: string
  person: string
  at: number
  /** When it was granted, once the reader's client said that it had opened the item. */
  opened: number | null
  acknowledged: number | null
}

/** One entry that this nation made, with its opening: for damage assessment and disclosure. */
export interface EntryRow {
  log: string
  position: number
  /** Journal number. */
  n: number
  act: string
  item: string | null
  at: number
  leaf: string
  opening: string
}

/** One envelope, either way. */
export interface EnvelopeRow {
  id: string
  link: string
  direction: 'in' | 'out'
  seq: number
  type: string
  /** The signed envelope exactly as it goes or came over the wire. */
  bytes: Uint8Array
  /** The signed receipt, exactly, once there is one. */
  receipt: Uint8Array | null
  at: number
}

/** One opening that this nation permitted as originator, and what became of it. */
export interface OpeningRow {
  /** SHA-256 of the entry's leaf. */
  leaf: string
  request: string
  item: string
  /** Raw key of the reader's device, base64url: who may say that it was joined. */
  holder_key: string
  at: number
  outcome: JoinedReceipt['outcome'] | null
}

/** One step in the life of an agreement, in the order in which it was taken here (spec/agreement.md 8). */
export interface AgreementStepRow {
  row: number
  /** Id of the act, or of the notice; made up of what it is about for the others. */
  id: string
  agreement: string
  kind: AgreementStepKind
  /** Whose step it is. */
  nation: string
  /** Number of the version, 0 for a notice. */
  number: number
  /** Id of the body or version that it is about. */
  proposal: string
  at: number
  /** The own person who did it; a partner's are not known here. */
  person: string | null
  /** What was signed, as JSON. */
  document: string
}

/** `held` is this nation's own entry, `proof` a nation's proven word; `notice-part` lacks the second person's signature. */
export type AgreementStepKind = 'act' | 'seal' | 'held' | 'proof' | 'notice-part' | 'notice'

export interface MetaRow {
  name: string
  value: string
}

export interface Tables {
  likenesses: LikenessRow
  items: ItemRow
  entries: EntryRow
  envelopes: EnvelopeRow
  openings: OpeningRow
  readings: ReadingRow
  agreement_steps: AgreementStepRow
  meta: MetaRow
}

/** A projection: rebuilt from the journal whenever it is missing or behind. */
export type Database = Kysely<Tables>

/** Raised with every change of the schema: tables of another one are dropped, and made again from the journal. */
const SCHEMA_VERSION = 2

const SCHEMA = `
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS likenesses (id INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, likeness TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS items (
  id INTEGER PRIMARY KEY, item TEXT NOT NULL UNIQUE, serial INTEGER NOT NULL, originator TEXT NOT NULL, recipient TEXT NOT NULL, report TEXT,
  likeness INTEGER NOT NULL, area TEXT NOT NULL, agreement TEXT, statement TEXT NOT NULL, signed TEXT NOT NULL, card TEXT NOT NULL,
  container TEXT NOT NULL, container_size INTEGER NOT NULL, released_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
  stopped INTEGER NOT NULL, stopped_by INTEGER, mac TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS items_for_lists ON items (released_at, item, likeness, expires_at, mac) WHERE mac IS NOT NULL;
CREATE VIRTUAL TABLE IF NOT EXISTS card_titles USING fts5(title, tokenize='trigram', content='', columnsize=0);
CREATE VIRTUAL TABLE IF NOT EXISTS card_pairs USING fts5(pairs, tokenize='ascii', content='', columnsize=0, detail=none);
CREATE INDEX IF NOT EXISTS items_by_report ON items (report);
CREATE TABLE IF NOT EXISTS entries (
  log TEXT NOT NULL, position INTEGER NOT NULL, n INTEGER NOT NULL, act TEXT NOT NULL, item TEXT, at INTEGER NOT NULL,
  leaf TEXT NOT NULL, opening TEXT NOT NULL, PRIMARY KEY (log, position)
) STRICT;
CREATE INDEX IF NOT EXISTS entries_by_item ON entries (item);
CREATE TABLE IF NOT EXISTS envelopes (
  id TEXT PRIMARY KEY, link TEXT NOT NULL, direction TEXT NOT NULL, seq INTEGER NOT NULL, type TEXT NOT NULL,
  bytes BLOB NOT NULL, receipt BLOB, at INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS openings (
  leaf TEXT PRIMARY KEY, request TEXT NOT NULL, item TEXT NOT NULL, holder_key TEXT NOT NULL, at INTEGER NOT NULL, outcome TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS openings_by_item ON openings (item);
CREATE TABLE IF NOT EXISTS readings (
  request TEXT PRIMARY KEY, item TEXT NOT NULL, person TEXT NOT NULL, at INTEGER NOT NULL, opened INTEGER, acknowledged INTEGER
) STRICT;
CREATE TABLE IF NOT EXISTS agreement_steps (
  row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, agreement TEXT NOT NULL, kind TEXT NOT NULL, nation TEXT NOT NULL, number INTEGER NOT NULL,
  proposal TEXT NOT NULL, at INTEGER NOT NULL, person TEXT, document TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS readings_by_person ON readings (person, item);
CREATE UNIQUE INDEX IF NOT EXISTS envelopes_by_seq ON envelopes (link, direction, seq);
`

/** Opens the projection at `path` (or `:memory:`) and makes its tables. Throws `node/disk-full`. */
export function openDatabase(path: string): { readonly db: Database; close(): void } {
  const sqlite = new DatabaseSync(path)
  try {
    // NORMAL: a power cut may take the last transactions, whole, and the journal has them (ADR 0017).
    sqlite.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;')
    dropOtherSchema(sqlite)
    sqlite.exec(SCHEMA)
  } catch (cause) {
    sqlite.close()
    throw diskError(cause, 'the projection')
  }
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: adapted(sqlite) as never }) })
  return {
    db,
    close() {
      // `db.destroy` has closed it where a query was ever made.
      if (sqlite.isOpen) sqlite.close()
    },
  }
}

function dropOtherSchema(sqlite: DatabaseSync): void {
  const { user_version: version } = sqlite.prepare('PRAGMA user_version').get() as { readonly user_version: number }
  if (version === SCHEMA_VERSION) return
  const tables = sqlite.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name = ?")
  const all = sqlite.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY sql LIKE 'CREATE VIRTUAL%' DESC").all()
  // The tables behind a virtual one go with it.
  for (const { name } of all as { readonly name: string }[]) if (tables.get(name) !== undefined) sqlite.exec(`DROP TABLE "${name}"`)
  sqlite.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`)
}

/** Prepared statements that are kept: the node asks the same few things again and again. */
const STATEMENTS_KEPT = 128

/** `node:sqlite` in the shape that Kysely's SQLite dialect expects. */
function adapted(sqlite: DatabaseSync): unknown {
  const kept = new Recent<{ readonly statement: StatementSync; readonly reader: boolean }>(STATEMENTS_KEPT)
  function prepared(sql: string): { readonly statement: StatementSync; readonly reader: boolean } {
    const known = kept.get(sql)
    if (known !== undefined) return known
    const statement = sqlite.prepare(sql)
    const fresh = { statement, reader: statement.columns().length > 0 }
    kept.set(sql, fresh)
    return fresh
  }
  return {
    close: () => sqlite.close(),
    prepare(sql: string) {
      const { statement, reader } = prepared(sql)
      return {
        reader,
        all: (parameters: never[]) => statement.all(...parameters),
        // Others may ask the same while this one is still being read: it has a statement of its own.
        iterate: (parameters: never[]) => sqlite.prepare(sql).iterate(...parameters),
        run(parameters: never[]) {
          // A full disk has ended the transaction already; rolling it back once more would hide why.
          if (sql === 'rollback' && !sqlite.isTransaction) return { changes: 0, lastInsertRowid: 0 }
          const { changes, lastInsertRowid } = statement.run(...parameters)
          return { changes, lastInsertRowid }
        },
      }
    },
  }
}
