import type { Json } from '@entente/canonical'
import { revokeItem } from '@entente/client'
import { STOP_REASONS, type StopReason } from '@entente/exchange'
import { type Command, textOption, one, usageError } from '../command.ts'
import { EXIT } from '../errors.ts'
import { timeText } from '../explain.ts'
import { signIn } from '../session.ts'

/** `report revoke`: from the moment that it is on the originator's disk, no key leaves. */
export const reportRevoke: Command = {
  usage: `report revoke ITEM --reason ${STOP_REASONS.join('|')} [--report]`,
  about: { en: 'stops an item for good, link or no link', ja: '項目の利用を止める（回線の状態によらない）' },
  options: { reason: { type: 'string' }, report: { type: 'boolean' } },
  async run(context) {
    const item = one(context, reportRevoke)
    const reason = textOption(context, 'reason') ?? 'withdrawn'
    if (!(STOP_REASONS as readonly string[]).includes(reason)) throw usageError(reportRevoke)
    const signed = await signIn(context)
    const outcome = await revokeItem(await signed.client(), {
      item,
      reason: reason as StopReason,
      officer: await signed.officer(),
      ...(context.options['report'] === true ? { wholeReport: true } : {}),
    })
    const since = timeText(outcome.effective)
    context.result(outcome as unknown as Json, () => [
      context.globals.lang === 'ja' ? `${since} から利用停止（#${outcome.n}）` : `stopped since ${since} (#${outcome.n})`,
      ...outcome.items.map((one) => `  ${one}`),
    ])
    return EXIT.done
  },
}
