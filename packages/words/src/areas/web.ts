import type { Catalogue } from '../catalogue.ts'

/** What only a page can say. */
export const web: Catalogue<'web/fault' | 'web/worker'> = {
  'web/fault': {
    en: 'this page did something that it should not have done',
    ja: 'この画面で想定外の事象が起きました',
    hint: {
      en: 'nothing was signed or sent by it; load the page again, and tell your administrators the time',
      ja: 'この操作による署名や送信は行われていません。画面を再読み込みし、管理者に時刻を伝えてください',
    },
  },
  'web/worker': {
    en: 'what compares agreements beside this page did not start',
    ja: '取決めの比較処理を開始できませんでした',
    hint: {
      en: 'the own node may be away: try again once it answers',
      ja: '自国ノードと通信できない可能性があります。通信の回復後に再度お試しください',
    },
  },
}
