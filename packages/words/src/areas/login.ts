import type { Catalogue } from '../catalogue.ts'

/** What signing in says; its own package is the command line, so the check `words` compares the codes. */
export const login: Catalogue<`login/${string}`> = {
  'login/unreachable': {
    en: 'nobody answers at {host}',
    ja: '{host} が応答しません',
    hint: {
      en: 'start the node (`entente serve`, `entente demo`), then try again',
      ja: 'ノードを起動してから（`entente serve`、`entente demo`）、もう一度実行してください',
    },
  },
  'login/not-secure': {
    en: 'the address is not secure or not the own node[: {host}]',
    ja: '安全でない接続先か、自国のノードではありません[（{host}）]',
  },
  'login/refused': { en: 'the sign-in was refused[: {error}]', ja: 'サインインが拒否されました[（{error}）]' },
  'login/person-unknown': {
    en: 'nobody of this name works here[: {person}]',
    ja: '登録されていない利用者です[（{person}）]',
    hint: { en: 'look up the names in the list that `entente demo` prints', ja: '名前は `entente demo` が表示する一覧で確認してください' },
  },
  'login/ended': {
    en: 'the session is over',
    ja: 'セッションが終了しました',
    hint: { en: 'sign in again (`entente login`)', ja: 'サインインし直してください（`entente login`）' },
  },
  'login/no-session': {
    en: 'nobody is signed in on this device',
    ja: 'この端末では誰もサインインしていません',
    hint: {
      en: 'sign in (`entente login`), or name a person with --as',
      ja: 'サインインするか（`entente login`）、--as で利用者を指定してください',
    },
  },
  'login/store-not-valid': {
    en: 'the saved sign-in cannot be read[: {what}]',
    ja: '保存されたサインインを読み取れません[（{what}）]',
    hint: { en: 'delete the file and sign in again', ja: 'そのファイルを削除して、サインインし直してください' },
  },
  'login/timed-out': {
    en: 'nobody signed in within {seconds} seconds',
    ja: '{seconds} 秒以内にサインインがありませんでした',
    hint: { en: 'try again', ja: 'もう一度実行してください' },
  },
}
