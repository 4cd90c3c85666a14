import type { ContainerCode } from '@entente/container'
import type { Catalogue } from '../catalogue.ts'

/** Bytes that are no container, and containers that are not what they say. */
export const container: Catalogue<ContainerCode> = {
  'container/not-zip': { en: 'the file is not a container', ja: 'コンテナではないファイルです' },
  'container/zip-truncated': {
    en: 'the file is cut off',
    ja: 'ファイルが途中で切れています',
    hint: { en: 'fetch the file again', ja: 'ファイルを取得し直してください' },
  },
  'container/zip-trailing-bytes': { en: 'bytes follow the end of the container', ja: 'コンテナの終わりの後に余分なバイトがあります' },
  'container/zip-directory': { en: 'the directory of the container is broken', ja: 'コンテナの目録が壊れています' },
  'container/zip-entry-count': {
    en: 'the container has another number of parts than allowed[: {count}, at most {limit}]',
    ja: 'コンテナの部分の数が規定と異なります[（{count}、上限 {limit}）]',
  },
  'container/zip-duplicate-name': { en: 'two parts of the container have the same name', ja: 'コンテナに同じ名前の部分が二つあります' },
  'container/zip-name': { en: 'a part of the container has a name that is not allowed', ja: 'コンテナに認められない名前の部分があります' },
  'container/zip-compressed': {
    en: 'a part of the container is compressed, which is not allowed',
    ja: 'コンテナの部分が圧縮されています（認められません）',
  },
  'container/zip-encrypted': {
    en: 'a part of the container has ZIP encryption, which is not allowed',
    ja: 'コンテナの部分に ZIP 暗号が使われています（認められません）',
  },
  'container/zip-overlap': { en: 'parts of the container overlap', ja: 'コンテナの部分が重なっています' },
  'container/zip-hidden-bytes': {
    en: 'the container has bytes that belong to no part[: {bytes}]',
    ja: 'どの部分にも属さないバイトがコンテナにあります[（{bytes} バイト）]',
  },
  'container/zip-local-header': { en: 'a part of the container contradicts the directory', ja: 'コンテナの部分と目録が食い違っています' },
  'container/zip-not-as-written': {
    en: 'the container is not laid out as it must be[ (at {at})]',
    ja: 'コンテナの配置が規定と異なります[（{at}）]',
  },
  'container/source-short': { en: 'the source ended before its announced length', ja: '入力が予定の長さより前に終わりました' },
  'container/manifest-missing': { en: 'the container has no manifest', ja: 'コンテナにマニフェストがありません' },
  'container/manifest-too-large': {
    en: 'the manifest is larger than allowed[: at most {limit} bytes]',
    ja: 'マニフェストが大きすぎます[（上限 {limit} バイト）]',
  },
  'container/manifest-malformed': { en: 'the manifest cannot be read[ at {where}]', ja: 'マニフェストを読み取れません[（{where}）]' },
  'container/manifest-not-canonical': { en: 'the manifest is not in canonical form', ja: 'マニフェストが正規形ではありません' },
  'container/payload-missing': { en: 'the container has no payload', ja: 'コンテナに本体がありません' },
  'container/payload-size': { en: 'the payload has another size than the manifest says', ja: '本体の大きさがマニフェストと異なります' },
  'container/payload-too-large': { en: 'the payload is larger than allowed', ja: '本体が大きすぎます' },
  'container/algorithm': { en: 'the container names an algorithm that is not allowed', ja: '認められていない方式を使うコンテナです' },
  'container/gmac': {
    en: 'the container uses GMAC integrity, under which contents can be forged: refused',
    ja: '内容を偽造され得る GMAC による完全性検査を使うコンテナのため、拒否します',
  },
  'container/segment-layout': {
    en: 'the segments of the payload are not laid out as they must be',
    ja: '本体の区切りの配置が規定と異なります',
  },
  'container/segment-size': { en: 'a segment has a size that is not allowed', ja: '区切りの大きさが規定と異なります' },
  'container/policy-malformed': { en: 'the policy of the container cannot be read', ja: 'コンテナのポリシーを読み取れません' },
  'container/assertions': {
    en: 'the container does not have the assertions that it must have',
    ja: 'コンテナに必要な表明がそろっていません',
  },
  'container/assertion-header': { en: 'an assertion has a header that is not allowed', ja: '表明に認められないヘッダーがあります' },
  'container/assertion-content': {
    en: 'an assertion is not what was bound to the container',
    ja: '表明の内容が、コンテナに結び付けられたものと異なります',
  },
  'container/assertion-binding': { en: 'the binding of an assertion does not hold', ja: '表明の結び付けを検証できません' },
  'container/data-key': { en: 'the joined key is not the key of this container', ja: '組み合わせた鍵が、このコンテナのものではありません' },
  'container/key-services': {
    en: 'the key services do not fit the key control[ {control}]',
    ja: '鍵サービスの構成が鍵の管理方式[（{control}）]に合いません',
  },
  'container/wrapped-key': { en: 'a wrapped share does not open', ja: '包まれた鍵の分割片を開けません' },
  'container/root-signature': { en: 'the integrity value of the payload does not hold', ja: '本体全体の完全性を検証できません' },
  'container/segment-hash': { en: 'a segment of the payload was changed', ja: '本体の一部が変更されています' },
  'container/segment-tag': { en: 'a segment of the payload does not decrypt', ja: '本体の一部を復号できません' },
  'container/payload-digest': { en: 'the payload is not the one that was released', ja: '本体が、提供されたものと異なります' },
  'container/payload-crc': {
    en: 'the payload was damaged on its way',
    ja: '本体が途中で壊れています',
    hint: { en: 'fetch the file again', ja: 'ファイルを取得し直してください' },
  },
  'container/statement-missing': { en: 'the container has no release statement', ja: 'コンテナに提供書がありません' },
  'container/statement-malformed': { en: 'the release statement cannot be read', ja: '提供書を読み取れません' },
  'container/statement-realm': { en: 'the release statement belongs to another realm', ja: '別の領域の提供書です' },
  'container/statement-signer': {
    en: 'the release statement is not signed by an officer of the originator',
    ja: '提供書の署名者が、作成国の担当官ではありません',
  },
  'container/statement-signature': { en: 'a signature of the release statement does not hold', ja: '提供書の署名を検証できません' },
  'container/statement-manifest': {
    en: 'the manifest is not the one that the release statement was signed for',
    ja: 'マニフェストが、提供書の署名時のものと異なります',
  },
  'container/statement-label': {
    en: 'the label in the container differs from the release statement',
    ja: 'コンテナの標示が提供書と異なります',
  },
  'container/statement-label-xml': {
    en: "the label's XML form differs from the release statement",
    ja: '標示の XML 形式が提供書と異なります',
  },
  'container/statement-item': {
    en: 'the container is not the item that the release statement names',
    ja: 'コンテナが、提供書の示す項目ではありません',
  },
  'container/statement-attributes': { en: 'the policy does not say what the label says', ja: 'ポリシーと標示の内容が一致しません' },
  'container/statement-keys': { en: 'the key shares are not those of the release statement', ja: '鍵の分割片が提供書のものではありません' },
  'container/statement-digests': {
    en: 'a digest in the release statement does not fit the container',
    ja: '提供書の要約値がコンテナに合いません',
  },
  'container/statement-party': {
    en: 'the release statement names another originator or recipient',
    ja: '提供書に記された作成国または提供先が異なります',
  },
  'container/card-malformed': { en: 'the card cannot be read', ja: 'カードを読み取れません' },
  'container/card-digest': { en: 'the card is not the one that was released', ja: 'カードが、提供されたものと異なります' },
  'container/report-malformed': { en: 'the report inside the container cannot be read', ja: 'コンテナ内の報告を読み取れません' },
  'container/report-file-name': { en: 'a file has a name that is not allowed', ja: '認められない名前のファイルがあります' },
  'container/report-file-size': { en: 'a file has another size than the report says', ja: 'ファイルの大きさが報告の記載と異なります' },
  'container/report-file-digest': { en: 'a file is not the one that the report names', ja: 'ファイルが、報告に記されたものと異なります' },
  'container/report-structure': {
    en: 'the report inside the container is not put together as it must be',
    ja: 'コンテナ内の報告の構成が規定と異なります',
  },
  'container/report-order': { en: 'the report does not come first in the payload', ja: '本体の先頭が報告になっていません' },
}
