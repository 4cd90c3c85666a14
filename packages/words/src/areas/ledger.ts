import type { LedgerCode } from '@entente/ledger'
import type { Catalogue } from '../catalogue.ts'

/** Logs, notes, proofs and entries that do not hold. */
export const ledger: Catalogue<LedgerCode> = {
  'ledger/size': { en: 'a size or index is not possible for this log', ja: 'この記録簿ではあり得ない大きさまたは番号です' },
  'ledger/note-malformed': { en: 'a signed note cannot be read', ja: '署名付きの記載を読み取れません' },
  'ledger/note-too-large': { en: 'a signed note is larger than allowed', ja: '署名付きの記載が大きすぎます' },
  'ledger/key-malformed': { en: 'a verification key cannot be read', ja: '検証鍵を読み取れません' },
  'ledger/key-type': { en: 'a verification key is of another kind than needed here', ja: 'ここで必要な種類の検証鍵ではありません' },
  'ledger/signature-invalid': { en: 'a signature[ of {name}] does not hold', ja: '[{name} の]署名を検証できません' },
  'ledger/signature-missing': { en: 'a signature[ of {name}] is missing', ja: '[{name} の]署名がありません' },
  'ledger/checkpoint-missing': {
    en: 'the log[ {origin}] has no checkpoint',
    ja: '記録簿[ {origin} ]に検印（チェックポイント）がありません',
  },
  'ledger/checkpoint-malformed': {
    en: 'the checkpoint[ of {origin}] cannot be read',
    ja: '[{origin} の]検印（チェックポイント）を読み取れません',
  },
  'ledger/other-log': { en: 'the checkpoint is of another log[: {origin}]', ja: '別の記録簿の検印（チェックポイント）です[: {origin}]' },
  'ledger/log-unknown': { en: 'the log[ {origin}] is not known here', ja: '記録簿[ {origin} ]は、ここでは知られていません' },
  'ledger/quorum-unmet': {
    en: 'the checkpoint lacks the cosignatures that the witness policy asks for',
    ja: '検印（チェックポイント）に、立会いの定めが求める連署が足りません',
  },
  'ledger/policy-malformed': { en: 'the verification policy cannot be read', ja: '検証方針を読み取れません' },
  'ledger/proof-malformed': { en: 'a proof cannot be read', ja: '証明を読み取れません' },
  'ledger/inclusion-wrong': {
    en: 'the entry is not in the log at the place that the proof says',
    ja: '証明の示す位置に、その記載はありません',
  },
  'ledger/consistency-wrong': {
    en: 'the log is not a continuation of what it was before',
    ja: '記録簿が、以前の内容の続きになっていません',
    hint: { en: 'keep both checkpoints: together they are evidence', ja: '二つの検印を保存してください。合わせて証拠となります' },
  },
  'ledger/request-malformed': { en: 'a request to the witness cannot be read', ja: '立会い者への依頼を読み取れません' },
  'ledger/old-size': { en: 'the witness has cosigned another size', ja: '立会い者が連署した大きさと異なります' },
  'ledger/fork': {
    en: 'the log shows two different histories',
    ja: '記録簿に食い違う二つの履歴があります',
    hint: {
      en: 'stop releasing; keep both checkpoints: together they are evidence',
      ja: '提供を止め、二つの検印を保存してください。合わせて証拠となります',
    },
  },
  'ledger/rolled-back': {
    en: 'the log is shorter than it was',
    ja: '記録簿が以前より短くなっています',
    hint: { en: 'reconcile with the witnesses before anything is released', ja: '何かを提供する前に、立会い者と照合してください' },
  },
  'ledger/root-wrong': { en: 'the log does not add up to its checkpoint', ja: '記録簿の内容が検印（チェックポイント）と一致しません' },
  'ledger/unreadable': { en: 'the log cannot be read', ja: '記録簿を読めません' },
  'ledger/tile-missing': { en: 'a tile of the log is missing[: {path}]', ja: '記録簿のタイルがありません[: {path}]' },
  'ledger/tile-malformed': { en: 'a tile of the log is broken[: {path}]', ja: '記録簿のタイルが壊れています[: {path}]' },
  'ledger/tile-wrong': { en: 'a tile of the log was changed[: {path}]', ja: '記録簿のタイルが変更されています[: {path}]' },
  'ledger/bundle-missing': { en: 'a bundle of entries is missing[: {path}]', ja: '記載の束がありません[: {path}]' },
  'ledger/bundle-malformed': { en: 'a bundle of entries is broken[: {path}]', ja: '記載の束が壊れています[: {path}]' },
  'ledger/entry-too-large': { en: 'an entry is larger than allowed', ja: '記載が大きすぎます' },
  'ledger/entry-malformed': { en: 'an entry cannot be read[: number {index}]', ja: '記載を読み取れません[（{index} 番）]' },
  'ledger/entry-wrong': { en: 'an entry was changed[: number {index}]', ja: '記載が変更されています[（{index} 番）]' },
  'ledger/entry-realm': { en: 'an entry belongs to another realm[: number {index}]', ja: '別の領域の記載があります[（{index} 番）]' },
  'ledger/entry-tile-differ': {
    en: 'entry and tile contradict each other[: number {index}]',
    ja: '記載とタイルが食い違っています[（{index} 番）]',
  },
  'ledger/field-name': { en: 'a field of an entry has a name that is not allowed', ja: '記載の欄に認められない名前があります' },
  'ledger/field-unknown': { en: 'the entry has no such field', ja: '記載にその欄はありません' },
  'ledger/opening-malformed': {
    en: 'the opening of an entry cannot be read[: number {index}]',
    ja: '記載の開示を読み取れません[（{index} 番）]',
  },
  'ledger/opening-wrong': {
    en: 'what is disclosed is not what the entry says[: number {index}]',
    ja: '開示された内容が記載と異なります[（{index} 番）]',
  },
  'ledger/disclosure-malformed': { en: 'the disclosure file cannot be read', ja: '開示ファイルを読み取れません' },
  'ledger/disclosure-beyond': {
    en: 'the disclosure file names an entry beyond the end of the log[: number {index}]',
    ja: '開示ファイルが、記録簿の末尾を超える記載を指しています[（{index} 番）]',
  },
  'ledger/more-findings': { en: 'there are more findings than are listed', ja: 'ここに示した以外にも問題があります' },
}
