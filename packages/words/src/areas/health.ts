import type { Catalogue } from '../catalogue.ts'

/** Why `/api/health` is red. Each says of what kind, and nothing of whom. */
export const health: Catalogue<`health/${string}`> = {
  'health/ledger': {
    en: 'the ledger process does not answer',
    ja: '記録簿のプロセスが応答しません',
    hint: { en: 'start the node again', ja: 'ノードを起動し直してください' },
  },
  'health/keys': {
    en: 'the keys process does not answer: nothing can be opened',
    ja: '鍵のプロセスが応答しません。開封はできません',
    hint: { en: 'start the node again', ja: 'ノードを起動し直してください' },
  },
  'health/office': {
    en: 'the clearance office does not answer: no clearance can be shown',
    ja: '適性評価の担当部署のプロセスが応答しません。クリアランスを示せません',
    hint: { en: 'start the node again', ja: 'ノードを起動し直してください' },
  },
  'health/witness': {
    en: 'the second witness does not answer: nothing of our own can be opened',
    ja: '第二の立会い者が応答しません。自国の項目を開封できません',
    hint: { en: 'start the node again', ja: 'ノードを起動し直してください' },
  },
  'health/log-unasked': {
    en: 'a log is closed: its witness could not be asked yet',
    ja: '閉鎖中のログがあります。立会い者への照会がまだできていません',
    hint: { en: 'start the partner, look at the link', ja: '相手国のノードと回線を確認してください' },
  },
  'health/log-behind': {
    en: 'a log is closed: its witness saw more of it than is here',
    ja: '閉鎖中のログがあります。立会い者は、ここにあるより先まで見ています',
    hint: {
      en: 'an older copy was put back: bring the newer journal (`entente reconcile`)',
      ja: '古い写しが戻されています。新しいジャーナルを取り込んでください（`entente reconcile`）',
    },
  },
  'health/log-forked': {
    en: 'a log is closed for good: its witness saw another one under its name',
    ja: 'ログが恒久的に閉鎖されました。立会い者は同じ名の別のログを見ています',
    hint: { en: 'keep everything and tell the partner', ja: 'すべてを保全し、相手国に知らせてください' },
  },
  'health/quarantine': {
    en: 'this node came out of a backup, and gives nothing until it is reconciled',
    ja: 'このノードはバックアップから復元されました。照合が済むまで何も提供しません',
    hint: {
      en: 'bring what is newer, then let a security officer accept it (`entente reconcile`)',
      ja: '新しい記録を取り込み、保全担当者が承認してください（`entente reconcile`）',
    },
  },
  'health/disk': {
    en: 'the disk takes no writes',
    ja: 'ディスクに書き込めません',
    hint: { en: 'make space, or look at the disk', ja: '空きを作るか、ディスクを調べてください' },
  },
  'health/trust': {
    en: 'the trust folder no longer verifies',
    ja: '信頼のフォルダを検証できなくなりました',
    hint: {
      en: 'somebody changed it: put the signed files back before the node is started again',
      ja: '書き換えられています。次の起動までに、署名された元のファイルを戻してください',
    },
  },
}
