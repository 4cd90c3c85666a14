import {
  type Agreement,
  type AgreementNotice,
  type AgreementState,
  type AgreementVersion,
  type AuthorityAnchors,
  type KnownNotice,
  AgreementError,
  agreementDomain,
  agreementId,
  checkAnchors,
  chainProblem,
  knownNotice,
  mergeSignatures,
  readSignedAgreement,
  readSignedNotice,
  stateAt,
  verifyNotice,
} from '@entente/agreement'
import { type HybridPublicKey, type Json, type Signed, EntenteError, codeOf, readDocument, verifyDocument } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import { anchorsShape } from '@entente/exchange'
import { type Lang, message } from '@entente/words'
import { agreementFileOf } from '../agreement-file.ts'
import { type Command, textOption, usageError } from '../command.ts'
import { readGiven } from '../data.ts'
import { CliError, EXIT } from '../errors.ts'
import { timeText } from '../explain.ts'

/** How far the clock of who signed a notice may be ahead of this one. */
const SKEW_SECONDS = 30

/** `agreement verify`: signatures, chain, dates and notices of agreements, from the authorities' keys that are known otherwise. */
export const agreementVerify: Command = {
  usage: 'agreement verify FILE… --anchors FILE',
  about: {
    en: 'verifies versions and notices: every signature, the chain, and what is in force now',
    ja: '版と通告を検証する（すべての署名、版の連なり、現在の効力）',
  },
  options: { anchors: { type: 'string' } },
  async run(context) {
    const path = textOption(context, 'anchors')
    if (path === undefined || context.positionals.length === 0) throw usageError(agreementVerify)
    const anchors = readDocument(anchorsShape, await readGiven(path), 'anchors')
    const files = await Promise.all(context.positionals.map(async (one) => ({ path: one, file: fileOf(await readGiven(one)) })))
    const versions = files.flatMap(({ path: at, file }) => ('notice' in file ? [] : [{ path: at, signed: file.agreement }]))
    const notices = files.flatMap(({ path: at, file }) => ('notice' in file ? [{ path: at, signed: file.notice }] : []))
    const names = new Set([...versions, ...notices].map(({ signed }) => signed.body.agreement))
    const { lang } = context.globals
    let ok = true
    for (const name of names) {
      const of = <T extends { readonly signed: Signed<{ readonly agreement: string }> }>(all: readonly T[]): T[] =>
        all.filter(({ signed }) => signed.body.agreement === name)
      const report = await verified(name, of(versions), of(notices), anchors.authorities, Math.floor(Date.now() / 1000))
      ok &&= report.ok
      context.result(report as unknown as Json, () => linesOf(report, lang))
    }
    return ok ? EXIT.done : EXIT.notVerified
  },
}

type Given<T> = { readonly path: string; readonly signed: Signed<T> }

/** One check: whether it holds, and the code where it does not. */
interface Held {
  readonly ok: boolean
  readonly code?: string
}

interface VersionReport extends Held {
  readonly version: number
  readonly id: string
  readonly files: readonly string[]
  readonly signatures: readonly (Held & {
    readonly nation: string
    readonly person: 'authority' | 'second'
    readonly of: 'this' | 'before'
  })[]
}

interface NoticeReport extends Held {
  readonly file: string
  readonly nation: string
  readonly notice: AgreementNotice['notice']
  readonly effect?: number
}

interface Report {
  readonly agreement: string
  readonly ok: boolean
  readonly versions: readonly VersionReport[]
  readonly notices: readonly NoticeReport[]
  /** By what holds alone. */
  readonly now: { readonly state: AgreementState['state']; readonly from: number; readonly version?: number }
}

function fileOf(bytes: Uint8Array): { readonly agreement: Signed<Agreement> } | { readonly notice: Signed<AgreementNotice> } {
  try {
    return { notice: readSignedNotice(bytes) }
  } catch {
    // No notice; then it is a version, or the reason is told of that.
  }
  try {
    return { agreement: readSignedAgreement(bytes) }
  } catch (cause) {
    // A body without signatures reads; that nobody signed it is what is wrong with it.
    const why = agreementFileOf(bytes).form === 'signed' ? codeOf(cause) : 'canonical/signature-missing'
    throw new CliError('cli/not-verified', 'no signed version', { cause, values: { what: 'agreement', why } })
  }
}

async function verified(
  agreement: string,
  given: readonly Given<Agreement>[],
  said: readonly Given<AgreementNotice>[],
  anchors: AuthorityAnchors,
  now: number,
): Promise<Report> {
  const byId = Map.groupBy(given, ({ signed }) => agreementId(nodeCrypto, signed.body))
  const inOrder = [...byId].toSorted(([, [a]], [, [b]]) => (a?.signed.body.version ?? 0) - (b?.signed.body.version ?? 0))
  const versions: VersionReport[] = []
  const holding: AgreementVersion[] = []
  for (const [id, parts] of inOrder) {
    const [first, ...others] = parts.map(({ signed }) => signed)
    if (first === undefined) continue
    const version = { id, body: first.body }
    const report = await versionReport(
      version,
      mergeSignatures(first, ...others),
      parts.map(({ path }) => path),
      holding.at(-1),
      anchors,
    )
    versions.push(report)
    if (report.ok) holding.push(version)
  }
  const notices: NoticeReport[] = []
  const known: KnownNotice[] = []
  for (const { path, signed } of said) {
    const { nation, notice, version } = signed.body
    const held = await noticeHeld(
      signed,
      holding.find(({ id }) => id === version),
      now,
    )
    if ('known' in held) known.push(held.known)
    notices.push({ file: path, nation, notice, ...('known' in held ? { ok: true, effect: held.known.effect } : held) })
  }
  const state = stateAt(holding, known, now)
  return {
    agreement,
    ok: [...versions, ...notices].every(({ ok }) => ok),
    versions,
    notices,
    now: { state: state.state, from: state.from, ...(state.state === 'none' ? {} : { version: state.version.body.version }) },
  }
}

async function versionReport(
  version: AgreementVersion,
  signed: Signed<Agreement>,
  files: readonly string[],
  previous: AgreementVersion | undefined,
  anchors: AuthorityAnchors,
): Promise<VersionReport> {
  const keys = (of: 'this' | 'before', body: Agreement | undefined) =>
    (body?.parties ?? []).flatMap(({ nation, authorityKey, countersigningKey }) => [
      { nation, of, person: 'authority' as const, key: authorityKey },
      ...(countersigningKey === undefined ? [] : [{ nation, of, person: 'second' as const, key: countersigningKey }]),
    ])
  const own = keys('this', version.body)
  const same = (a: HybridPublicKey, b: HybridPublicKey): boolean => a.ed25519 === b.ed25519 && a.mldsa65 === b.mldsa65
  const before = keys('before', previous?.body).filter(({ key }) => !own.some((one) => same(one.key, key)))
  const signatures = await Promise.all(
    [...own, ...before].map(async ({ key, ...whose }) => ({
      ...whose,
      ...(await heldBy(() => verifyDocument(nodeCrypto, agreementDomain(version.body.realm), signed, key))),
    })),
  )
  const chain = chainProblem(version.body, previous)
  const code = chain ?? (previous === undefined ? (await heldBy(async () => checkAnchors(version.body, anchors))).code : undefined)
  return {
    version: version.body.version,
    id: version.id,
    files,
    ok: code === undefined && signatures.every(({ ok }) => ok),
    ...(code === undefined ? {} : { code }),
    signatures,
  }
}

async function noticeHeld(
  signed: Signed<AgreementNotice>,
  version: AgreementVersion | undefined,
  now: number,
): Promise<{ readonly known: KnownNotice } | { readonly ok: false; readonly code: string }> {
  try {
    if (version === undefined) throw new AgreementError('agreement/notice-of-another', 'no such version that holds is here')
    return { known: knownNotice(nodeCrypto, await verifyNotice(nodeCrypto, signed, version, { now, skewSeconds: SKEW_SECONDS }), version) }
  } catch (error) {
    if (!(error instanceof EntenteError)) throw error
    return { ok: false, code: codeOf(error) }
  }
}

async function heldBy(check: () => Promise<unknown>): Promise<Held> {
  try {
    await check()
    return { ok: true }
  } catch (error) {
    if (!(error instanceof EntenteError)) throw error
    return { ok: false, code: codeOf(error) }
  }
}

const WORDS = {
  version: { en: 'version', ja: '版' },
  authority: { en: 'authority', ja: '当局' },
  second: { en: 'second person', ja: '二人目の担当者' },
  before: { en: 'of the version before', ja: '直前の版' },
  now: { en: 'now', ja: '現在' },
  since: { en: 'since', ja: '次の時点から' },
  none: { en: 'nothing is in force', ja: '効力のある版はない' },
  'in-force': { en: 'in force', ja: '効力あり' },
  suspended: { en: 'suspended', ja: '停止中' },
  ended: { en: 'ended', ja: '終了' },
  note: { en: 'note', ja: '公文' },
  suspend: { en: 'suspension', ja: '停止の通告' },
  resume: { en: 'resumption', ja: '再開の通告' },
  terminate: { en: 'termination', ja: '終了の通告' },
  withdraw: { en: 'withdrawal', ja: '脱退の通告' },
} as const

function linesOf({ agreement, versions, notices, now }: Report, lang: Lang): readonly string[] {
  const word = (name: keyof typeof WORDS): string => WORDS[name][lang]
  const mark = ({ ok, code }: Held): string => (ok ? '✓' : `✗ ${message(lang, code ?? 'cli/not-verified')} (${code ?? 'cli/not-verified'})`)
  return [
    agreement,
    ...versions.flatMap(({ version, id, ok, code, signatures }) => [
      `  ${word('version')} ${version}  ${id}  ${code === undefined ? (ok ? '✓' : '✗') : mark({ ok, code })}`,
      ...signatures.map((one) => `    ${one.nation} ${word(one.person)}${one.of === 'before' ? ` (${word('before')})` : ''}  ${mark(one)}`),
    ]),
    ...notices.map(
      ({ nation, notice, effect, ...held }) =>
        `  ${word(notice)}  ${nation}  ${effect === undefined ? '' : `${timeText(effect)}  `}${mark(held)}`,
    ),
    now.version === undefined
      ? `  ${word('now')}: ${word('none')}`
      : `  ${word('now')}: ${word(now.state)}, ${word('version')} ${now.version}, ${word('since')} ${timeText(now.from)}`,
  ]
}
