import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Json, toHex } from '@entente/canonical'
import type { OpenedItem } from '@entente/client'
import { nodeCrypto } from '@entente/crypto-node'
import type { Report } from '@entente/container'
import { type MarkingPolicy, printMarking } from '@entente/label'
import type { Context } from './command.ts'
import { CliError } from './errors.ts'
import { writeNew } from './write-new.ts'

/**
 * Throws `cli/terminal` where marked text would come onto a terminal that was not said to be one for it. Asked before an item
 * is opened: an opening that nobody sees would stand in both ledgers all the same.
 */
export function checkMayShow({ io, globals }: Context): void {
  if (io.stdout.isTTY === true && !globals.mark) throw new CliError('cli/terminal', 'marked text needs --mark on a terminal')
}

/** What a person sees of an opened item, and the files that were written. */
export interface Shown {
  readonly json: Json
  readonly lines: readonly string[]
}

/**
 * Reads an opened item to its end: the report as marked lines between two banners, each file hashed and, with a folder,
 * written there. Nothing stays of a file that does not hold.
 */
export async function showReport(
  context: Context,
  opened: OpenedItem,
  policies: ReadonlyMap<string, MarkingPolicy>,
  filesTo: string | undefined,
): Promise<Shown> {
  const { globals } = context
  let report: Report | undefined
  const files: { name: string; size: number; sha256: string; marking: string; path?: string }[] = []
  for await (const part of opened.parts) {
    if (part.kind === 'report') {
      report = part.report
      continue
    }
    const { name, label } = part.portion
    const hash = nodeCrypto.hashSha256()
    let size = 0
    const measured = async function* (): AsyncGenerator<Uint8Array, void, void> {
      for await (const piece of part.content) {
        hash.update(piece)
        size += piece.length
        yield piece
      }
    }
    let path: string | undefined
    if (filesTo === undefined) for await (const _ of measured()) continue
    else {
      await mkdir(filesTo, { recursive: true, mode: 0o700 })
      path = join(filesTo, name)
      await writeNew(path, measured())
    }
    files.push({ name, size, sha256: toHex(hash.digest()), marking: markingOf(policies, label), ...(path === undefined ? {} : { path }) })
  }
  if (report === undefined) throw new CliError('cli/not-verified', 'the container holds no report', { values: { what: 'report', why: '' } })
  const { banner } = opened.card
  const portions = report.portions.map((portion) => ({ ...portion, marking: markingOf(policies, portion.label) }))
  const { entries, request } = opened.evidence
  return {
    json: {
      item: opened.item,
      originator: opened.originator,
      banner,
      report: report as unknown as Json,
      files,
      evidence: {
        request,
        entries: entries.map((entry) => ({
          leaf: entry.leafHash,
          at: entry.at,
          index: entry.place.index,
          size: entry.place.size,
          act: entry.fields['act'] ?? '',
        })),
      },
    },
    lines: [
      banner,
      '',
      report.title[globals.lang] ?? report.title.en ?? report.title.ja ?? '',
      ...portions.flatMap((portion) =>
        portion.kind === 'text'
          ? portion.texts.map(({ text }) => `${portion.marking} ${withoutControls(text)}`)
          : [`${portion.marking} ${portion.name} (${portion.size} B)`],
      ),
      ...files.map(({ name, sha256, path }) => `  ${path ?? name}  ${sha256}`),
      '',
      ...entries.map((entry) => `#${entry.place.index}/${entry.place.size}  ${new Date(entry.at * 1000).toISOString()}  ${entry.leafHash}`),
      banner,
    ],
  }
}

/** A text on a terminal moves no cursor and turns no reading direction. */
function withoutControls(text: string): string {
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '\ufffd')
}

function markingOf(policies: ReadonlyMap<string, MarkingPolicy>, label: { readonly policy: string }): string {
  const policy = policies.get(label.policy)
  return policy === undefined ? `(${label.policy})` : printMarking(label as never, policy, { form: 'portion' })
}
