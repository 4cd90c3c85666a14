import type { CanonicalCode } from '@entente/canonical'
import type { Catalogue } from '../catalogue.ts'

/** Bytes that are not what they must be, and signatures that do not hold. */
export const canonical: Catalogue<CanonicalCode> = {
  'canonical/not-utf8': {
    en: 'the bytes are not valid UTF-8 text',
    ja: '正しい UTF-8 の文字列ではありません',
  },
  'canonical/not-json': {
    en: 'the text is not valid JSON[ at character {at}]',
    ja: '正しい JSON ではありません[（{at} 文字目）]',
  },
  'canonical/duplicate-member': {
    en: 'a JSON member stands twice[ at character {at}]',
    ja: 'JSON の同じメンバーが二度現れます[（{at} 文字目）]',
  },
  'canonical/number-not-integer': {
    en: 'a number is not an integer within ±2^53[ at character {at}]',
    ja: '±2^53 の範囲の整数でない数があります[（{at} 文字目）]',
    hint: { en: 'write fractions and large numbers as strings', ja: '小数や大きな数は文字列として書いてください' },
  },
  'canonical/null': {
    en: 'null is not allowed[ at character {at}]',
    ja: 'null は使えません[（{at} 文字目）]',
    hint: { en: 'leave the member out instead', ja: '値がない場合はメンバー自体を省いてください' },
  },
  'canonical/lone-surrogate': {
    en: 'the text holds half a surrogate pair[ at character {at}]',
    ja: '対になっていないサロゲートが文字列に含まれています[（{at} 文字目）]',
  },
  'canonical/too-deep': {
    en: 'the JSON is nested too deeply[ at character {at}]',
    ja: 'JSON の入れ子が深すぎます[（{at} 文字目）]',
  },
  'canonical/too-large': {
    en: 'the document is larger than allowed[: at most {limit} bytes]',
    ja: '文書が大きすぎます[（上限 {limit} バイト）]',
  },
  'canonical/not-canonical': {
    en: 'the JSON is not in canonical form (RFC 8785)',
    ja: 'JSON が正規形（RFC 8785）ではありません',
    hint: {
      en: 'do not reformat signed documents: use the bytes as received',
      ja: '署名された文書は整形し直さず、受け取ったバイト列のまま使ってください',
    },
  },
  'canonical/shape': {
    en: 'the {what} does not have the required form[ at {where}]',
    ja: '{what} の形式が規定と異なります[（{where}）]',
  },
  'canonical/encoding': {
    en: 'a hexadecimal or base64 text is not written strictly',
    ja: '16 進または base64 の表記が厳密な形ではありません',
  },
  'canonical/signature-missing': {
    en: 'a required signature is missing[ on the {type}][ (key {key})]',
    ja: '必要な署名がありません[（文書の種類: {type}）][（鍵: {key}）]',
    hint: { en: 'ask the sender for the document with every signature', ja: 'すべての署名がそろった文書を送信元に求めてください' },
  },
  'canonical/signature-invalid': {
    en: 'a signature does not hold[ on the {type}][ (key {key})]: the document or the key is not the one that was signed with',
    ja: '署名を検証できません[（文書の種類: {type}）][（鍵: {key}）]。文書または鍵が、署名時のものと異なります',
    hint: { en: 'do not use the document; tell the security officer', ja: 'この文書は使わず、保全担当者に知らせてください' },
  },
  'canonical/wrong-realm': {
    en: 'the document belongs to another realm: exercise and operational data never mix',
    ja: '別の領域の文書です。演習用と実務用のデータは決して混ざりません',
  },
  'canonical/wrong-type': {
    en: 'the document is of another type than the one expected here',
    ja: 'ここで求められている種類の文書ではありません',
  },
  'canonical/aead': {
    en: 'the sealed data does not open: key, context or bytes are not the right ones',
    ja: '封印されたデータを開けません。鍵、文脈、バイト列のいずれかが異なります',
  },
  'canonical/key': {
    en: 'a key is malformed',
    ja: '鍵の形式が正しくありません',
  },
}
