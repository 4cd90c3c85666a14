import type { DecisionErrorCode, ReasonCode } from '@entente/decision'
import type { Catalogue } from '../catalogue.ts'

/** Why something is refused. Every sentence cites the rule and the article where the reason has them. */
export const decision: Catalogue<ReasonCode> = {
  'decision/no-grant': {
    en: 'no rule of the agreement permits this[ from {from} to {to}][ (agreement {agreement})][ (article {article})]: what is not permitted is refused',
    ja: 'これを許可する規定が取決めにありません[（{from} から {to}）][（取決め {agreement}）][（第 {article} 条）]。許可のないものは拒否します',
  },
  'decision/agreement-unknown': {
    en: 'the release names an agreement that is not known here[: {agreement}]',
    ja: '提供の根拠とされた取決めは、ここでは知られていません[（{agreement}）]',
  },
  'decision/agreement-not-in-force': {
    en: 'the agreement[ {agreement}] is not in force at this time[: {at:time}]',
    ja: '取決め[ {agreement} ]は、この時点では効力を持ちません[（{at:time}）]',
  },
  'decision/basis-not-found': {
    en: 'the article or rule that the release rests on is not in this version of the agreement[ (article {article})][ (rule {rule})]',
    ja: '提供の根拠とされた条項または規定が、取決めのこの版にありません[（第 {article} 条）][（規定 {rule}）]',
  },
  'decision/direction': {
    en: 'the rule[ {rule}][ of article {article}] does not hold in this direction[: from {from} to {to}]',
    ja: '[第 {article} 条の]規定[ {rule} ]は、この方向の提供には及びません[（{from} から {to}）]',
  },
  'decision/area-not-covered': {
    en: 'the area[ {area}] is not covered by the rule[ {rule}][ of article {article}]',
    ja: '分野[「{area}」]は、[第 {article} 条の]規定[ {rule} ]の対象ではありません',
  },
  'decision/above-ceiling': {
    en: 'the classification[ {classification}] is above the ceiling[ {ceiling}] of the rule[ {rule}][ (article {article})]',
    ja: '秘密区分[ {classification} ]が、規定[ {rule} ]の上限[ {ceiling} ]を超えています[（第 {article} 条）]',
  },
  'decision/below-floor': {
    en: 'the classification[ {classification}] is below the lowest level[ {floor}] of the rule[ {rule}][ (article {article})]',
    ja: '秘密区分[ {classification} ]が、規定[ {rule} ]の下限[ {floor} ]に達していません[（第 {article} 条）]',
  },
  'decision/category-not-covered': {
    en: 'the marking[ {category}] may not travel under the rule[ {rule}][ (article {article})]',
    ja: '標示[「{category}」]の付いたものは、規定[ {rule} ]では提供できません[（第 {article} 条）]',
  },
  'decision/act-not-granted': {
    en: 'the rule[ {rule}][ of article {article}] does not grant this act[: {act}]',
    ja: '[第 {article} 条の]規定[ {rule} ]は、この行為[（{act}）]を認めていません',
  },
  'decision/not-releasable': {
    en: "the label does not release this to the reader's nation[ {nation}][; it is releasable to {releasableTo:list}][ (originator {originator})]",
    ja: '標示により、閲覧者の国[（{nation}）]への提供は認められていません[（提供先: {releasableTo:list}）][（作成国: {originator}）]',
    hint: {
      en: 'ask the originator for a rendition that may be released, or for a new release',
      ja: '提供可能な版の作成、または新たな提供を、作成国に求めてください',
    },
  },
  'decision/person-rule': {
    en: 'the label[ {code}] admits only citizens of {nations:list}',
    ja: '標示[「{code}」]により、{nations:list} の国民だけが閲覧できます',
  },
  'decision/person-rule-prohibited': {
    en: 'a portion marked[ {code}] may never pass under this agreement[ (rule {rule})][ (article {article})]',
    ja: '[「{code}」と]標示された部分は、この取決めでは決して渡せません[（規定 {rule}）][（第 {article} 条）]',
    hint: { en: 'leave the portion out: prepare a tear line', ja: 'その部分を除いた提供用の版（ティアライン）を作成してください' },
  },
  'decision/forbidden': {
    en: 'the agreement forbids this[ (rule {rule})][ (article {article})]; a prohibition wins over every permission',
    ja: '取決めがこれを禁じています[（規定 {rule}）][（第 {article} 条）]。禁止はいかなる許可にも優先します',
  },
  'decision/clearance-missing': {
    en: 'no security clearance is shown[ (required by article {article})]',
    ja: 'セキュリティ・クリアランスが示されていません[（第 {article} 条により必要）]',
    hint: { en: 'ask the clearance office for a current credential', ja: '有効な資格証明の発行を適性評価の担当部署に求めてください' },
  },
  'decision/clearance-too-low': {
    en: 'the clearance[ {clearance}] does not reach the classification[ {classification}][ (needed: {needed})][ (article {article})]',
    ja: 'クリアランス[（{clearance}）]が、秘密区分[ {classification} ]に達していません[（必要: {needed}）][（第 {article} 条）]',
  },
  'decision/clearance-no-equivalent': {
    en: 'the clearance[ {clearance}] has no equivalent in the table[ of article {article}]: a person decides',
    ja: 'クリアランス[（{clearance}）]に対応する区分が、[第 {article} 条の]対応表にありません。人が判断します',
  },
  'decision/need-to-know': {
    en: 'need to know for the area[ {area}] is not shown[ (article {article})]',
    ja: '分野[「{area}」]について、知る必要性が示されていません[（第 {article} 条）]',
    hint: { en: "ask the home nation's office to assign the area", ja: '自国の担当部署に、この分野の割当てを求めてください' },
  },
  'decision/citizenship': {
    en: 'a citizenship of the reader is outside the nations that may read this[: {nations:list}][ (rule {rule})][ (article {article})]',
    ja: '閲覧者の国籍に、閲覧を認められた国[（{nations:list}）]以外のものが含まれます[（規定 {rule}）][（第 {article} 条）]',
  },
  'decision/citizenship-unknown': {
    en: "the reader's citizenships are not known, and a rule depends on them[ (rule {rule})][ (article {article})]: unknown refuses",
    ja: '閲覧者の国籍が不明ですが、規定の判断に必要です[（規定 {rule}）][（第 {article} 条）]。不明な場合は拒否します',
  },
  'decision/purpose': {
    en: 'the purpose[ {purpose}] is not one that the rule[ {rule}] permits[ (article {article})], or the home nation does not attest it',
    ja: '目的[「{purpose}」]は、規定[ {rule} ]が認めるものではないか、[（第 {article} 条）]自国の証明がありません',
  },
  'decision/suspended': {
    en: "the reader's clearance is suspended",
    ja: '閲覧者のクリアランスは停止されています',
  },
  'decision/suspension-unknown': {
    en: "it is not known whether the reader's clearance is suspended: unknown refuses",
    ja: '閲覧者のクリアランスが停止中かどうか不明です。不明な場合は拒否します',
  },
  'decision/briefing': {
    en: 'a required briefing is not shown[: {category}][ (article {article})]',
    ja: '必要な区画の説明（ブリーフィング）を受けた記録が示されていません[（{category}）][（第 {article} 条）]',
  },
  'decision/expired': {
    en: 'the release ended[ at {until:time}]',
    ja: '提供の期限が過ぎています[（{until:time}）]',
    hint: { en: 'ask the originator for a new release', ja: '作成国に新たな提供を求めてください' },
  },
  'decision/stopped': {
    en: 'the originator stopped this item',
    ja: '作成国がこの項目の利用を停止しました',
  },
  'decision/policy-unknown': {
    en: 'the marking policy of the label is not known here[: {policy}]',
    ja: '標示の体系が、ここでは知られていません[（{policy}）]',
  },
  'decision/person-decides': {
    en: 'no rule can decide this[ (article {article})][ (rule {rule})]: a person must',
    ja: '規定では決められません[（第 {article} 条）][（規定 {rule}）]。人が判断する必要があります',
  },
  'decision/not-a-member': {
    en: '{nation} was not a member of the agreement[ {agreement}] for the whole time from the release until now',
    ja: '{nation} は、提供の時から現在まで引き続き取決め[ {agreement} ]の加盟国であったわけではありません',
    hint: {
      en: 'who joins reads what is released from then on; the originator may release this anew',
      ja: '新たに加わった国が閲覧できるのは、加入後に提供されたものに限られます。作成国に改めて提供を求めてください',
    },
  },
  'decision/third-party': {
    en: 'the originator did not consent to this path[ (by way of {via})][ (rule {rule})][ (article {article})]: nothing goes on to a third party without its word',
    ja: 'この経路による提供[（{via} 経由）]に、作成国は同意していません[（規定 {rule}）][（第 {article} 条）]。第三者への提供には作成国の同意が必要です',
  },
  'decision/basis-not-in-force': {
    en: 'the agreement {basis}, on which the agreement[ {agreement}] rests, is not in force or is suspended[ (article {article})]',
    ja: '取決め[ {agreement} ]の基礎となる取決め {basis} が、効力を有しないか、停止されています[（第 {article} 条）]',
  },
  'decision/agreement-suspended': {
    en: 'the agreement[ {agreement}] was suspended[ by {nation}][ at {from:time}][ (article {article})], and not all have resumed it',
    ja: '取決め[ {agreement} ]は[ {nation} により]停止されており[（{from:time} から）][（第 {article} 条）]、再開に全締約国の同意がそろっていません',
  },
  'decision/agreement-ended': {
    en: 'the agreement[ {agreement}] ended for these nations[ at {until:time}], and its rule on what outlives it does not leave this[ (article {article})]',
    ja: '取決め[ {agreement} ]は、関係国について終了しており[（{until:time}）]、終了後も効力を保つ規定は、これを認めていません[（第 {article} 条）]',
  },
  'decision/use-not-granted': {
    en: 'the rule[ {rule}][ of article {article}] does not grant this use[: {use}]',
    ja: '[第 {article} 条の]規定[ {rule} ]は、この利用[（{use}）]を認めていません',
  },
  'decision/organisation': {
    en: "the reader's organisation is not one of {organisations:list}, or is not attested[ (rule {rule})][ (article {article})]",
    ja: '閲覧者の所属機関が {organisations:list} のいずれでもないか、証明されていません[（規定 {rule}）][（第 {article} 条）]',
  },
  'decision/post': {
    en: "the reader's post is not one of {posts:list}, or is not attested[ (rule {rule})][ (article {article})]",
    ja: '閲覧者の官職が {posts:list} のいずれでもないか、証明されていません[（規定 {rule}）][（第 {article} 条）]',
  },
  'decision/facility': {
    en: 'the facility where it is read is not one of {facilities:list}, or is not attested[ (rule {rule})][ (article {article})]',
    ja: '閲覧する施設が {facilities:list} のいずれでもないか、証明されていません[（規定 {rule}）][（第 {article} 条）]',
  },
  'decision/delegation': {
    en: 'no delegation[ of article {article}] lets the office[ {office}] release this[ (classification {classification})][ (area {area})]',
    ja: '[第 {article} 条の]権限の委任に、部署[ {office} ]がこれを提供することを認めるものがありません[（秘密区分 {classification}）][（分野「{area}」）]',
  },
}

/** Facts that cannot be decided on: the caller put together what does not belong together. */
export const decisionFaults: Catalogue<DecisionErrorCode> = {
  'decision/facts-mixed-realms': { en: 'the facts come from different realms', ja: '判断の材料に、異なる領域のものが混ざっています' },
  'decision/facts-duplicate': {
    en: 'the facts hold the same version or scheme twice',
    ja: '判断の材料に、同じ版または体系が二度含まれています',
  },
  'decision/facts-gap': {
    en: 'the facts lack a version of the agreement, or the versions are out of order',
    ja: '判断の材料に、取決めの版の欠落または順序の誤りがあります',
  },
}
