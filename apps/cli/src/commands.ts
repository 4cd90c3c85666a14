import type { Command } from './command.ts'

type Load = () => Promise<{ readonly command: Command }>

/** Every command by its name, loaded when it is asked for. `demo` stands by itself. */
export const COMMANDS = {
  serve: () => import('./commands/serve.ts'),
  init: () => import('./commands/init.ts'),
  pair: () => import('./commands/pair.ts'),
  login: () => import('./commands/login.ts'),
  doctor: () => import('./commands/doctor.ts'),
  'report draft': () => import('./commands/report-draft.ts'),
  'report submit': () => import('./commands/report-submit.ts'),
  'report review': () => import('./commands/report-review.ts'),
  'report release': () => import('./commands/report-release.ts'),
  'report list': () => import('./commands/report-list.ts'),
  'report open': () => import('./commands/report-open.ts'),
  'report save': () => import('./commands/report-save.ts'),
  'report revoke': () => import('./commands/report-revoke.ts'),
  'report who': () => import('./commands/report-who.ts'),
  'report damage': () => import('./commands/report-damage.ts'),
  'clearance grant': () => import('./commands/clearance-grant.ts'),
  'clearance withdraw': () => import('./commands/clearance-withdraw.ts'),
  'clearance assign': () => import('./commands/clearance-assign.ts'),
  'clearance code': () => import('./commands/clearance-code.ts'),
  'roster send': () => import('./commands/roster-send.ts'),
  'container inspect': () => import('./commands/container-inspect.ts'),
  'container open': () => import('./commands/container-open.ts'),
  'ledger verify': () => import('./commands/ledger-verify.ts'),
  'ledger show': () => import('./commands/ledger-show.ts'),
  'ledger disclose': () => import('./commands/ledger-disclose.ts'),
  'label parse': () => import('./commands/label-parse.ts'),
  'agreement show': () => import('./commands/agreement-show.ts'),
} as const satisfies Record<string, Load>

export type CommandName = keyof typeof COMMANDS
