import { type CompiledFacts, compileFacts } from './compile.ts'
import { standingOf } from './course.ts'
import { explain } from './explain.ts'
import { itemOf, rulesOf } from './item.ts'
import { Kinds } from './kinds.ts'
import type { Asking, Decision, Facts, Question, ReleaseExplanation, ReleaseQuestion } from './model.ts'
import { type Reader, ReaderOf } from './reader.ts'
import { decisionOf } from './verdict.ts'

/** Facts looked up once, for many questions. */
export interface Decider {
  /** As the function `decide`. Total: it never throws. */
  decide(question: Question): Decision
  /** As the function `explainRelease`. */
  explainRelease(question: ReleaseQuestion): ReleaseExplanation
  /** The same decisions for many items, without words. */
  reader(asking: Asking): Reader
}

/** Looks the facts up once; throws `DecisionError` where no decision may rest on them (`compileFacts`). */
export function compile(facts: Facts): Decider {
  const compiled = compileFacts(facts)
  const kinds = new Map<string, Kinds>()
  return {
    decide: (question) => decideOn(compiled, question),
    explainRelease: (question) => explain(compiled, question),
    reader(asking) {
      const { nation } = asking.person
      const known = kinds.get(nation) ?? new Kinds(compiled, nation)
      kinds.set(nation, known)
      return new ReaderOf(compiled, known, asking)
    },
  }
}

/** One decision (spec/decision.md): permit with articles and duties, or refuse with every reason. For many, `compile`. */
export function decide(question: Question, facts: Facts): Decision {
  return compile(facts).decide(question)
}

/** What a disclosure officer sees before deciding: which portions may go under which grant, and who could read them. */
export function explainRelease(question: ReleaseQuestion, facts: Facts): ReleaseExplanation {
  return compile(facts).explainRelease(question)
}

function decideOn(facts: CompiledFacts, question: Question): Decision {
  const item = itemOf(facts, question.item, question.person.nation)
  const standing = standingOf(facts, item, question, question.item.releasedAt)
  const rules = rulesOf(item, standing)
  return decisionOf(item, rules, standing, question, question.item)
}
