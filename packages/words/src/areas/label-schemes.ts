import type { SchemeCode } from '@entente/label'
import type { Catalogue } from '../catalogue.ts'

/** The mail marking and the document property. */
export const labelSchemes: Catalogue<SchemeCode> = {
  'label/mail-expiry': {
    en: 'the expiry is not one time or event with one lower level[ (at character {at})]',
    ja: '期限の指定が、一つの時点又は出来事と、より低い区分一つの組になっていません[（{at} 文字目）]',
  },
  'label/mail-form': {
    en: 'this is not a mail marking as it must be[ (at character {at})]',
    ja: '電子メールの標示として正しい形ではありません[（{at} 文字目）]',
    hint: {
      en: 'pairs of key and value, commas between, begin with the version in a header and with SEC in the brackets of a subject',
      ja: '「キー=値」をコンマで区切ります。ヘッダーは版から、件名の角括弧内は SEC から始めてください',
    },
  },
  'label/mail-key': {
    en: 'a mail marking has no key[ {text}] here[ (at character {at})]',
    ja: '電子メールの標示のこの位置に、キー[「{text}」]はありません[（{at} 文字目）]',
  },
  'label/mail-order': {
    en: 'the keys of a mail marking stand in another order[: {text} before {before}][ (at character {at})]',
    ja: '電子メールの標示のキーの順が違います[: {text} は {before} より前][（{at} 文字目）]',
  },
  'label/mail-value': {
    en: 'a value of the mail marking is not one that may stand there[ (at character {at})]',
    ja: '電子メールの標示の値が、そこに書けるものではありません[（{at} 文字目）]',
  },
  'label/property': {
    en: 'the properties of the document cannot be read, or hold no one marking',
    ja: '文書のプロパティを読み取れないか、標示が一つに定まりません',
  },
}
