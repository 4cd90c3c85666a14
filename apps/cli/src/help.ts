import type { Lang } from '@entente/words'
import type { Command } from './command.ts'
import { COMMANDS } from './commands.ts'

const TEXT = {
  en: {
    what: 'entente: what two nations share, released and opened under an agreement that both signed',
    usage: 'usage: entente COMMAND [OPTIONS]',
    commands: 'commands',
    examples: 'for example',
    demo: 'two nations on this machine, as an exercise',
    shared: 'every command: --json --lang ja|en --dir DIR --nation NATION --as PERSON --help',
    exits: 'exit: 0 done, 1 refused or not there, 2 wrong use, 3 not verified, 4 not reachable, 70 a bug',
    lines: [
      'entente demo                                     start two nations, and print who is who',
      'entente report list --as sato                    what this reader may know of',
      'entente report open ITEM --as sato --purpose assessment --mark',
    ],
  },
  ja: {
    what: 'entente: 二国が署名した取決めの下で、互いに提供した情報を開示・閲覧する',
    usage: '使い方: entente コマンド [オプション]',
    commands: 'コマンド',
    examples: '例',
    demo: 'このコンピューター上の二国（訓練）',
    shared: '共通: --json --lang ja|en --dir ディレクトリ --nation 国 --as 利用者 --help',
    exits: '終了コード: 0 完了、1 不許可または該当なし、2 使い方の誤り、3 検証できない、4 接続できない、70 不具合',
    lines: [
      'entente demo                                     二国を起動し、登場人物を表示する',
      'entente report list --as sato                    この閲覧者に見える項目の一覧',
      'entente report open ITEM --as sato --purpose assessment --mark',
    ],
  },
} as const

/** The short help: every command in a line, three examples. */
export async function overview(lang: Lang): Promise<string> {
  const text = TEXT[lang]
  const lines: string[] = []
  for (const [name, load] of Object.entries(COMMANDS)) lines.push(`  ${name.padEnd(20)} ${(await load()).command.summary[lang]}`)
  return [
    text.what,
    '',
    text.usage,
    '',
    `${text.commands}:`,
    `  ${'demo'.padEnd(20)} ${text.demo}`,
    ...lines,
    '',
    `${text.examples}:`,
    ...text.lines.map((line) => `  ${line}`),
    '',
    text.shared,
    text.exits,
    '',
  ].join('\n')
}

/** The help of one command. */
export function commandHelp(lang: Lang, command: Command): string {
  const usage = lang === 'ja' ? '使い方' : 'usage'
  return `${command.summary[lang]}\n\n${usage}: entente ${command.usage}\n\n${TEXT[lang].shared}\n`
}
