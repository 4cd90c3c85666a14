import { checkLabel } from './check.ts'
import type { Label, MarkingPolicy } from './model.ts'
import { notCarried } from './print.ts'

/**
 * What decides in a label, as OpenTDF attribute value names, sorted (spec/label.md section 6):
 * `https://aus.entente.example/attr/classification/value/secret`. Each originator's set stands under the originator's own
 * name, so labels of one policy that differ in what decides differ here. Informative categories and dates decide nothing
 * and are left out. Throws as `checkLabel` does, and `label/not-carried` for a text that no policy lists.
 */
export function attributesOf(label: Label, policy: MarkingPolicy): readonly string[] {
  checkLabel(label, policy)
  const own = (name: string, value: string) => attribute(policy.nation, name, value)
  return [
    own('classification', label.classification),
    ...label.categories.filter(({ kind }) => kind !== 'informative').flatMap(({ tag, values }) => values.map((value) => own(tag, value))),
    ...label.personRules.map(({ code }) => own('person', code)),
    ...label.originators.flatMap(({ nation, releasableTo }) =>
      // `neutral` has seven letters: it is no nation's code.
      (releasableTo === 'neutral' ? ['neutral'] : releasableTo).map((value) => attribute(nation, 'rel', value)),
    ),
  ].sort()
}

function attribute(nation: string, name: string, value: string): string {
  // A text of an open category is no name of an attribute.
  if (!/^[A-Za-z0-9-]+$/u.test(value)) throw notCarried(value)
  return `https://${nation.toLowerCase()}.entente.example/attr/${name}/value/${value.toLowerCase()}`
}
