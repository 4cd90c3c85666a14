import { basename, extname } from 'node:path'
import { type Shape, shapes } from '@entente/canonical'
import { type DraftFile, type DraftText, draftReport } from '@entente/client'
import { nodeCrypto } from '@entente/crypto-node'
import * as v from 'valibot'
import { type Command, type Given, answer } from '../command.ts'
import { usage } from '../errors.ts'
import { readShaped, streamFile } from '../files.ts'
import { personGiven } from '../person.ts'
import { EXIT } from '../problem.ts'

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.txt': 'text/plain',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.pdf': 'application/pdf',
  '.csv': 'text/csv',
  '.json': 'application/json',
  '.geojson': 'application/geo+json',
}

interface WrittenReport {
  readonly title: { readonly en?: string; readonly ja?: string }
  readonly area: string
  readonly portions: readonly { readonly marking: string; readonly texts: DraftText['texts'] }[]
}

const writtenShape: Shape<WrittenReport> = v.object({
  title: v.strictObject({ en: v.exactOptional(shapes.shortText), ja: v.exactOptional(shapes.shortText) }),
  area: shapes.shortText,
  portions: v.array(
    v.object({ marking: v.string(), texts: v.array(v.strictObject({ lang: v.picklist(['en', 'ja']), text: shapes.text })) }),
  ),
}) as Shape<WrittenReport>

/** `entente report draft`: saves a report with its files; every portion has its marking. */
export const command: Command = {
  usage: "report draft [REPORT.json] --as AUTHOR [--title TITLE] [--area AREA] [--text 'MARKING=TEXT']… [--file 'MARKING=PATH']…",
  summary: { en: 'save a draft, every portion marked', ja: '下書きを保存する（各部分に標示が必要）' },
  options: { title: { type: 'string' }, area: { type: 'string' }, text: { type: 'string', multiple: true }, file: { type: 'string', multiple: true } },
  positionals: [0, 1],
  async run(given) {
    const [file] = given.positionals
    const written = file === undefined ? undefined : await readShaped(file, writtenShape)
    const { lang } = given.options
    const title = given.text('title') === undefined ? written?.title : { [lang]: given.text('title') }
    const area = given.text('area') ?? written?.area
    if (title === undefined || area === undefined) throw usage(given.command, '--title, --area')
    const portions: (DraftText | DraftFile)[] = [
      ...(written?.portions ?? []).map((portion): DraftText => ({ kind: 'text', ...portion })),
      ...given.texts('text').map((text): DraftText => {
        const [marking, rest] = partsOf(given, text)
        return { kind: 'text', marking, texts: [{ lang, text: rest }] }
      }),
      ...given.texts('file').map((text): DraftFile => {
        const [marking, path] = partsOf(given, text)
        const mediaType = MEDIA_TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream'
        return { kind: 'file', marking, name: basename(path).normalize('NFC'), mediaType, read: () => streamFile(path) }
      }),
    ]
    const { api } = await personGiven(given)
    const draft = await draftReport({ crypto: nodeCrypto, api }, { title, area, portions })
    const markings = draft.portions.map(({ id, marking }) => ({ id, marking }))
    answer(given, { id: draft.id, state: draft.state, banner: draft.banner, portions: markings }, [draft.id, draft.banner ?? '', ...markings.map(({ marking }) => `  ${marking}`)])
    return EXIT.done
  },
}

/** `MARKING=REST`: no marking has an equals sign. */
function partsOf(given: Given, text: string): readonly [marking: string, rest: string] {
  const at = text.indexOf('=')
  if (at < 1) throw usage(given.command, "--text 'MARKING=TEXT', --file 'MARKING=PATH'")
  return [text.slice(0, at), text.slice(at + 1)]
}
