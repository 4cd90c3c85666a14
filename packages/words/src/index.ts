/** Every sentence that a person reads, in Japanese and English, by code (docs/en/README.md, "Words and codes"). */
export type { Lang, Values } from './catalogue.ts'
export { type WordedReason, codesWithWords, hasWords, hint, message, placeholders, reasonSentence } from './words.ts'
export { type ScreenKey, isScreenKey, say, screenKeys } from './screens/index.ts'
