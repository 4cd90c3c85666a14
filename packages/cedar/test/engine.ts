// Cedar itself, for tests: the policies of a world, parsed once, and asked by the JSON of its bindings.
import {
  type Context,
  type Entities,
  formatPolicies,
  preparsePolicySet,
  preparseSchema,
  statefulIsAuthorized,
  validate,
} from '@cedar-policy/cedar-wasm/nodejs'
import { type Ask, type CedarPolicy, HOME_SET, type KnownVersion, SCHEMA, WIDTH, type World, homePolicies, versionPolicies } from '@entente/cedar'

/** Policies with the ids that the text gives them, as Cedar takes them. */
function staticPolicies(policies: readonly CedarPolicy[]): Record<string, string> {
  return Object.fromEntries(policies.map(({ id, text }) => [id, text]))
}

/** What Cedar's strict validator has against policies: errors and warnings. */
export function complaints(policies: readonly CedarPolicy[]): readonly string[] {
  const answer = validate({ schema: SCHEMA, policies: { staticPolicies: staticPolicies(policies) }, validationSettings: { mode: 'strict' } })
  if (answer.type === 'failure') return answer.errors.map(({ message }) => message)
  return [...answer.validationErrors, ...answer.validationWarnings].map(({ policyId, error }) => `${policyId}: ${error.message}`)
}

/** As Cedar's formatter lays it out. */
export function formatted(text: string): string {
  const answer = formatPolicies({ policyText: text, lineWidth: WIDTH, indentWidth: 2 })
  if (answer.type === 'failure') throw new Error(answer.errors.map(({ message }) => message).join('\n'))
  return answer.formatted_policy
}

/** A world's policy sets, ready to be asked; `slots` are used again for the next world. */
export function askable(world: World, asked: () => void = () => {}): Ask {
  succeed(preparseSchema('entente', SCHEMA))
  const slots = new Map<string, string>()
  const policies = new Map<string, ReadonlyMap<string, CedarPolicy>>()
  const prepare = (name: string, all: readonly CedarPolicy[]): void => {
    const slot = `slot-${slots.size}`
    succeed(preparsePolicySet(slot, { staticPolicies: staticPolicies(all) }))
    slots.set(name, slot)
    policies.set(name, new Map(all.map((policy) => [policy.id, policy])))
  }
  prepare(HOME_SET, homePolicies())
  for (const { id, body } of world.agreements) prepare(id, versionPolicies(body, chainOf(world, body.agreement)))
  return (set, { principal, action, resource, context, entities }) => {
    asked()
    const answer = statefulIsAuthorized({
      principal,
      action,
      resource,
      context: context as Context,
      entities: entities as unknown as Entities,
      preparsedPolicySetId: slots.get(set) ?? '',
      // With the schema, for it says which actions are reading; and every request and entity is held to it.
      preparsedSchemaName: 'entente',
      validateRequest: true,
    })
    if (answer.type === 'failure') throw new Error(answer.errors.map(({ message }) => message).join('\n'))
    const { decision, diagnostics } = answer.response
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
