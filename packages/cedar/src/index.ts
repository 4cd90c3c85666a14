/** The agreement stated a second time, as Cedar policies, and a question written as Cedar asks it (spec/cedar.md). */
export { WIDTH } from './expression.ts'
export { homePolicies } from './home.ts'
export type * from './model.ts'
export { HOME_SET, type Opinion, secondOpinion } from './opinion.ts'
export { type CedarPolicy, textOf } from './policy.ts'
export type * from './request.ts'
export { SCHEMA } from './schema.ts'
export { versionPolicies, versionText } from './version.ts'
