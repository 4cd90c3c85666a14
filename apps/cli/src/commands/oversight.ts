import { writeFile } from 'node:fs/promises'
import { type Json, shapes } from '@entente/canonical'
import { hint, message } from '@entente/words'
import { type Command, textOption, usageError } from '../command.ts'
import { EXIT } from '../errors.ts'
import { signIn } from '../session.ts'

interface Check {
  readonly name: string
  readonly code: string
  readonly state: 'ok' | 'warn' | 'fail'
  readonly values: Readonly<Record<string, string | number>>
}

/** `doctor`: looks at everything that can be looked at, and says what to do. */
export const doctor: Command = {
  usage: 'doctor',
  about: {
    en: 'looks at the node: clock, partner, keys, agreement, ledger, disk',
    ja: 'ノードを点検する（時計、相手国、鍵、取決め、記録簿、ディスク）',
  },
  options: {},
  async run(context) {
    const { lang } = context.globals
    const { checks } = (await (await signIn(context)).api.get('/api/doctor', shapes.json)) as unknown as { checks: readonly Check[] }
    const failed = checks.some(({ state }) => state === 'fail')
    context.result({ ok: !failed, checks: checks as unknown as Json }, () =>
      checks.flatMap(({ state, code, values }) => {
        const next = state === 'ok' ? null : hint(lang, code, values)
        return [`${state.padEnd(4)}  ${message(lang, code, values)}`, ...(next === null ? [] : [`      ${next}`])]
      }),
    )
    return failed ? EXIT.refused : EXIT.done
  },
}

/** `login`: signs a person in and keeps the session on the device. */
export const login: Command = {
  usage: 'login --as PERSON [--nation CODE]',
  about: { en: 'signs in and keeps the session on this device', ja: 'サインインし、端末にセッションを保存する' },
  options: {},
  async run(context) {
    const { me, node } = await signIn(context)
    context.result({ ...me, node } as unknown as Json, () => [
      `${me.names[context.globals.lang]}  ${me.nation}  ${me.roles.join(', ')}  ${node}`,
    ])
    return EXIT.done
  },
}

/** `ledger show`: the nation's logs and how far they are cosigned. */
export const ledgerShow: Command = {
  usage: 'ledger show',
  about: { en: "shows the nation's logs: sizes, cosignatures, what is closed", ja: '自国のログの大きさ、連署、閉鎖状態を表示する' },
  options: {},
  async run(context) {
    const status = await (await signIn(context)).api.get('/api/ledger', shapes.json)
    const { logs = [] } = status as unknown as {
      logs?: readonly { log: string; origin: string; size: number; cosigned: Readonly<Record<string, number>> }[]
    }
    context.result(status, () =>
      logs.map(
        ({ origin, size, cosigned }) =>
          `${origin}  ${size}  ${Object.entries(cosigned)
            .map(([name, at]) => `${name}=${at}`)
            .join(' ')}`,
      ),
    )
    return EXIT.done
  },
}

/** `ledger disclose`: policy and disclosure of a log, as files for an auditor. */
export const ledgerDisclose: Command = {
  usage: 'ledger disclose --log NAME --policy FILE --disclosure FILE',
  about: { en: "writes an auditor's policy and disclosure files for a log", ja: '監査者用の検証方針と開示ファイルを書き出す' },
  options: { log: { type: 'string' }, policy: { type: 'string' }, disclosure: { type: 'string' } },
  async run(context) {
    const [log, policy, disclosure] = ['log', 'policy', 'disclosure'].map((name) => textOption(context, name))
    if (log === undefined || policy === undefined || disclosure === undefined) throw usageError(ledgerDisclose)
    const { api } = await signIn(context)
    for (const [what, path] of [
      ['policy', policy],
      ['disclosure', disclosure],
    ] as const) {
      await writeFile(path, await api.stream(`/api/ledger/${what}?log=${encodeURIComponent(log)}`), { mode: 0o600 })
    }
    context.result({ log, policy, disclosure }, () => [policy, disclosure])
    return EXIT.done
  },
}
