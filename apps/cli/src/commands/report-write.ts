import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import * as v from 'valibot'
import { type Json, type Shape, readDocument, shapes } from '@entente/canonical'
import {
  type Disclosure,
  type DraftFile,
  type DraftView,
  RETURN_CODES,
  type Returned,
  draftReport,
  listDrafts,
  readDisclosure,
  readDraft,
  releaseReport,
  returnDraft,
  submitDraft,
} from '@entente/client'
import { nodeCrypto } from '@entente/crypto-node'
import { type Lang, message } from '@entente/words'
import { type Command, type Context, listOption, textOption, one, usageError } from '../command.ts'
import { readGiven } from '../data.ts'
import { EXIT } from '../errors.ts'
import { couldReadLines, reasonLine, word } from '../explain.ts'
import { fileScratch, signIn } from '../session.ts'

/** A report as its author hands it to the command line: every portion with its marking. */
const writtenShape = v.strictObject({
  title: v.strictObject({ en: v.exactOptional(shapes.shortText), ja: v.exactOptional(shapes.shortText) }),
  area: shapes.shortText,
  portions: v.array(v.strictObject({ marking: shapes.text, en: v.exactOptional(shapes.text), ja: v.exactOptional(shapes.text) })),
})
type Written = v.InferOutput<typeof writtenShape>

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  tif: 'image/tiff',
  tiff: 'image/tiff',
}

/** `report draft`: saves a draft with its files. */
export const reportDraft: Command = {
  usage: 'report draft --from FILE.json [--file PATH=MARKING]…',
  about: { en: 'saves a draft: marked portions and files', ja: '起案を保存する（標示を付けた部分とファイル）' },
  options: { from: { type: 'string' }, file: { type: 'string', multiple: true } },
  async run(context) {
    const from = textOption(context, 'from')
    if (from === undefined) throw usageError(reportDraft)
    const written = readDocument(writtenShape as unknown as Shape<Written>, await readGiven(from), from)
    const { api } = await signIn(context)
    const texts = written.portions.map(({ marking, en, ja }) => ({
      kind: 'text' as const,
      marking,
      texts: [
        ...(ja === undefined ? [] : [{ lang: 'ja' as const, text: ja }]),
        ...(en === undefined ? [] : [{ lang: 'en' as const, text: en }]),
      ],
    }))
    const files = listOption(context, 'file').map((given) => filePortion(given, reportDraft))
    const draft = await draftReport(
      { crypto: nodeCrypto, api },
      { title: written.title, area: written.area, portions: [...texts, ...files] },
    )
    show(context, draft)
    return EXIT.done
  },
}

function filePortion(given: string, command: Command): DraftFile {
  const at = given.lastIndexOf('=')
  if (at <= 0) throw usageError(command)
  const [path, marking] = [given.slice(0, at), given.slice(at + 1)]
  const name = basename(path).normalize('NFC')
  return {
    kind: 'file',
    marking,
    name,
    mediaType: MEDIA_TYPES[name.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/octet-stream',
    read: () => createReadStream(path),
  }
}

/** `report submit`: sends a draft for disclosure review. */
export const reportSubmit: Command = {
  usage: 'report submit DRAFT',
  about: { en: 'sends a draft to the disclosure officers', ja: '起案を開示審査に送る' },
  options: {},
  async run(context) {
    const draft = one(context, reportSubmit)
    await submitDraft((await signIn(context)).api, draft)
    context.result({ draft, state: 'review' }, () => [draft])
    return EXIT.done
  },
}

/** `report review`: what waits, or what one draft would open to whom; `--return CODE` gives it back. */
export const reportReview: Command = {
  usage: `report review [DRAFT [--to NATION | --return ${RETURN_CODES.join('|')} [--reason TEXT]]]`,
  about: { en: 'shows drafts in review, who could read one, and its tear line', ja: '審査中の起案、閲覧できる者、ティアラインを表示する' },
  options: { to: { type: 'string' }, return: { type: 'string' }, reason: { type: 'string' } },
  async run(context) {
    const { api } = await signIn(context)
    const [draft] = context.positionals
    if (draft === undefined) {
      const drafts = await listDrafts(api)
      const { lang } = context.globals
      context.result({ drafts: drafts as unknown as Json }, () =>
        drafts.map(({ id, state, banner, title }) => `${id}  ${state.padEnd(8)}  ${banner ?? ''}  ${titleIn(title, lang)}`),
      )
      return EXIT.done
    }
    if (textOption(context, 'return') !== undefined) {
      await returnDraft(api, draft, whyReturned(context))
      context.result({ draft, state: 'returned' }, () => [draft])
      return EXIT.done
    }
    const view = await readDraft(api, draft)
    const to = textOption(context, 'to')?.toUpperCase()
    if (to === undefined) {
      show(context, view)
      return EXIT.done
    }
    const disclosure = await readDisclosure(api, encodeURIComponent(draft), encodeURIComponent(to))
    context.result({ draft, to, ...(disclosure as unknown as Readonly<Record<string, Json>>) }, () =>
      reviewLines(context.globals.lang, view, disclosure),
    )
    return EXIT.done
  },
}

/** The code of `--return`, with the words of `--reason`; `other` needs some. */
function whyReturned(context: Context): Returned {
  const code = RETURN_CODES.find((one) => one === textOption(context, 'return'))
  const reason = textOption(context, 'reason')
  if (code === undefined || (code === 'other' && reason === undefined)) throw usageError(reportReview)
  return { code, ...(reason === undefined ? {} : { reason }) }
}

function reviewLines(lang: Lang, view: DraftView, { option, portions, tearLine, tearLineBanner, explanation }: Disclosure): string[] {
  const chosen = explanation.options[option ?? 0]
  return [
    `${view.banner ?? ''} → ${tearLineBanner ?? ''}`,
    ...view.portions.flatMap((portion) => {
      const goes = tearLine.includes(portion.id)
      const outcome = portions.find(({ id }) => id === portion.id)
      const title =
        portion.kind === 'text' ? (portion.texts.find((one) => one.lang === lang)?.text ?? portion.texts[0]?.text ?? '') : portion.name
      return [
        `${goes ? '✔' : '✘'} ${word(lang, goes ? 'goes' : 'stays')}  ${portion.marking} ${title}`,
        ...(outcome?.goes === false ? outcome.reasons.map((reason) => `      ${reasonLine(lang, reason)}`) : []),
      ]
    }),
    ...(chosen === undefined ? [] : couldReadLines(lang, chosen)),
  ]
}

/** `report release`: seals on this machine, and releases. */
export const reportRelease: Command = {
  usage: 'report release DRAFT --to NATION…',
  about: { en: 'seals both renditions here and releases them', ja: 'この端末で封印し、提供する' },
  options: { to: { type: 'string', multiple: true } },
  async run(context) {
    const draft = one(context, reportRelease)
    const signed = await signIn(context)
    const { io, globals } = context
    const outcome = await releaseReport(await signed.client(), {
      draft,
      to: listOption(context, 'to').map((nation) => nation.toUpperCase()),
      officer: await signed.officer(),
      scratch: fileScratch,
      progress: ({ rendition, renditions, recipient, step, bytes, size }) => {
        if (!globals.json)
          io.stderr.write(
            `${rendition}/${renditions} ${recipient} ${step}${bytes === undefined || size === undefined ? '' : ` ${bytes}/${size}`}\n`,
          )
      },
    })
    context.result(outcome as unknown as Json, () => outcome.items.map(({ item, recipient }) => `${recipient}  ${item}`))
    return EXIT.done
  },
}

function titleIn(title: DraftView['title'], lang: Lang): string {
  return title[lang] ?? title.en ?? title.ja ?? ''
}

function show(context: Context, draft: DraftView): void {
  const { lang } = context.globals
  const { id, state, banner = '', returned } = draft
  const given = returned === undefined ? {} : { returned: { ...returned } }
  context.result({ draft: id, state, banner, ...given, portions: draft.portions as unknown as Json }, () => [
    draft.id,
    draft.banner ?? '',
    titleIn(draft.title, lang),
    ...(draft.returned === undefined
      ? []
      : [
          `↩ ${message(lang, `returned/${draft.returned.code}`)}${draft.returned.reason === undefined ? '' : `: ${draft.returned.reason}`}`,
        ]),
    ...draft.portions.flatMap((portion) =>
      portion.kind === 'text' ? portion.texts.map(({ text }) => `${portion.marking} ${text}`) : [`${portion.marking} ${portion.name}`],
    ),
  ])
}
