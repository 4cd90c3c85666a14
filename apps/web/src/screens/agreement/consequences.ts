import {
  type Changed,
  type Difference,
  type DifferenceRegion,
  type Holdings,
  type OfficeRegion,
  type Opened,
  type RegionHoldings,
  type Released,
  describe,
  describeCause,
  describeOffice,
  describeTerms,
} from '@entente/difference'
import type { ScreenKey } from '@entente/words'
import { wordingOf } from '../../parts/terms.ts'
import type { Compared } from './use-room.ts'

/** Under which heading a consequence stands, in the order of the list. */
export const GROUPS = [
  'we-give',
  'we-get',
  'we-stop-giving',
  'we-stop-getting',
  'others',
  'on-terms',
  'withdrawn',
  'kept',
  'offices',
] as const
export type Group = (typeof GROUPS)[number]

/** One consequence: a region of the difference, or of what offices may release. */
export type Consequence = {
  readonly key: string
  readonly group: Group
  readonly mark: 'gained' | 'lost' | 'changed'
} & (
  | { readonly kind: 'region'; readonly region: Opened | Changed | Released; readonly held: RegionHoldings | undefined }
  | { readonly kind: 'office'; readonly region: OfficeRegion }
)

/** Every consequence of a difference, for the people of a nation; each region of it stands under exactly one heading. */
export function consequencesOf(difference: Difference, nation: string, held?: Holdings): readonly Consequence[] {
  const side = (region: DifferenceRegion, give: Group, get: Group): Group =>
    region.direction.from === nation ? give : region.direction.to === nation ? get : 'others'
  const list = <R extends Opened>(
    regions: readonly R[],
    name: keyof Holdings,
    mark: Consequence['mark'],
    groupOf: (region: R) => Group,
  ): readonly Consequence[] =>
    regions.map((region, at) => ({ kind: 'region', key: `${name}-${at}`, group: groupOf(region), mark, region, held: held?.[name][at] }))
  const found = [
    ...list(difference.gained.regions, 'gained', 'gained', (region) => side(region, 'we-give', 'we-get')),
    ...list(difference.lost.regions, 'lost', 'lost', (region) => side(region, 'we-stop-giving', 'we-stop-getting')),
    ...list(difference.changed.regions, 'changed', 'changed', () => 'on-terms'),
    ...list(difference.withdrawn.regions, 'withdrawn', 'lost', () => 'withdrawn'),
    ...list(difference.kept.regions, 'kept', 'changed', () => 'kept'),
    ...(['gained', 'lost'] as const).flatMap((mark) =>
      difference.offices[mark].regions.map((region, at): Consequence => ({
        kind: 'office',
        key: `office-${mark}-${at}`,
        group: 'offices',
        mark,
        region,
      })),
    ),
  ]
  return found.toSorted((a, b) => GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group))
}

/** Headings that are always there, so that nothing is said where nothing is. */
export function headingsOf(consequences: readonly Consequence[]): readonly Group[] {
  const main: readonly Group[] = ['we-give', 'we-get', 'we-stop-giving', 'we-stop-getting']
  return GROUPS.filter((group) => main.includes(group) || consequences.some((one) => one.group === group))
}

export function groupKey(group: Group): ScreenKey {
  return `room/${group}`
}

/** A consequence in words: its heading line, what is true of item and reader, and the articles that open or close it. */
export interface Worded {
  readonly head: string
  readonly levels: string
  readonly acts: string
  readonly more: readonly string[]
  readonly why: readonly string[]
}

export function wordsOf(one: Consequence, lang: 'en' | 'ja', { before, after }: Pick<Compared, 'before' | 'after'>): Worded {
  const wording = wordingOf(lang, [before, after])
  const said = one.kind === 'office' ? describeOffice(one.region, wording) : describe(one.region, wording)
  const head = lang === 'ja' ? `${said.direction}：${said.areas}` : `${said.direction}: ${said.areas}`
  const terms =
    one.kind === 'region' && 'before' in one.region
      ? [
          ...one.region.before.map((each) => wording.say('difference/side-before', { what: describeTerms(each, wording) })),
          ...one.region.after.map((each) => wording.say('difference/side-after', { what: describeTerms(each, wording) })),
        ]
      : []
  const why =
    one.kind === 'office'
      ? one.region.causes.map(({ side, article, rule, agreement }) =>
          describeCause({ kind: 'granted', side, article, rule, agreement }, wording),
        )
      : one.region.causes.map((cause) => describeCause(cause, wording))
  return { head, levels: said.levels, acts: said.acts, more: [...terms, ...said.items, ...said.readers], why: [...new Set(why)] }
}
