import type { Json } from '@entente/canonical'
import { syntaxOf } from '@entente/label'
import { type Command, listOption, textOption, usageError } from '../command.ts'
import { schemeFor } from '../data.ts'
import { answerLines, linesOf } from '../label-lines.ts'

/** `label parse`: one marking in, one object a line out. */
export const labelParse: Command = {
  usage:
    'label parse [MARKING]... [--scheme aus|can|eu|gbr|jpn|nato|nzl|tlp|usa|exercise-aus] [--form banner|portion|any] [--lenient] [--file FILE]...',
  about: {
    en: 'reads markings: the given ones, those of files, or one a line from standard input; `exercise-` before a nation: its exercise scheme',
    ja: '標示を読み取る（引数、ファイル、または標準入力から一行ずつ）。国名コードの前に `exercise-` を付けると演習用の体系',
  },
  options: { scheme: { type: 'string' }, form: { type: 'string' }, lenient: { type: 'boolean' }, file: { type: 'string', multiple: true } },
  async run(context) {
    const { globals } = context
    const policy = await schemeFor(textOption(context, 'scheme') ?? globals.nation ?? 'aus')
    const form = textOption(context, 'form') ?? 'any'
    if (form !== 'banner' && form !== 'portion' && form !== 'any') throw usageError(labelParse)
    const lenient = context.options['lenient'] === true
    const syntax = syntaxOf(policy)
    const created = Math.floor(Date.now() / 1000)
    const given =
      context.positionals.length > 0
        ? context.positionals.filter((input) => input.trim() !== '')
        : linesOf(context, listOption(context, 'file'))
    return answerLines(context, given, (input) => {
      const { label, changes } = syntax.parse(input, policy, { form, lenient, created })
      const [banner, portion] = (['banner', 'portion'] as const).map((one) => syntax.print(label, policy, { form: one }))
      return {
        value: {
          ok: true,
          input,
          label: label as unknown as Json,
          banner: banner ?? '',
          portion: portion ?? '',
          ...(lenient ? { changes: changes as unknown as Json } : {}),
        },
        words: `${banner ?? ''}   ${portion ?? ''}${changes.length === 0 ? '' : `   (${changes.map(({ from, to }) => `${from} → ${to === '' ? '–' : to}`).join('; ')})`}`,
      }
    })
  },
}
