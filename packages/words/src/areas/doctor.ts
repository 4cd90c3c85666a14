import type { Catalogue } from '../catalogue.ts'

/** What `entente doctor` looks at. Each sentence names what was found; the state (ok, warn, fail) stands beside it. */
export const doctor: Catalogue<`doctor/${string}`> = {
  'doctor/node-version': {
    en: 'Node.js {version}; {needed} or later is needed',
    ja: 'Node.js {version}（必要なのは {needed} 以降）',
    hint: { en: 'run `npm ci`: it brings the right one along', ja: '`npm ci` を実行すると適切な版が入ります' },
  },
  'doctor/clock-skew': {
    en: 'clock and that of {nation}: {seconds} s apart',
    ja: '{nation} の時計との差は {seconds} 秒',
    hint: {
      en: 'set the clock by a time server; openings are refused beyond 30 s',
      ja: '時計を合わせてください。30 秒を超えると開封は拒否されます',
    },
  },
  'doctor/partner-reachable': {
    en: 'node of {nation}: reachable[ – no, {reason}]',
    ja: '{nation} のノードへの到達[: 不可（{reason}）]',
    hint: {
      en: 'look at the link and at `peers.json`; what waits is kept',
      ja: '回線と `peers.json` を確認してください。送信待ちのものは保持されています',
    },
  },
  'doctor/agreement': {
    en: 'agreement {agreement}[, version {version}][, {days} days left]',
    ja: '取決め {agreement}[、第 {version} 版][、残り {days} 日]',
    hint: { en: 'without a version in force nothing is released or opened', ja: '発効中の版がないと、提供も開封もできません' },
  },
  'doctor/trust-kept': {
    en: 'the process {process} could not verify the trust folder and goes on with what it had[ ({reason})]',
    ja: 'プロセス {process} は信頼フォルダーを検証できず、以前の内容で動いています[（{reason}）]',
    hint: {
      en: 'compare `trust/` with the partner’s copies; the node opens nothing that the missing change concerns',
      ja: '`trust/` を相手国の控えと照合してください。反映されていない変更に関わるものは開封されません',
    },
  },
  'doctor/key-statement-age': {
    en: 'key statement {number} of {nation}, {days} days old',
    ja: '{nation} の鍵告知第 {number} 号（{days} 日経過）',
    hint: { en: 'have the authority sign a new one', ja: '当局に新しい告知への署名を求めてください' },
  },
  'doctor/delegation': {
    en: 'delegation of {officer}: {days} days left',
    ja: '{officer} への委任: 残り {days} 日',
    hint: { en: 'a new key statement renews it', ja: '新しい鍵告知で更新されます' },
  },
  'doctor/ledger-closed': {
    en: 'log {log}: open for releases',
    ja: 'ログ {log}: 提供の受付',
    hint: {
      en: 'its witness could not be asked, or has seen more of it than is here: reconcile before anything else',
      ja: '立会い者に照会できないか、立会い者の記録の方が進んでいます。まず照合してください',
    },
  },
  'doctor/ledger-uncosigned': {
    en: 'log {log}: {size} entries, {uncosigned} not cosigned yet',
    ja: 'ログ {log}: 記載 {size} 件、うち連署待ち {uncosigned} 件',
    hint: { en: 'they are cosigned when the witness can be reached', ja: '立会い者に到達でき次第、連署されます' },
  },
  'doctor/no-quarantine': {
    en: 'this directory did not come out of a backup, or was reconciled since',
    ja: 'バックアップから復元されたものではないか、照合済み',
  },
  'doctor/quarantine': {
    en: 'restored from a backup of {records} records, and closed',
    ja: '記録 {records} 件の時点のバックアップから復元され、閉鎖中',
    hint: {
      en: 'bring what is newer, make good what is missing, then `entente reconcile --accept`',
      ja: '新しい記録を取り込み、欠けたものを補ってから、`entente reconcile --accept` を実行してください',
    },
  },
  'doctor/backup-age': {
    en: 'last backup: {hours} hours ago',
    ja: '直近のバックアップ: {hours} 時間前',
    hint: { en: 'make a new one: `entente backup`', ja: '新しく作ってください（`entente backup`）' },
  },
  'doctor/no-backup': {
    en: 'no backup was made here yet',
    ja: 'バックアップがまだ一度も作られていません',
    hint: { en: 'see `entente recovery-key` and `entente backup`', ja: '`entente recovery-key` と `entente backup` を参照してください' },
  },
  'doctor/key-files': { en: 'key files: readable by their owner alone', ja: '鍵のファイル: 所有者だけが読める' },
  'doctor/key-files-open': {
    en: 'other users may read `{file}`',
    ja: '`{file}` がほかの利用者にも読める',
    hint: {
      en: '`chmod -R go= DIRECTORY`; somebody may have the key already: a new one is safer',
      ja: '`chmod -R go= ディレクトリ` を実行してください。すでに読まれたおそれがあるので、鍵の更新が安全です',
    },
  },
  'doctor/authority-away': { en: "the authority's key is not on this machine", ja: '当局の鍵はこの機械にない' },
  'doctor/authority-key': {
    en: "the authority's key lies on this machine, in `{folder}`",
    ja: '当局の鍵がこの機械の `{folder}` にある',
    hint: { en: 'carry it off: the node never needs it', ja: '機械の外へ移してください。ノードには不要です' },
  },
  'doctor/port': {
    en: 'port {port}[, although {asked} was asked for]',
    ja: 'ポート {port}[（設定は {asked}）]',
    hint: {
      en: 'the port was taken: stop what holds it, then start the node again',
      ja: '設定のポートが使用中でした。使っているものを止めて、ノードを起動し直してください',
    },
  },
  'doctor/certificate': {
    en: 'TLS certificate of {nation}: {days} days left',
    ja: '{nation} の TLS 証明書: 残り {days} 日',
    hint: {
      en: 'a new certificate needs a new key statement of that nation',
      ja: '新しい証明書には、その国の新しい鍵告知が必要です',
    },
  },
  'doctor/ledger-files': { en: 'files of log {log}: {size} entries verify', ja: 'ログ {log} のファイル: {size} 件を検証、問題なし' },
  'doctor/ledger-files-wrong': {
    en: 'files of log {log} do not verify: {findings} findings, the first {finding}',
    ja: 'ログ {log} のファイルを検証できない: 問題 {findings} 件、最初のものは {finding}',
    hint: {
      en: 'keep a copy as evidence; the next start makes tiles anew from the journal',
      ja: '証拠として写しを取ってください。次の起動で、タイルはジャーナルから作り直されます',
    },
  },
  'doctor/projection': {
    en: 'projection: {applied} of {next} records',
    ja: '写し: 記録 {next} 件中 {applied} 件',
    hint: { en: 'it is rebuilt from the journal when the node starts', ja: 'ノードの起動時にジャーナルから作り直されます' },
  },
  'doctor/disk-free': {
    en: 'disk: {mebibytes} MiB free',
    ja: 'ディスクの空き: {mebibytes} MiB',
    hint: {
      en: 'make space: a full disk refuses everything, and loses nothing',
      ja: '空きを作ってください。満杯になるとすべて拒否されますが、失われるものはありません',
    },
  },
}
