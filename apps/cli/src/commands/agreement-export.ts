import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf, utf8 } from '@entente/canonical'
import { SCHEMA, homePolicies, textOf, versionText } from '@entente/cedar'
import { bodyFrom } from '../agreement-versions.ts'
import { type Command, listOption, textOption, usageError } from '../command.ts'
import { ROOT } from '../data.ts'
import { CliError, EXIT } from '../errors.ts'
import { writeNew } from '../write-new.ts'

/** `agreement export`: the second statement of a version, in Cedar: its policies, the home rule's, and their schema. */
export const agreementExport: Command = {
  usage: 'agreement export [FILE | NAME] --to cedar [--earlier FILE]... [--out DIR]',
  about: { en: 'writes an agreement as Cedar policies with their schema', ja: '取決めを Cedar のポリシーとスキーマとして書き出す' },
  options: { to: { type: 'string' }, earlier: { type: 'string', multiple: true }, out: { type: 'string' } },
  async run(context) {
    if (textOption(context, 'to') !== 'cedar') throw usageError(agreementExport)
    const [name = 'jpn-aus'] = context.positionals
    const body = await bodyFrom(/^[a-z0-9-]+$/u.test(name) ? join(ROOT, 'agreements', name, 'agreement.json') : name)
    const earlier = await Promise.all(listOption(context, 'earlier').map(bodyFrom))
    const policies = versionText(body, [...earlier, body])
    const home = textOf(homePolicies())
    const out = textOption(context, 'out')
    if (out === undefined) {
      const { agreement, version } = body
      context.result({ agreement, version, policies, home, schema: SCHEMA }, () => [policies, SCHEMA])
      return EXIT.done
    }
    const files = { 'policies.cedar': policies, 'home.cedar': home, 'schema.cedarschema': SCHEMA }
    try {
      await mkdir(out, { recursive: true })
    } catch (cause) {
      throw new CliError('cli/file', `cannot write ${out}`, { cause, values: { path: out, why: codeOf(cause) } })
    }
    for (const [file, text] of Object.entries(files)) await writeNew(join(out, file), bytes(text))
    const written = Object.keys(files).map((file) => join(out, file))
    context.result({ written }, () => written)
    return EXIT.done
  },
}

async function* bytes(text: string): AsyncIterable<Uint8Array> {
  yield utf8(text)
}
