import { type Json, readJson } from '@entente/canonical'
import {
  type MarkingPolicy,
  accessBy,
  dominates,
  joinAt,
  joinLabels,
  mapLabel,
  readLabelClearance,
  readMappingTables,
} from '@entente/label'
import { type Command, textOption, usageError } from '../command.ts'
import { readGiven, schemeFor, schemeOf } from '../data.ts'
import { answerLines, jsonOf, labelIn, labelsIn, linesOf, refusal, timeOption } from '../label-lines.ts'

/** `label join`: the label of a whole. */
export const labelJoin: Command = {
  usage: 'label join [FILE]... [--at TIME]',
  about: {
    en: 'the label of what is made of parts: a JSON array of labels a line in, a label a line out; `--at`: of what each is at that time',
    ja: '部分から成る全体の標示。一行に標示の JSON 配列一つを読み、標示一つを出す。`--at` でその時点の標示を統合',
  },
  options: { at: { type: 'string' } },
  run(context) {
    const at = textOption(context, 'at') === undefined ? undefined : timeOption(context, labelJoin)
    return answerLines(context, linesOf(context, context.positionals), async (line) => {
      const labels = labelsIn(jsonOf(line))
      const policy = await schemeOf(labels[0]?.policy ?? 'AUS')
      const joined = at === undefined ? joinLabels(labels, policy) : joinAt(labels, policy, at)
      if (!joined.ok) return decided(context, line, joined)
      return { value: joined.label as unknown as Json, words: JSON.stringify(joined.label) }
    })
  },
}

/** `label compare`: how two labels stand to each other. */
export const labelCompare: Command = {
  usage: 'label compare [FILE]...',
  about: {
    en: 'how two labels of one scheme stand to each other: a JSON array of two a line in; equal, dominates, dominated or incomparable',
    ja: '同じ体系の二つの標示の関係。一行に二つの標示の JSON 配列を読み、equal・dominates・dominated・incomparable のいずれかを出す',
  },
  options: {},
  run: (context) =>
    answerLines(context, linesOf(context, context.positionals), async (line) => {
      const [a, b, more] = labelsIn(jsonOf(line))
      if (a === undefined || b === undefined || more !== undefined) throw usageError(labelCompare)
      const relation = relationOf(dominates(a, b, await schemeOf(a.policy)), dominates(b, a, await schemeOf(a.policy)))
      return { value: { ok: true, relation }, words: relation }
    }),
}

function relationOf(above: boolean, below: boolean): string {
  if (above && below) return 'equal'
  if (above) return 'dominates'
  return below ? 'dominated' : 'incomparable'
}

/** `label access`: whether a clearance opens a label. */
export const labelAccess: Command = {
  usage: 'label access [FILE]... --clearance FILE [--at TIME]',
  about: {
    en: 'whether a clearance opens a label: a label a line in; permit, or why not',
    ja: 'その適格性で標示の情報を閲覧できるか。一行に標示一つを読み、可否と理由を出す',
  },
  options: { clearance: { type: 'string' }, at: { type: 'string' } },
  async run(context) {
    const path = textOption(context, 'clearance')
    if (path === undefined) throw usageError(labelAccess)
    const clearance = readLabelClearance(readJson(await readGiven(path)))
    const at = timeOption(context, labelAccess)
    return answerLines(context, linesOf(context, context.positionals), async (line) => {
      const label = labelIn(jsonOf(line))
      const answer = accessBy(label, clearance, await schemeOf(label.policy), at)
      return answer.ok ? { value: { ok: true, access: 'permit' }, words: 'permit' } : decided(context, line, answer)
    })
  },
}

/** `label map`: a partner's reading of a label. */
export const labelMap: Command = {
  usage: 'label map [FILE]... --table FILE --to POLICY [--by NAME] [--at TIME]',
  about: {
    en: 'the reading of a label under another scheme by a dated table: a label a line in, an alternative label out, or a person decides',
    ja: '日付付きの対応表による、別の体系での標示の読替え。一行に標示一つを読み、代替標示を出す。表にないものは人が判断',
  },
  options: { table: { type: 'string' }, to: { type: 'string' }, by: { type: 'string' }, at: { type: 'string' } },
  async run(context) {
    const [path, name] = [textOption(context, 'table'), textOption(context, 'to')]
    if (path === undefined || name === undefined) throw usageError(labelMap)
    const given = readJson(await readGiven(path))
    const tables = readMappingTables(Array.isArray(given) ? given : [given])
    const to: MarkingPolicy = await schemeFor(name)
    const at = timeOption(context, labelMap)
    return answerLines(context, linesOf(context, context.positionals), (line) => {
      const answer = mapLabel(labelIn(jsonOf(line)), tables, to, at, textOption(context, 'by') ?? 'entente')
      if (!answer.ok) return decided(context, line, answer)
      const value = { ok: true, alternative: answer.alternative as unknown as Json }
      return { value, words: JSON.stringify(answer.alternative) }
    })
  },
}

/** What is a person's to decide, or refused: with its reason as data. */
function decided(
  context: Parameters<typeof refusal>[0],
  line: string,
  { code, reason, values }: { readonly code: string; readonly reason: string; readonly values: Readonly<Record<string, string | number>> },
): ReturnType<typeof refusal> {
  return refusal(context, line, code, values, { reason, values: { ...values } })
}
