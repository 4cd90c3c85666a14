import { readJson, readShape, utf8 } from '@entente/canonical'
import * as v from 'valibot'
import { AuthError } from './errors.ts'

/** Where the provider keeps what must outlive a restart: two small texts, secret, which the caller writes with mode 0600. */
export type ProviderStorage = {
  load(name: 'keys' | 'grants'): Promise<string | undefined>
  save(name: 'keys' | 'grants', text: string): Promise<void>
}

type Payload = { grantId?: string; uid?: string; consumed?: number }
type Entry = { readonly payload: Payload; readonly until: number }

/** What survives a restart: with these a client goes on refreshing; sessions, codes and interactions begin anew. */
const DURABLE: ReadonlySet<string> = new Set(['RefreshToken', 'Grant'])
const OF_GRANT: ReadonlySet<string> = new Set(['AccessToken', 'AuthorizationCode', 'RefreshToken'])
/** Pushed requests need no credential, so what they can occupy is bounded; the oldest go first. */
const MAX_ENTRIES = 20_000
const MAX_SAVED_BYTES = 64 * 1_048_576

const SAVED = v.strictObject({ version: v.literal(1), entries: v.array(v.tuple([v.string(), v.number(), v.string()])) })

/** Sessions, codes and tokens of every provider path of one nation, in memory; refresh tokens and grants saved as well. */
export class ProviderStore {
  readonly #entries = new Map<string, Entry>()
  readonly #storage: ProviderStorage
  readonly #now: () => number
  #saving: Promise<void> = Promise.resolve()
  #asked = false

  private constructor(storage: ProviderStorage, now: () => number) {
    this.#storage = storage
    this.#now = now
  }

  /** Reads what an earlier run saved. Throws `auth/state-not-valid` when that is not what it wrote. */
  static async open(storage: ProviderStorage, now: () => number): Promise<ProviderStore> {
    const store = new ProviderStore(storage, now)
    const text = await storage.load('grants')
    if (text === undefined) return store
    try {
      for (const [key, until, payload] of readShape(SAVED, readJson(utf8(text), MAX_SAVED_BYTES), 'grants').entries) {
        if (until > now()) store.#entries.set(key, { payload: JSON.parse(payload) as Payload, until })
      }
    } catch (cause) {
      throw new AuthError('auth/state-not-valid', 'the saved grants do not read', { values: { what: 'grants' }, cause })
    }
    return store
  }

  /** The adapter factory that `oidc-provider` asks for; what one path stores no other path finds. */
  adapter(path: string): (model: string) => object {
    return (model) => {
      const name = (of: string, id: string): string => `${path} ${of} ${id}`
      return {
        upsert: async (id: string, payload: Payload, seconds?: number): Promise<void> => {
          this.#put(name(model, id), payload, seconds)
          if (model === 'Session' && payload.uid !== undefined) this.#put(name('SessionUid', payload.uid), { uid: id }, seconds)
          if (DURABLE.has(model)) await this.#save()
        },
        find: async (id: string): Promise<Payload | undefined> => this.#get(name(model, id)),
        findByUid: async (uid: string): Promise<Payload | undefined> =>
          this.#get(name(model, this.#get(name('SessionUid', uid))?.uid ?? '')),
        consume: async (id: string): Promise<void> => {
          const payload = this.#get(name(model, id))
          if (payload === undefined) return
          payload.consumed = this.#now()
          if (DURABLE.has(model)) await this.#save()
        },
        destroy: async (id: string): Promise<void> => {
          this.#entries.delete(name(model, id))
          if (DURABLE.has(model)) await this.#save()
        },
        revokeByGrantId: async (grantId: string): Promise<void> => {
          for (const [key, { payload }] of this.#entries) {
            const [of, what] = key.split(' ', 2)
            if (of === path && what !== undefined && OF_GRANT.has(what) && payload.grantId === grantId) this.#entries.delete(key)
          }
          await this.#save()
        },
      }
    }
  }

  #get(key: string): Payload | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    if (entry.until > this.#now()) return entry.payload
    this.#entries.delete(key)
    return undefined
  }

  #put(key: string, payload: Payload, seconds: number | undefined): void {
    this.#entries.delete(key)
    this.#entries.set(key, { payload, until: seconds === undefined ? Number.MAX_SAFE_INTEGER : this.#now() + seconds })
    if (this.#entries.size <= MAX_ENTRIES) return
    for (const [old, { until }] of this.#entries) if (until <= this.#now()) this.#entries.delete(old)
    for (const old of this.#entries.keys()) {
      if (this.#entries.size <= MAX_ENTRIES) break
      if (!isDurable(old)) this.#entries.delete(old)
    }
  }

  /** One write at a time; whoever asks while one is under way shares the next. */
  async #save(): Promise<void> {
    if (!this.#asked) {
      this.#asked = true
      this.#saving = this.#saving
        .catch(() => {})
        .then(async () => {
          this.#asked = false
          const entries = [...this.#entries].filter(([key, { until }]) => isDurable(key) && until > this.#now())
          await this.#storage.save(
            'grants',
            JSON.stringify({ version: 1, entries: entries.map(([key, { payload, until }]) => [key, until, JSON.stringify(payload)]) }),
          )
        })
    }
    await this.#saving
  }
}

function isDurable(key: string): boolean {
  return DURABLE.has(key.split(' ', 2)[1] ?? '')
}
