import { whole } from '@entente/client'
import { type Command, answer } from '../command.ts'
import { usage } from '../errors.ts'
import { writeNew } from '../files.ts'
import { personGiven } from '../person.ts'
import { EXIT } from '../problem.ts'

/** `entente ledger disclose`: what an auditor takes along: the openings of a log, and the policy to verify it by. */
export const command: Command = {
  usage: 'ledger disclose --log NAME --out DISCLOSURE.json [--policy-out POLICY.txt] --as AUDITOR',
  summary: { en: 'take the openings of a log along', ja: '記録簿の開示資料を取り出す' },
  options: { log: { type: 'string' }, out: { type: 'string' }, 'policy-out': { type: 'string' } },
  positionals: [0, 0],
  async run(given) {
    const [log, out, policyOut] = [given.text('log'), given.text('out'), given.text('policy-out')]
    if (log === undefined || out === undefined || !/^[a-z0-9][a-z0-9.-]{0,127}$/u.test(log)) throw usage(given.command, '--log, --out')
    const { api } = await personGiven(given)
    if (policyOut !== undefined) await writeNew(policyOut, [await whole(await api.stream(`/api/ledger/policy?log=${log}`))])
    await writeNew(out, await api.stream(`/api/ledger/disclosure?log=${log}`))
    answer(given, { log, out, ...(policyOut === undefined ? {} : { policy: policyOut }) }, [out, ...(policyOut === undefined ? [] : [policyOut])])
    return EXIT.done
  },
}
