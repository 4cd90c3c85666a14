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
    en: "an equivalence table says nothing of[ {code},] one of the scheme's terms[ (at {where})]",
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
  'agreement/unknown-office': {
    en: 'the nation has no office[ {office}][ (named at {where})]',
    ja: '国の制度に部署[「{office}」]がありません[（{where}）]',
    hint: { en: "offices stand in the nation's data", ja: '部署は各国のデータに定めます' },
  },
  'agreement/via': {
    en: 'the intermediary[ {nation}] is originator or reader itself, or the rule is for all members[ (at {where})]',
    ja: '中継国[ {nation} ]が提供元又は提供先そのものか、全加盟国に対する規定になっています[（{where}）]',
    hint: {
      en: 'name a third party as the intermediary, and one nation that reads',
      ja: '中継国には第三の締約国を、提供先には一つの国を指定してください',
    },
  },
  'agreement/level-without-scheme': {
    en: 'a rule names the level[ {code}] without the nation whose level it is[ (at {where})]',
    ja: '規定が、どの国のものかを示さずに区分[「{code}」]を挙げています[（{where}）]',
    hint: { en: 'add `from`', ja: '`from` を加えてください' },
  },
  'agreement/membership': {
    en: 'the membership[ of {nation}] ends before it begins[ (at {where})]',
    ja: '[{nation} の]加盟の終わりが始まりより前になっています[（{where}）]',
  },
  'agreement/too-few-members': {
    en: 'fewer than two parties are members when the version enters into force',
    ja: '発効の時点で加盟国が二か国に達していません',
    hint: { en: 'look at the dates of membership', ja: '加盟の期日を確かめてください' },
  },
  'agreement/basis-circle': {
    en: 'agreements rest on each other in a circle[, through {agreement}][ (at {where})]',
    ja: '取決めの根拠が循環しています[（{agreement} を経由）][（{where}）]',
  },
  'agreement/basis-unknown': {
    en: 'the agreement[ {agreement}] that this one rests on is not known here[ (at {where})]',
    ja: '根拠とする取決め[ {agreement} ]がここでは知られていません[（{where}）]',
    hint: { en: 'check both together', ja: '両方を合わせて検査してください' },
  },
  'agreement/clocks-differ': {
    en: 'two provisions give different hours for notifying a compromise[: {hours} and {compromiseHours}][ (at {where})]',
    ja: '漏えいの通知までの時間が二か所で異なります[: {hours} 時間と {compromiseHours} 時間][（{where}）]',
  },
  'agreement/delegation-ended': {
    en: 'the delegation[ {rule}] has ended before the version enters into force[ (at {where})]',
    ja: '委任[ {rule} ]が、版の発効より前に終わっています[（{where}）]',
  },
  'agreement/succession-nation': {
    en: 'a succession[ of {of}] of a classification or clearance names its nation, any other none[ (at {where})]',
    ja: '[「{of}」の]継承は、秘密区分又はクリアランスについては国を示し、それ以外では示しません[（{where}）]',
  },
  'agreement/succession-unknown': {
    en: 'a succession names the term[ {code}], which is none[ (at {where})]',
    ja: '継承が、存在しない用語[「{code}」]を挙げています[（{where}）]',
  },
  'agreement/succession-current': {
    en: 'a succession replaces the term[ {code}], which the version still uses[ (at {where})]',
    ja: '継承が、この版でなお用いられている用語[「{code}」]を置き換えています[（{where}）]',
    hint: { en: 'a term that stays needs no succession', ja: '残る用語に継承は要りません' },
  },
  'agreement/succession-raises': {
    en: 'a succession gives more than before: {code} becomes {by}[ (at {where})]',
    ja: '継承によって、以前より多くが認められます: 「{code}」が「{by}」になります[（{where}）]',
    hint: { en: 'what widens needs a new release', ja: '広げるには、新たな開示が必要です' },
  },
  'agreement/grant-forbidden': {
    en: 'the grant[ {rule}] permits nothing: prohibitions take all of it away[ (at {where})]',
    ja: '許可[ {rule} ]は、禁止によってすべて打ち消され、何も認めません[（{where}）]',
  },
  'agreement/grant-unmeetable': {
    en: 'nobody can meet the grant[ {rule}]: no clearance opens any of its levels through the table, or its nations are never members at one time[ (at {where})]',
    ja: '許可[ {rule} ]を満たせる者がいません。対応表を通じてその区分を開けるクリアランスがないか、関係国が同時に加盟していることがありません[（{where}）]',
  },
  'agreement/grant-not-delegated': {
    en: 'no office[ of {nation}] may release under the grant[ {rule}][ (at {where})]',
    ja: '許可[ {rule} ]に基づいて開示できる部署が[ {nation} に]ありません[（{where}）]',
    hint: { en: 'widen a delegation, or add one', ja: '委任を広げるか、加えてください' },
  },
  'agreement/life-cut': {
    en: 'the grant[ {rule}] lets items be read for longer than anything is kept[: {days} days][ (at {where})]',
    ja: '許可[ {rule} ]の閲覧期間が、保存の上限[（{days} 日）]を超えています[（{where}）]',
  },
  'agreement/survival-beyond-grants': {
    en: 'after the end an act[ ({act})] would be left that no grant ever permits[ (at {where})]',
    ja: '終了後に残る行為[（{act}）]が、どの許可でも認められていません[（{where}）]',
  },
  'agreement/window-overlap': {
    en: 'the version before would still run when this one enters into force, and is cut short',
    ja: '直前の版の期間が残っているため、この版の発効によって打ち切られます',
  },
  'agreement/window-gap': {
    en: 'between the end of the version before and this one nothing is in force',
    ja: '直前の版の終了からこの版の発効まで、効力のある版がありません',
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
  'agreement/notice-ahead': {
    en: 'the notice[ of {nation}] was signed later than now',
    ja: '[{nation} の]通告の署名が、現在より後の時刻になっています',
    hint: { en: 'compare both clocks', ja: '双方の時計を照合してください' },
  },
  'agreement/replayed': {
    en: 'an older state of the agreement[ {agreement}] is offered: version[ {version}] is missing',
    ja: '取決め[ {agreement} ]の古い状態が示されています。版[ {version} ]がありません',
    hint: { en: 'ask for the newer versions; do not go back', ja: '新しい版を求め、古い版に戻さないでください' },
  },
  'agreement/forked': {
    en: 'the agreement[ {agreement}] has two different versions[ {version}], both signed by all',
    ja: '取決め[ {agreement} ]に、全当局が署名した異なる版[ {version} ]が二つあります',
    hint: { en: 'do not go on; ask the authorities which one holds', ja: '先に進まず、どちらが有効かを両当局に確かめてください' },
  },
  'agreement/not-in-force': {
    en: 'the version that is named is not in force here at this moment',
    ja: '指定された版は、ここでは現在効力がありません',
    hint: { en: 'compare versions and clocks', ja: '版と時計を照合してください' },
  },
}
