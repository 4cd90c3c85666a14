import type { Catalogue } from '../catalogue.ts'

/** What the command line says of itself. */
export const cli: Catalogue<`cli/${string}`> = {
  'cli/runtime-missing': {
    en: 'Node.js 26 is needed and not installed',
    ja: 'Node.js 26 が必要ですが、入っていません',
    hint: {
      en: 'run `npm ci` in the checkout: it brings Node.js 26 along',
      ja: 'チェックアウトで `npm ci` を実行してください。Node.js 26 も一緒に入ります',
    },
  },
  'cli/runtime-does-not-start': {
    en: 'Node.js 26 does not start on this system',
    ja: 'このシステムでは Node.js 26 を起動できません',
    hint: { en: 'install Node.js 26 or later for this system', ja: 'このシステム用の Node.js 26 以降を入れてください' },
  },
  'cli/not-installed': {
    en: 'the dependencies are not installed',
    ja: '依存パッケージが入っていません',
    hint: { en: 'run `npm ci` in the checkout', ja: 'チェックアウトで `npm ci` を実行してください' },
  },
  'cli/usage': {
    en: 'the command cannot be understood[: {why}]',
    ja: 'コマンドを理解できません[（{why}）]',
    hint: { en: '`entente help {command}` shows how', ja: '使い方は `entente help {command}` で確認できます' },
  },
  'cli/command-unknown': {
    en: 'there is no command `{command}`[; did you mean `{nearest}`?]',
    ja: '`{command}` というコマンドはありません[。`{nearest}` のことですか]',
    hint: { en: '`entente` lists the commands', ja: '`entente` でコマンドの一覧を表示できます' },
  },
  'cli/file-missing': { en: 'the file cannot be read[: {file}]', ja: 'ファイルを読み取れません[（{file}）]' },
  'cli/file-exists': {
    en: 'the file is there already[: {file}]',
    ja: '同名のファイルがすでにあります[（{file}）]',
    hint: { en: 'name another place with --out', ja: '--out で別の場所を指定してください' },
  },
  'cli/file-not-valid': {
    en: 'the file is not what it must be[: {file}][ ({why})]',
    ja: 'ファイルの内容が正しくありません[: {file}][（{why}）]',
  },
  'cli/nation-unknown': {
    en: 'there is no nation `{nation}` in this directory',
    ja: 'このディレクトリに `{nation}` という国はありません',
    hint: {
      en: 'name one with --nation, or the directory with --dir',
      ja: '--nation で国を、または --dir でディレクトリを指定してください',
    },
  },
  'cli/device-missing': {
    en: 'there is no device of this person here[: {person}]',
    ja: 'ここには、この利用者の端末がありません[（{person}）]',
    hint: { en: 'check --as, --nation and --dir', ja: '--as、--nation、--dir を確認してください' },
  },
  'cli/not-running': {
    en: 'the node of {nation} is not running',
    ja: '{nation} のノードが動いていません',
    hint: { en: 'start it with `entente serve` or `entente demo`', ja: '`entente serve` または `entente demo` で起動してください' },
  },
  'cli/mark-needed': {
    en: 'marked text is not shown on a terminal unless that is asked for',
    ja: '標示のある本文は、求められない限り端末に表示しません',
    hint: { en: 'add --mark, or save it with `report save`', ja: '--mark を付けるか、`report save` で保存してください' },
  },
  'cli/not-verified': {
    en: 'not everything holds: {count} finding(s)',
    ja: '検証できないものがあります: {count} 件',
    hint: { en: 'each is listed with its code', ja: '一つずつ符号とともに表示しています' },
  },
  'cli/node-failed': {
    en: 'the process of the node did not succeed[: {reason}]',
    ja: 'ノードのプロセスが失敗しました[（{reason}）]',
  },
  'cli/pair-open': {
    en: 'an opening of the originator has no grant of the recipient[: entry {index}]',
    ja: '作成国の開封の記載に対応する、提供先の許可の記載がありません[（記載 {index}）]',
  },
  'cli/pair-grant': {
    en: 'a grant of the recipient has no answer of the originator[: entry {index}]',
    ja: '提供先の許可の記載に対応する、作成国の回答の記載がありません[（記載 {index}）]',
  },
  'cli/pair-request': {
    en: 'an opening and its grant name different requests[: entry {index}]',
    ja: '開封の記載と許可の記載で、要求が異なります[（記載 {index}）]',
  },
  'cli/bug': {
    en: 'something went wrong that should not have[: {reason}]',
    ja: '起こるはずのない問題が起きました[（{reason}）]',
    hint: { en: 'please report it', ja: '報告してください' },
  },
  'cli/unknown-command': {
    en: 'there is no command `{command}`',
    ja: 'コマンド `{command}` はありません',
    hint: { en: '`entente` alone lists all commands', ja: '`entente` とだけ入力すると一覧が出ます' },
  },
  'cli/no-demo': {
    en: 'no nations in {dir}',
    ja: '{dir} に国がありません',
    hint: {
      en: 'start the demonstration with `npm run demo`, or name another directory with `--dir`',
      ja: '`npm run demo` で始めるか、`--dir` で別の場所を指定してください',
    },
  },
  'cli/no-nation': {
    en: 'there is no nation `{nation}` here',
    ja: '国 `{nation}` はここにありません',
    hint: { en: 'nations are named by three letters, such as `jpn`', ja: '国は `jpn` のように三文字で指定します' },
  },
  'cli/no-person': {
    en: 'no device[ of `{person}`] here',
    ja: 'ここには[ `{person}` の]端末がありません',
    hint: { en: 'name somebody of this demonstration with `--as`', ja: '`--as` でこのデモの人物を指定してください' },
  },
  'cli/terminal': {
    en: 'marked text is not printed to a terminal unasked',
    ja: '標示のある文は、指示なしに端末へ表示しません',
    hint: { en: 'add `--mark` where this terminal may show it', ja: 'この端末に表示してよい場合は `--mark` を付けてください' },
  },
  'cli/file': {
    en: 'the file {path} cannot be used[ ({why})]',
    ja: 'ファイル {path} を使えません[（{why}）]',
  },
}
