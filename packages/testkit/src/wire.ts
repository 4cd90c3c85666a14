import { type Json, canonicalBytes, readJson } from '@entente/canonical'
import { NodeError, type PartnerAnswer, type PartnerCalls, type PartnerRoutes, answerPartner, partnerRefusal } from '@entente/node'

/** One call between two nations. */
export interface WireCall {
  readonly number: number
  readonly from: string
  readonly to: string
  readonly path: string
  readonly body: Uint8Array
}

/**
 * What happens to a call: lost before it comes, or its answer on the way back; taken twice; held until the wire is let go;
 * late on its way there or back, so that others overtake it; its bytes changed.
 */
export type WireFault =
  | 'lose'
  | 'lose-answer'
  | 'twice'
  | 'hold'
  | 'hold-answer'
  | { readonly lateMilliseconds: number; readonly on: 'way-there' | 'way-back' }
  | { readonly body: Uint8Array }

/** A nation at the end of a wire. */
export interface WireEnd {
  readonly routes: PartnerRoutes
  readonly alive: boolean
}

/** The line between nations: every call goes over it and is recorded; a test says what becomes of which. */
export class Wire {
  readonly #ends = new Map<string, () => WireEnd>()
  readonly calls: WireCall[] = []
  /** Answers as they went back, by the call's number. */
  readonly answers: Map<number, PartnerAnswer> = new Map()
  #held: (() => void)[] = []
  /** Nothing passes while this is true. */
  cut = false
  /** Decides each call's fate; undefined lets it pass. */
  fault: (call: WireCall) => WireFault | undefined = () => undefined
  /** Sees an answer before it goes back; may crash somebody. */
  onAnswer: (call: WireCall, answer: PartnerAnswer) => void = () => {}
  /** A caller gives up after so long; what it sent may still come. For ever if absent. */
  patienceMilliseconds: number | undefined

  join(nation: string, end: () => WireEnd): void {
    this.#ends.set(nation, end)
  }

  /** Lets everything go that was held. */
  letGo(): void {
    for (const go of this.#held.splice(0)) go()
  }

  /** Calls that are held now. */
  get held(): number {
    return this.#held.length
  }

  /** The partner calls of one nation. `isAlive` tells whether the calling process still runs. */
  callsOf(from: string, isAlive: () => boolean): PartnerCalls {
    const post = (to: string, path: string, body: Uint8Array): Promise<PartnerAnswer> => this.#carry(from, to, path, body, isAlive)
    return {
      post: (nation, path, _, body) => post(nation, path, body),
      async ask(nation, path, body) {
        const { status, body: answer } = await post(nation, path, canonicalBytes(body))
        if (status !== 200) throw new NodeError('node/partner-refused', `the partner answered ${status}`, { values: { nation, status } })
        return readJson(answer, 4_194_304)
      },
      download: (nation, path, body) => this.#download(from, nation, path, body),
      close() {},
    }
  }

  async #carry(from: string, to: string, path: string, body: Uint8Array, isAlive: () => boolean): Promise<PartnerAnswer> {
    const call: WireCall = { number: this.calls.length, from, to, path, body: body.slice() }
    this.calls.push(call)
    await turn()
    return this.#patiently(to, this.#pass(call, isAlive))
  }

  async #pass(call: WireCall, isAlive: () => boolean): Promise<PartnerAnswer> {
    const { to } = call
    const fault = this.fault(call)
    if (this.cut || fault === 'lose') throw unreachable(to)
    if (fault === 'hold') await this.#hold()
    await late(fault, 'way-there')
    const given = typeof fault === 'object' && 'body' in fault ? fault.body : call.body
    const answer = await this.#deliver(call, given)
    if (fault === 'twice') await this.#deliver(call, given)
    this.answers.set(call.number, answer)
    this.onAnswer(call, answer)
    if (fault === 'hold-answer') await this.#hold()
    await late(fault, 'way-back')
    await turn()
    if (this.cut || fault === 'lose-answer' || !isAlive()) throw unreachable(to)
    return answer
  }

  async #patiently<T>(to: string, passing: Promise<T>): Promise<T> {
    if (this.patienceMilliseconds === undefined) return passing
    const { promise, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => reject(unreachable(to)), this.patienceMilliseconds)
    passing.catch(() => {})
    try {
      return await Promise.race([passing, promise])
    } finally {
      clearTimeout(timer)
    }
  }

  #hold(): Promise<void> {
    return new Promise((resolve) => this.#held.push(resolve))
  }

  async #deliver(call: WireCall, body: Uint8Array): Promise<PartnerAnswer> {
    const end = this.#endOf(call.to)
    try {
      const { status, body: answer } = await answerPartner(end.routes, call.from, call.path, body)
      if (!this.#endOf(call.to, end).alive) throw unreachable(call.to)
      return { status, body: answer instanceof Uint8Array ? answer : new Uint8Array(0) }
    } catch (error) {
      if (!end.alive) throw unreachable(call.to)
      return partnerRefusal(error)
    }
  }

  async #download(from: string, to: string, path: string, body: Json): Promise<AsyncIterable<Uint8Array>> {
    const call: WireCall = { number: this.calls.length, from, to, path, body: canonicalBytes(body) }
    this.calls.push(call)
    await turn()
    const fault = this.fault(call)
    if (this.cut || fault === 'lose') throw unreachable(to)
    const end = this.#endOf(to)
    const reply = await answerPartner(end.routes, from, path, call.body).catch((error: unknown) => partnerRefusal(error))
    if (reply.status !== 200 || reply.body instanceof Uint8Array)
      throw new NodeError('node/partner-refused', `the partner answered ${reply.status}`, { values: { nation: to, status: reply.status } })
    return fault === 'lose-answer' ? half(reply.body, to) : reply.body
  }

  #endOf(nation: string, same?: WireEnd): WireEnd {
    const end = this.#ends.get(nation)?.()
    if (end === undefined || !end.alive || (same !== undefined && end !== same)) throw unreachable(nation)
    return end
  }
}

/** A download that breaks off in the middle of its first piece. */
async function* half(bytes: AsyncIterable<Uint8Array>, nation: string): AsyncGenerator<Uint8Array> {
  for await (const piece of bytes) {
    yield piece.subarray(0, Math.floor(piece.length / 2))
    throw unreachable(nation)
  }
}

function unreachable(nation: string): NodeError {
  return new NodeError('node/partner-unreachable', 'the partner cannot be reached', { values: { nation } })
}

async function late(fault: WireFault | undefined, on: 'way-there' | 'way-back'): Promise<void> {
  if (typeof fault !== 'object' || !('on' in fault) || fault.on !== on) return
  await new Promise((resolve) => setTimeout(resolve, fault.lateMilliseconds))
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
