// As much of JSON Schema 2020-12 as the schemas of spec/schema use; any other keyword is an error.
type Schema = Readonly<Record<string, unknown>>

const CHECKS: Readonly<Record<string, (value: unknown, wanted: unknown, schema: Schema, root: Schema) => boolean>> = {
  $ref: (value, wanted, _, root) => {
    const name = String(wanted).replace('#/$defs/', '')
    return isValid(value, (root['$defs'] as Record<string, Schema>)[name] as Schema, root)
  },
  type: (value, wanted) => {
    if (wanted === 'integer') return Number.isSafeInteger(value)
    if (wanted === 'array') return Array.isArray(value)
    return wanted === 'object' ? typeof value === 'object' && value !== null && !Array.isArray(value) : typeof value === wanted
  },
  const: (value, wanted) => value === wanted,
  enum: (value, wanted) => (wanted as unknown[]).includes(value),
  anyOf: (value, wanted, _, root) => (wanted as Schema[]).some((schema) => isValid(value, schema, root)),
  pattern: (value, wanted) => typeof value !== 'string' || new RegExp(String(wanted), 'u').test(value),
  minLength: (value, wanted) => typeof value !== 'string' || Array.from(value).length >= Number(wanted),
  maxLength: (value, wanted) => typeof value !== 'string' || Array.from(value).length <= Number(wanted),
  minimum: (value, wanted) => typeof value !== 'number' || value >= Number(wanted),
  maximum: (value, wanted) => typeof value !== 'number' || value <= Number(wanted),
  minItems: (value, wanted) => !Array.isArray(value) || value.length >= Number(wanted),
  maxItems: (value, wanted) => !Array.isArray(value) || value.length <= Number(wanted),
  uniqueItems: (value) => !Array.isArray(value) || new Set(value).size === value.length,
  items: (value, wanted, _, root) => !Array.isArray(value) || value.every((item) => isValid(item, wanted as Schema, root)),
  required: (value, wanted) => !isObject(value) || (wanted as string[]).every((name) => Object.hasOwn(value, name)),
  properties: (value, wanted, _, root) =>
    !isObject(value) ||
    Object.entries(wanted as Record<string, Schema>).every(
      ([name, schema]) => !Object.hasOwn(value, name) || isValid(value[name], schema, root),
    ),
  additionalProperties: (value, _, schema) =>
    !isObject(value) || Object.keys(value).every((name) => Object.hasOwn(schema['properties'] as object, name)),
}

const SILENT = new Set(['$schema', '$id', '$defs', 'title', 'description'])

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether a value is valid under a schema of this repository. */
export function isValid(value: unknown, schema: Schema, root: Schema = schema): boolean {
  return Object.entries(schema).every(([keyword, wanted]) => {
    if (SILENT.has(keyword)) return true
    const check = CHECKS[keyword]
    if (check === undefined) throw new TypeError(`keyword not handled: ${keyword}`)
    return check(value, wanted, schema, root)
  })
}
