/**
 * What an agreement permits, stated a third time: as formulas for Z3, from the document and spec/decision.md alone, with no
 * code of the packages but the documents' types. And the regions of a difference, from their terms.
 */
import type { Agreement, Grant, Region } from '@entente/agreement'
import { type DifferenceRegion, NONE, OTHER, type SetTerms, type Side } from '@entente/difference'
import type { MarkingPolicy } from '@entente/label'
import { type Formula, OneOf, type Z3, all, any } from './formulas.ts'
import { type Path, areaPath, onPath } from './paths.ts'

/** A question as unknowns, on one path. */
export class Unknown {
  readonly #z3: Z3
  readonly #path: Path
  readonly #area: OneOf
  readonly #level: OneOf
  readonly #act: OneOf
  readonly #use: OneOf
  readonly #clearance: OneOf
  readonly #organisation: OneOf
  readonly #post: OneOf
  readonly #facility: OneOf
  readonly #attested: OneOf
  readonly #asked: OneOf
  readonly #day: ReturnType<Z3['Int']['const']>
  readonly #needs: ReadonlyMap<string, Formula>
  readonly #categories: ReadonlyMap<string, Formula>
  readonly #rules: ReadonlyMap<string, Formula>
  readonly #nations: ReadonlyMap<string, Formula>
  /** What holds of every question: one value each; some citizenship, for without one nothing is permitted. */
  readonly world: Formula

  constructor(z3: Z3, path: Path, sides: readonly Side[]) {
    this.#z3 = z3
    this.#path = path
    const bodies = sides.flatMap((side) => side.agreements.map(({ body }) => body))
    // Terms of other paths are others here.
    const grants = bodies.flatMap((body) =>
      body.grants.filter((grant) => grant.from === path.from && (grant.to === path.to || grant.to === 'members')),
    )
    const regions = bodies.flatMap((body): readonly Region[] => body.prohibitions).filter((region) => onPath(region, path))
    const schemes = sides.flatMap((side) => side.policies)
    const of = (nation: string): readonly MarkingPolicy[] => schemes.filter((scheme) => scheme.nation === nation)
    const areas = [...bodies.flatMap((body) => body.areas.map(({ code }) => code)), OTHER]
    const person = (name: 'organisations' | 'posts' | 'facilities'): readonly string[] => [
      ...grants.flatMap((grant) => grant.person[name] ?? []),
      ...regions.flatMap((region) => region[`${name}Outside`] ?? []),
      OTHER,
      NONE,
    ]
    const purposes = [
      ...grants.flatMap((grant) => grant.person.purposes),
      ...regions.flatMap((region) => region.purposesOutside ?? []),
      OTHER,
      NONE,
    ]
    const set = (name: string, terms: readonly string[]): ReadonlyMap<string, Formula> =>
      new Map([...new Set(terms)].map((term) => [term, z3.Bool.const(`${name} ${term}`)]))
    const axes = {
      area: new OneOf(z3, 'area', areas),
      level: new OneOf(
        z3,
        'level',
        of(path.from).flatMap((scheme) => scheme.classifications.map(({ code }) => code)),
      ),
      act: new OneOf(z3, 'act', ['list', 'show', 'open', 'print', 'export', 'onward-release', 'derive']),
      use: new OneOf(z3, 'use', [NONE, 'act-on', 'name-source', 'court']),
      clearance: new OneOf(z3, 'clearance', [...of(path.to).flatMap((scheme) => scheme.clearances.map(({ code }) => code)), NONE]),
      organisation: new OneOf(z3, 'organisation', person('organisations')),
      post: new OneOf(z3, 'post', person('posts')),
      facility: new OneOf(z3, 'facility', person('facilities')),
      attested: new OneOf(z3, 'attested', purposes),
      asked: new OneOf(
        z3,
        'asked',
        purposes.filter((purpose) => purpose !== NONE),
      ),
    }
    this.#area = axes.area
    this.#level = axes.level
    this.#act = axes.act
    this.#use = axes.use
    this.#clearance = axes.clearance
    this.#organisation = axes.organisation
    this.#post = axes.post
    this.#facility = axes.facility
    this.#attested = axes.attested
    this.#asked = axes.asked
    this.#day = z3.Int.const('day')
    this.#needs = set('need', areas)
    this.#categories = set('category', [
      ...of(path.from).flatMap((scheme) => scheme.categories.flatMap(({ tag, values }) => values.map(({ code }) => `${tag}/${code}`))),
      ...grants.flatMap((grant) => grant.categories),
      ...regions.flatMap((region) => region.categories ?? []),
      OTHER,
    ])
    this.#rules = set('rule', [
      ...of(path.from).flatMap((scheme) => scheme.personRules.map(({ code }) => code)),
      ...regions.flatMap((region) => region.personRules ?? []),
    ])
    this.#nations = set('citizen', [
      ...grants.flatMap((grant) => grant.person.citizenship),
      ...regions.flatMap((region) => region.citizenshipOutside ?? []),
      OTHER,
    ])
    this.world = all(z3, [...Object.values(axes).map((axis) => axis.exactlyOne), this.#day.ge(0), any(z3, [...this.#nations.values()])])
  }

  /** Whether a side permits it (spec/decision.md 3 and 4, for a release of now). */
  permitted(side: Side): Formula {
    const z3 = this.#z3
    const { from, to, via } = this.#path
    const ends = [from, to, ...(via === undefined ? [] : [via])]
    const grants: Formula[] = []
    const prohibitions: Formula[] = []
    for (const { body } of side.agreements) {
      const members = body.parties.filter(
        (party) => (party.memberFrom ?? -Infinity) <= side.at && side.at < (party.memberUntil ?? Infinity),
      )
      const bound = ends.filter((end) => members.some((member) => member.nation === end))
      if (bound.length >= 2) prohibitions.push(...body.prohibitions.map((rule) => this.#matches(side, body, rule)))
      if (bound.length < ends.length) continue
      for (const grant of body.grants) {
        if (grant.from === from && (grant.to === to || grant.to === 'members') && grant.via === via)
          grants.push(this.#granted(side, body, grant))
      }
    }
    return z3.And(any(z3, grants), z3.Not(any(z3, prohibitions)))
  }

  #granted(side: Side, body: Agreement, grant: Grant): Formula {
    const z3 = this.#z3
    const { person } = grant
    const scheme = side.policies.find((one) => one.nation === this.#path.from)
    const order = (code: string | undefined): number => scheme?.classifications.find((one) => one.code === code)?.order ?? Number.NaN
    const levels = (scheme?.classifications ?? []).filter(
      (one) => one.order <= order(grant.ceiling) && (grant.floor === undefined || one.order >= order(grant.floor)),
    )
    const life = Math.min(grant.lifeDays, body.retention?.itemDays ?? grant.lifeDays)
    const acts = grant.acts.filter((act) => grant.mode === 'give' || act === 'list' || act === 'show')
    const kind = (value: string): string => scheme?.categories.find(({ tag }) => value.startsWith(`${tag}/`))?.kind ?? 'restrictive'
    const refused = [...this.#categories].filter(([value]) => kind(value) !== 'informative' && !grant.categories.includes(value))
    const foreign = [...this.#nations].filter(([nation]) => !person.citizenship.includes(nation))
    return all(z3, [
      this.#area.in(
        z3,
        body.areas.map(({ code }) => code).filter((code) => areaPath(body, code).some((area) => grant.areas.includes(area))),
      ),
      this.#covered(body),
      any(
        z3,
        levels.map((level) => z3.And(this.#level.is(z3, level.code), this.#cleared(side, body, level.code))),
      ),
      this.#act.in(z3, acts),
      this.#use.in(z3, [NONE, ...(grant.uses ?? [])]),
      this.#day.lt(life),
      z3.Not(
        any(
          z3,
          refused.map(([, present]) => present),
        ),
      ),
      z3.Not(
        any(
          z3,
          foreign.map(([, holds]) => holds),
        ),
      ),
      ...(person.organisations === undefined ? [] : [this.#organisation.in(z3, person.organisations)]),
      ...(person.posts === undefined ? [] : [this.#post.in(z3, person.posts)]),
      ...(person.facilities === undefined ? [] : [this.#facility.in(z3, person.facilities)]),
      ...(person.purposes.length === 0
        ? []
        : [
            any(
              z3,
              person.purposes.map((purpose) => z3.And(this.#attested.is(z3, purpose), this.#asked.is(z3, purpose))),
            ),
          ]),
    ])
  }

  /** The reader's clearance has an equivalent that opens the classification. */
  #cleared(side: Side, body: Agreement, level: string): Formula {
    const { from, to } = this.#path
    const [table] = body.equivalence
      .filter((one) => one.kind === 'clearances' && one.from === to && one.to === from && one.validFrom <= side.at)
      .sort((a, b) => b.validFrom - a.validFrom)
    const scheme = side.policies.find((one) => one.nation === from)
    const enough = (table?.rows ?? []).filter(
      (row) => scheme?.clearances.find((one) => one.code === row.to)?.classifications.includes(level) === true,
    )
    return this.#clearance.in(
      this.#z3,
      enough.map((row) => row.from),
    )
  }

  /** A grant on this path reaches the item's area. */
  #reached(body: Agreement): Formula {
    const { from, to, via } = this.#path
    const grants = body.grants.filter((grant) => grant.from === from && (grant.to === to || grant.to === 'members') && grant.via === via)
    const codes = body.areas.map(({ code }) => code)
    return this.#area.in(
      this.#z3,
      codes.filter((code) => areaPath(body, code).some((area) => grants.some((grant) => grant.areas.includes(area)))),
    )
  }

  /** One of the reader's areas is the item's or above it. */
  #covered(body: Agreement): Formula {
    const z3 = this.#z3
    return any(
      z3,
      body.areas.map(({ code }) =>
        z3.And(
          this.#area.is(z3, code),
          any(
            z3,
            areaPath(body, code).flatMap((area) => this.#needs.get(area) ?? []),
          ),
        ),
      ),
    )
  }

  #matches(side: Side, body: Agreement, rule: Region): Formula {
    const z3 = this.#z3
    const { from } = this.#path
    if (!onPath(rule, this.#path)) return z3.Bool.val(false)
    const outside = (axis: OneOf, within: readonly string[] | undefined): readonly Formula[] =>
      within === undefined ? [] : [z3.Not(axis.in(z3, within))]
    const anyOf = (set: ReadonlyMap<string, Formula>, named: readonly string[] | undefined): readonly Formula[] =>
      named === undefined
        ? []
        : [
            any(
              z3,
              named.flatMap((term) => set.get(term) ?? []),
            ),
          ]
    const known = body.areas.map(({ code }) => code)
    const { areas, atLeast } = rule
    const orders = new Map(side.policies.find((one) => one.nation === from)?.classifications.map((one) => [one.code, one.order]))
    const low = rule.from === from ? orders.get(atLeast ?? '') : undefined
    return all(z3, [
      ...(rule.acts === undefined ? [] : [this.#act.in(z3, rule.acts)]),
      ...(rule.uses === undefined ? [] : [this.#use.in(z3, rule.uses)]),
      ...(areas === undefined
        ? []
        : [
            z3.Or(
              z3.Not(this.#area.in(z3, known)),
              this.#area.in(
                z3,
                known.filter((code) => areaPath(body, code).some((area) => areas.includes(area))),
              ),
            ),
          ]),
      ...(atLeast === undefined || low === undefined
        ? []
        : [
            z3.Not(
              this.#level.in(
                z3,
                [...orders].filter(([, order]) => order < low).map(([code]) => code),
              ),
            ),
          ]),
      ...anyOf(this.#rules, rule.personRules),
      ...anyOf(this.#categories, rule.categories),
      ...(rule.citizenshipOutside === undefined
        ? []
        : [
            any(
              z3,
              [...this.#nations].filter(([nation]) => rule.citizenshipOutside?.includes(nation) !== true).map(([, holds]) => holds),
            ),
          ]),
      ...outside(this.#organisation, rule.organisationsOutside),
      ...outside(this.#post, rule.postsOutside),
      ...outside(this.#facility, rule.facilitiesOutside),
      ...outside(this.#attested, rule.purposesOutside),
    ])
  }

  /** Whether it lies in a region, by the region's terms. */
  lies(region: DifferenceRegion, before: Side, after: Side): Formula {
    const z3 = this.#z3
    const { ages, needs, purposes } = region
    const listed = (axis: OneOf, terms: readonly string[] | undefined): readonly Formula[] =>
      terms === undefined ? [] : [axis.in(z3, terms)]
    // Areas are told apart as agreements arrange them whose grants on this path reach them.
    const { from, to, via } = this.#path
    const ends = [from, to, ...(via === undefined ? [] : [via])]
    const grants = (body: Agreement): boolean =>
      body.grants.some((grant) => grant.from === from && (grant.to === to || grant.to === 'members') && grant.via === via)
    const trees = (
      [
        ['before', before],
        ['after', after],
      ] as const
    ).flatMap(([side, { agreements, at }]) =>
      agreements
        .filter(
          ({ body }) =>
            grants(body) &&
            body.parties.filter((party) => ends.includes(party.nation) && (party.memberFrom ?? 0) <= at).length === ends.length,
        )
        .map(({ body }) => ({ side, body })),
    )
    const purpose = (code: string): Formula => {
      if (code === NONE || code === OTHER) return this.#attested.is(z3, code)
      const own = code.startsWith('~') ? code.slice(1) : code
      const same = this.#asked.is(z3, own)
      return z3.And(this.#attested.is(z3, own), code.startsWith('~') ? z3.Not(same) : same)
    }
    return all(z3, [
      ...listed(this.#area, region.areas),
      ...listed(this.#level, region.classifications),
      ...listed(this.#act, region.acts),
      ...listed(this.#use, region.uses),
      any(
        z3,
        region.clearances.map((one) => z3.And(this.#level.is(z3, one.classification), this.#clearance.in(z3, one.clearances))),
      ),
      ...listed(this.#organisation, region.organisations),
      ...listed(this.#post, region.posts),
      ...listed(this.#facility, region.facilities),
      ...(ages === undefined
        ? []
        : [
            any(
              z3,
              ages.map((age) => z3.And(this.#day.ge(age.fromDay), ...(age.beforeDay === undefined ? [] : [this.#day.lt(age.beforeDay)]))),
            ),
          ]),
      ...this.#sets(this.#categories, region.categories),
      ...this.#sets(this.#rules, region.personRules),
      ...this.#sets(this.#nations, region.citizenships),
      ...(purposes === undefined ? [] : [any(z3, purposes.map(purpose))]),
      ...(needs === undefined
        ? // A reader whose need to know covers the area nowhere lies in no region.
          [
            any(
              z3,
              trees.map(({ body }) => this.#covered(body)),
            ),
          ]
        : [
            any(
              z3,
              needs.map((inside) =>
                all(
                  z3,
                  trees.map(({ side, body }) => {
                    const covers = this.#covered(body)
                    const listed = inside.some((one) => one.side === side && one.agreement === body.agreement)
                    return z3.Implies(this.#reached(body), listed ? covers : z3.Not(covers))
                  }),
                ),
              ),
            ),
          ]),
    ])
  }

  #sets(set: ReadonlyMap<string, Formula>, terms: SetTerms | undefined): readonly Formula[] {
    const z3 = this.#z3
    if (terms === undefined) return []
    const present = (list: readonly string[]): Formula =>
      any(
        z3,
        list.flatMap((term) => set.get(term) ?? []),
      )
    const named = new Set([...terms.some.flat(), ...terms.any, ...terms.none])
    const others = terms.none.includes(OTHER) ? [...set.keys()].filter((term) => !named.has(term)) : []
    return [...terms.some.map(present), z3.Not(present([...terms.none, ...others]))]
  }
}
