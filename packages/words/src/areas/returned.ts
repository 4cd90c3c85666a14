import type { ReturnCode } from '@entente/client'
import type { Catalogue } from '../catalogue.ts'

/** Why a disclosure officer gives a report back, as its author reads it. */
export const returned: Catalogue<`returned/${ReturnCode}`> = {
  'returned/needs-rewrite': {
    en: 'it has to be written anew before it can go',
    ja: '提供するには書き直しが必要です',
    hint: { en: 'change it and submit it again', ja: '修正して、再度提出してください' },
  },
  'returned/wrong-marking': {
    en: 'a marking is not right',
    ja: '標示が適切ではありません',
    hint: { en: 'correct the markings and submit it again', ja: '標示を改めて、再度提出してください' },
  },
  'returned/not-releasable': {
    en: 'nothing of it may be released',
    ja: '提供できる内容がありません',
  },
  'returned/not-useful': {
    en: 'it is of no use to the partner',
    ja: '相手国にとっての有用性が認められません',
  },
  'returned/other': {
    en: 'for another reason, which the officer has written',
    ja: 'その他の理由によります（担当官の記載を確認してください）',
  },
}
