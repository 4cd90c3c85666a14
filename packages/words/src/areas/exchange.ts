import type { ExchangeCode } from '@entente/exchange'
import type { Catalogue } from '../catalogue.ts'

/** What passes between nations and is not what it must be, comes from the wrong hand, or proves too little. */
export const exchange: Catalogue<ExchangeCode> = {
  'exchange/malformed': { en: 'a message cannot be read[: {what}][ ({why})]', ja: '通信文を読み取れません[: {what}][（{why}）]' },
  'exchange/too-large': {
    en: 'a message is larger than allowed[: {what}][, at most {limit} bytes]',
    ja: '通信文が大きすぎます[: {what}][（上限 {limit} バイト）]',
  },
  'exchange/wrong-realm': { en: 'the message belongs to another realm[: {realm}]', ja: '別の領域の通信文です[: {realm}]' },
  'exchange/key-statement-nation': { en: 'the key statement is of another nation[: {nation}]', ja: '別の国の鍵告知です[: {nation}]' },
  'exchange/key-statement-signature': {
    en: 'the authority[ of {nation}] did not sign this key statement',
    ja: '[{nation} の]当局がこの鍵告知に署名していません',
  },
  'exchange/key-statement-number': { en: 'the number of the key statement was used before', ja: '鍵告知の番号はすでに使われています' },
  'exchange/key-statement-time': {
    en: 'the key statement is dated before the one that it replaces',
    ja: '鍵告知の日時が、置き換えるものより前になっています',
  },
  'exchange/key-unknown': {
    en: 'the key statement[ of {nation}] has no such key[: {key}]',
    ja: '[{nation} の]鍵告知にその鍵がありません[: {key}]',
  },
  'exchange/pairing-same-nation': {
    en: 'a nation cannot pair with itself[: {nation}]',
    ja: '自国同士を組み合わせることはできません[: {nation}]',
  },
  'exchange/pairing-commitment': {
    en: 'the pairing was interfered with: the partner showed another value than it had committed to',
    ja: '接続の手続きに介入された疑いがあります。相手の示した値が、先に確約したものと異なります',
    hint: {
      en: 'start the pairing again; compare the words by another way, such as by telephone',
      ja: '手続きを最初からやり直し、電話など別の手段で言葉を照合してください',
    },
  },
  'exchange/wrong-addressee': {
    en: 'the envelope is addressed to another nation[: {nation}]',
    ja: '別の国に宛てられた通信文です[: {nation}]',
  },
  'exchange/wrong-sender': { en: 'the envelope names another sender[: {nation}]', ja: '送信元の記載が異なります[: {nation}]' },
  'exchange/wrong-link': { en: 'the envelope belongs to another agreement[: {link}]', ja: '別の取決めによる通信文です[: {link}]' },
  'exchange/stranger-key': {
    en: 'the message is signed with a key that nobody here knows',
    ja: 'ここで知られていない鍵で署名されています',
  },
  'exchange/signature-invalid': { en: 'the signature of the message does not hold', ja: '通信文の署名を検証できません' },
  'exchange/wrong-previous': {
    en: 'the envelope does not follow the one before it[ (number {seq})]',
    ja: '直前の通信文に続いていません[（{seq} 番）]',
  },
  'exchange/replay-differs': {
    en: 'other contents were sent under a number that is taken[: {seq}]',
    ja: 'すでに使われた番号で異なる内容が送られました[（{seq} 番）]',
  },
  'exchange/wrong-kind': { en: 'the message is of another kind than expected here', ja: 'ここで求められている種類の通信文ではありません' },
  'exchange/receipt-mismatch': {
    en: 'the receipt is for another envelope[ than number {seq}]',
    ja: '[{seq} 番とは]別の通信文に対する受領証です',
  },
  'exchange/journal-order': {
    en: 'a record of the outbox or inbox cannot stand here[: {kind}][ number {seq}]',
    ja: '送信箱または受信箱の記録の順序が正しくありません[: {kind}][（{seq} 番）]',
  },
  'exchange/http-unsigned': { en: 'the call is not signed', ja: '呼出しに署名がありません' },
  'exchange/http-components': {
    en: 'the call is not signed over everything that must be signed',
    ja: '署名すべき項目のすべてが署名されていません',
  },
  'exchange/http-parameters': {
    en: 'the signature parameters of the call cannot be accepted[: {parameter}]',
    ja: '署名の条件を受け入れられません[: {parameter}]',
  },
  'exchange/http-header': {
    en: 'a header of the call cannot be signed or read[: {header}]',
    ja: '署名または読取りのできないヘッダーがあります[: {header}]',
  },
  'exchange/http-digest': { en: 'the body of the call is not the one that was signed', ja: '本文が署名時のものと異なります' },
  'exchange/http-time': {
    en: 'the call was signed for another time[: from {created:time}][ until {expires:time}]',
    ja: '呼出しの署名の時刻が範囲外です[（{created:time} から）][（{expires:time} まで）]',
    hint: { en: 'compare the clocks of both nodes (`entente doctor`)', ja: '両国のノードの時計を確認してください（`entente doctor`）' },
  },
  'exchange/http-key-unknown': { en: 'the call is signed with an unknown key', ja: '知られていない鍵で署名された呼出しです' },
  'exchange/http-signature': { en: 'the signature of the call does not hold', ja: '呼出しの署名を検証できません' },
  'exchange/http-replayed': { en: 'the call came before', ja: '同じ呼出しがすでに行われています' },
  'exchange/nonce-malformed': { en: 'the nonce cannot be read', ja: '使い捨ての値を読み取れません' },
  'exchange/nonce-invalid': { en: 'the nonce was not given out here', ja: 'ここで発行した使い捨ての値ではありません' },
  'exchange/nonce-expired': {
    en: 'the nonce has expired',
    ja: '使い捨ての値の有効期限が切れています',
    hint: { en: 'try again', ja: 'もう一度実行してください' },
  },
  'exchange/request-expired': {
    en: 'the request has expired',
    ja: '要求の有効期限が切れています',
    hint: { en: 'try again', ja: 'もう一度実行してください' },
  },
  'exchange/statement-mismatch': { en: 'the request names another release statement', ja: '要求の示す提供書が異なります' },
  'exchange/statement-expired': { en: 'the release has ended', ja: '提供の期限が過ぎています' },
  'exchange/manifest-mismatch': {
    en: 'the manifest is not the one of the release statement',
    ja: 'マニフェストが提供書のものと異なります',
  },
  'exchange/share-not-ours': { en: 'the key share belongs to another key service', ja: '別の鍵サービスの分割片です' },
  'exchange/key-control': {
    en: 'the key shares do not fit the key control of the release',
    ja: '鍵の分割片が、提供書の定める鍵の管理方式に合いません',
  },
  'exchange/entry-mismatch': { en: 'the ledger entry is not about this request', ja: '記録簿の記載が、この要求に関するものではありません' },
  'exchange/entry-stale': { en: 'the ledger entry is too old', ja: '記録簿の記載が古すぎます' },
  'exchange/entry-not-permit': {
    en: 'the ledger entry does not record a permission',
    ja: '記録簿の記載が許可を記録したものではありません',
  },
  'exchange/counter-entry-missing': { en: "the entry of the reader's nation is missing", ja: '閲覧者の国の記載がありません' },
  'exchange/counter-entry-mismatch': { en: 'the entries of both nations do not fit together', ja: '両国の記載が対応していません' },
  'exchange/grant-expired': {
    en: "the grant of the reader's nation has expired",
    ja: '閲覧者の国による承認の有効期限が切れています',
    hint: { en: 'try again', ja: 'もう一度実行してください' },
  },
  'exchange/proof-invalid': {
    en: 'the proof that the entry stands in the log does not hold',
    ja: '記録簿に記載があることの証明を検証できません',
  },
  'exchange/answer-invalid': { en: 'the sealed answer does not open', ja: '封印された回答を開けません' },
  'exchange/answer-missing': { en: 'an answer is missing', ja: '回答がそろっていません' },
  'exchange/false-share': {
    en: 'a key share is false; the answer is evidence against its giver',
    ja: '鍵の分割片が偽りです。この回答は、それを渡した側に対する証拠となります',
    hint: { en: 'keep the answer; tell the security officer', ja: '回答を保存し、保全担当者に知らせてください' },
  },
  'exchange/joined-invalid': { en: 'the confirmation of the opening does not hold', ja: '開封の確認を検証できません' },
  'exchange/life-unknown': { en: 'no such proposal was made', ja: 'そのような提案はありません' },
  'exchange/life-number': {
    en: 'version {number} is not the one that comes next[: {next} is]',
    ja: '第 {number} 版は、次に結ぶ版ではありません[（次は第 {next} 版）]',
    hint: { en: 'propose the version after the newest one', ja: '最新の版に続く版を提案してください' },
  },
  'exchange/life-previous': {
    en: 'the proposal does not continue the newest version',
    ja: '提案が最新の版に続いていません',
    hint: {
      en: 'name its id in `previous`, and a later date',
      ja: '`previous` に最新の版の識別子を、日付にはそれより後の日を指定してください',
    },
  },
  'exchange/life-party': { en: '{nation} is no party to it', ja: '{nation} は当事国ではありません' },
  'exchange/life-repeated': { en: 'this was done before', ja: 'すでに行われています' },
  'exchange/life-initialled': {
    en: 'another text of version {number} is initialled already',
    ja: '第 {number} 版の別の案文に、すでに仮署名があります',
  },
  'exchange/life-not-settled': {
    en: 'the text is not settled: not every party has initialled it',
    ja: '案文が確定していません。すべての当事国の仮署名が必要です',
    hint: { en: 'both negotiators initial it first', ja: '先に双方の交渉担当者が仮署名してください' },
  },
  'exchange/life-key': {
    en: 'the seal is by no key of the authority[ of {nation}]',
    ja: '[{nation} の]当局の鍵による署名ではありません',
  },
  'exchange/life-sealed': {
    en: 'another text of version {number} was signed with this key',
    ja: '第 {number} 版の別の案文が、この鍵ですでに署名されています',
  },
  'exchange/step-not-allowed': { en: 'this step is not possible in the present state', ja: '現在の状態では、この手順に進めません' },
}
