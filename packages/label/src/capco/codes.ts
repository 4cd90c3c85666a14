/** The refusals of the US syntax and of ISM. */
export type CapcoCode = 'capco/unknown-component'
