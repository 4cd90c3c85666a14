import { type EntenteError, codeOf } from '@entente/canonical'
import { type Journal, type JournalDisk, openJournal } from '../journal/journal.ts'
import { type RosterRequest, Office, type OfficeOptions } from './office.ts'

/** The office process's work, whatever carries the calls: the operations of `OfficeApi`. */
export interface OfficeService {
  readonly api: Record<string, (body: never) => Promise<unknown>>
  close(): Promise<void>
}

/**
 * Opens the office and keeps it sound: after a full disk or another write error the next call folds what the disk holds and
 * goes on from there. `disk` is asked for each time the office is opened. Throws `node/journal-corrupt`.
 */
export async function openOffice(options: OfficeOptions, disk: () => Promise<JournalDisk>): Promise<OfficeService> {
  let current = await fold(options, await disk())
  let reopening: Promise<void> | undefined

  async function sound(): Promise<Office> {
    if (current.broken() === undefined) return current.office
    reopening ??= (async () => {
      await current.journal.close().catch(() => {})
      current = await fold(options, await disk())
    })().finally(() => {
      reopening = undefined
    })
    await reopening
    return current.office
  }

  return {
    api: {
      nextAct: async () => ({ number: (await sound()).nextAct() }),
      act: async ({ signed }: { signed: unknown }) => (await sound()).act(signed),
      enrolmentCode: async ({ signed }: { signed: unknown }) => (await sound()).enrolmentCode(signed),
      enrol: async ({ signed }: { signed: unknown }) => (await sound()).enrol(signed),
      credential: async (input: Parameters<Office['credential']>[0]) => (await sound()).credential(input),
      staple: async (input: Parameters<Office['staple']>[0]) => (await sound()).staple(input),
      person: async ({ person }: { person: string }) => (await sound()).person(person),
      holderOf: async ({ credentialId }: { credentialId: string }) => ({ person: (await sound()).holderOf(credentialId) }),
      roster: async (input: RosterRequest) => (await sound()).roster(input),
    },
    close: () => current.journal.close(),
  }
}

interface Folded {
  readonly office: Office
  readonly journal: Journal
  /** Why nothing can be written until the office is opened anew, if so. */
  broken(): unknown
}

async function fold(options: OfficeOptions, disk: JournalDisk): Promise<Folded> {
  const records: Uint8Array[] = []
  const journal = await openJournal(disk, (payload) => void records.push(payload.slice())).catch(async (error: unknown) => {
    await disk.close().catch(() => {})
    throw error
  })
  let failure: unknown
  const watched: Journal = {
    append: (payload) =>
      journal.append(payload).catch((error: unknown) => {
        // A payload that is too large leaves the journal as it was; everything else ends it (see `Journal`).
        if (codeOf(error) !== 'node/too-large') failure = error
        throw error as EntenteError
      }),
    close: () => journal.close(),
  }
  return { office: new Office(options, watched, records), journal, broken: () => failure }
}
