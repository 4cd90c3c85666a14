import { type MarkingForm, type MarkingPolicy, parseMarking, printMarking } from '@entente/label'
import { type Command, answer, clock } from '../command.ts'
import { CliError, usage } from '../errors.ts'
import { policiesGiven } from '../person.ts'
import { EXIT } from '../problem.ts'

/** `entente label parse`: what a marking says. */
export const command: Command = {
  usage: "label parse 'MARKING' --policy POLICY|NATION [--form banner|portion|any] [--nations DIR]",
  summary: { en: 'read a marking, and write it out', ja: '標示を読み取り、内容を示す' },
  options: { policy: { type: 'string' }, form: { type: 'string' } },
  positionals: [1, 1],
  async run(given) {
    const policy = policyNamed(await policiesGiven(given), given.text('policy') ?? given.options.nation)
    if (policy === undefined) throw new CliError('cli/usage', 'no such marking scheme', { values: { command: given.command, why: '--policy' } })
    const form = given.text('form') ?? 'any'
    if (!['banner', 'portion', 'any'].includes(form)) throw usage(given.command, '--form banner|portion|any')
    const label = parseMarking(given.positionals[0] ?? '', { policy, form: form as MarkingForm, created: clock() })
    const banner = printMarking(label, policy, { form: 'banner' })
    const portion = printMarking(label, policy, { form: 'portion' })
    const words = {
      en: printMarking(label, policy, { form: 'banner', lang: 'en' }),
      ja: printMarking(label, policy, { form: 'banner', lang: 'ja' }),
    }
    answer(given, { banner, portion, words, label }, [banner, portion, words[given.options.lang]])
    return EXIT.done
  },
}

function policyNamed(policies: ReadonlyMap<string, MarkingPolicy>, name: string | undefined): MarkingPolicy | undefined {
  if (name === undefined) return undefined
  return policies.get(name) ?? [...policies.values()].find((policy) => policy.nation === name.toUpperCase())
}
