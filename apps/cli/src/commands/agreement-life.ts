import { type Agreement, completeSpecimen, readAgreement, readAgreementTemplate } from '@entente/agreement'
import { type HybridPublicKey, type Json, codeOf } from '@entente/canonical'
import {
  type Negotiating,
  type ProposalLine,
  type Signing,
  commentProposal,
  giveNotice,
  initialProposal,
  listProposals,
  proposeAgreement,
  readProposal,
  sealProposal,
  suspensionOf,
} from '@entente/client'
import type { Trust } from '@entente/exchange'
import { type Command, type Context, one, textOption, usageError } from '../command.ts'
import { readGiven } from '../data.ts'
import { CliError, EXIT } from '../errors.ts'
import { signIn } from '../session.ts'

const IDENTIFIER_CHARACTERS = 12

async function negotiating(context: Context): Promise<Negotiating> {
  const signed = await signIn(context)
  return { ...(await signed.client()), negotiator: await signed.officer() }
}

async function signing(context: Context): Promise<Signing> {
  const signed = await signIn(context)
  return { ...(await signed.client()), authority: await signed.authority() }
}

/** `agreement propose`: a body, or a template that is completed with the keys that the device trusts. */
export const agreementPropose: Command = {
  usage: 'agreement propose FILE [--from DATE]',
  about: { en: 'proposes the next version of an agreement', ja: '取決めの次の版を提案する' },
  options: { from: { type: 'string' } },
  run: async (context) => propose(context, one(context, agreementPropose), undefined),
}

/** `agreement counter`: another body in answer to a proposal. */
export const agreementCounter: Command = {
  usage: 'agreement counter PROPOSAL FILE [--from DATE]',
  about: { en: 'answers a proposal with another text', ja: '提案に対案を出す' },
  options: { from: { type: 'string' } },
  async run(context) {
    const [proposal, file] = context.positionals
    if (proposal === undefined || file === undefined) throw usageError(agreementCounter)
    return propose(context, file, proposal)
  },
}

async function propose(context: Context, file: string, answers: string | undefined): Promise<number> {
  const client = await negotiating(context)
  const body = bodyOf(await readGiven(file), client.pins.trust, dateOf(context) ?? client.now())
  const answered = answers === undefined ? undefined : await idOf(client, answers)
  const proposal = await proposeAgreement(client, body, answered)
  context.result({ proposal, agreement: body.agreement, version: body.version }, () => [`${body.agreement} ${body.version}`, proposal])
  return EXIT.done
}

/** What a file proposes: the body as it stands, or a template with keys, predecessor and date put in. */
function bodyOf(bytes: Uint8Array, trust: Trust, inForceFrom: number): Agreement {
  try {
    return readAgreement(bytes)
  } catch (first) {
    try {
      const template = readAgreementTemplate(bytes)
      const newest = trust.agreements.get(template.agreement)?.at(-1)
      if (newest === undefined) throw first
      const keys = (which: 'authorityKey' | 'countersigningKey'): Record<string, HybridPublicKey> =>
        Object.fromEntries(
          newest.body.parties.flatMap((party) => {
            const key = party[which]
            return key === undefined ? [] : [[party.nation, key]]
          }),
        )
      const given = { authorityKeys: keys('authorityKey'), countersigningKeys: keys('countersigningKey'), inForceFrom }
      return { ...completeSpecimen(template, given), version: newest.body.version + 1, previous: newest.id }
    } catch {
      throw new CliError('cli/not-verified', 'not an agreement', { cause: first, values: { what: 'agreement', why: codeOf(first) } })
    }
  }
}

/** `agreement comment`. */
export const agreementComment: Command = {
  usage: 'agreement comment PROPOSAL --text TEXT [--article ID]',
  about: { en: 'says something of a proposal', ja: '提案に意見を付ける' },
  options: { text: { type: 'string' }, article: { type: 'string' } },
  async run(context) {
    const [proposal, text, article] = [one(context, agreementComment), textOption(context, 'text'), textOption(context, 'article')]
    if (text === undefined) throw usageError(agreementComment)
    const client = await negotiating(context)
    const id = await idOf(client, proposal)
    await commentProposal(client, id, article === undefined ? { text } : { text, article })
    context.result({ proposal: id }, () => [id])
    return EXIT.done
  },
}

/** `agreement initial`: the text is settled for the own nation. */
export const agreementInitial: Command = {
  usage: 'agreement initial PROPOSAL',
  about: { en: 'initials a proposal: its text is settled', ja: '提案に仮署名する（案文の確定）' },
  options: {},
  async run(context) {
    const client = await negotiating(context)
    const id = await idOf(client, one(context, agreementInitial))
    const state = await initialProposal(client, id)
    context.result({ proposal: id, state }, () => [`${id}  ${state}`])
    return EXIT.done
  },
}

/** `agreement seal`: one of the authority's persons signs. */
export const agreementSeal: Command = {
  usage: 'agreement seal PROPOSAL',
  about: { en: "signs a settled text with one of the authority's keys", ja: '確定した案文に、当局の鍵の一つで署名する' },
  options: {},
  async run(context) {
    const client = await signing(context)
    const id = await idOf(client, one(context, agreementSeal))
    const { state, missing } = await sealProposal(client, id)
    const left = missing.map(({ nation, keyId }) => ({ nation, keyId }))
    context.result({ proposal: id, state, missing: left }, () => [
      `${id}  ${state}`,
      ...left.map(({ nation, keyId }) => `${nation}  ${short(keyId)}`),
    ])
    return EXIT.done
  },
}

/** `agreement proposals`: all, or one with what was said of it. */
export const agreementProposals: Command = {
  usage: 'agreement proposals [PROPOSAL]',
  about: { en: 'lists proposals, or shows one', ja: '提案の一覧、または一つの提案を表示する' },
  options: {},
  async run(context) {
    const client = await (await signIn(context)).client()
    const [given] = context.positionals
    if (given === undefined) {
      const proposals = await listProposals(client)
      context.result(proposals as unknown as Json, () => proposals.map(lineOf))
      return EXIT.done
    }
    const proposal = await readProposal(client, await idOf(client, given))
    context.result(proposal as unknown as Json, () => [
      lineOf(proposal),
      ...proposal.said.map(
        ({ act, nation, officer = '', at, text = '', article = '' }) =>
          `  ${new Date(at * 1_000).toISOString()}  ${nation}  ${act}  ${officer}  ${article}  ${text}`,
      ),
      ...proposal.missing.map(({ nation, keyId }) => `  ${nation}  ${short(keyId)}`),
    ])
    return EXIT.done
  },
}

function lineOf({ id, agreement, number, nation, state, initialled }: ProposalLine): string {
  return `${short(id)}  ${agreement} ${number}  ${nation}  ${state}  ${initialled.join(' ')}`.trimEnd()
}

const notices = {
  note: { en: "gives the authority's note on a version (exchange of notes)", ja: '版について当局の公文を出す（公文の交換）' },
  suspend: { en: 'suspends an agreement at once, or from a date', ja: '取決めを直ちに、または指定日から停止する' },
  resume: { en: 'resumes what was suspended; counts once every party has', ja: '停止を解く（全当事国が行って効力を生じる）' },
  withdraw: {
    en: 'withdraws from an agreement of more than two, after its days of notice',
    ja: '三か国以上の取決めから脱退する（予告期間の後）',
  },
  terminate: { en: 'terminates an agreement, after its days of notice', ja: '取決めを終了させる（予告期間の後）' },
} as const

function noticeCommand(notice: keyof typeof notices): Command {
  const command: Command = {
    usage: `agreement ${notice} AGREEMENT [--from DATE]${notice === 'note' ? ' [--version PROPOSAL]' : ''}`,
    about: notices[notice],
    options: { from: { type: 'string' }, ...(notice === 'note' ? { version: { type: 'string' } as const } : {}) },
    async run(context) {
      const agreement = one(context, command)
      const client = await signing(context)
      const of = notice === 'resume' ? await suspensionOf(client, agreement) : undefined
      const named = textOption(context, 'version')
      const version = named === undefined ? undefined : await idOf(client, named)
      const effectiveAt = dateOf(context)
      const { id, state, missing } = await giveNotice(client, {
        agreement,
        notice,
        ...(of === undefined ? {} : { of }),
        ...(version === undefined ? {} : { version }),
        ...(effectiveAt === undefined ? {} : { effectiveAt }),
      })
      const left = missing.map(({ nation, keyId }) => ({ nation, keyId }))
      context.result({ notice: id, state, missing: left }, () => [
        `${id}  ${state}`,
        ...left.map(({ nation, keyId }) => `${nation}  ${short(keyId)}`),
      ])
      return EXIT.done
    },
  }
  return command
}

export const agreementNote: Command = noticeCommand('note')
export const agreementSuspend: Command = noticeCommand('suspend')
export const agreementResume: Command = noticeCommand('resume')
export const agreementWithdraw: Command = noticeCommand('withdraw')
export const agreementTerminate: Command = noticeCommand('terminate')

/** A proposal by its id or the beginning of it, where only one begins so. Throws `cli/usage`. */
async function idOf(client: Parameters<typeof listProposals>[0], given: string): Promise<string> {
  if (/^[0-9a-f]{64}$/u.test(given)) return given
  const found = (await listProposals(client)).filter(({ id }) => given.length > 0 && id.startsWith(given))
  const [only, second] = found
  if (only === undefined || second !== undefined)
    throw new CliError('cli/usage', 'no such proposal', { values: { missing: '`PROPOSAL`', command: 'agreement proposals' } })
  return only.id
}

/** `--from`: a date or an instant as ISO 8601 writes it, in seconds. Throws `cli/usage`. */
function dateOf(context: Context): number | undefined {
  const given = textOption(context, 'from')
  if (given === undefined) return undefined
  const milliseconds = Date.parse(given)
  if (Number.isNaN(milliseconds))
    throw new CliError('cli/usage', 'not a date', { values: { usage: '`--from 2027-04-01`', command: 'agreement propose' } })
  return Math.floor(milliseconds / 1_000)
}

function short(id: string): string {
  return id.slice(0, IDENTIFIER_CHARACTERS)
}
