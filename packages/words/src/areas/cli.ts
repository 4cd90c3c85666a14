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
    en: 'the command cannot be understood[: it has no option `{unknown}`][: {missing} is missing][: it takes {usage}]',
    ja: 'コマンドを理解できません[（`{unknown}` というオプションはありません）][（{missing} がありません）][（書式: {usage}）]',
    hint: { en: '`entente help {command}` shows how', ja: '使い方は `entente help {command}` で確認できます' },
  },
  'cli/not-running': {
    en: 'the node of {nation} is not running',
    ja: '{nation} のノードが動いていません',
    hint: { en: 'start it with `entente serve` or `entente demo`', ja: '`entente serve` または `entente demo` で起動してください' },
  },
  'cli/not-verified': {
    en: 'this cannot be verified[: {what}][ ({why})]',
    ja: '検証できません[: {what}][（{why}）]',
  },
  'cli/invariant-refuted': {
    en: 'what must never be can be[: {rule}][ (at {where})]: the grant[ {grant}] permits[ {example}]',
    ja: 'あってはならないことが起こり得ます[: {rule}][（{where}）]。許可[ {grant} ]が次を認めます[: {example}]',
    hint: { en: 'narrow the grant, or prohibit it', ja: '許可を狭めるか、禁止を加えてください' },
  },
  'cli/key-file': {
    en: 'the file {path} holds no authority key',
    ja: 'ファイル {path} に当局の鍵がありません',
    hint: { en: "it is `authority/keys.json` of the nation's directory", ja: '国のディレクトリの `authority/keys.json` です' },
  },
  'cli/no-party-key': {
    en: 'the key in {path} is none that the agreement pins',
    ja: '{path} の鍵は、取決めが固定する鍵ではありません',
    hint: { en: 'compare the key with that of your nation in the agreement', ja: '取決めに記された自国の鍵と照合してください' },
  },
  'cli/build-differs': {
    en: 'the build at hand is not whole: {path} is not the file that its pages.json names',
    ja: '手元のビルドが完全ではありません。{path} が pages.json の記載と一致しません',
    hint: { en: 'build the pages again from a checkout that you trust', ja: '信頼できるチェックアウトからページをビルドし直してください' },
  },
  'cli/page-missing': {
    en: 'the node does not hand out {path} (status {status})',
    ja: 'ノードが {path} を配っていません（状態 {status}）',
    hint: {
      en: 'it may hand out another version: compare with the build that was installed there',
      ja: '別の版を配っている可能性があります。そのノードに入れたビルドと比べてください',
    },
  },
  'cli/page-differs': {
    en: 'what the node hands out at {path} is not the file of this build',
    ja: 'ノードが {path} で配っているものは、このビルドのファイルではありません',
    hint: {
      en: 'if this is the build that was installed there, do not sign in: tell your security officer',
      ja: 'そのノードに入れたビルドと比べてこの結果になった場合は、サインインせず、保全担当者に知らせてください',
    },
  },
  'cli/page-header': {
    en: 'the node sends {path} with another header `{header}` than the build has',
    ja: 'ノードが {path} に付けるヘッダー `{header}` が、ビルドのものと異なります',
    hint: {
      en: 'look at the proxy before the node first: it may compress or rewrite; it must not',
      ja: 'まずノードの手前のプロキシーを確認してください。圧縮や書換えをさせてはいけません',
    },
  },
  'cli/page-policy': {
    en: 'the content policy of {path} is not the one of the build: {directives}',
    ja: '{path} のコンテンツポリシーがビルドのものと異なります（{directives}）',
    hint: {
      en: 'do not sign in there; look at the proxy before the node, then tell your security officer',
      ja: 'そこではサインインしないでください。ノードの手前のプロキシーを確認し、保全担当者に知らせてください',
    },
  },
  'cli/node-failed': {
    en: 'the process of the node gave no answer[ to {command}]',
    ja: 'ノードのプロセスが応答しませんでした[（{command}）]',
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
  'cli/no-officer-key': {
    en: 'the device of `{person}` has no officer’s key: it cannot sign this',
    ja: '`{person}` の端末には担当官の鍵がなく、署名できません',
    hint: { en: 'an officer for this must do it, with `--as`', ja: '`--as` で権限のある担当官を指定してください' },
  },
  'cli/no-authority-key': {
    en: 'the device of `{person}` holds no key of the authority: it cannot sign this',
    ja: '`{person}` の端末には当局の鍵がなく、署名できません',
    hint: { en: 'a signatory must do it, with `--as`', ja: '`--as` で当局の署名者を指定してください' },
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
