import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Json } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import {
  type Disclosure,
  type LogReport,
  type TileReader,
  type VerifiedEntry,
  parseDisclosure,
  parsePolicy,
  verifyLog,
} from '@entente/ledger'
import { message } from '@entente/words'
import { nameOf, type Command, type Context, textOption } from '../command.ts'
import { readGiven } from '../data.ts'
import { CliError, EXIT } from '../errors.ts'
import { nodeFetch } from '../login/index.ts'
import { type VerifiedSide, pairLogs } from '../pair-logs.ts'

/** `ledger verify`: a log, with nothing but files: no node needs to be alive, none is believed. */
export const ledgerVerify: Command = {
  usage:
    'ledger verify --log DIR|URL --policy FILE [--disclosure FILE] [--earlier FILE]… [--partner-log DIR|URL --partner-policy FILE [--partner-disclosure FILE]] [--item UUID]',
  about: {
    en: "proves that a log is whole and cosigned, and that both nations' entries match",
    ja: 'ログが完全で連署されていること、両国の記載が一致することを証明する',
  },
  options: {
    log: { type: 'string' },
    policy: { type: 'string' },
    disclosure: { type: 'string' },
    earlier: { type: 'string', multiple: true },
    'partner-log': { type: 'string' },
    'partner-policy': { type: 'string' },
    'partner-disclosure': { type: 'string' },
    item: { type: 'string' },
  },
  async run(context) {
    const own = await verified(context, '')
    const partner = textOption(context, 'partner-log') === undefined ? undefined : await verified(context, 'partner-')
    const item = textOption(context, 'item')
    // Entries can be held against each other only where both sides were disclosed.
    const pairing = partner === undefined || !own.disclosed || !partner.disclosed ? undefined : await pairLogs(sideOf(own), sideOf(partner))
    const unmatched = pairing?.unmatched ?? []
    const releases = own.report.entries.filter(({ fields }) => fields['act'] === 'open' && (item === undefined || fields['item'] === item))
    const ok = own.report.ok && (partner?.report.ok ?? true) && unmatched.length === 0
    const { lang } = context.globals
    context.result(
      {
        ok,
        log: asJson(own.report),
        ...(partner === undefined ? {} : { partner: asJson(partner.report) }),
        unmatched: unmatched.map((one) => ({ index: one.index, act: textOf(one.fields['act']), request: textOf(one.fields['request']) })),
        ...(pairing === undefined
          ? {}
          : { paired: pairing.paired.map((one) => ({ ...one })), unanswered: pairing.unanswered.map(({ index }) => index) }),
        releases: releases.map(releaseJson),
      },
      () => [
        ...lines(own, lang),
        ...(partner === undefined ? [] : lines(partner, lang)),
        ...unmatched.map((one) => `! #${one.index} ${textOf(one.fields['act'])} ${textOf(one.fields['request'])}`),
        ...(pairing?.paired ?? []).map((one) => `#${one.opening} ↔ #${one.grant}  ${one.item}`),
        ...releases.map(
          (one) =>
            `#${one.index}  ${new Date(one.at * 1000).toISOString()}  ${textOf(one.fields['item'])}  ${textOf(one.fields['pseudonym'])}  ${textOf(one.fields['purpose'])}`,
        ),
      ],
    )
    return ok ? EXIT.done : EXIT.notVerified
  },
}

interface Verified {
  readonly log: string
  readonly report: LogReport
  readonly reader: TileReader
  /** Whether a disclosure came with it. */
  readonly disclosed: boolean
}

function sideOf({ reader, report }: Verified): VerifiedSide {
  return { reader, size: report.checkpoint?.size ?? 0, entries: report.entries }
}

async function verified(context: Context, prefix: '' | 'partner-'): Promise<Verified> {
  const log = textOption(context, `${prefix}log`)
  const policy = textOption(context, `${prefix}policy`)
  if (log === undefined || policy === undefined) {
    throw new CliError('cli/usage', `--${prefix}log and --${prefix}policy are needed`, {
      values: { missing: log === undefined ? `\`--${prefix}log\`` : `\`--${prefix}policy\``, command: nameOf(ledgerVerify) },
    })
  }
  const file = textOption(context, `${prefix}disclosure`)
  const disclosure: Disclosure | undefined = file === undefined ? undefined : parseDisclosure(await readGiven(file))
  const earlier =
    prefix === '' && Array.isArray(context.options['earlier'])
      ? await Promise.all((context.options['earlier'] as string[]).map((path) => readGiven(path)))
      : []
  const isUrl = /^https?:/u.test(log)
  const reader = isUrl ? overHttp(log) : inFolder(log)
  const report = await verifyLog(nodeCrypto, {
    reader,
    policy: parsePolicy(nodeCrypto, await readGiven(policy)),
    ...(disclosure === undefined ? {} : { disclosure, origin: disclosure.log }),
    ...(earlier.length === 0 ? {} : { earlierCheckpoints: earlier }),
    ...(isUrl ? {} : { paths: await pathsBelow(log, '') }),
  })
  return { log, report, reader, disclosed: disclosure !== undefined }
}

function inFolder(folder: string) {
  return async (path: string): Promise<Uint8Array | undefined> => {
    try {
      return await readGiven(join(folder, path))
    } catch (error) {
      if (error instanceof CliError && error.values['why'] === 'ENOENT') return undefined
      throw error
    }
  }
}

function overHttp(base: string) {
  return async (path: string): Promise<Uint8Array | undefined> => {
    const answer = await nodeFetch(`${base.replace(/\/$/u, '')}/${path}`)
    return answer.status === 200 ? new Uint8Array(await answer.arrayBuffer()) : undefined
  }
}

async function pathsBelow(root: string, below: string): Promise<string[]> {
  const paths: string[] = []
  for (const entry of await readdir(join(root, below), { withFileTypes: true }).catch(() => [])) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`
    if (entry.isDirectory()) paths.push(...(await pathsBelow(root, path)))
    else paths.push(path)
  }
  return paths.sort()
}

function lines({ log, report }: Verified, lang: 'en' | 'ja'): string[] {
  const head = `${report.ok ? 'ok' : 'FAIL'}  ${log}  ${report.checkpoint?.origin ?? ''}  size=${report.checkpoint?.size ?? '?'}  cosignatures=${report.cosignatures.length}`
  return [head, ...report.findings.map(({ code, values }) => `      ${code}: ${message(lang, code, values)}`)]
}

function asJson(report: LogReport): Json {
  return {
    ok: report.ok,
    ...(report.checkpoint === undefined
      ? {}
      : { origin: report.checkpoint.origin, size: report.checkpoint.size, root: report.checkpoint.root.toBase64() }),
    cosignatures: report.cosignatures.map(({ witness, time }) => ({ witness, time })),
    disclosed: report.entries.length,
    findings: report.findings.map(({ code, values }) => ({ code, values: { ...values } })),
  }
}

function releaseJson(one: VerifiedEntry): Json {
  const { fields } = one
  return {
    index: one.index,
    at: one.at,
    item: textOf(fields['item']),
    pseudonym: textOf(fields['pseudonym']),
    purpose: textOf(fields['purpose']),
    level: textOf(fields['level']),
    articles: fields['articles'] ?? [],
    request: textOf(fields['request']),
  }
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}
