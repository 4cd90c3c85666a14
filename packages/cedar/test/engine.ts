// Cedar itself, for tests: the policies of a world, parsed once, and asked by the JSON of its bindings.
import {
  type Context,
  type Entities,
  formatPolicies,
  policyToJson,
  preparsePolicySet,
  preparseSchema,
  statefulIsAuthorized,
  validate,
} from '@cedar-policy/cedar-wasm/nodejs'
import {
  type Ask,
  type CedarPolicy,
  HOME_SET,
  type KnownVersion,
  SCHEMA,
  WIDTH,
  type World,
  homePolicies,
  versionPolicies,
} from '@entente/cedar'

/** Policies with the ids that the text gives them, as Cedar takes them. */
function staticPolicies(policies: readonly CedarPolicy[]): Record<string, string> {
  const twice = policies.find(({ id }, index) => policies.findIndex((one) => one.id === id) !== index)
  if (twice !== undefined) throw new Error(`two policies are called ${twice.id}`)
  return Object.fromEntries(policies.map(({ id, text }) => [id, text]))
}

/** What Cedar's strict validator has against policies: errors and warnings. */
export function complaints(policies: readonly CedarPolicy[]): readonly string[] {
  const answer = validate({
    schema: SCHEMA,
    policies: { staticPolicies: staticPolicies(policies) },
    validationSettings: { mode: 'strict' },
  })
  if (answer.type === 'failure') return answer.errors.map(({ message }) => message)
  return [...answer.validationErrors, ...answer.validationWarnings].map(({ policyId, error }) => `${policyId}: ${error.message}`)
}

/** The annotations of a policy, as Cedar reads them out of its text. */
export function annotationsOf({ text }: CedarPolicy): Readonly<Record<string, string>> {
  const answer = policyToJson(text)
  if (answer.type === 'failure') throw new Error(answer.errors.map(({ message }) => message).join('\n'))
  return Object.fromEntries(Object.entries(answer.json.annotations ?? {}).map(([name, value]) => [name, value ?? '']))
}

/** As Cedar's formatter lays it out. */
export function formatted(text: string): string {
  const answer = formatPolicies({ policyText: text, lineWidth: WIDTH, indentWidth: 2 })
  if (answer.type === 'failure') throw new Error(answer.errors.map(({ message }) => message).join('\n'))
  return answer.formatted_policy
}

/** The actions of people who read; without the schema nothing else says that they are. */
const READING = new Set(['list', 'show', 'open', 'print', 'export', 'onward-release', 'derive'])

/** How Cedar is asked in a test. */
export interface Asking {
  readonly checked: boolean
  /** Called for every request. */
  readonly asked?: () => void
  /** A planted fault: policies with an id that begins so are left out. */
  readonly without?: string
}

/**
 * A world's policy sets, ready to be asked. `checked` holds every request and entity to the schema, which takes half the time.
 */
export function askable(world: World, options: Asking): Ask {
  succeed(preparseSchema('entente', SCHEMA))
  const left = ({ id }: CedarPolicy): boolean => options.without !== undefined && id.startsWith(options.without)
  // What is asked first, what then, and what of offices are three sets: of a version's policies none of the one kind speaks to the other.
  const prepare = (name: string, all: readonly CedarPolicy[]): void => {
    for (const about of ['reading', 'say', 'release'] as const) {
      // A name is used again for the next world: what was parsed under it is dropped.
      succeed(
        preparsePolicySet(`${about} ${name}`, {
          staticPolicies: staticPolicies(all.filter((policy) => policy.about === about && !left(policy))),
        }),
      )
    }
  }
  prepare(HOME_SET, homePolicies())
  for (const { id, body } of world.agreements) prepare(id, versionPolicies(body, chainOf(world, body.agreement)))
  return (set, { principal, action, resource, context, entities }) => {
    options.asked?.()
    const reading = READING.has(action.id) ? [{ type: 'Action', id: 'read' }] : []
    const answer = statefulIsAuthorized({
      principal,
      action,
      resource,
      context: context as Context,
      entities: (options.checked ? entities : [...entities, { uid: action, attrs: {}, parents: reading }]) as unknown as Entities,
      preparsedPolicySetId: `${READING.has(action.id) ? 'reading' : action.id === 'release' ? 'release' : 'say'} ${set}`,
      ...(options.checked ? { preparsedSchemaName: 'entente', validateRequest: true } : {}),
    })
    if (answer.type === 'failure') throw new Error(answer.errors.map(({ message }) => message).join('\n'))
    const { decision, diagnostics } = answer.response
    // An error while it is evaluated makes Cedar pass a policy over, a forbid too: there must be none.
    if (diagnostics.errors.length > 0) throw new Error(JSON.stringify(diagnostics.errors))
    return { permit: decision === 'allow', policies: diagnostics.reason }
  }
}

/** The bodies of every version of an agreement. */
export function chainOf(world: World, agreement: string): readonly KnownVersion['body'][] {
  return world.agreements.map(({ body }) => body).filter((body) => body.agreement === agreement)
}

function succeed(answer: { readonly type: string; readonly errors?: readonly { readonly message: string }[] }): void {
  if (answer.type !== 'success') throw new Error((answer.errors ?? []).map(({ message }) => message).join('\n'))
}
