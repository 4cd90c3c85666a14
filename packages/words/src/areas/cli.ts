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
}
