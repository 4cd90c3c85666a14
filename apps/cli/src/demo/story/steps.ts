import type { Bilingual } from '../world.ts'
import { agreementAndPairing, clearancesAndRosters } from './steps-begin.ts'
import { approval, drafting, releaseAcross } from './steps-release.ts'
import { absentForOthers, firstOpening, savedContainer } from './steps-read.ts'
import { killed, revoked, withdrawn, cutLink } from './steps-stop.ts'
import { audit, damage } from './steps-audit.ts'
import type { Evidence, Scene } from './scene.ts'

/** One step of the story: `run` puts what it sees into the evidence as it goes, and throws at the first check that does not hold. */
export interface Step {
  readonly step: number
  readonly name: Bilingual
  readonly run: (scene: Scene, evidence: Evidence) => Promise<void>
}

const step = (number: number, en: string, ja: string, run: Step['run']): Step => ({ step: number, name: { en, ja }, run })

/** The story, in order. */
export const STEPS: readonly Step[] = [
  step(1, 'agreement signed, nations paired', '取決めの署名と相互登録', agreementAndPairing),
  step(2, 'clearances granted, rosters across', 'クリアランスの付与と閲覧者数の報告', clearancesAndRosters),
  step(3, 'drafted, banner computed', '起案と全体標記', drafting),
  step(4, 'disclosure review', '開示の審査', approval),
  step(5, 'sealed, released, received, receipted', '封印、開示、受領、受領証', releaseAcross),
  step(6, 'listed, opened, proven; canary search', '一覧、開封、証明、漏えい検査', firstOpening),
  step(7, 'not there for the second and third reader', '第二・第三の利用者には存在しない', absentForOthers),
  step(8, 'saved container opens later', '保存した容器を後で開く', savedContainer),
  step(9, 'revoked', '撤回', revoked),
  step(10, 'clearance withdrawn', 'クリアランスの取消し', withdrawn),
  step(11, 'killed on the way, delivered once', '途中で停止しても一度だけ届く', killed),
  step(12, 'link cut and healed', '回線の切断と復旧', cutLink),
  step(13, 'audit from files alone', 'ファイルだけによる監査', audit),
  step(14, 'damage assessment', '影響評価', damage),
]
