import type { ClientCode } from '@entente/client'
import type { Catalogue } from '../catalogue.ts'

/** What a person's own device says: what it checked, and what it could not do. */
export const client: Catalogue<ClientCode> = {
  // One sentence for what is not there and what is refused: which of the two it was, nobody learns from it.
  'client/absent': {
    en: 'there is nothing here, or not for you',
    ja: '該当するものがないか、利用が認められていません',
  },
  'client/answer-malformed': {
    en: 'the node gave an answer that cannot be read[: {route}]',
    ja: 'ノードの応答を読み取れません[（{route}）]',
  },
  'client/answer-unknown': {
    en: 'the node answered {status}[ to {route}]',
    ja: 'ノードが {status} を返しました[（{route}）]',
  },
  'client/trust': {
    en: 'what the node says about keys and agreements does not hold[ ({reason})]',
    ja: '鍵と取決めについてのノードの申告を検証できません[（{reason}）]',
    hint: {
      en: 'nothing was signed; ask the security officer before you go on',
      ja: '署名はしていません。続ける前に保全担当者に確認してください',
    },
  },
  'client/label-policy': {
    en: 'the marking scheme of this label is not known here[: {policy}]',
    ja: 'この標示の体系は、ここでは知られていません[（{policy}）]',
    hint: { en: "load the nation's marking scheme (--nations)", ja: 'その国の標示体系を読み込んでください（--nations）' },
  },
  'client/policy': {
    en: 'the marking scheme that the node gives is not the one that this device holds to[: {policy}]',
    ja: 'ノードが示した標示の体系が、この端末に登録されたものと一致しません[（{policy}）]',
    hint: {
      en: 'nothing was shown or signed; ask the security officer before you go on',
      ja: '表示も署名もしていません。続ける前に保全担当者に確認してください',
    },
  },
  'client/other-item': {
    en: 'the container is not the item that the list shows',
    ja: 'コンテナが一覧の項目と一致しません',
    hint: { en: 'nothing was signed; tell the security officer', ja: '署名はしていません。保全担当者に連絡してください' },
  },
  'client/container-digest': {
    en: 'the node gave other bytes than it named',
    ja: 'ノードが、示したものと異なるファイルを返しました',
    hint: { en: 'nothing was signed; try again', ja: '署名はしていません。もう一度実行してください' },
  },
  'client/item-expired': { en: 'the item has expired[: {until:time}]', ja: 'この項目の期限が切れています[（{until:time}）]' },
  'client/container-foreign': {
    en: 'the container has no release statement; it does not come from here',
    ja: '提供書のないコンテナです。ここで作られたものではありません',
  },
  'client/rendition-portions': {
    en: 'the node prepared other portions than were shown',
    ja: 'ノードが、表示されたものと異なる部分を準備しました',
    hint: { en: 'nothing was signed; read the report again', ja: '署名はしていません。報告をもう一度確認してください' },
  },
  'client/rendition-label': {
    en: 'the prepared marking protects less than the portions need',
    ja: '準備された標示では、各部分に必要な保護に足りません',
    hint: { en: 'nothing was signed; tell the security officer', ja: '署名はしていません。保全担当者に連絡してください' },
  },
  'client/rendition-key': {
    en: 'the prepared keys are not those of the nation[ {nation}]',
    ja: '準備された鍵が、その国のものではありません[（{nation}）]',
    hint: { en: 'nothing was sealed; tell the security officer', ja: '封印していません。保全担当者に連絡してください' },
  },
  'client/rendition-basis': {
    en: 'the prepared release rests on no rule of the agreement[ (to {nation})]',
    ja: '準備された提供は、取決めのどの規定にも基づいていません[（提供先 {nation}）]',
    hint: { en: 'nothing was signed; try again', ja: '署名はしていません。もう一度実行してください' },
  },
  'client/file-changed': {
    en: 'a file changed while it was read[: {name}]',
    ja: '読み取り中にファイルが変わりました[（{name}）]',
    hint: { en: 'try again when nothing writes to it', ja: '書き込みが終わってから、もう一度実行してください' },
  },
  'client/entry-log': {
    en: 'the proof belongs to another place or log[: {log}]',
    ja: '証明が別の箇所または別の記録簿のものです[（{log}）]',
  },
}
