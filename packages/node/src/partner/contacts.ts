import { codeOf } from '@entente/canonical'
import type { PartnerCalls } from './client.ts'

/** Whether the latest call to a partner was answered, whatever the answer said. */
export interface Contact {
  readonly reachable: boolean
  /** Since when it is so, in seconds; before any call, since the node's start. */
  readonly since: number
  /** When the latest call ended, in seconds; absent before any. */
  readonly at?: number
}

/** What the calls to partners came to. */
export interface Contacts {
  with(nation: string): Contact
}

/** The same calls, and what they came to: nothing is asked for it. */
export function watchContacts(calls: PartnerCalls, now: () => number): { readonly partners: PartnerCalls; readonly contacts: Contacts } {
  const start: Contact = { reachable: true, since: now() }
  const known = new Map<string, Contact & { readonly begun: number }>()
  let count = 0

  async function watched<T>(nation: string, call: () => Promise<T>): Promise<T> {
    const begun = ++count
    const note = (reachable: boolean): void => {
      const before = known.get(nation) ?? { ...start, begun: 0 }
      // A call that hung while a later one was answered says nothing about now.
      if (begun < before.begun) return
      const at = now()
      known.set(nation, { reachable, since: reachable === before.reachable ? before.since : at, at, begun })
    }
    try {
      const answer = await call()
      note(true)
      return answer
    } catch (error) {
      const code = codeOf(error)
      // A refusal is an answer; anything else went wrong on this side of the line.
      if (code === 'node/partner-unreachable' || code === 'node/partner-refused') note(code === 'node/partner-refused')
      throw error
    }
  }

  return {
    partners: {
      post: (nation, ...call) => watched(nation, () => calls.post(nation, ...call)),
      ask: (nation, ...call) => watched(nation, () => calls.ask(nation, ...call)),
      download: (nation, ...call) => watched(nation, () => calls.download(nation, ...call)),
      close: () => calls.close(),
    },
    contacts: { with: (nation) => known.get(nation) ?? start },
  }
}
