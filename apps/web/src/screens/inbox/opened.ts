import { type OpenedItem, type OpeningStep, openItem } from '@entente/client'
import type { Report } from '@entente/container'
import { useEffect, useRef, useState } from 'react'
import type { Session } from '../../session/session.ts'

/** A report that was opened: it lives in this tab's memory, until another report or screen takes its place. */
export interface OpenedReport {
  readonly item: OpenedItem
  readonly report: Report
  /** Files by the index of their portion. */
  readonly files: ReadonlyMap<number, Blob>
}

/** Where an opening stands. */
export type Opening =
  | { readonly state: 'sealed' }
  | { readonly state: 'opening'; readonly step: OpeningStep }
  | { readonly state: 'opened'; readonly opened: OpenedReport }
  | { readonly state: 'failed'; readonly error: unknown }

/** Opening of one item: what was decrypted is forgotten with the component. */
export function useOpening(
  session: Session,
  item: string,
): { readonly opening: Opening; readonly open: (purpose: string) => Promise<void> } {
  const [opening, setOpening] = useState<Opening>({ state: 'sealed' })
  const alive = useRef(true)
  useEffect(() => {
    alive.current = true
    return () => {
      alive.current = false
    }
  }, [])
  const tell = (next: Opening): void => {
    if (alive.current) setOpening(next)
  }
  return {
    opening,
    async open(purpose) {
      if (opening.state === 'opening') return
      tell({ state: 'opening', step: 'fetch' })
      try {
        const { holder, scratch, client } = session
        const opened = await openItem(client, {
          item,
          purpose,
          scratch,
          holder: (originator) => holder(originator),
          progress: (step) => tell({ state: 'opening', step }),
        })
        tell({ state: 'opened', opened: await readWhole(opened) })
      } catch (error) {
        tell({ state: 'failed', error })
      }
    },
  }
}

async function readWhole(item: OpenedItem): Promise<OpenedReport> {
  let report: Report | undefined
  const files = new Map<number, Blob>()
  for await (const part of item.parts) {
    if (part.kind === 'report') {
      report = part.report
      continue
    }
    const { portion } = part
    const pieces: BlobPart[] = []
    for await (const piece of part.content) pieces.push(piece.slice() as Uint8Array<ArrayBuffer>)
    const index = report?.portions.findIndex(({ id }) => id === portion.id) ?? -1
    files.set(index, new Blob(pieces, { type: portion.mediaType }))
  }
  if (report === undefined) throw new TypeError('an opened container holds no report')
  return { item, report, files }
}
