import type { FormCode } from '@entente/label'
import type { Catalogue } from '../catalogue.ts'

/** Machine forms of labels and policies. */
export const labelForms: Catalogue<FormCode> = {
  'form/der': {
    en: 'these are not the bytes of a binary label[ (at byte {at})]',
    ja: 'バイナリ標示のデータとして正しくありません[（{at} バイト目）]',
  },
  'form/excluded': {
    en: 'the policy keeps {text} and {by} apart: they cannot stand in one label',
    ja: '{text} と {by} は、方針により一つの標示で併用できません',
  },
  'form/json': { en: 'this JSON holds no label[ (at {where})]', ja: 'この JSON には標示がありません[（{where}）]' },
  'form/missing': { en: '{text} is missing[ (at character {at})]', ja: '{text} がありません[（{at} 文字目）]' },
  'form/no-equivalent': {
    en: 'the policy {policy} has no equivalent of {text}; a person must decide',
    ja: '{policy} の方針には {text} に相当するものがありません。人の判断が必要です',
  },
  'form/no-label': {
    en: 'the message carries an empty label, which nobody may read',
    ja: 'このメッセージの標示は空です。誰も閲覧できません',
  },
  'form/not-this-form': { en: 'this is another form than was said[: {text}]', ja: '指定された形式ではありません[：{text}]' },
  'form/obsolete': {
    en: '{text} is no longer used in the policy {by}',
    ja: '{text} は {by} の方針では廃止されています',
  },
  'form/policy-unknown': {
    en: 'the policy of this label is not known here[: {text}]',
    ja: 'この標示の方針は登録されていません[：{text}]',
    hint: { en: 'give the policy as a SPIF: `--policy FILE.xml`', ja: '方針を SPIF で指定してください（`--policy FILE.xml`）' },
  },
  'form/required': {
    en: '{text} must stand in this label too[, because of {by}]',
    ja: '[{by} があるため、]この標示には {text} も必要です',
  },
  'form/selection': { en: 'too few or too many values of {text}[ ({by})]', ja: '{text} の値の数が範囲外です[（{by}）]' },
  'form/spif-duplicate': { en: 'the policy file says {text} twice', ja: '方針ファイルに {text} が重複しています' },
  'form/spif-reference': {
    en: 'the policy file refers to {text}, which it does not have',
    ja: '方針ファイルが、定義のない {text} を参照しています',
  },
  'form/spif-version': { en: 'policy files of version {text} are not read', ja: '版 {text} の方針ファイルは読み取れません' },
  'form/unexpected': { en: '{text} does not belong here[ (at character {at})]', ja: 'ここに {text} は置けません[（{at} 文字目）]' },
  'form/unknown-category': { en: 'the policy[ {policy}] does not have {text}', ja: '方針[ {policy} ]に {text} はありません' },
  'form/unknown-classification': {
    en: 'the policy[ {policy}] has no classification {text}',
    ja: '方針[ {policy} ]に秘密区分 {text} はありません',
  },
  'form/value': {
    en: 'this value cannot stand here[: {text}][ (at character {at})]',
    ja: 'ここに置けない値です[：{text}][（{at} 文字目）]',
  },
  'form/xml': { en: 'this is not well-formed XML[ (at character {at})]', ja: '整形式の XML ではありません[（{at} 文字目）]' },
  'form/xml-forbidden': {
    en: 'the XML holds a document type, an entity or an instruction, which is never read[ (at character {at})]',
    ja: 'XML に文書型宣言、実体または処理命令が含まれているため、読み取りません[（{at} 文字目）]',
  },
  'form/xml-limit': {
    en: 'the XML is larger or deeper than any label[ (at character {at})]',
    ja: 'XML の大きさまたは階層が上限を超えています[（{at} 文字目）]',
  },
}
