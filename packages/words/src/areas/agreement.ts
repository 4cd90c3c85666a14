import type { AgreementCode } from '@entente/agreement'
import type { Catalogue } from '../catalogue.ts'

/** An agreement that contradicts itself, the nations' schemes, its predecessor or its signatures. */
export const agreement: Catalogue<AgreementCode> = {
  'agreement/not-a-sorted-set': {
    en: 'a list that must be sorted and without repetition is not[ at {where}]',
    ja: '並べ替え済みで重複のないはずの一覧が、そうなっていません[（{where}）]',
  },
  'agreement/duplicate': { en: 'something stands twice[: {of}][ at {where}]', ja: '同じものが二度現れます[: {of}][（{where}）]' },
  'agreement/unknown-article': {
    en: 'there is no article[ {article}][ (named at {where})]',
    ja: '[第 {article} 条という]条項がありません[（{where}）]',
  },
  'agreement/unknown-area': { en: 'there is no area[ {area}][ (named at {where})]', ja: '分野[「{area}」]がありません[（{where}）]' },
  'agreement/area-cycle': { en: 'the area[ {area}] lies below itself', ja: '分野[「{area}」]が自分自身の下に置かれています' },
  'agreement/unknown-nation': {
    en: 'the nation[ {nation}] is not a party[ (named at {where})]',
    ja: '国[ {nation} ]は当事国ではありません[（{where}）]',
  },
  'agreement/unknown-policy': {
    en: 'the marking scheme of the nation[ {nation}] is not known',
    ja: '国[ {nation} ]の標示体系が知られていません',
  },
  'agreement/unknown-classification': {
    en: 'the marking scheme has no classification[ {code}][ (named at {where})]',
    ja: '標示体系に秘密区分[「{code}」]がありません[（{where}）]',
  },
  'agreement/unknown-category': {
    en: 'the marking scheme has no category[ {category}][ (named at {where})]',
    ja: '標示体系に区分[「{category}」]がありません[（{where}）]',
  },
  'agreement/unknown-person-rule': {
    en: 'the marking scheme has no person rule[ {code}][ (named at {where})]',
    ja: '標示体系に人に関する規則[「{code}」]がありません[（{where}）]',
  },
  'agreement/unknown-clearance': {
    en: "the nation's scheme has no clearance level[ {code}][ (named at {where})]",
    ja: '国の制度にクリアランスの段階[「{code}」]がありません[（{where}）]',
  },
  'agreement/direction': {
    en: 'a rule leads from a nation to itself[: {from}][ (at {where})]',
    ja: '提供元と提供先が同じ国になっている規定があります[: {from}][（{where}）]',
  },
  'agreement/table-missing': {
    en: 'an equivalence table is missing[: {kind}][ from {from} to {to}]',
    ja: '対応表がありません[: {kind}][（{from} から {to}）]',
  },
  'agreement/table-incomplete': {
    en: "an equivalence table says nothing of[ {code}] one of the scheme's terms[ (at {where})]",
    ja: '対応表に、体系の用語[「{code}」]の欄がありません[（{where}）]',
    hint: {
      en: 'write a row without an equivalent where a person has to decide',
      ja: '人が判断すべき場合は、対応なしの行を書いてください',
    },
  },
  'agreement/table-not-monotone': {
    en: 'an equivalence table maps a higher term to a lower one[: {code}][ (at {where})]',
    ja: '対応表で、上位の用語が下位に対応づけられています[: {code}][（{where}）]',
  },
  'agreement/floor-above-ceiling': {
    en: 'the floor of the rule[ {rule}] is above its ceiling',
    ja: '規定[ {rule} ]の下限が上限を超えています',
  },
  'agreement/show-is-not-give': {
    en: 'the rule[ {rule}] grants showing only, and an act that keeps a copy',
    ja: '規定[ {rule} ]は表示のみを認めながら、写しの残る行為も認めています',
  },
  'agreement/window': { en: 'the agreement ends before it enters into force', ja: '取決めの終了が発効より前になっています' },
  'agreement/previous': {
    en: 'the version[ {version}] must name its predecessor, and the first version none',
    ja: '第一版以外は直前の版を示し、第一版は示さないことが必要です[（版 {version}）]',
  },
  'agreement/chain-empty': { en: 'there is no version of the agreement', ja: '取決めの版が一つもありません' },
  'agreement/chain-name': { en: 'a version belongs to another agreement', ja: '別の取決めの版が混ざっています' },
  'agreement/chain-number': { en: 'the version numbers of the agreement leave a gap', ja: '取決めの版の番号が続いていません' },
  'agreement/chain-previous': { en: 'a version does not follow the one before it', ja: '直前の版に続いていない版があります' },
  'agreement/chain-dates': { en: 'a version enters into force before its predecessor', ja: '直前の版より早く発効する版があります' },
  'agreement/anchor': {
    en: 'the authority key[ of {nation}] is not the one that is pinned here',
    ja: '[{nation} の]当局の鍵が、ここで固定されているものと異なります',
    hint: { en: 'do not go on; compare the key with the authority by another way', ja: '先に進まず、別の手段で当局と鍵を照合してください' },
  },
  'agreement/key-missing': { en: 'an authority key is missing[: {nation}]', ja: '当局の鍵がありません[: {nation}]' },
  'agreement/other-body': {
    en: 'the signatures stand over different texts[ of {agreement}]',
    ja: '署名の対象となった文面が互いに異なります[（{agreement}）]',
  },
  'agreement/notice-of-another': {
    en: 'the notice speaks of another version[ of {agreement}], or for a nation[ ({nation})] that is no party to it',
    ja: '通告が別の版[（{agreement}）]についてのものか、締約国でない国[（{nation}）]のものです',
  },
}
