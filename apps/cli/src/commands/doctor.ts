import { type Shape, shapes } from '@entente/canonical'
import { message } from '@entente/words'
import * as v from 'valibot'
import { type Command, answer } from '../command.ts'
import { personGiven } from '../person.ts'
import { EXIT } from '../problem.ts'

interface Checks {
  readonly checks: readonly { readonly name: string; readonly state: 'ok' | 'warn' | 'fail'; readonly code: string; readonly values: Readonly<Record<string, string | number>> }[]
}

const checksShape: Shape<Checks> = v.object({
  checks: v.array(
    v.object({
      name: shapes.shortText,
      state: v.picklist(['ok', 'warn', 'fail']),
      code: shapes.shortText,
      values: v.record(v.string(), v.union([v.string(), v.number()])),
    }),
  ),
})
const SIGN = { ok: '  ', warn: '! ', fail: '✕ ' } as const

/** `entente doctor`: what is well with the own node and what is not. */
export const command: Command = {
  usage: 'doctor --as PERSON',
  summary: { en: 'what is well with the own node, and what is not', ja: '自国のノードの状態を調べる' },
  positionals: [0, 0],
  async run(given) {
    const { api } = await personGiven(given)
    const { checks } = await api.get('/api/doctor', checksShape)
    answer(given, { checks }, checks.map(({ state, code, values, name }) => `${SIGN[state]}${name}: ${message(given.options.lang, code, { ...values, state })}`))
    return checks.some(({ state }) => state === 'fail') ? EXIT.notVerified : EXIT.done
  },
}
