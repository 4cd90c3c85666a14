import { type Json, type Shape, canonicalBytes, fromBase64, fromUtf8, readShape, shapes, toBase64 } from '@entente/canonical'
import * as v from 'valibot'
import { ContainerError } from './errors.ts'
import { withoutNull } from './manifest.ts'

/** What an OpenTDF key service decides on: attribute names; `dissem` (named persons) is always empty in ours. */
export interface Policy {
  /** The item. */
  readonly uuid: string
  readonly attributes: readonly string[]
  readonly dissem: readonly string[]
}

const attribute = v.pipe(v.string(), v.maxLength(512), v.regex(/^https:\/\/[a-z0-9.-]+\/attr\/[A-Za-z0-9_.-]+\/value\/[A-Za-z0-9_.%-]+$/u))

const policyShape = v.object({
  uuid: v.string(),
  body: v.object({
    dataAttributes: v.optional(v.pipe(v.array(v.object({ attribute: v.string() })), v.maxLength(1_000)), []),
    dissem: v.optional(v.pipe(v.array(v.string()), v.maxLength(1_000)), []),
  }),
})

const ownShape: Shape<{ uuid: string; attributes: readonly string[] }> = v.strictObject({
  uuid: shapes.uuid,
  attributes: v.pipe(v.array(attribute), v.minLength(1), v.maxLength(256)),
})

/**
 * The policy string of a container: base64 of the canonical policy object. Attributes are sorted and must be at least one:
 * upstream key services give a key with no attribute to anybody. Throws `container/policy-malformed`.
 */
export function encodePolicy(item: string, attributes: readonly string[]): string {
  const sorted = [...new Set(attributes)].sort()
  try {
    readShape(ownShape, { uuid: item, attributes: sorted }, 'policy')
  } catch (cause) {
    throw new ContainerError('container/policy-malformed', 'not an item and its attributes', { cause })
  }
  const dataAttributes = sorted.map((name): Json => ({ attribute: name, displayName: '', isDefault: false, kasURL: '', pubKey: '' }))
  return toBase64(canonicalBytes({ body: { dataAttributes, dissem: [] }, uuid: item }))
}

/** Reads a policy string, ours or foreign. Throws `container/policy-malformed`. */
export function decodePolicy(text: string): Policy {
  try {
    const value = readShape(policyShape, withoutNull(JSON.parse(fromUtf8(fromBase64(text))), 0), 'policy')
    return {
      uuid: value.uuid,
      attributes: value.body.dataAttributes.map((entry) => entry.attribute),
      dissem: value.body.dissem,
    }
  } catch (cause) {
    throw new ContainerError('container/policy-malformed', 'the policy is not base64 of a policy object', { cause })
  }
}
