import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type Json, toHex } from '@entente/canonical'
import type { OpenedItem } from '@entente/client'
import { nodeCrypto } from '@entente/crypto-node'
import type { Report } from '@entente/container'
import { type MarkingPolicy, printMarking } from '@entente/label'
import type { Context } from './command.ts'
import { CliError } from './errors.ts'

/** What a person sees of an opened item, and the files that were written. */
export interface Shown {
  readonly json: Json
  readonly lines: readonly string[]
}

/**
 * Reads an opened item to its end: the report as marked lines between two banners, each file hashed and, with a folder,
 * written there. Refuses to print marked text to a terminal that was not said to be one for it (`cli/terminal`).
 */
export async function showReport(context: Context, opened: OpenedItem, policies: ReadonlyMap<string, MarkingPolicy>, filesTo: string | undefined): Promise<Shown> {
  const { io, globals } = context
  if (io.stdout.isTTY === true && !globals.mark) {
    await opened.close()
    throw new CliError('cli/terminal', 'marked text needs --mark on a terminal')
  }
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
      await pipeline(measured(), createWriteStream(path, { mode: 0o600, flags: 'wx' }))
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
      evidence: { request, entries: entries.map((entry) => ({ leaf: entry.leafHash, at: entry.at, index: entry.place.index, size: entry.place.size, act: entry.fields['act'] ?? '' })) },
    },
    lines: [
      banner,
      '',
      `${report.title[globals.lang] ?? report.title.en ?? report.title.ja ?? ''}`,
      ...portions.flatMap((portion) => (portion.kind === 'text' ? portion.texts.map(({ text }) => `${portion.marking} ${text}`) : [`${portion.marking} ${portion.name} (${portion.size} B)`])),
      ...files.map(({ name, sha256, path }) => `  ${path ?? name}  ${sha256}`),
      '',
      ...entries.map((entry) => `#${entry.place.index}/${entry.place.size}  ${new Date(entry.at * 1000).toISOString()}  ${entry.leafHash}`),
      banner,
    ],
  }
}

function markingOf(policies: ReadonlyMap<string, MarkingPolicy>, label: { readonly policy: string }): string {
  const policy = policies.get(label.policy)
  return policy === undefined ? `(${label.policy})` : printMarking(label as never, policy, { form: 'portion' })
}
