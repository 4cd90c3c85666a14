import { revokeItem } from '@entente/client'
import { STOP_REASONS, type StopReason } from '@entente/exchange'
import { type Command, answer, timeText } from '../command.ts'
import { usage } from '../errors.ts'
import { personGiven } from '../person.ts'
import { EXIT } from '../problem.ts'

/** `entente report revoke`: stops an item for ever, whatever the link does. */
export const command: Command = {
  usage: `report revoke ITEM --reason ${STOP_REASONS.join('|')} --as OFFICER [--whole-report] [--serial N]`,
  summary: { en: 'stop an item for ever', ja: '項目の利用を停止する（取消し）' },
  options: { reason: { type: 'string' }, 'whole-report': { type: 'boolean' }, serial: { type: 'string' } },
  positionals: [1, 1],
  async run(given) {
    const reason = STOP_REASONS.find((one) => one === (given.text('reason') ?? 'withdrawn')) as StopReason | undefined
    const serial = Number(given.text('serial') ?? 1)
    if (reason === undefined || !Number.isSafeInteger(serial)) throw usage(given.command, `--reason ${STOP_REASONS.join('|')}`)
    const { client, device } = await personGiven(given)
    const officer = await device.officer()
    const stopped = await revokeItem(await client(), {
      item: given.positionals[0] ?? '',
      serial,
      reason,
      wholeReport: given.on('whole-report'),
      officer,
    })
    answer(given, stopped, [timeText(stopped.effective), ...stopped.items])
    return EXIT.done
  },
}
