/** The refusals of schemes and rules that are data, and of the national and common syntaxes. */
export type SchemeCode = 'label/rule'
