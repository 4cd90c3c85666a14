import type { Catalogue } from '../catalogue.ts'

/** What only a page can say. */
export const web: Catalogue<'web/fault'> = {
  'web/fault': {
    en: 'this page did something that it should not have done',
    ja: 'この画面で想定外の事象が起きました',
    hint: {
      en: 'nothing was signed or sent by it; load the page again, and tell your administrators the time',
      ja: 'この操作による署名や送信は行われていません。画面を再読み込みし、管理者に時刻を伝えてください',
    },
  },
}
