import type { Catalogue } from '../catalogue.ts'

/** What the demonstration says when it cannot go on. */
export const demo: Catalogue<`demo/${string}`> = {
  'demo/in-use': {
    en: 'the demonstration is already running in {dir}[ (process {pid})]',
    ja: '{dir} では、デモがすでに動いています[（プロセス {pid}）]',
    hint: {
      en: 'stop it with Ctrl-C, or give another folder with `--dir`',
      ja: 'Ctrl-C で止めるか、`--dir` で別のフォルダーを指定してください',
    },
  },
  'demo/set-up-failed': {
    en: 'the two nations could not be set up: `{command}` failed[ with {code}]',
    ja: '二つの国を用意できませんでした。`{command}` が失敗しました[（{code}）]',
    hint: {
      en: 'start again: a first start that broke off is thrown away and begun anew',
      ja: 'もう一度起動してください。途中で終わった初回の準備は破棄され、最初からやり直されます',
    },
  },
  'demo/did-not-start': {
    en: 'the node in {dir} did not start[: {code}]',
    ja: '{dir} のノードが起動しませんでした[（{code}）]',
    hint: {
      en: '`logs/node.jsonl` in that folder says why; `--fresh` throws the demonstration away and begins anew',
      ja: '理由はこのフォルダーの `logs/node.jsonl` にあります。`--fresh` を付けると、デモの内容をすべて捨てて最初から始めます',
    },
  },
  'demo/ended': {
    en: 'the node of {nation} ended by itself',
    ja: '{nation} のノードが自ら終了しました',
    hint: {
      en: 'nothing is lost: start again; `logs/node.jsonl` in its folder says why it ended',
      ja: '失われたものはありません。もう一度起動してください。終了の理由はそのフォルダーの `logs/node.jsonl` にあります',
    },
  },
  'demo/call-refused': {
    en: 'a node refused what the demonstration needs: {method} {path} gave {status}[ ({code})]',
    ja: 'デモに必要な要求をノードが拒みました。{method} {path} の応答は {status} でした[（{code}）]',
  },
  'demo/not-a-world': {
    en: '{dir} holds no world for the demonstration[: {why}]',
    ja: '{dir} にはデモ用の世界のデータがありません[（{why}）]',
    hint: {
      en: 'a world is a folder with `world.json`, `nations/` and `agreements/`',
      ja: '世界のデータは `world.json`、`nations/`、`agreements/` を含むフォルダーです',
    },
  },
  'demo/usage': {
    en: '`demo` cannot be understood[: {why}]',
    ja: '`demo` の指定を理解できません[（{why}）]',
    hint: {
      en: 'it takes --dir DIR, --fresh, --port N, --lang ja or en, --world DIR; with --story also --file PATH=MARKING (any number), --json, --keep',
      ja: '使えるのは --dir DIR、--fresh、--port N、--lang ja または en、--world DIR です。--story には --file PATH=MARKING（いくつでも）、--json、--keep も使えます',
    },
  },
}
