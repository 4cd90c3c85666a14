import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Json, fromBase64Url, toHex } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import { type JournalRecord, decodeRecord } from '@entente/node'
import type { MemoryDisk } from '../memory-disk.ts'

/** An entry as the journal's disk has it, opened. */
export interface DiskEntry {
  readonly n: number
  readonly at: number
  readonly log: string
  readonly index: number
  /** SHA-256 of the leaf, hexadecimal. */
  readonly leaf: string
  readonly fields: Readonly<Record<string, Json>>
}

/** An item as the journal's disk has it. */
export interface DiskItem {
  readonly n: number
  readonly originator: string
  readonly recipient: string
  readonly expires: number
  /** Record that stopped it. */
  readonly stoppedBy?: number
}

/** A letter of one direction of one link. */
export interface DiskLetter {
  readonly n: number
  readonly id: string
  readonly seq: number
  readonly type: string
  readonly receipt?: string
}

/** As much of a record's body as is looked at here. */
interface Body {
  readonly items?: readonly {
    readonly signed: {
      readonly body: { readonly item: string; readonly originator: string; readonly recipient: string; readonly expires: number }
    }
  }[]
  readonly stops?: readonly string[]
  readonly out?: readonly { readonly id: string; readonly link: string; readonly seq: number; readonly type: string }[]
  readonly in?: readonly {
    readonly id: string
    readonly link: string
    readonly seq: number
    readonly type: string
    readonly receipt: string
  }[]
  readonly receipts?: readonly { readonly id: string; readonly receipt: string }[]
}

/**
 * What a nation's disk says and nothing else: frames, records, items, letters, read by this file's own few lines and not
 * by the node's. It reads on from where it stood; a disk that became shorter or another is read from its beginning.
 */
export class DiskView {
  readonly #disk: MemoryDisk
  readonly #logs: string
  /** Where this nation's witnesses write down what they cosigned, before they answer. */
  readonly #witnesses: readonly string[]
  #read = new Uint8Array(0)
  records: JournalRecord[] = []
  entries: DiskEntry[] = []
  items: Map<string, DiskItem> = new Map()
  sent: Map<string, DiskLetter> = new Map()
  taken: DiskLetter[] = []
  #sizes = new Map<string, number>()

  /** `dir` is the nation's folder. */
  constructor(disk: MemoryDisk, dir: string) {
    this.#disk = disk
    this.#logs = join(dir, 'ledger', 'logs')
    this.#witnesses = [join(dir, 'ledger', 'witness'), join(dir, 'witness', 'state')]
  }

  /** Takes in what is on the disk now. */
  look(): this {
    const bytes = this.#disk.content
    if (bytes.length < this.#read.length || Buffer.compare(bytes.subarray(0, this.#read.length), this.#read) !== 0) {
      Object.assign(this, { records: [], entries: [], items: new Map(), sent: new Map(), taken: [] })
      this.#sizes = new Map()
      this.#read = new Uint8Array(0)
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    let at = this.#read.length
    while (at + 8 <= bytes.length && at + 8 + view.getUint32(at) <= bytes.length) {
      const end = at + 8 + view.getUint32(at)
      let record: JournalRecord
      try {
        record = decodeRecord(bytes.subarray(at + 8, end))
      } catch {
        // A torn tail may happen to look long enough.
        break
      }
      this.#take(record)
      at = end
    }
    this.#read = bytes.slice(0, at)
    return this
  }

  /** Entries of an act about whose request this is. */
  about(act: string, request: string): readonly DiskEntry[] {
    return this.entries.filter(({ fields }) => fields['act'] === act && fields['request'] === request)
  }

  /** The largest size of the log of this origin that one of this nation's witnesses has written down as cosigned; 0 where none has. */
  witnessedSize(origin: string): number {
    let largest = 0
    for (const text of this.#witnesses.flatMap(checkpointsIn)) {
      const [name, size] = text.split('\n')
      if (name === origin) largest = Math.max(largest, Number(size))
    }
    return largest
  }

  /** Size in the checkpoint of a log on the disk; 0 without one. */
  checkpointSize(log: string): number {
    const bytes = this.checkpoint(log)
    return bytes === undefined ? 0 : Number(new TextDecoder().decode(bytes).split('\n')[1])
  }

  /** A log's checkpoint as it lies on the disk. */
  checkpoint(log: string): Uint8Array | undefined {
    return this.file(log, 'checkpoint')
  }

  /** One file of a log. */
  file(log: string, path: string): Uint8Array | undefined {
    try {
      return new Uint8Array(readFileSync(join(this.#logs, log, path)))
    } catch {
      return undefined
    }
  }

  /** Names of the logs that have entries. */
  get logs(): readonly string[] {
    return [...this.#sizes.keys()]
  }

  #take(record: JournalRecord): void {
    const body = record.body as Body
    this.records.push(record)
    for (const { signed } of body.items ?? []) {
      const { item, originator, recipient, expires } = signed.body
      this.items.set(item, { n: record.n, originator, recipient, expires })
    }
    for (const item of body.stops ?? []) {
      const known = this.items.get(item)
      if (known !== undefined && known.stoppedBy === undefined) this.items.set(item, { ...known, stoppedBy: record.n })
    }
    for (const { id, seq, type } of body.out ?? []) this.sent.set(id, { n: record.n, id, seq, type })
    for (const { id, seq, type, receipt } of body.in ?? []) this.taken.push({ n: record.n, id, seq, type, receipt })
    for (const { id, receipt } of body.receipts ?? []) {
      const letter = this.sent.get(id)
      if (letter !== undefined) this.sent.set(id, { ...letter, receipt })
    }
    for (const { log, leaf, opening } of record.entries) {
      const index = this.#sizes.get(log) ?? 0
      this.#sizes.set(log, index + 1)
      const fields = Object.fromEntries(opening.fields.map(({ name, value }) => [name, value]))
      this.entries.push({ n: record.n, at: record.at, log, index, leaf: toHex(nodeCrypto.sha256(fromBase64Url(leaf))), fields })
    }
  }
}

/** The checkpoints in a witness's folder: whole files, and frames one after the other up to one that is cut off. */
function checkpointsIn(folder: string): readonly string[] {
  return filesIn(folder).flatMap((path) => {
    const bytes = readFileSync(path)
    if (path.endsWith('.checkpoint')) return [bytes.toString()]
    const texts: string[] = []
    for (let at = 0; path.endsWith('.newer') && at + 8 <= bytes.length && at + 8 + bytes.readUInt32BE(at) <= bytes.length;) {
      const end = at + 8 + bytes.readUInt32BE(at)
      texts.push(bytes.toString('utf8', at + 8, end))
      at = end
    }
    return texts
  })
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name))
  } catch {
    return []
  }
}
