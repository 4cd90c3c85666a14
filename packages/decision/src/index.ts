/** One pure function that permits with articles and duties, or refuses with every reason (spec/decision.md). */
export { type Decider, compile, decide, explainRelease } from './decide.ts'
export type { Reader, Released } from './reader.ts'
export * from './errors.ts'
export * from './model.ts'
export { MAX_QUESTION_BYTES, readQuestion } from './question.ts'
