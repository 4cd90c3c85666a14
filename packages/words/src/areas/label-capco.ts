import type { CapcoCode } from '@entente/label'
import type { Catalogue } from '../catalogue.ts'

/** Where nothing but the nearest valid marking and the source helps. */
const NEAREST = {
  en: 'see the Register[, {source}][; nearest valid marking: {nearest}]',
  ja: '標示登録簿を確認してください[（{source}）][。最も近い正しい標示：{nearest}]',
}

/** The US syntax, ISM, and markings in STIX. */
export const labelCapco: Catalogue<CapcoCode> = {
  'capco/alliance-control': {
    en: 'a control of the alliance does not stand in this marking[ (at character {at})]',
    ja: '同盟の管理標示は、この標示では使えません[（{at} 文字目）]',
    hint: NEAREST,
  },
  'capco/cnwdi': {
    en: 'CNWDI stands with RD only[ (at character {at})]',
    ja: 'CNWDI は RD にだけ付けられます[（{at} 文字目）]',
    hint: NEAREST,
  },
  'capco/cosmic': {
    en: 'the highest level of the alliance, and no other, is called COSMIC[ (at character {at})]',
    ja: 'COSMIC と呼ぶのは同盟の最高の区分だけで、その区分は必ずそう呼びます[（{at} 文字目）]',
    hint: NEAREST,
  },
  'capco/country-order': {
    en: 'the countries do not stand in order[ (at character {at})]',
    ja: '国の並び順が正しくありません[（{at} 文字目）]',
    hint: {
      en: 'the own nation first, then countries, then communities, each by its letters[; nearest valid marking: {nearest}]',
      ja: '自国を先頭に、国、共同体の順で、それぞれアルファベット順に並べてください[。最も近い正しい標示：{nearest}]',
    },
  },
  'capco/exclusive': {
    en: 'two controls exclude each other[ (at character {at})]',
    ja: '併用できない制限が並んでいます[（{at} 文字目）]',
    hint: NEAREST,
  },
  'capco/fgi-foreign': {
    en: 'FGI does not stand in a marking of another owner[ (at character {at})]',
    ja: '他国の標示に FGI は付けられません[（{at} 文字目）]',
    hint: NEAREST,
  },
  'capco/fgi-own': {
    en: 'the own nation is not a foreign source[ (at character {at})]',
    ja: '自国は FGI の提供元になりません[（{at} 文字目）]',
    hint: NEAREST,
  },
  'capco/foreign-release': {
    en: 'RELIDO and DISPLAY ONLY are not for what others own[ (at character {at})]',
    ja: '他国の情報に RELIDO や DISPLAY ONLY は付けられません[（{at} 文字目）]',
    hint: NEAREST,
  },
  'capco/imcon-release': {
    en: 'IMCON needs a control that says to whom it may be disclosed[ (at character {at})]',
    ja: 'IMCON には、開示先を定める制限が必要です[（{at} 文字目）]',
    hint: NEAREST,
  },
  'capco/ism-attribute': { en: 'ISM has no such attribute[: {attribute}]', ja: 'ISM にこのような属性はありません[：{attribute}]' },
  'capco/ism-value': {
    en: 'this attribute of ISM does not hold this value[: {attribute}]',
    ja: 'ISM の属性の値が正しくありません[：{attribute}]',
  },
  'capco/joint-owners': {
    en: 'a joint marking names its level and at least two owners[ (at character {at})]',
    ja: '共同の標示には、区分と二つ以上の所有国を書いてください[（{at} 文字目）]',
    hint: NEAREST,
  },
  'capco/joint-restricted': {
    en: 'what the own nation owns with others is not RESTRICTED[ (at character {at})]',
    ja: '自国が他国と共に所有する情報は RESTRICTED になりません[（{at} 文字目）]',
    hint: NEAREST,
  },
  'capco/lower-case': {
    en: 'a marking is written in upper case[ (at character {at})]',
    ja: '標示は大文字で書いてください[（{at} 文字目）]',
    hint: NEAREST,
  },
  'capco/noforn-foreign': {
    en: 'what another owner gave is not closed to foreign nationals[ (at character {at})]',
    ja: '他国から得た情報に NOFORN は付けられません[（{at} 文字目）]',
    hint: NEAREST,
  },
  'capco/not-carried': {
    en: 'this form cannot say all that the label says[: {text}]',
    ja: 'この形式では標示の内容をすべて表せません[：{text}]',
  },
  'capco/order': {
    en: '{text} stands before {before}[ (at character {at})]',
    ja: '{text} は {before} より前に書いてください[（{at} 文字目）]',
    hint: NEAREST,
  },
  'capco/programs': {
    en: 'more than four programs are written MULTIPLE PROGRAMS[ (at character {at})]',
    ja: '五つ以上の計画は MULTIPLE PROGRAMS と書きます[（{at} 文字目）]',
    hint: NEAREST,
  },
  'capco/rel-needs-banner': {
    en: 'REL alone says what the banner says: name the countries[ (at character {at})]',
    ja: 'REL だけでは文書全体の標示を見なければ分かりません。国名を書いてください[（{at} 文字目）]',
  },
  'capco/rel-one-nation': {
    en: 'REL TO names the own nation and at least one more[ (at character {at})]',
    ja: 'REL TO には、自国のほかに少なくとも一つの国が必要です[（{at} 文字目）]',
    hint: NEAREST,
  },
  'capco/rel-own-nation': {
    en: 'REL TO leaves out {nation}, which owns it[ (at character {at})]',
    ja: 'REL TO に、所有国である {nation} がありません[（{at} 文字目）]',
    hint: NEAREST,
  },
  'capco/restricted-foreign': {
    en: 'RESTRICTED is a level of other owners only[ (at character {at})]',
    ja: 'RESTRICTED は他国の情報だけの区分です[（{at} 文字目）]',
    hint: NEAREST,
  },
  'capco/sci-noforn': {
    en: 'this control system needs NOFORN[ (at character {at})]',
    ja: 'この区画には NOFORN が必要です[（{at} 文字目）]',
    hint: NEAREST,
  },
  'capco/sci-orcon': {
    en: 'this compartment needs ORCON[ (at character {at})]',
    ja: 'この区画には ORCON が必要です[（{at} 文字目）]',
    hint: NEAREST,
  },
  'capco/sci-release': {
    en: 'a compartment needs a control that says to whom it may be disclosed[ (at character {at})]',
    ja: '区画には、開示先を定める制限が必要です[（{at} 文字目）]',
    hint: NEAREST,
  },
  'capco/sigma': {
    en: 'a SIGMA is a number from 1 to 99[ (at character {at})]',
    ja: 'SIGMA は 1 から 99 までの番号です[（{at} 文字目）]',
    hint: NEAREST,
  },
  'capco/space': {
    en: 'a space, or what parts two countries, is not as it must be[ (at character {at})]',
    ja: '空白または国名の区切りが正しくありません[（{at} 文字目）]',
    hint: NEAREST,
  },
  'capco/stix-shape': {
    en: 'this is not a marking definition of STIX 2.1 as it must be[: {member}]',
    ja: 'STIX 2.1 の標示定義として正しくありません[：{member}]',
  },
  'capco/stix-value': {
    en: 'this member of the marking definition does not hold this value[: {member}]',
    ja: '標示定義の値が正しくありません[：{member}]',
  },
  'capco/stroke': {
    en: 'two strokes stand between parts, one inside a part[ (at character {at})]',
    ja: '部分の間は「//」、部分の中は「/」で区切ってください[（{at} 文字目）]',
    hint: NEAREST,
  },
  'capco/unknown-component': {
    en: 'no part of a marking is written like this[ (at character {at})]',
    ja: '標示にこのような部分はありません[（{at} 文字目）]',
    hint: NEAREST,
  },
  'capco/waived': {
    en: 'WAIVED needs a special access program[ (at character {at})]',
    ja: 'WAIVED には特別アクセス計画が必要です[（{at} 文字目）]',
    hint: NEAREST,
  },
}
