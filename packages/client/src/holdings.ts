import { type Shape, shapes } from '@entente/canonical'
import type { Basis } from '@entente/decision'
import { type Label, labelShape } from '@entente/label'
import * as v from 'valibot'

/** An item that this person may list, as far as a difference between agreements asks about it. */
export interface Holding {
  readonly item: string
  readonly title: { readonly en?: string; readonly ja?: string }
  readonly from: string
  readonly to: string
  readonly area: string
  readonly label: Label
  readonly released: number
  readonly basis?: Basis
}

const text = v.pipe(v.string(), v.maxLength(4_096))

export const holdingShape: Shape<Holding> = v.object({
  item: shapes.uuid,
  title: v.object({ en: v.exactOptional(text), ja: v.exactOptional(text) }),
  from: shapes.nation,
  to: shapes.nation,
  area: text,
  label: labelShape,
  released: shapes.instant,
  basis: v.exactOptional(v.object({ agreement: text, version: shapes.sha256, article: text, grant: text })),
}) as Shape<Holding>
