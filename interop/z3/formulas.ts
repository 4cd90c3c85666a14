/** Formulas of Z3, and unknowns that have one value among terms. */
import type { Bool, Context, init } from 'z3-solver'

export type Z3 = Context<'entente'>
export type Formula = Bool<'entente'>
export type Api = Awaited<ReturnType<typeof init>>

/** One unknown with one value among these terms. */
export class OneOf {
  readonly #is: ReadonlyMap<string, Formula>
  readonly exactlyOne: Formula

  constructor(z3: Z3, name: string, terms: readonly string[]) {
    const value = z3.Int.const(name)
    const distinct = [...new Set(terms)]
    this.#is = new Map(distinct.map((term, at) => [term, value.eq(at)]))
    this.exactlyOne = z3.And(value.ge(0), value.lt(distinct.length))
  }

  is(z3: Z3, term: string): Formula {
    return this.#is.get(term) ?? z3.Bool.val(false)
  }

  in(z3: Z3, terms: Iterable<string>): Formula {
    return any(
      z3,
      [...terms].map((term) => this.is(z3, term)),
    )
  }
}

export function any(z3: Z3, formulas: readonly Formula[]): Formula {
  return formulas.length === 0 ? z3.Bool.val(false) : z3.Or(...formulas)
}

export function all(z3: Z3, formulas: readonly Formula[]): Formula {
  return formulas.length === 0 ? z3.Bool.val(true) : z3.And(...formulas)
}
