import type { Command } from '../command.ts'
import { agreementCheck } from './agreement-check.ts'
import {
  agreementComment,
  agreementCounter,
  agreementInitial,
  agreementNote,
  agreementProposals,
  agreementPropose,
  agreementResume,
  agreementSeal,
  agreementSuspend,
  agreementTerminate,
  agreementWithdraw,
} from './agreement-life.ts'
import { agreementDecide } from './agreement-decide.ts'
import { agreementDifference } from './agreement-difference.ts'
import { agreementExport } from './agreement-export.ts'
import { agreementInvariants } from './agreement-invariants.ts'
import { agreementShow } from './agreement-show.ts'
import { agreementSign } from './agreement-sign.ts'
import { agreementVerify } from './agreement-verify.ts'
import { backup, reconcile, recoveryKey, restore } from './backup.ts'
import {
  clearanceAssign,
  clearanceAttest,
  clearanceCode,
  clearanceGrant,
  clearanceRetract,
  clearanceSuspend,
  clearanceWithdraw,
  rosterSend,
} from './clearance.ts'
import { containerInspect } from './container-inspect.ts'
import { labelConvert } from './label-convert.ts'
import { labelAccess, labelCompare, labelJoin, labelMap } from './label-order.ts'
import { labelParse } from './label-parse.ts'
import { ledgerVerify } from './ledger-verify.ts'
import { init, pair, serve } from './nation.ts'
import { doctor, ledgerDisclose, ledgerShow, login } from './oversight.ts'
import { reportDamage, reportEvidence, reportWho } from './report-evidence.ts'
import { containerOpen, reportList, reportOpen, reportSave } from './report-read.ts'
import { reportRevoke } from './report-stop.ts'
import { reportDraft, reportRelease, reportReview, reportSubmit } from './report-write.ts'
import { verifyClient } from './verify-client.ts'

/** Every command but `demo`, by its name, in the order of the help. */
export const commands: Readonly<Record<string, Command>> = {
  'report draft': reportDraft,
  'report submit': reportSubmit,
  'report review': reportReview,
  'report release': reportRelease,
  'report list': reportList,
  'report open': reportOpen,
  'report save': reportSave,
  'report revoke': reportRevoke,
  'report who': reportWho,
  'report evidence': reportEvidence,
  'report damage': reportDamage,
  'container inspect': containerInspect,
  'container open': containerOpen,
  'ledger verify': ledgerVerify,
  'ledger show': ledgerShow,
  'ledger disclose': ledgerDisclose,
  'label parse': labelParse,
  'label convert': labelConvert,
  'label join': labelJoin,
  'label compare': labelCompare,
  'label access': labelAccess,
  'label map': labelMap,
  'agreement show': agreementShow,
  'agreement check': agreementCheck,
  'agreement sign': agreementSign,
  'agreement verify': agreementVerify,
  'agreement propose': agreementPropose,
  'agreement comment': agreementComment,
  'agreement counter': agreementCounter,
  'agreement initial': agreementInitial,
  'agreement seal': agreementSeal,
  'agreement note': agreementNote,
  'agreement suspend': agreementSuspend,
  'agreement resume': agreementResume,
  'agreement withdraw': agreementWithdraw,
  'agreement terminate': agreementTerminate,
  'agreement proposals': agreementProposals,
  'agreement difference': agreementDifference,
  'agreement invariants': agreementInvariants,
  'agreement export': agreementExport,
  'agreement decide': agreementDecide,
  'clearance grant': clearanceGrant,
  'clearance assign': clearanceAssign,
  'clearance attest': clearanceAttest,
  'clearance retract': clearanceRetract,
  'clearance suspend': clearanceSuspend,
  'clearance withdraw': clearanceWithdraw,
  'clearance code': clearanceCode,
  'roster send': rosterSend,
  init,
  pair,
  serve,
  'recovery-key': recoveryKey,
  backup,
  restore,
  reconcile,
  login,
  doctor,
  'verify-client': verifyClient,
}
