import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Json, canonicalBytes } from '@entente/canonical'
import { ClientError, type OpenedItem } from '@entente/client'
import { type Report, isFileName } from '@entente/container'
import { type MarkingPolicy, type Portion, printMarking } from '@entente/label'
import type { Lang } from '@entente/words'
import { type Given, named } from './command.ts'
import { CliError } from './errors.ts'
import { writeNew } from './files.ts'

/** Throws `cli/mark-needed` where marked text would come onto a terminal that nobody asked to show it on. */
export function checkMayShow(given: Given): void {
  if (given.io.stdout.isTTY === true && !given.options.mark && given.text('out') === undefined) {
    throw new CliError('cli/mark-needed', 'marked text on a terminal')
  }
}

/**
 * Reads an opened item to its end: prints the report between its banner lines, or as JSON; writes report and files into `out`
 * where that is given. Nothing of a file that does not hold stays.
 */
export async function showReport(given: Given, opened: OpenedItem, policies: ReadonlyMap<string, MarkingPolicy>): Promise<void> {
  const out = given.text('out')
  const files: { readonly name: string; readonly size: number; readonly sha256: string }[] = []
  let report: Report | undefined
  try {
    if (out !== undefined) await mkdir(out, { recursive: true, mode: 0o700 })
    for await (const part of opened.parts) {
      if (part.kind === 'report') {
        ;({ report } = part)
        if (out !== undefined) await writeNew(join(out, 'report.json'), [canonicalBytes(report as unknown as Json)])
        continue
      }
      const { name, size, sha256 } = part.portion
      // Checked when the report was read; here a name becomes a path.
      if (out !== undefined && isFileName(name)) await writeNew(join(out, name), part.content)
      else for await (const _ of part.content) void _
      files.push({ name, size, sha256 })
    }
  } finally {
    await opened.close()
  }
  if (report === undefined) throw new ClientError('client/report-missing', 'no report in the container')
  print(given, opened, report, { files, policies, ...(out === undefined ? {} : { out }) })
}

interface Shown {
  readonly files: readonly { readonly name: string; readonly size: number; readonly sha256: string }[]
  readonly policies: ReadonlyMap<string, MarkingPolicy>
  readonly out?: string
}

function print(given: Given, opened: OpenedItem, report: Report, { files, policies, out }: Shown): void {
  const { item, card, originator, expires, evidence } = opened
  const entries = evidence.entries.map(({ leafHash, place, fields, at }) => ({ act: fields['act'], at, leaf: leafHash, ...place }))
  if (given.options.json) {
    const shown = out === undefined ? { report } : { out }
    given.io.stdout.write(`${JSON.stringify({ item, banner: card.banner, originator, expires, ...shown, files, evidence: { request: evidence.request, entries } })}\n`)
    return
  }
  const lines =
    out === undefined
      ? [named(given.options.lang, report.title), '', ...report.portions.flatMap((portion) => portionLines(portion, policies, given.options.lang))]
      : [out, ...files.map(({ name }) => name)]
  const proofs = entries.map(({ act, index, size }) => `${String(act)}  ${index} / ${size}`)
  given.io.stdout.write(`${[card.banner, '', ...lines, '', ...proofs, card.banner].join('\n')}\n`)
}

function portionLines(portion: Portion, policies: ReadonlyMap<string, MarkingPolicy>, lang: Lang): readonly string[] {
  const policy = policies.get(portion.label.policy)
  const marking = policy === undefined ? `(${portion.label.classification})` : printMarking(portion.label, policy, { form: 'portion' })
  if (portion.kind === 'file') return [`${marking} [${portion.name}, ${portion.size} bytes]`]
  const text = portion.texts.find((one) => one.lang === lang) ?? portion.texts[0]
  return [`${marking} ${withoutControls(text?.text ?? '')}`]
}

/** A text on a terminal moves no cursor and turns no reading direction. */
function withoutControls(text: string): string {
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '\ufffd')
}
