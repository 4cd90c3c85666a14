import type { CapcoCode, FormCode, LabelCode, SchemeCode } from '@entente/label'
import type { Catalogue } from '../catalogue.ts'

/** Markings that cannot be read, and labels that their policy does not allow. */
export const label: Catalogue<Exclude<LabelCode, SchemeCode | CapcoCode | FormCode>> = {
  'label/another-policy': { en: 'the labels belong to different marking schemes', ja: '標示の体系が互いに異なります' },
  'label/brackets': {
    en: 'a portion mark must stand in one pair of brackets[ (at character {at})]',
    ja: '部分の標示は一組の括弧で囲んでください[（{at} 文字目）]',
  },
  'label/character': {
    en: 'the marking holds a character that no marking has[ (at character {at})]',
    ja: '標示に使えない文字があります[（{at} 文字目）]',
  },
  'label/duplicate': {
    en: 'something stands twice in the marking[ (at character {at})]',
    ja: '標示に同じものが二度現れます[（{at} 文字目）]',
  },
  'label/empty': {
    en: 'there is no marking',
    ja: '標示がありません',
    hint: {
      en: 'mark every portion: nothing is released unmarked',
      ja: 'すべての部分に標示を付けてください。標示のないものは提供できません',
    },
  },
  'label/empty-component': { en: 'a part of the marking is empty[ (at character {at})]', ja: '標示に空の部分があります[（{at} 文字目）]' },
  'label/id-not-fresh': { en: 'a new rendition must have ids of its own', ja: '新しい版には固有の識別子が必要です' },
  'label/neutral-classified': {
    en: 'a classified level always belongs to its originator',
    ja: '秘密区分のあるものは、必ず作成国に属します',
  },
  'label/nobody': { en: 'the marking leaves nobody who may read', ja: 'この標示では、閲覧できる者が誰もいなくなります' },
  'label/not-at-this-level': {
    en: 'this marking does not exist at this classification[ (at character {at})]',
    ja: 'この秘密区分では使えない標示です[（{at} 文字目）]',
  },
  'label/not-carried': {
    en: 'this form has no place for[ {text}]: it is refused, for what is left out would be lost',
    ja: 'この形式には[「{text}」を]書く場所がありません。省くと失われるため、書き出しません',
  },
  'label/not-in-policy': { en: 'the marking scheme does not have this', ja: '標示体系にないものが使われています' },
  'label/obsolete': {
    en: 'the marking scheme no longer has[ {text}][ (at character {at})]',
    ja: '標示体系から廃止されたものです[（{text}）][（{at} 文字目）]',
    hint: {
      en: 'where a marking took its place, a lenient reading takes that[: {nearest}]; otherwise a person decides',
      ja: '後継の標示がある場合は、寛容な読み取りでそれに読み替えます[（{nearest}）]。ない場合は人が判断します',
    },
  },
  'label/origin-and-rel': {
    en: 'a releasability mark stands beside an origin mark, which has its own[ (at character {at})]',
    ja: '作成国の指定と提供先の指定が並んでいます。提供先は作成国の指定の中に書いてください[（{at} 文字目）]',
  },
  'label/person-rule-conflict': {
    en: 'the person rule {rule} keeps out {nation}, which the releasability mark names[ (at character {at})]',
    ja: '人に関する規則 {rule} は、提供先に指定された {nation} を除外しています[（{at} 文字目）]',
  },
  'label/policy': { en: 'the marking scheme contradicts itself', ja: '標示体系の定義に矛盾があります' },
  'label/rel-without-own-nation': {
    en: "a releasability mark must name the originator's nation too[ (at character {at})]",
    ja: '提供先の指定には作成国自身も含めてください[（{at} 文字目）]',
  },
  'label/rule': { en: '{says:own}[ (at character {at})]', ja: '{says:own}[（{at} 文字目）]' },
  'label/succession': {
    en: 'what comes after this label does not follow in time, or changes too often',
    ja: 'この標示の後に続く標示が、時間の順になっていないか、多すぎます',
  },
  'label/too-long': { en: 'the marking is longer than any marking', ja: '標示が長すぎます' },
  'label/unknown-caveat': {
    en: 'the marking scheme has no such caveat[ (at character {at})]',
    ja: '標示体系にない付加標示です[（{at} 文字目）]',
    hint: {
      en: 'compare with the list of the marking scheme[; nearest: {nearest}]',
      ja: '標示体系の一覧と照らし合わせてください[（近いもの: {nearest}）]',
    },
  },
  'label/unknown-classification': {
    en: 'the marking scheme has no such classification[ (at character {at})]',
    ja: '標示体系にない秘密区分です[（{at} 文字目）]',
    hint: {
      en: 'compare with the list of the marking scheme[; nearest: {nearest}]',
      ja: '標示体系の一覧と照らし合わせてください[（近いもの: {nearest}）]',
    },
  },
  'label/unknown-nation': {
    en: 'the marking scheme cannot release to this nation[ (at character {at})]',
    ja: '標示体系で提供先に指定できない国です[（{at} 文字目）]',
    hint: {
      en: 'use the three-letter codes of the marking scheme[; nearest: {nearest}]',
      ja: '標示体系にある三文字の国名コードを使ってください[（近いもの: {nearest}）]',
    },
  },
}

/** What no rule can decide when labels are joined, mapped or asked for access; and a clearance that does not open a label. */
export const labelQuestions: Catalogue<'label/person-decides' | 'label/no-access'> = {
  'label/no-access': { en: 'the clearance does not open this label', ja: 'この適格性では、この標示の情報を閲覧できません' },
  'label/person-decides': {
    en: 'no rule gives the answer: a person decides',
    ja: '規則では答えが定まりません。人が判断します',
  },
}
