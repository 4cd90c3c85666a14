import type { Catalogue } from '../catalogue.ts'

/** What a nation's server says; its own package imports this one, so the check `words` compares the codes. */
export const node: Catalogue<`node/${string}`> = {
  'node/above-clearance': {
    en: 'portion {portion} is marked above what its author is cleared for[ ({classification})]',
    ja: '部分 {portion} の標示は起案者のクリアランスを超えています[（{classification}）]',
    hint: { en: 'have somebody cleared for it write this portion', ja: 'クリアランスのある人がこの部分を起案してください' },
  },
  'node/above-delegation': {
    en: 'this is beyond what you may release[: {classification} is above {ceiling}][: {area} is not your area][: {agreement} does not delegate it to your office]',
    ja: '委任の範囲を超えています[: {classification} は上限 {ceiling} を超えます][: {area} は担当の分野ではありません][: 取決め {agreement} は、これをあなたの部署に委任していません]',
    hint: { en: 'an officer with a wider delegation must release it', ja: 'より広い委任を受けた担当官が提供してください' },
  },
  'node/own-report': {
    en: 'nobody releases their own report',
    ja: '自分が起案した報告を自分で提供することはできません',
    hint: { en: 'another disclosure officer must review it', ja: '別の開示担当官が審査してください' },
  },
  'node/draft-state': {
    en: 'the draft is not in the state that this needs[: {state}]',
    ja: '起案がこの操作のできる状態にありません[（{state}）]',
  },
  'node/not-as-prepared': {
    en: 'what was sealed is not what was prepared[: {what}]',
    ja: '封印されたものが、準備されたものと異なります[（{what}）]',
    hint: { en: 'prepare the sealing again', ja: '封印の準備からやり直してください' },
  },
  'node/disk-full': {
    en: 'there is no space left on the disk[ ({what})]; nothing was lost',
    ja: 'ディスクの空きがありません[（{what}）]。失われたものはありません',
    hint: { en: 'make space; the node goes on by itself', ja: '空きを作ってください。ノードは自動的に再開します' },
  },
  'node/journal-corrupt': {
    en: 'the journal is damaged[ at {at}]',
    ja: 'ジャーナルが壊れています[（{at}）]',
    hint: {
      en: 'stop the node and restore from a backup; `entente doctor` says more',
      ja: 'ノードを止め、バックアップから復元してください。詳しくは `entente doctor` で確認できます',
    },
  },
  'node/fenced': { en: 'another process has taken over this log', ja: '別のプロセスがこの記録簿を引き継いでいます' },
  'node/process-gone': {
    en: 'a process of the node is not running',
    ja: 'ノードのプロセスが動いていません',
    hint: { en: 'try again in a moment', ja: '少し待ってからもう一度実行してください' },
  },
  'node/internal': {
    en: 'something went wrong inside the node',
    ja: 'ノードの内部で問題が起きました',
    hint: { en: "look into the node's log; please report it", ja: 'ノードのログを確認し、報告してください' },
  },
  'node/item-stopped': { en: 'the item was stopped', ja: 'この項目の利用は停止されています' },
  'node/nonce-spent': {
    en: 'the nonce was used before',
    ja: '使い捨ての値はすでに使われています',
    hint: { en: 'try again', ja: 'もう一度実行してください' },
  },
  'node/sequence': { en: 'the number is not the next one[ ({expected} is)]', ja: '番号が続いていません[（次は {expected}）]' },
  'node/limit': { en: 'the limit of this day is reached[: {limit}]', ja: '本日の上限に達しました[（{limit}）]' },
  'node/not-cosigned': {
    en: 'the entry could not be cosigned',
    ja: '記載に連署を得られませんでした',
    hint: {
      en: 'the partner or the second witness does not answer; try again later',
      ja: '相手国または第二の立会い者が応答しません。後でもう一度実行してください',
    },
  },
  'node/behind': {
    en: 'this node is behind what its witnesses have seen, and gives nothing until that is reconciled',
    ja: 'このノードは、立会い者の記録より遅れています。照合が済むまで何も提供しません',
    hint: { en: '`entente doctor` says what is missing', ja: '不足しているものは `entente doctor` で確認できます' },
  },
  'node/quarantined': {
    en: 'this node came out of a backup, and gives nothing until it is reconciled',
    ja: 'このノードはバックアップから復元されました。照合が済むまで何も提供しません',
    hint: {
      en: 'bring what is newer, then let a security officer accept it (`entente reconcile`)',
      ja: '新しい記録を取り込み、保全担当者が承認してください（`entente reconcile`）',
    },
  },
  'node/backup': {
    en: 'this backup cannot be used[: {reason}]',
    ja: 'このバックアップは使えません[: {reason}]',
    hint: {
      en: '`no-key`: make a recovery key first; `key`: it is for another key, or was changed; else it is damaged or of another nation',
      ja: '`no-key` なら先に復旧用の鍵を作ってください。`key` は鍵が違うか改変されています。ほかは破損しているか、別の国のものです',
    },
  },
  'node/journal-other': {
    en: 'the journal here is not a beginning of that one[ ({records} records)]',
    ja: 'ここにあるジャーナルは、そのジャーナルの前半ではありません[（{records} 件）]',
    hint: {
      en: 'keep both: one of them was changed or went on by itself',
      ja: '両方を保全してください。どちらかが改変されたか、別に進んでいます',
    },
  },
  'node/newer-format': {
    en: 'the directory is of a newer version[: format {format}, and this program knows {known}]',
    ja: 'このディレクトリは、より新しい版のものです[（形式 {format}。このプログラムが扱えるのは {known} まで）]',
    hint: { en: 'run the newer version; nothing was changed', ja: '新しい版で動かしてください。何も変更していません' },
  },
  'node/invariant-refuted': {
    en: 'what this version says must never be permitted is permitted[: {invariant}]: article {article}, grant {rule}[, permits {example}]',
    ja: 'この版が決して許可しないと定めることが許可されます[（{invariant}）]。第 {article} 条の許可 {rule}[ が次を認めます: {example}]',
    hint: { en: 'narrow the grant, or add a prohibition, in a counter-proposal', ja: '対案で許可を狭めるか、禁止を加えてください' },
  },
  'node/invariant-unproven': {
    en: 'whether the invariants of this version hold could not be proved[ ({reason})]',
    ja: 'この版の不変条件が成り立つことを証明できませんでした[（{reason}）]',
    hint: {
      en: 'try again; `entente agreement invariants` proves them without a limit of time',
      ja: 'もう一度実行してください。`entente agreement invariants` なら時間の制限なしに証明できます',
    },
  },
  'node/agreement-moved': {
    en: 'the agreement[ {agreement}] changed while this was being decided',
    ja: '判断している間に、取決め[ {agreement} ]の状態が変わりました',
    hint: { en: 'try again: it is decided anew', ja: 'もう一度実行してください。改めて判断されます' },
  },
  'node/partner-unreachable': {
    en: 'the partner does not answer',
    ja: '相手国が応答しません',
    hint: { en: 'what waits is kept and sent when the link is back', ja: '送信待ちのものは保持され、回線の復旧後に送られます' },
  },
  'node/partner-refused': { en: 'the partner refused the message', ja: '相手国が通信文を拒否しました' },
  'node/config': {
    en: 'the configuration of the node cannot be used[: see {what}]',
    ja: 'ノードの設定に誤りがあります[（{what} を確認してください）]',
  },
  'node/trust': {
    en: 'the other side is not trusted here[: {nation}][: {agreement}][ version {version}][ ({reason})]',
    ja: 'ここでは信頼されていない相手です[: {nation}][: {agreement}][ 第 {version} 版][（{reason}）]',
    hint: { en: 'pair the nodes first (`entente pair`)', ja: 'まずノード同士を組み合わせてください（`entente pair`）' },
  },
  'node/wrong-realm': { en: 'this belongs to another realm[: {realm}]', ja: '別の領域のものです[: {realm}]' },
  'node/bad-request': { en: 'the request cannot be understood[: {what}]', ja: '要求を理解できません[: {what}]' },
  'node/bad-search': {
    en: 'the search cannot be read[ from `{term}` on]',
    ja: '検索の条件を読み取れません[（「{term}」以降）]',
    hint: {
      en: 'write words, phrases in quotation marks, and origin:, level:, area:, since:YYYY-MM-DD; at most eight words',
      ja: '語、引用符で囲んだ語句、origin:、level:、area:、since:YYYY-MM-DD を使い、語は八つまでにしてください',
    },
  },
  'node/absent': { en: 'there is nothing here', ja: '該当するものはありません' },
  'node/refused': { en: 'this is not permitted', ja: '許可されていません' },
  'node/too-large': { en: 'this is larger than allowed[: at most {limit} bytes]', ja: '大きすぎます[（上限 {limit} バイト）]' },
  'node/conflict': {
    en: 'something changed in the meantime',
    ja: 'その間に状態が変わりました',
    hint: { en: 'look at it again, then decide', ja: '最新の状態を確認してから判断してください' },
  },
  'node/not-enrolled': {
    en: 'the device is not enrolled',
    ja: '端末が登録されていません',
    hint: { en: 'sign in first (`entente login`)', ja: '先にサインインしてください（`entente login`）' },
  },
  'node/person-decides': { en: 'no rule can decide this: a person must', ja: '規則では決められません。人が判断する必要があります' },
  'node/clock': {
    en: 'the clocks of both sides differ too much',
    ja: '双方の時計の差が大きすぎます',
    hint: {
      en: 'set the clock; `entente doctor` shows the difference',
      ja: '時計を合わせてください。差は `entente doctor` で確認できます',
    },
  },
}

/** Who calls could not be established; none of these says whether anything asked for exists. */
export const auth: Catalogue<`auth/${string}`> = {
  'auth/credential-missing': {
    en: 'nobody is signed in',
    ja: 'サインインしていません',
    hint: { en: 'sign in (`entente login`)', ja: 'サインインしてください（`entente login`）' },
  },
  'auth/scheme': { en: 'the way of signing in is not one that is accepted here', ja: 'ここでは使えない認証方式です' },
  'auth/token-not-valid': {
    en: 'the sign-in is not valid here',
    ja: 'ここでは有効でないサインインです',
    hint: { en: 'sign in again', ja: 'サインインし直してください' },
  },
  'auth/token-expired': {
    en: 'the sign-in has expired',
    ja: 'サインインの有効期限が切れました',
    hint: { en: 'sign in again', ja: 'サインインし直してください' },
  },
  'auth/person-unknown': { en: 'nobody of this name works here', ja: '登録されていない利用者です' },
  'auth/proof-missing': { en: 'the call lacks the proof of its key', ja: '呼出しに鍵の証明がありません' },
  'auth/proof-not-valid': { en: "the proof of the call's key does not hold", ja: '呼出しの鍵の証明を検証できません' },
  'auth/proof-stale': {
    en: "the proof of the call's key is not of this moment",
    ja: '呼出しの鍵の証明の時刻が範囲外です',
    hint: { en: 'check the clock of the device', ja: '端末の時計を確認してください' },
  },
  'auth/proof-replayed': { en: "the proof of the call's key was used before", ja: '呼出しの鍵の証明はすでに使われています' },
  'auth/proof-other-key': { en: 'the sign-in belongs to another key', ja: '別の鍵に対するサインインです' },
  'auth/state-not-valid': {
    en: 'the sign-in was interrupted',
    ja: 'サインインが途中で途切れました',
    hint: { en: 'start the sign-in again', ja: 'サインインを最初からやり直してください' },
  },
}

/** What the edge of HTTP refuses before anything is looked up. */
export const http: Catalogue<`http/${string}`> = {
  'http/absent': { en: 'there is nothing here', ja: '該当するものはありません' },
  'http/body-not-valid': { en: 'the body of the request does not have the required form', ja: '要求の本文の形式が規定と異なります' },
  'http/body-not-json': {
    en: 'the body of the request is not valid JSON[ ({why})]',
    ja: '要求の本文が正しい JSON ではありません[（{why}）]',
  },
  'http/body-too-large': { en: 'the body of the request is larger than allowed', ja: '要求の本文が大きすぎます' },
  'http/media-type': { en: 'the body of the request is of a kind that is not accepted here', ja: 'ここで受け付けない種類の本文です' },
  'http/request-not-valid': { en: 'the request does not have the required form', ja: '要求の形式が規定と異なります' },
  'http/fault': { en: 'something went wrong inside the node', ja: 'ノードの内部で問題が起きました' },
  'http/internal': {
    en: 'something went wrong inside the node',
    ja: 'ノードの内部で問題が起きました',
    hint: { en: "look into the node's log; please report it", ja: 'ノードのログを確認し、報告してください' },
  },
  'http/no-port': {
    en: 'no free port was found',
    ja: '空いているポートが見つかりません',
    hint: { en: 'name one with --port', ja: '--port で指定してください' },
  },
}
