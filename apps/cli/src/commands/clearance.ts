import { type Json, shapes } from '@entente/canonical'
import { type ActContent, type ClearanceDesk, enterAct, giveEnrolmentCode } from '@entente/client'
import { nodeCrypto } from '@entente/crypto-node'
import { type Command, type Context, listOption, textOption, one, usageError } from '../command.ts'
import { EXIT } from '../errors.ts'
import { now, signIn } from '../session.ts'

const DAY_SECONDS = 86_400

async function desk(context: Context): Promise<ClearanceDesk> {
  const signed = await signIn(context)
  return { crypto: nodeCrypto, api: signed.api, realm: signed.me.realm, by: signed.me.id, officer: await signed.officer(), now }
}

function act(
  usage: string,
  about: Command['about'],
  options: Command['options'],
  content: (context: Context, person: string) => ActContent,
): Command {
  const command: Command = {
    usage,
    about,
    options,
    async run(context) {
      const person = one(context, command)
      const number = await enterAct(await desk(context), content(context, person))
      context.result({ number, person }, () => [`#${number} ${person}`])
      return EXIT.done
    },
  }
  return command
}

function needed(context: Context, name: string, usage: string): string {
  const value = textOption(context, name)
  if (value === undefined) throw usageError({ usage })
  return value
}

const GRANT = 'clearance grant PERSON --level CODE --citizenship NATION… [--days N]'
/** `clearance grant`: a person of one's own nation is cleared. */
export const clearanceGrant: Command = act(
  GRANT,
  { en: "grants a clearance to a person of one's own nation", ja: '自国の人にクリアランスを認める' },
  { level: { type: 'string' }, citizenship: { type: 'string', multiple: true }, days: { type: 'string' } },
  (context, person) => ({
    act: 'grant',
    person,
    clearance: needed(context, 'level', GRANT),
    citizenships: listOption(context, 'citizenship').map((nation) => nation.toUpperCase()),
    validFrom: now(),
    validUntil: now() + Number(textOption(context, 'days') ?? '365') * DAY_SECONDS,
  }),
)

const ASSIGN = 'clearance assign PERSON --area CODE --purpose CODE… [--days N]'
/** `clearance assign`: need to know. */
export const clearanceAssign: Command = act(
  ASSIGN,
  { en: 'gives a person need to know in an area', ja: '人に分野の知る必要を認める' },
  { area: { type: 'string' }, purpose: { type: 'string', multiple: true }, days: { type: 'string' } },
  (context, person) => ({
    act: 'assign',
    person,
    area: needed(context, 'area', ASSIGN),
    role: 'reader',
    purposes: listOption(context, 'purpose'),
    until: now() + Number(textOption(context, 'days') ?? '365') * DAY_SECONDS,
  }),
)

/** `clearance withdraw`: acts at the next request, everywhere. */
export const clearanceWithdraw: Command = act(
  'clearance withdraw PERSON',
  { en: 'withdraws a clearance; the next request is refused', ja: 'クリアランスを取り消す。次の要求から拒否される' },
  {},
  (_, person) => ({ act: 'withdraw', person }),
)

/** `clearance suspend`. */
export const clearanceSuspend: Command = act(
  'clearance suspend PERSON',
  { en: 'suspends a clearance', ja: 'クリアランスを停止する' },
  {},
  (_, person) => ({ act: 'suspend', person }),
)

/** `clearance code`: an enrolment code, to be handed over in person. */
export const clearanceCode: Command = {
  usage: 'clearance code PERSON',
  about: { en: "makes an enrolment code for a person's device", ja: '端末登録のためのコードを発行する' },
  options: {},
  async run(context) {
    const person = one(context, clearanceCode)
    const code = await giveEnrolmentCode(await desk(context), person)
    context.result({ person, code }, () => [code])
    return EXIT.done
  },
}

/** `roster send`: counts of readers, signed, to a partner. */
export const rosterSend: Command = {
  usage: 'roster send --agreement NAME --to NATION',
  about: { en: "sends a partner the counts of one's readers", ja: '自国の閲覧者数を相手国に送る' },
  options: { agreement: { type: 'string' }, to: { type: 'string' } },
  async run(context) {
    const [agreement, to] = [textOption(context, 'agreement'), textOption(context, 'to')?.toUpperCase()]
    if (agreement === undefined || to === undefined) throw usageError(rosterSend)
    const answer = (await (await signIn(context)).api.post('/api/rosters', { agreement, to }, shapes.json)) as Json
    context.result(answer, () => [JSON.stringify(answer)])
    return EXIT.done
  },
}
