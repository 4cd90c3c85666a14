import type { ClearanceCode } from '@entente/clearance'
import type { Catalogue } from '../catalogue.ts'

/** Credentials, presentations and staples that do not hold, and what the clearance office cannot do. */
export const clearance: Catalogue<ClearanceCode> = {
  'clearance/too-large': {
    en: 'the presentation is larger than allowed[: at most {limit} characters]',
    ja: '提示された資格証明が大きすぎます[（上限 {limit} 文字）]',
  },
  'clearance/malformed': {
    en: 'the presentation cannot be read[: {part}][ at {where}]',
    ja: '提示された資格証明を読み取れません[: {part}][（{where}）]',
  },
  'clearance/parts': { en: 'the presentation does not have its parts', ja: '提示された資格証明の構成が正しくありません' },
  'clearance/unbound': {
    en: "the credential is shown without a proof of its holder's key",
    ja: '保有者の鍵による証明なしに資格証明が提示されました',
  },
  'clearance/algorithm': {
    en: 'the signature algorithm is not the one allowed[ ({part})]',
    ja: '認められていない署名方式です[（{part}）]',
  },
  'clearance/type': { en: 'the token is of another type[ ({part})]', ja: 'トークンの種類が異なります[（{part}）]' },
  'clearance/header-key': {
    en: 'the token brings a key of its own[ ({part}, {member})]',
    ja: 'トークンが独自の鍵を持ち込んでいます[（{part}、{member}）]',
  },
  'clearance/header': {
    en: 'the token has a header that is not allowed[ ({part})]',
    ja: 'トークンに認められていないヘッダーがあります[（{part}）]',
  },
  'clearance/wrong-realm': { en: 'the credential belongs to another realm', ja: '別の領域の資格証明です' },
  'clearance/unpinned-issuer': {
    en: "the issuer of the credential is not the partner's clearance office",
    ja: '資格証明の発行者が、相手国の適性評価の担当部署ではありません',
  },
  'clearance/unpinned-key': {
    en: 'the credential is signed with a key that the issuer[ of {nation}] does not have',
    ja: '資格証明の署名鍵が、[{nation} の]発行者のものではありません',
  },
  'clearance/issuer-signature': { en: "the issuer's signature does not hold", ja: '発行者の署名を検証できません' },
  'clearance/stolen': {
    en: "the credential is used with a key that is not its holder's",
    ja: '資格証明が、保有者以外の鍵とともに使われています',
    hint: { en: 'tell the security officer of the home nation', ja: '発行国の保全担当者に知らせてください' },
  },
  'clearance/other-disclosures': {
    en: 'the holder signed over other disclosures than those shown',
    ja: '保有者が署名した開示内容と、示された内容が異なります',
  },
  'clearance/credential-type': {
    en: 'this is not a clearance credential[ of the agreement {agreement}]',
    ja: '[取決め {agreement} の]クリアランスの資格証明ではありません',
  },
  'clearance/wrong-originator': {
    en: 'the credential was issued for another originator[ than {originator}]',
    ja: '[{originator} 以外の]別の作成国に向けた資格証明です',
  },
  'clearance/wrong-audience': { en: 'the presentation is addressed to somebody else', ja: 'この提示は別の相手に宛てられています' },
  'clearance/nonce-missing': {
    en: 'the presentation lacks the nonce that was asked for',
    ja: '求められた使い捨ての値が提示に含まれていません',
  },
  'clearance/wrong-nonce': { en: 'the presentation answers another nonce', ja: '別の使い捨ての値に対する提示です' },
  'clearance/stale': {
    en: 'the presentation is too old[: {ageSeconds} s, at most {limit} s]',
    ja: '提示が古すぎます[（{ageSeconds} 秒経過、上限 {limit} 秒）]',
    hint: { en: 'try again; check the clock of the device', ja: 'もう一度試し、端末の時計を確認してください' },
  },
  'clearance/issued-in-future': {
    en: 'the presentation is dated in the future[: {aheadSeconds} s, at most {limit} s]',
    ja: '提示の日時が未来です[（{aheadSeconds} 秒先、上限 {limit} 秒）]',
    hint: { en: 'check the clock of the device', ja: '端末の時計を確認してください' },
  },
  'clearance/lifetime': {
    en: 'the credential is valid for longer than allowed[: {seconds} s, at most {limit} s]',
    ja: '資格証明の有効期間が長すぎます[（{seconds} 秒、上限 {limit} 秒）]',
  },
  'clearance/not-yet-valid': {
    en: 'the credential is not valid yet[: from {notBefore:time}]',
    ja: '資格証明はまだ有効ではありません[（{notBefore:time} から）]',
  },
  'clearance/expired': {
    en: 'the credential has expired[: {expired:time}]',
    ja: '資格証明の有効期限が切れています[（{expired:time}）]',
    hint: { en: 'sign in again to get a current one', ja: 'サインインし直して、有効なものを取得してください' },
  },
  'clearance/digest-duplicate': { en: 'the credential names a digest twice', ja: '資格証明に同じ要約値が二度現れます' },
  'clearance/disclosure-duplicate': { en: 'a disclosure is shown twice', ja: '同じ開示が二度示されています' },
  'clearance/disclosure-unreferenced': { en: 'a disclosure does not belong to the credential', ja: '資格証明に属さない開示があります' },
  'clearance/disclosure-not-allowed': { en: 'a claim is disclosed that must not be', ja: '開示してはならない項目が開示されています' },
  'clearance/always-shown-missing': {
    en: 'a claim is held back that must always be shown[: {claim}]',
    ja: '常に示すべき項目が示されていません[: {claim}]',
  },
  'clearance/staple-malformed': { en: 'the status statement cannot be read', ja: '状態証明を読み取れません' },
  'clearance/staple-realm': { en: 'the status statement belongs to another realm', ja: '別の領域の状態証明です' },
  'clearance/staple-nation': {
    en: 'the status statement is not the one[ of {nation}] that is needed',
    ja: '必要とされる[{nation} の]状態証明ではありません',
  },
  'clearance/staple-signature': {
    en: 'the signature of the status statement[ of {nation}] does not hold',
    ja: '[{nation} の]状態証明の署名を検証できません',
  },
  'clearance/staple-credential': { en: 'the status statement is about another credential', ja: '別の資格証明に関する状態証明です' },
  'clearance/staple-nonce': { en: 'the status statement answers another nonce', ja: '別の使い捨ての値に対する状態証明です' },
  'clearance/staple-stale': {
    en: 'the status statement is too old[: {ageSeconds} s, at most {limit} s]',
    ja: '状態証明が古すぎます[（{ageSeconds} 秒経過、上限 {limit} 秒）]',
  },
  'clearance/withdrawn': { en: 'the clearance was withdrawn', ja: 'クリアランスは取り消されています' },
  'clearance/suspended': { en: 'the clearance is suspended[ ({by})]', ja: 'クリアランスは停止されています[（{by}）]' },
  'clearance/input': {
    en: 'a value given to the clearance office is not possible[: {what}][ (possible: {known})]',
    ja: '適性評価の担当部署に渡された値が不正です[: {what}][（使える値: {known}）]',
  },
  'clearance/not-holder': { en: "the key is not the holder's", ja: '保有者の鍵ではありません' },
  'clearance/not-in-credential': { en: 'the credential does not hold the claim[ {claim}]', ja: '資格証明に項目[「{claim}」]がありません' },
  'clearance/act-impossible': {
    en: "the office cannot do this in the person's present state",
    ja: '対象者の現在の状態では、この手続きはできません',
    hint: {
      en: 'a clearance that is held is withdrawn before another is granted; only who holds one can be assigned, suspended or withdrawn',
      ja: '既にクリアランスがある場合は、取り消してから与えてください。割当て、停止、取消しは、クリアランスのある者に限られます',
    },
  },
  'clearance/act-order': {
    en: 'an act of the office is dated before the one that precedes it',
    ja: '手続きの日時が、直前の手続きより前になっています',
  },
  'clearance/roster-axis': {
    en: 'a reader is outside the frame of the roster statement[: {clearance}, {area}, {role}]',
    ja: '閲覧者数の報告の枠に収まらない者がいます[: {clearance}、{area}、{role}]',
  },
  'clearance/batch': {
    en: 'a batch holds between 1 and[ {limit}] so many credentials',
    ja: '一度に発行できる資格証明の数を超えているか、0 件です[（上限 {limit}）]',
  },
}
