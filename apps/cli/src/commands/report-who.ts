import { type Json, type Shape, shapes } from '@entente/canonical'
import { type Values, message } from '@entente/words'
import * as v from 'valibot'
import { type Command, answer, timeText } from '../command.ts'
import { personGiven } from '../person.ts'
import { EXIT } from '../problem.ts'

interface CouldRead {
  readonly item: string
  readonly originator: string
  readonly recipient: string
  readonly stopped: boolean
  readonly until: number
  readonly conditions: readonly { readonly code: string; readonly article?: string; readonly rule?: string; readonly values: Values }[]
  readonly readers?: { readonly number: number; readonly at: number; readonly atMost: number; readonly cells: Json }
}

const couldReadShape: Shape<CouldRead> = v.looseObject({
  item: shapes.uuid,
  originator: shapes.nation,
  recipient: shapes.nation,
  stopped: v.boolean(),
  until: shapes.instant,
  conditions: v.array(v.looseObject({ code: shapes.shortText, values: v.record(v.string(), v.union([v.string(), v.number()])) })),
  readers: v.exactOptional(v.looseObject({ number: shapes.natural, at: shapes.instant, atMost: shapes.natural, cells: shapes.json })),
}) as unknown as Shape<CouldRead>

/** `entente report who`: who could read an item: conditions and counts, never names. */
export const command: Command = {
  usage: 'report who ITEM --as OFFICER',
  summary: { en: 'who could read an item', ja: '項目を読むことができる者（人数と条件）' },
  positionals: [1, 1],
  async run(given) {
    const { api } = await personGiven(given)
    const found = await api.get(`/api/items/${given.positionals[0] ?? ''}/readers`, couldReadShape)
    answer(given, found, [
      `${found.originator} → ${found.recipient}  – ${timeText(found.until)}${found.stopped ? '  ✕' : ''}`,
      ...found.conditions.map(({ code, values, article, rule }) => `  ${message(given.options.lang, code, { ...values, article, rule })}`),
      ...(found.readers === undefined ? [] : [`≤ ${found.readers.atMost}  (roster ${found.readers.number}, ${timeText(found.readers.at)})`]),
    ])
    return EXIT.done
  },
}
