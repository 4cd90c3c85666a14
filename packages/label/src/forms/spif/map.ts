import { LabelError, unknownClassification } from '../../errors.ts'
import { checkSpifLabel, indexOf } from './check.ts'
import { unknownCategory } from './label.ts'
import type { Applied, PlacedValue, Spif, SpifLabel, SpifRequirement } from './model.ts'

/**
 * What a label is under another policy, by the equivalences of its own SPIF: `encrypt` as its originator says it, `decrypt` as a
 * reader does. Every value needs a counterpart, or the word that it may be left out; a classification needs exactly one. What the
 * equivalence requires is added. Throws `form/no-equivalent` where a person must decide, and as `checkSpifLabel` where the other
 * policy does not allow what comes out.
 */
export function mapSpifLabel(label: SpifLabel, to: Spif, applied: Applied): SpifLabel {
  const none = (text: string) =>
    new LabelError('form/no-equivalent', `\`${to.name}\` has no equivalent of \`${text}\``, { values: { text, policy: to.name } })
  const ours = label.spif.equivalentPolicies.find(({ id }) => id === to.id)
  if (ours === undefined) throw none(label.spif.name)
  // A mark that decides nothing may still bind a person; another policy has no place for it that we know of.
  if (label.privacyMark !== undefined) throw none(label.privacyMark)
  const levels = label.classification.equivalents.filter((one) => one.policyId === to.id && one.applied.includes(applied))
  const [level] = levels
  if (level === undefined || levels.length > 1) throw none(label.classification.name)
  const classification = to.classifications.find(({ lacv }) => lacv === level.lacv)
  if (classification === undefined) throw unknownClassification(level.lacv, to.name)
  const index = indexOf(to)
  const values = label.values.flatMap(({ value }): readonly PlacedValue[] => {
    const equivalents = value.equivalents.filter((one) => one.policyId === to.id && one.applied.includes(applied))
    if (equivalents.length === 0) throw none(value.name)
    return equivalents.flatMap(({ to: target }) => {
      if (target === undefined) return []
      const placed = index.byLacv(target.tagSetId, target.kind, target.encoding, target.lacv)
      if (placed === undefined) throw unknownCategory(to, `${target.tagSetId}/${target.lacv}`)
      return [placed]
    })
  })
  const added = [...level.requires, ...ours.requires].flatMap((requirement) => requiredValues(to, requirement))
  const mapped: SpifLabel = { spif: to, classification, values: index.ordered([...values, ...added]) }
  checkSpifLabel(mapped)
  return mapped
}

/** Values that an equivalence adds. Only `all` of named values says which; where there is a choice a person makes it. */
function requiredValues(to: Spif, { operation, groups }: SpifRequirement): readonly PlacedValue[] {
  const index = indexOf(to)
  return groups.map(({ tagSet, kind, encoding, lacv }) => {
    const id = to.tagSets.find(({ name }) => name === tagSet)?.id ?? ''
    const placed = lacv === undefined ? undefined : index.byLacv(id, kind, encoding, lacv)
    if (placed === undefined || (operation !== 'all' && groups.length > 1)) throw unknownCategory(to, `${tagSet}/${lacv ?? ''}`)
    return placed
  })
}
