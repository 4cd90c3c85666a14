import { EntenteError, shapes } from '@entente/canonical'
import { ATTESTED_CLAIMS } from '@entente/clearance'
import { type ActContent, type ClearanceDesk, enterAct, giveEnrolmentCode } from '@entente/client'
import { nodeCrypto } from '@entente/crypto-node'
import { unknownIn } from '@entente/exchange'
import { type Command, type Context, listOption, textOption, one, usageError } from '../command.ts'
import { EXIT } from '../errors.ts'
import { timeText } from '../explain.ts'
import { type Lang } from '@entente/words'
import { now, signIn } from '../session.ts'

const DAY_SECONDS = 86_400

type Signed = Awaited<ReturnType<typeof signIn>>

async function deskOf(signed: Signed): Promise<ClearanceDesk> {
  return { crypto: nodeCrypto, api: signed.api, realm: signed.me.realm, by: signed.me.id, officer: await signed.officer(), now }
}

function act(
  usage: string,
  about: Command['about'],
  options: Command['options'],
  content: (context: Context, person: string) => ActContent,
  /** What the person now has, for the officer to read again. */
  done: Readonly<Record<Lang, (act: ActContent) => string>>,
): Command {
  const command: Command = {
    usage,
    about,
    options,
    async run(context) {
      const person = one(context, command)
      const wanted = content(context, person)
      const signed = await signIn(context)
      await checkKnown(signed, wanted)
      const number = await enterAct(await deskOf(signed), wanted)
      context.result({ number, person }, () => [`#${number}  ${done[context.globals.lang](wanted)}`])
      return EXIT.done
    },
  }
  return command
}

/**
 * An act that names a level, an area or another code that nobody knows would be signed, kept, and of no use to anybody; one such reader
 * keeps the whole roster from being made. Throws `clearance/input` with what was given and what is possible.
 */
async function checkKnown(signed: Signed, act: ActContent): Promise<void> {
  const { pins } = await signed.client()
  const unknown = unknownIn(act, { trust: pins.trust, policies: pins.policies.values() })
  if (unknown === undefined) return
  const { what, known } = unknown
  const values = { what, ...(known.length === 0 ? {} : { known: known.join(', ') }) }
  throw new EntenteError('clearance/input', 'a code that is not known here', { values })
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
  { en: "grants a clearance to a person of one's own nation", ja: '自国の者にクリアランスを与える' },
  { level: { type: 'string' }, citizenship: { type: 'string', multiple: true }, days: { type: 'string' } },
  (context, person) => ({
    act: 'grant',
    person,
    clearance: needed(context, 'level', GRANT),
    citizenships: listOption(context, 'citizenship').map((nation) => nation.toUpperCase()),
    validFrom: now(),
    validUntil: now() + Number(textOption(context, 'days') ?? '365') * DAY_SECONDS,
  }),
  {
    en: (done) => (done.act === 'grant' ? `${done.person} is cleared: ${done.clearance}, until ${timeText(done.validUntil)}` : ''),
    ja: (done) =>
      done.act === 'grant' ? `${done.person} にクリアランスを与えました（${done.clearance}、${timeText(done.validUntil)} まで）` : '',
  },
)

const ASSIGN = 'clearance assign PERSON --area CODE --purpose CODE… [--days N]'
/** `clearance assign`: need to know. */
export const clearanceAssign: Command = act(
  ASSIGN,
  { en: 'gives a person need to know in an area', ja: '分野についての知る必要性を割り当てる' },
  { area: { type: 'string' }, purpose: { type: 'string', multiple: true }, days: { type: 'string' } },
  (context, person) => ({
    act: 'assign',
    person,
    area: needed(context, 'area', ASSIGN),
    role: 'reader',
    purposes: listOption(context, 'purpose'),
    until: now() + Number(textOption(context, 'days') ?? '365') * DAY_SECONDS,
  }),
  {
    en: (done) => (done.act === 'assign' ? `${done.person} has need to know: ${done.area}, until ${timeText(done.until)}` : ''),
    ja: (done) =>
      done.act === 'assign' ? `${done.person} に知る必要性を割り当てました（${done.area}、${timeText(done.until)} まで）` : '',
  },
)

/** The one of the three that is named. */
function claimOf(context: Context, usage: string): { readonly claim: (typeof ATTESTED_CLAIMS)[number]; readonly code: string } {
  const [given, second] = ATTESTED_CLAIMS.flatMap((claim) => {
    const code = textOption(context, claim)
    return code === undefined ? [] : [{ claim, code }]
  })
  if (given === undefined || second !== undefined) throw usageError({ usage })
  return given
}

const CLAIM_WORDS = {
  organisation: { en: 'organisation', ja: '所属機関' },
  post: { en: 'post', ja: '職' },
  facility: { en: 'facility', ja: '施設' },
} as const
const CLAIM_OPTIONS = { organisation: { type: 'string' }, post: { type: 'string' }, facility: { type: 'string' } } as const

const ATTEST = 'clearance attest PERSON --organisation CODE | --post CODE | --facility CODE [--days N]'
/** `clearance attest`: where a person belongs, sits or reads. */
export const clearanceAttest: Command = act(
  ATTEST,
  { en: "attests a person's organisation, post or facility", ja: '所属機関、職又は施設を証明する' },
  { ...CLAIM_OPTIONS, days: { type: 'string' } },
  (context, person) => ({
    act: 'attest',
    person,
    ...claimOf(context, ATTEST),
    until: now() + Number(textOption(context, 'days') ?? '365') * DAY_SECONDS,
  }),
  {
    en: (done) =>
      done.act === 'attest' ? `${done.person}, ${CLAIM_WORDS[done.claim].en}: ${done.code}, until ${timeText(done.until)}` : '',
    ja: (done) =>
      done.act === 'attest'
        ? `${done.person} の${CLAIM_WORDS[done.claim].ja}を証明しました（${done.code}、${timeText(done.until)} まで）`
        : '',
  },
)

const RETRACT = 'clearance retract PERSON organisation|post|facility'
/** `clearance retract`: acts at the next request, everywhere. */
export const clearanceRetract: Command = act(
  RETRACT,
  { en: 'takes an attestation back; the next request is refused', ja: '証明を取り消す。次の要求から拒否される' },
  {},
  (context, person) => {
    const claim = ATTESTED_CLAIMS.find((one) => one === context.positionals[1])
    if (claim === undefined) throw usageError({ usage: RETRACT })
    return { act: 'retract', person, claim }
  },
  {
    en: (done) => (done.act === 'retract' ? `the ${CLAIM_WORDS[done.claim].en} of ${done.person} is attested no more` : ''),
    ja: (done) => (done.act === 'retract' ? `${done.person} の${CLAIM_WORDS[done.claim].ja}の証明を取り消しました` : ''),
  },
)

/** `clearance withdraw`: acts at the next request, everywhere. */
export const clearanceWithdraw: Command = act(
  'clearance withdraw PERSON',
  { en: 'withdraws a clearance; the next request is refused', ja: 'クリアランスを取り消す。次の要求から拒否される' },
  {},
  (_, person) => ({ act: 'withdraw', person }),
  {
    en: ({ person }) => `the clearance of ${person} is withdrawn`,
    ja: ({ person }) => `${person} のクリアランスを取り消しました`,
  },
)

/** `clearance suspend`. */
export const clearanceSuspend: Command = act(
  'clearance suspend PERSON',
  { en: 'suspends a clearance', ja: 'クリアランスを停止する' },
  {},
  (_, person) => ({ act: 'suspend', person }),
  {
    en: ({ person }) => `the clearance of ${person} is suspended`,
    ja: ({ person }) => `${person} のクリアランスを停止しました`,
  },
)

/** `clearance code`: an enrolment code, to be handed over in person. */
export const clearanceCode: Command = {
  usage: 'clearance code PERSON',
  about: { en: "makes an enrolment code for a person's device", ja: '端末登録のためのコードを発行する' },
  options: {},
  async run(context) {
    const person = one(context, clearanceCode)
    const code = await giveEnrolmentCode(await deskOf(await signIn(context)), person)
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
    const answer = (await (await signIn(context)).api.post('/api/rosters', { agreement, to }, shapes.json)) as { readonly number: number }
    context.result({ ...answer }, () => [
      context.globals.lang === 'ja'
        ? `閲覧者数の報告 第 ${answer.number} 号を ${to} に送りました`
        : `roster statement ${answer.number} is on its way to ${to}`,
    ])
    return EXIT.done
  },
}
