import { type Json, utf8 } from '@entente/canonical'
import { readUnverified } from '@entente/clearance'
import { nodeCrypto } from '@entente/crypto-node'
import { GRANT_SECONDS, leafBytes, logOrigin, readAnswerEnvelope, readRequestBody, requestHash } from '@entente/exchange'
import { parsePolicy, verifyLog } from '@entente/ledger'
import { type AppendInput, type Appended, ledgerPolicy } from '@entente/node'
import type { HostedNation } from '../hosted-nation.ts'
import type { World } from '../two-nations.ts'
import type { WireCall } from '../wire.ts'
import { type DiskEntry, DiskView } from './disk-view.ts'

/** Clocks of two nations may be so far apart, in seconds. */
const SKEW_SECONDS = 30
/** What a sound nation never has to tell its administrator, whatever line and disk do. */
const ALARMS = new Set(['node/behind', 'inbox/refused', 'sender/fault', 'http/fault', 'ledger/fork', 'node/journal-corrupt'])
/** Acts of which an item has one at most in a log. */
const ONCE_AN_ITEM = ['release', 'deliver', 'stop'] as const
/** Acts of which a request has one at most. */
const ONCE_A_REQUEST = ['grant', 'open'] as const

/** An act that was acknowledged: where, its number, the leaves of its entries. */
interface Acknowledged {
  readonly nation: string
  readonly n: number
  readonly kind: string
  readonly leaves: string
}

/** A data key that a reader's client joined. */
export interface JoinedKey {
  readonly reader: string
  readonly item: string
  readonly request: string
  /** The reader is of the originator's nation. */
  readonly own: boolean
}

/**
 * Watches a world and holds every promise against what lies on its disks. It is told of moments (a share is given, an
 * answer goes, an act is acknowledged) and asked after each step; whatever does not hold is a line in `broken`.
 */
export class Promises {
  readonly broken: string[] = []
  readonly joined: JoinedKey[] = []
  readonly #world: World
  readonly #views: ReadonlyMap<HostedNation, DiskView>
  readonly #acknowledged: Acknowledged[] = []
  readonly #checkpoints = new Map<string, Map<string, Uint8Array>>()

  constructor(world: World) {
    this.#world = world
    this.#views = new Map(world.nations.map((nation) => [nation, new DiskView(nation.journal, nation.dir)]))
    for (const nation of world.nations) {
      nation.onShare = (request) => this.#shareGiven(nation, request)
      nation.onEntered = (input, appended) => this.#acknowledge(nation, input, appended)
    }
    world.wire.onAnswer = (call, answer) => {
      if (call.path === '/openings' && answer.status === 200) this.#answerGoes(call, answer.body)
    }
  }

  /** The disk of a nation as it is now. */
  view(nation: HostedNation): DiskView {
    const view = this.#views.get(nation)
    if (view === undefined) throw new Error('no such nation')
    return view.look()
  }

  /** A client has joined a key. `stoppedBefore` says that the item's stop was durable when it began to ask. */
  keyJoined(key: JoinedKey, stoppedBefore: boolean): void {
    this.joined.push(key)
    this.#hold(!stoppedBefore, `P3: ${key.reader} opened ${key.item}, which was stopped before`)
  }

  /** What must hold at any moment, from the disks alone. */
  check(): void {
    const { originator, recipient } = this.#world
    for (const nation of this.#world.nations) {
      this.#checkKept(nation)
      this.#checkOnce(nation)
      this.#checkCheckpoints(nation)
      for (const { code, values } of nation.noticed.splice(0)) {
        this.#hold(!ALARMS.has(code), `${nation.code} raised ${code} ${JSON.stringify(values)}`)
      }
    }
    this.#checkLetters(originator, recipient)
    this.#checkLetters(recipient, originator)
    this.#checkPairing()
  }

  /** What must hold besides when the line is whole and everything was delivered. */
  async checkSettled(): Promise<void> {
    this.check()
    const { originator, recipient } = this.#world
    const [own, theirs] = [this.view(originator), this.view(recipient)]
    for (const [item, { recipient: to, stoppedBy }] of own.items) {
      if (to !== recipient.code) continue
      const there = theirs.items.get(item)
      this.#hold(there !== undefined, `promise 5: ${item} was released and never delivered`)
      this.#hold((there?.stoppedBy !== undefined) === (stoppedBy !== undefined), `P8: the stop of ${item} did not come over`)
    }
    for (const nation of this.#world.nations) {
      for (const { id, type, receipt } of this.view(nation).sent.values())
        this.#hold(receipt !== undefined, `promise 5: ${nation.code}: letter ${id} (${type}) has no receipt`)
    }
    for (const { reader, item, request, own: isOwn } of this.joined) {
      this.#hold(own.about('open', request).length === 1, `P1: ${reader} joined a key of ${item} without an entry`)
      if (!isOwn) this.#hold(theirs.about('grant', request).length === 1, `P1: ${reader} joined a key of ${item} without a grant`)
    }
    for (const nation of this.#world.nations) await this.#verifyLogs(nation)
  }

  /** Whether a witness, of whichever nation, has it on its disk that it cosigned the log with this entry. */
  #isCosigned({ parts }: HostedNation, { log, index }: Pick<DiskEntry, 'log' | 'index'>): boolean {
    const { names, realm } = parts.config
    const origin = logOrigin(names.kas, realm, log)
    return this.#world.nations.some((nation) => this.view(nation).witnessedSize(origin) > index)
  }

  #hold(holds: boolean, what: string): void {
    if (!holds && !this.broken.includes(what)) this.broken.push(what)
  }

  /** P1, P4, and the grant's life: at the moment when a key process gives a share. */
  #shareGiven(nation: HostedNation, request: string): void {
    const { originator, recipient, clock } = this.#world
    const hash = requestHash(nodeCrypto, request)
    const body = readRequestBody(readUnverified(nodeCrypto, request).requestBody ?? '')
    const isOriginator = nation === originator
    const view = this.view(nation)
    const name = `${nation.code} gave a share of ${body.item}`
    const [entry, ...more] = view.about(isOriginator ? 'open' : 'grant', hash)
    this.#hold(entry !== undefined && more.length === 0, `P1: ${name} on ${entry === undefined ? 'no entry' : 'several entries'}`)
    this.#hold(entry === undefined || this.#isCosigned(nation, entry), `P1: ${name} on an entry that was not cosigned`)
    if (body.basis === undefined) return
    const [grant] = this.view(recipient).about('grant', hash)
    // Whether the originator permits is not for the recipient's nation to see: its share follows either entry, and opens nothing alone.
    const decided = ['open', 'refuse'].flatMap((act) => this.view(originator).about(act, hash))
    const opening = decided.find(({ fields }) => fields['grant'] === grant?.leaf)
    this.#hold(grant !== undefined && this.#isCosigned(recipient, grant), `P4: ${name} without a grant`)
    this.#hold(
      opening !== undefined && this.#isCosigned(originator, opening),
      `P4: ${name} without an entry of the originator that names the grant`,
    )
    const over = (grant?.at ?? 0) + GRANT_SECONDS + (isOriginator ? SKEW_SECONDS : 0)
    this.#hold(clock.now(nation.code) < over, `P3: ${name} on a grant that was over`)
  }

  /** P3: at the moment when an answer goes to the wire. */
  #answerGoes({ to, number }: WireCall, bytes: Uint8Array): void {
    const nation = this.#world.originator
    if (to !== nation.code) return
    const leaf = nodeCrypto.sha256(utf8Leaf(bytes)).toHex()
    const view = this.view(nation)
    const entry = view.entries.find((one) => one.leaf === leaf)
    this.#hold(entry !== undefined, `P1: answer ${number} rests on no entry`)
    if (entry?.fields['act'] !== 'open') return
    const item = textOf(entry.fields['item'])
    this.#hold(view.items.get(item)?.stoppedBy === undefined, `P3: a share of ${item} went out after its stop was durable`)
  }

  #acknowledge(nation: HostedNation, input: AppendInput, { n, repeated, positions, proof }: Appended): void {
    const view = this.view(nation)
    const leaves = leavesOf(input.entries)
    if (!repeated) {
      const record = view.records[n]
      const stands = record !== undefined && record.kind === input.kind && leavesOf(record.entries) === leaves
      this.#hold(stands, `promise 5: ${nation.code} acknowledged ${input.kind} ${n}, which is not on its disk`)
      this.#acknowledged.push({ nation: nation.code, n, kind: input.kind, leaves })
    }
    const [first] = positions
    if (proof !== undefined && first !== undefined)
      this.#hold(this.#isCosigned(nation, first), `P1: ${nation.code} has a proof for ${input.kind} that no witness's disk has`)
  }

  #checkKept(nation: HostedNation): void {
    const { records } = this.view(nation)
    this.#hold(
      records.every((record, at) => record.n === at),
      `${nation.code}: the numbers of its records have a gap`,
    )
    for (const { n, kind, leaves } of this.#acknowledged.filter((one) => one.nation === nation.code)) {
      const record = records[n]
      this.#hold(
        record?.kind === kind && leavesOf(record.entries) === leaves,
        `promise 5: ${nation.code}: ${kind} ${n} was acknowledged and is lost`,
      )
    }
  }

  #checkOnce(nation: HostedNation): void {
    const { entries, items } = this.view(nation)
    const seen = new Set<string>()
    const once = (key: string): void => {
      this.#hold(!seen.has(key), `promise 5: ${nation.code}: twice ${key}`)
      seen.add(key)
    }
    for (const { n, fields } of entries) {
      const { act, item, request, envelope, opening } = fields as Readonly<Record<string, string>>
      if (ONCE_AN_ITEM.includes(act as never)) once(`${act} ${item}`)
      if (ONCE_A_REQUEST.includes(act as never)) once(`${act} ${request}`)
      if (act === 'joined') once(`joined ${opening}`)
      if (envelope !== undefined) once(`${act === 'receipt' ? 'receipt' : 'letter'} ${envelope}`)
      const stop = act === 'open' ? items.get(item ?? '')?.stoppedBy : undefined
      this.#hold(stop === undefined || n < stop, `P3: ${nation.code} entered an opening of ${item} after its stop`)
    }
  }

  /** Checkpoints only grow, within what the journal has; each is kept, to be held against the log in the end. */
  #checkCheckpoints(nation: HostedNation): void {
    const view = this.view(nation)
    for (const log of view.logs) {
      const bytes = view.checkpoint(log)
      if (bytes === undefined) continue
      const key = `${nation.code} ${log}`
      const kept = this.#checkpoints.get(key) ?? new Map<string, Uint8Array>()
      this.#checkpoints.set(key, kept.set(new TextDecoder().decode(bytes), bytes))
      const size = view.checkpointSize(log)
      const held = view.entries.filter((entry) => entry.log === log).length
      this.#hold(size <= held, `P1: ${key}: the checkpoint says ${size}, the journal has ${held}`)
    }
  }

  #checkLetters(from: HostedNation, to: HostedNation): void {
    const sent = [...this.view(from).sent.values()]
    const came = this.view(to).taken
    this.#hold(
      came.every(({ id, seq }, at) => seq === at + 1 && sent[at]?.id === id && sent[at]?.seq === seq),
      `promise 5: what ${to.code} took is not what ${from.code} sent, each once and in order`,
    )
    for (const { id, seq, receipt } of sent)
      this.#hold(
        receipt === undefined || came[seq - 1]?.receipt === receipt,
        `promise 5: the receipt of ${id} is not the one that was given`,
      )
  }

  /** Every opening rests on a grant of the reader's nation, of the same request and item, and no two on one. */
  #checkPairing(): void {
    const { originator, recipient } = this.#world
    const grants = new Map(
      this.view(recipient)
        .entries.filter(({ fields }) => fields['act'] === 'grant')
        .map((entry) => [entry.leaf, entry]),
    )
    const used = new Set<Json>()
    for (const { log, fields } of this.view(originator).entries) {
      if (fields['act'] !== 'open' || log === 'home') continue
      const grant = grants.get(textOf(fields['grant']))
      const fits = grant?.fields['request'] === fields['request'] && grant?.fields['item'] === fields['item']
      this.#hold(fits && !used.has(grant?.leaf ?? ''), `pairing: an opening of ${textOf(fields['item'])} without a grant of its own`)
      used.add(grant?.leaf ?? '')
    }
  }

  async #verifyLogs(nation: HostedNation): Promise<void> {
    const view = this.view(nation)
    for (const log of view.logs) {
      const policy = parsePolicy(nodeCrypto, utf8(ledgerPolicy(nation.parts, log)))
      const openings = view.records.flatMap(({ entries }) => entries).filter((entry) => entry.log === log)
      const report = await verifyLog(nodeCrypto, {
        policy,
        realm: nation.parts.config.realm,
        reader: async (path) => view.file(log, path),
        earlierCheckpoints: [...(this.#checkpoints.get(`${nation.code} ${log}`)?.values() ?? [])],
        disclosure: { log: policy.logs[0]?.key.name ?? '', entries: openings.map(({ opening }, index) => ({ index, opening })) },
      })
      this.#hold(report.ok, `${nation.code} ${log} does not verify: ${report.findings.map(({ code }) => code).join(' ')}`)
      this.#hold(report.checkpoint?.size === openings.length, `${nation.code} ${log}: not everything is cosigned`)
    }
  }
}

/** A field that is a text; empty for any other. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}

function leavesOf(entries: readonly { readonly leaf: string }[]): string {
  return entries.map(({ leaf }) => leaf).join()
}

function utf8Leaf(answer: Uint8Array): Uint8Array {
  return leafBytes(readAnswerEnvelope(answer))
}
