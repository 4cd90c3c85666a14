import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { type AgreementVersion, type KnownNotice, knownNotice, readSignedNotice, verifyNotice } from '@entente/agreement'
import { EntenteError, type Json, codeOf, fromUtf8, utf8 } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import { type Decider, type Decision, compile, readQuestion } from '@entente/decision'
import { type Lang, message, reasonSentence } from '@entente/words'
import { versionsFrom } from '../agreement-versions.ts'
import { type Command, listOption, textOption, usageError } from '../command.ts'
import { ROOT, policiesIn, readGiven } from '../data.ts'
import { CliError, EXIT } from '../errors.ts'

const PERMIT = { en: 'permitted', ja: '許可' } as const

/** `agreement decide`: questions in, one a line; answers out, one a line. */
export const agreementDecide: Command = {
  usage: 'agreement decide --agreement FILE... --nation CODE [--notices FILE] [--policies DIR]',
  about: {
    en: 'decides questions, one a line from standard input, with every reason',
    ja: '標準入力の問いを一行ずつ判断し、すべての理由を示す',
  },
  options: { agreement: { type: 'string', multiple: true }, notices: { type: 'string' }, policies: { type: 'string' } },
  async run(context) {
    const { globals, io } = context
    const files = listOption(context, 'agreement')
    if (files.length === 0 || globals.nation === undefined || context.positionals.length > 0) throw usageError(agreementDecide)
    const agreements = await versionsFrom(files)
    const notices = await noticesFrom(textOption(context, 'notices'), agreements)
    const policies = await policiesIn(textOption(context, 'policies') ?? join(ROOT, 'nations'))
    const decider = compile({ deciding: globals.nation.toUpperCase(), agreements, notices, policies })
    let code: number = EXIT.done
    for await (const line of createInterface({ input: Readable.from(io.stdin) })) {
      if (line.trim() === '') continue
      const { value, lines, permit } = answer(decider, line, globals.lang)
      if (!permit) code = EXIT.refused
      context.result(value, () => lines)
    }
    return code
  },
}

interface Answer {
  readonly value: Json
  readonly lines: readonly string[]
  readonly permit: boolean
}

/** The answer to one line; a line that is no question gets its code, and the next one its turn. */
function answer(decider: Decider, line: string, lang: Lang): Answer {
  try {
    return told(decider.decide(readQuestion(utf8(line))), lang)
  } catch (error) {
    if (!(error instanceof EntenteError)) throw error
    const code = codeOf(error)
    const said = message(lang, code, error.values)
    return { value: { ok: false, code, message: said }, lines: [`${said} (${code})`], permit: false }
  }
}

function told(decision: Decision, lang: Lang): Answer {
  if (decision.permit) {
    const { articles } = decision
    return {
      value: { ok: true, ...(decision as unknown as { readonly [name: string]: Json }) },
      lines: [`${PERMIT[lang]}  ${articles.map(({ agreement, article, grant }) => `${agreement} ${article} (${grant})`).join(', ')}`],
      permit: true,
    }
  }
  const reasons = decision.reasons.map((reason) => ({
    ...reason,
    sentence: reasonSentence(lang, reason),
    ...(reason.nearest === undefined ? {} : { nearestSentence: message(lang, reason.nearest, reason.values) }),
  }))
  return {
    value: { ok: true, permit: false, reasons: reasons as unknown as Json },
    lines: reasons.map(({ code, sentence }) => `${sentence} (${code})`),
    permit: false,
  }
}

/** Signed notices, one a line, each verified against the version that it names. */
async function noticesFrom(path: string | undefined, versions: readonly AgreementVersion[]): Promise<readonly KnownNotice[]> {
  if (path === undefined) return []
  const lines = fromUtf8(await readGiven(path)).split('\n')
  const written = lines.filter((line) => line.trim() !== '')
  return Promise.all(
    written.map(async (line) => {
      const signed = readSignedNotice(utf8(line))
      const version = versions.find(({ id }) => id === signed.body.version)
      if (version === undefined) {
        throw new CliError('cli/not-verified', 'a notice on a version that is not given', {
          values: { what: 'notice', why: 'agreement/notice-of-another' },
        })
      }
      return knownNotice(nodeCrypto, await verifyNotice(nodeCrypto, signed, version), version)
    }),
  )
}
