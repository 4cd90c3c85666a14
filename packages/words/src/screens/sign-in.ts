/** Choosing who one is, and devices. */
export const signIn = {
  'sign-in/title': { en: 'Who are you?', ja: '利用者の選択' },
  'sign-in/nation': { en: 'Node of {nation}', ja: '{nation}のノード' },
  'sign-in/how': {
    en: 'Exercise: choose a person, no password is asked. A second tab may be somebody else.',
    ja: '訓練：利用者を選んでください。パスワードは不要です。別のタブでは別の利用者になれます。',
  },
  'sign-in/people': { en: 'People of this nation', ja: 'この国の利用者' },
  'sign-in/has-device': { en: 'this browser has the device', ja: '端末登録済み' },
  'sign-in/no-device': { en: 'the device is fetched first', ja: '端末の鍵を先に受け取ります' },
  'sign-in/device-file': { en: 'Open a device file', ja: '端末ファイルを開く' },
  'sign-in/device-why': {
    en: 'A device holds the keys with which a person asks and signs. This browser keeps them so that no page can read them.',
    ja: '端末には、請求と署名に使う本人の鍵が入ります。鍵はこのブラウザーに保管され、どの画面からも読み出せません。',
  },
  'sign-in/device-wrong': {
    en: 'This is not a device of a person of this nation.',
    ja: 'この国の利用者の端末ではありません。',
  },
  'sign-in/device-unasked': {
    en: 'This address brought a device for which nobody asked here. It was not kept. Choose a person to begin.',
    ja: 'このアドレスには、ここから求めていない端末が含まれていました。保管していません。利用者を選び直してください。',
  },
  'sign-in/device-anew': { en: 'Fetch the device anew', ja: '端末を受け取り直す' },
  'sign-in/device-anew-of': { en: 'Fetch the device of {person} anew', ja: '{person}の端末を受け取り直す' },
  'sign-in/device-missing': {
    en: 'This browser has no device for this person.',
    ja: 'このブラウザーには、この利用者の端末がありません。',
  },
  'sign-in/going': { en: 'Signing in', ja: 'サインインしています' },
  'sign-in/failed': { en: 'You are not signed in.', ja: 'サインインできませんでした。' },
  'sign-in/browser': {
    en: 'This browser cannot keep the keys that are needed (Ed25519, ML-DSA-65, ML-KEM-768). Chromium 156 or later can.',
    ja: 'このブラウザーでは必要な鍵（Ed25519、ML-DSA-65、ML-KEM-768）を保管できません。Chromium 156 以降をお使いください。',
  },
  'sign-in/ended': { en: 'Your sign-in has ended. Choose yourself again.', ja: 'サインインの期限が切れました。もう一度選んでください。' },
  'role/author': { en: 'author', ja: '起案者' },
  'role/disclosure-officer': { en: 'disclosure officer', ja: '開示担当官' },
  'role/security-officer': { en: 'security officer', ja: '保全担当者' },
  'role/reader': { en: 'reader', ja: '閲覧者' },
  'role/clearance-officer': { en: 'clearance officer', ja: '適性評価の担当官' },
  'role/negotiator': { en: 'negotiator', ja: '交渉担当者' },
  'role/signatory': { en: 'signatory', ja: '署名者' },
  'role/auditor': { en: 'auditor', ja: '監査者' },
} as const
