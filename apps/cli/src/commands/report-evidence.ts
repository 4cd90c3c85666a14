import { writeFile } from 'node:fs/promises'
import { type Json, shapes } from '@entente/canonical'
import { readEvidence, verifyEntries } from '@entente/client'
import { type Lang, isScreenKey, message, say } from '@entente/words'
import { type Command, one, textOption } from '../command.ts'
import { EXIT } from '../errors.ts'
import { type CouldRead, couldReadLines, timeText, word } from '../explain.ts'
import { signIn } from '../session.ts'

/** `report who`: who could read an item, under which article, until when. */
export const reportWho: Command = {
  usage: 'report who ITEM',
  about: { en: 'says who could read an item, under which article', ja: '項目を閲覧できる者と根拠の条項を示す' },
  options: {},
  async run(context) {
    const item = one(context, reportWho)
    const { api } = await signIn(context)
    const answer = await api.get(`/api/items/${encodeURIComponent(item)}/readers`, shapes.json)
    context.result(answer, () => couldReadLines(context.globals.lang, answer as unknown as CouldRead))
    return EXIT.done
  },
}

/** `report evidence`: the entries about an item, each verified here against the device's own pins. */
export const reportEvidence: Command = {
  usage: 'report evidence ITEM',
  about: { en: 'verifies and shows the entries about an item', ja: '項目に関する記載を検証して表示する' },
  options: {},
  async run(context) {
    const item = one(context, reportEvidence)
    const client = await (await signIn(context)).client()
    const checked = await verifyEntries(client, await readEvidence(client, item))
    const wrong = checked.some(({ state }) => state === 'wrong')
    const rows = checked.map((one) => ({
      log: one.entry.log,
      index: one.entry.index,
      act: one.entry.act,
      ...(one.entry.outcome === undefined ? {} : { outcome: one.entry.outcome }),
      at: one.entry.at,
      state: one.state,
      ...(one.state === 'wrong' ? { code: one.code } : {}),
      ...(one.state === 'proven' ? { leaf: one.proven.leafHash, size: one.proven.place.size } : {}),
    }))
    const mark = { proven: '✔', pending: '…', wrong: '✘' } as const
    context.result({ ok: !wrong, item, entries: rows as unknown as Json }, () =>
      rows.map(
        (row) =>
          `${mark[row.state]} ${row.log} #${row.index}  ${timeText(row.at)}  ${actText(context.globals.lang, row.act, row.outcome)}${'code' in row ? `  ${message(context.globals.lang, row.code ?? '', {})}` : ''}`,
      ),
    )
    return wrong ? EXIT.notVerified : EXIT.done
  },
}

/** The act in words, as the pages say it, with its code behind it. */
function actText(lang: Lang, act: string, outcome: string | undefined): string {
  const key = [`act/${act}-${outcome ?? ''}`, `act/${act}`].find(isScreenKey)
  const code = outcome === undefined ? act : `${act} ${outcome}`
  return key === undefined ? code : `${say(lang, key)} [${code}]`
}

interface Damage {
  readonly at: number
  readonly items: readonly {
    readonly couldRead: CouldRead
    readonly permits: readonly {
      readonly at: number
      readonly pseudonym: string
      readonly articles: readonly string[]
      readonly level: string
      readonly purpose: string
      readonly outcome: 'opened' | 'failed' | 'acknowledged' | 'possible'
    }[]
    readonly refusals: Readonly<Record<string, number>>
    readonly counts: { readonly entered: number; readonly joined: number; readonly possible: number }
  }[]
}

/** `report damage`: the damage assessment of an item or of its whole report. */
export const reportDamage: Command = {
  usage: 'report damage ITEM [--report] [--out FILE]',
  about: { en: 'who could have read it, who did, when, under which article', ja: '誰が読めたか、読んだか、いつ、どの条項によるか' },
  options: { report: { type: 'boolean' }, out: { type: 'string' } },
  async run(context) {
    const item = one(context, reportDamage)
    const { api } = await signIn(context)
    const scope = context.options['report'] === true ? 'report' : 'item'
    const assessment = await api.get(`/api/items/${encodeURIComponent(item)}/damage?scope=${scope}`, shapes.json)
    const out = textOption(context, 'out')
    if (out !== undefined) await writeFile(out, JSON.stringify(assessment, undefined, 2), { mode: 0o600, flag: 'wx' })
    context.result(assessment, () => damageLines(context.globals.lang, assessment as unknown as Damage))
    return EXIT.done
  },
}

function damageLines(lang: Lang, { items }: Damage): string[] {
  return items.flatMap(({ couldRead, permits, refusals, counts }) => [
    couldRead.item ?? '',
    ...couldReadLines(lang, couldRead),
    `${word(lang, 'opened')}: ${counts.joined}  ${word(lang, 'possible')}: ${counts.possible}`,
    ...permits.map(
      ({ at, pseudonym, articles, level, purpose, outcome }) =>
        `  ${timeText(at)}  ${pseudonym}  ${level}  ${purpose}  ${articles.join(', ')}  ${word(lang, outcome)}`,
    ),
    `${word(lang, 'refusals')}: ${Object.values(refusals).reduce((sum, count) => sum + count, 0) || word(lang, 'none')}`,
    ...Object.entries(refusals).map(([code, count]) => `  ${count} × ${message(lang, code, {})}`),
    '',
  ])
}
