/**
 * What was found lately, by exact text: for what depends on that text and on nothing that changes, so never for a decision, a
 * status or anything with the present time in it. Holds between `limit` and twice as many; the longest unused go first.
 */
export class Recent<V> {
  readonly #limit: number
  #young = new Map<string, V>()
  #old = new Map<string, V>()

  constructor(limit: number) {
    this.#limit = limit
  }

  /** What stands under this very text. */
  get(text: string): V | undefined {
    const young = this.#young.get(text)
    if (young !== undefined) return young
    const old = this.#old.get(text)
    if (old !== undefined) this.set(text, old)
    return old
  }

  set(text: string, value: V): void {
    if (this.#young.size >= this.#limit) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(text, value)
  }

  delete(text: string): void {
    this.#young.delete(text)
    this.#old.delete(text)
  }
}

/**
 * What `find` finds for a text, found once: callers at the same time wait for the same search. What throws is not kept, so that
 * only what held is remembered.
 */
export function foundOnce<V>(recent: Recent<Promise<V>>, text: string, find: () => Promise<V>): Promise<V> {
  const known = recent.get(text)
  if (known !== undefined) return known
  const finding = find()
  recent.set(text, finding)
  finding.catch(() => recent.delete(text))
  return finding
}
