import { nodeCrypto } from '@entente/crypto-node'
import { type LogReport, parseDisclosure, parsePolicy, verifyLog } from '@entente/ledger'
import { message } from '@entente/words'
import { type Command, type Given, answer, timeText } from '../command.ts'
import { usage } from '../errors.ts'
import { readBytes } from '../files.ts'
import { logFiles } from '../log-files.ts'
import { type Pairing, type VerifiedSide, pairLogs } from '../pair-logs.ts'
import { EXIT } from '../problem.ts'

interface Side {
  readonly place: string
  readonly report: LogReport
  readonly verified: VerifiedSide
}

/** `entente ledger verify`: a whole log, from its files alone; with both sides' disclosures, openings paired with grants. */
export const command: Command = {
  usage:
    'ledger verify --log DIR|URL --policy FILE [--disclosure FILE] [--partner-log DIR|URL --partner-policy FILE --partner-disclosure FILE] [--item ITEM]',
  summary: { en: 'verify a log with no node alive', ja: 'ノードなしで記録簿を検証する' },
  options: {
    log: { type: 'string' },
    policy: { type: 'string' },
    disclosure: { type: 'string' },
    'partner-log': { type: 'string' },
    'partner-policy': { type: 'string' },
    'partner-disclosure': { type: 'string' },
    item: { type: 'string' },
  },
  positionals: [0, 0],
  async run(given) {
    const own = await sideOf(given, '')
    if (own === undefined) throw usage(given.command, '--log, --policy')
    const partner = await sideOf(given, 'partner-')
    const pairing = partner === undefined ? undefined : await pairBoth(own, partner)
    const sides = [own, ...(partner === undefined ? [] : [partner])]
    const wrong = [...sides.flatMap(({ report }) => report.findings), ...(pairing?.findings ?? [])]
    const item = given.text('item')
    const releases = sides.flatMap(({ report, place }) => releasesIn(report, place, item))
    const paired = (pairing?.paired ?? []).filter((one) => item === undefined || one.item === item)
    const { lang } = given.options
    answer(
      given,
      {
        ok: wrong.length === 0,
        logs: sides.map(({ place, report: { ok, checkpoint, time, findings } }) => ({
          log: place,
          ok,
          ...(checkpoint === undefined ? {} : { origin: checkpoint.origin, size: checkpoint.size }),
          ...(time === undefined ? {} : { time }),
          findings,
        })),
        releases,
        ...(pairing === undefined ? {} : { paired, unpaired: pairing.findings, unanswered: pairing.unanswered }),
      },
      [
        ...sides.map(({ place, report }) => `${report.ok ? '  ' : '✕ '}${report.checkpoint?.origin ?? place}  ${report.checkpoint?.size ?? 0}`),
        ...releases.map((one) => `  ${timeText(one.at)}  ${one.item}  ${one.index}`),
        ...paired.map((one) => `  ${one.act}  ${one.item}  ${one.opening} ↔ ${one.grant}`),
        ...wrong.map(({ code, values }) => `✕ ${message(lang, code, values)} (${code})`),
      ],
    )
    return wrong.length === 0 ? EXIT.done : EXIT.notVerified
  },
}

async function sideOf(given: Given, prefix: '' | 'partner-'): Promise<Side | undefined> {
  const [place, policyFile, disclosureFile] = [given.text(`${prefix}log`), given.text(`${prefix}policy`), given.text(`${prefix}disclosure`)]
  if (place === undefined && policyFile === undefined) return undefined
  if (place === undefined || policyFile === undefined) throw usage(given.command, `--${prefix}log, --${prefix}policy`)
  const policy = parsePolicy(nodeCrypto, await readBytes(policyFile))
  const disclosure = disclosureFile === undefined ? undefined : parseDisclosure(await readBytes(disclosureFile))
  const { reader, paths } = await logFiles(place)
  const report = await verifyLog(nodeCrypto, {
    reader,
    policy,
    ...(paths === undefined ? {} : { paths }),
    ...(disclosure === undefined ? {} : { disclosure }),
  })
  return { place, report, verified: { reader, size: report.checkpoint?.size ?? 0, entries: report.entries } }
}

/** The side that answers is the originator; which of the two it is shows in what they enter. */
async function pairBoth(own: Side, partner: Side): Promise<Pairing> {
  const gives = own.report.entries.some(({ fields }) => fields['act'] === 'grant')
  return gives ? merged(await pairLogs(own.verified, partner.verified), await pairLogs(partner.verified, own.verified)) : pairLogs(own.verified, partner.verified)
}

/** Both may have given to each other: each is the other's originator for its own items. */
function merged(first: Pairing, second: Pairing): Pairing {
  return {
    paired: [...first.paired, ...second.paired],
    findings: [...first.findings, ...second.findings],
    unanswered: [...first.unanswered, ...second.unanswered],
  }
}

/** Every entry by which a key was given out, of one item or of all. */
function releasesIn(report: LogReport, log: string, item: string | undefined): { readonly log: string; readonly index: number; readonly at: number; readonly item: string }[] {
  return report.entries.flatMap(({ index, at, fields }) => {
    const given = fields['act'] === 'open' && fields['decision'] === 'permit'
    const of = String(fields['item'] ?? '')
    return given && (item === undefined || of === item) ? [{ log, index, at, item: of }] : []
  })
}
