import type { Agreement, EquivalenceTable } from '@entente/agreement'
import { heldBy, wayUp } from './areas.ts'
import { type Expression, absentOr, and, areAmong, atom, hasOneOf, isOneOf, not, or, quoted } from './expression.ts'
import { type CedarPolicy, policyOf } from './policy.ts'
import type { ClearanceTest, Terms } from './terms.ts'

/** The clause that a policy of the basis begins with: other agreements only forbid. */
export function underThis(body: Agreement): Expression {
  return and(atom('resource has basis'), atom(`resource.basis.agreement == ${quoted(body.agreement)}`))
}

/** What every grant asks of the reader: clearance, need to know, citizenships that are known. */
export function personPolicies(body: Agreement, terms: Terms): readonly CedarPolicy[] {
  const basis = underThis(body)
  return [
    policyOf({
      id: 'clearance-missing',
      effect: 'forbid',
      reason: 'clearance-missing',
      about: ['No clearance is shown.', 'クリアランスが示されていない。'],
      when: [basis],
      unless: [atom('principal has clearance')],
    }),
    ...clearancePolicies(body, terms, basis),
    policyOf({
      id: 'need-to-know',
      effect: 'forbid',
      reason: 'need-to-know',
      about: [
        "None of the reader's areas is the item's or stands above it in the tree of this version.",
        '閲覧者の分野のいずれも、この版の分野の木において、項目の分野でもその上位でもない。',
      ],
      when: [basis],
      unless: [and(atom('principal has areas'), needs(body, terms))],
    }),
    policyOf({
      id: 'citizenship-unknown',
      effect: 'forbid',
      reason: 'citizenship-unknown',
      about: ['Citizenships are unknown; none at all is unknown.', '国籍が不明である。一つもない場合も不明とする。'],
      when: [basis],
      unless: [and(atom('principal has citizenships'), atom('!principal.citizenships.isEmpty()'))],
    }),
  ]
}

/** The tree as a table: who needs to know which of these may read an item about that. */
function needs(body: Agreement, terms: Terms): Expression {
  const held = heldBy(body.areas)
  if (held.length === 0) return atom('false')
  return or(...held.map((code) => and(terms.isOneOf('area', [code]), hasOneOf('principal.areas', [...wayUp(body.areas, code)].sort()))))
}

/** Each clearance table with the time in which it is the newest; and directions without one. */
function clearancePolicies(body: Agreement, terms: Terms, basis: Expression): readonly CedarPolicy[] {
  const tables = body.equivalence.filter(({ kind }) => kind === 'clearances')
  return [
    policyOf({
      id: 'clearance-no-equivalent/no-table',
      effect: 'forbid',
      reason: 'clearance-no-equivalent',
      about: [
        'No clearance table of this direction is valid: a person decides.',
        'この方向のクリアランスの対応表で有効なものがない。人が判断する。',
      ],
      when: [basis, atom('principal has clearance')],
      ...(tables.length === 0 ? {} : { unless: [or(...firstOfEach(tables).map((table) => and(direction(table), from(table))))] }),
    }),
    ...tables.flatMap((table) => tablePolicies(body, table, tables, terms, basis)),
  ]
}

function firstOfEach(tables: readonly EquivalenceTable[]): readonly EquivalenceTable[] {
  return tables.filter(
    (table) => !tables.some((other) => other.from === table.from && other.to === table.to && other.validFrom < table.validFrom),
  )
}

function direction({ from: reader, to: originator }: EquivalenceTable): Expression {
  return and(atom(`principal.nation == ${quoted(reader)}`), atom(`resource.originator == ${quoted(originator)}`))
}

function from({ validFrom }: EquivalenceTable): Expression {
  return atom(`context.at >= ${validFrom}`)
}

function tablePolicies(
  body: Agreement,
  table: EquivalenceTable,
  tables: readonly EquivalenceTable[],
  terms: Terms,
  basis: Expression,
): readonly CedarPolicy[] {
  const later = tables.filter((one) => one.from === table.from && one.to === table.to && one.validFrom > table.validFrom)
  const until = later.length === 0 ? undefined : Math.min(...later.map(({ validFrom }) => validFrom))
  const valid = and(from(table), ...(until === undefined ? [] : [atom(`context.at < ${until}`)]))
  const rows = table.rows.flatMap((row) => (row.to === undefined ? [] : [{ from: row.from, to: row.to }]))
  const named = table.rows.map((row) => row.from)
  const name = `${table.from}-${table.to}/${table.validFrom}`
  const when = [basis, direction(table), valid, atom('principal has clearance')]
  return [
    policyOf(
      {
        id: `clearance-no-equivalent/${name}`,
        effect: 'forbid',
        reason: 'clearance-no-equivalent',
        article: table.article,
        about: [
          `The table names no equivalent for this clearance of ${table.from}: a person decides.`,
          `${table.from} のこのクリアランスに対応するものが表にない。人が判断する。`,
        ],
        when,
        unless: [
          terms.clearance(table.from, named, {
            ofCode: (code) => atom(String(rows.some((row) => row.from === code))),
            ofReader: isOneOf(
              rows.map((row) => row.from),
              'principal.clearance',
            ),
          }),
        ],
      },
      body.articles,
    ),
    policyOf(
      {
        id: `clearance-too-low/${name}`,
        effect: 'forbid',
        reason: 'clearance-too-low',
        article: table.article,
        about: [
          `The equivalent of the reader's clearance does not open the classification in the scheme of ${table.to}.`,
          `閲覧者のクリアランスに対応する ${table.to} のクリアランスでは、この秘密区分を閲覧することができない。`,
        ],
        when,
        unless: [and(atom('resource has policy'), terms.clearance(table.from, named, opens(rows, terms)))],
      },
      body.articles,
    ),
  ]
}

/** One line a clearance of the originator: those that stand for it, and that it opens the classification. */
function opens(rows: readonly { readonly from: string; readonly to: string }[], terms: Terms): ClearanceTest {
  const opened = (to: string): Expression =>
    and(
      atom(`resource.policy.clearances.hasTag(${quoted(to)})`),
      terms.read('classification', (term) => atom(`resource.policy.clearances.getTag(${quoted(to)}).contains(${term})`)),
    )
  const byEquivalent = [...Map.groupBy(rows, ({ to }) => to)]
  return {
    ofCode: (code) => {
      const row = rows.find((one) => one.from === code)
      return row === undefined ? atom('false') : opened(row.to)
    },
    ofReader:
      byEquivalent.length === 0
        ? atom('false')
        : or(
            ...byEquivalent.map(([to, some]) =>
              and(
                isOneOf(
                  some.map((row) => row.from),
                  'principal.clearance',
                ),
                opened(to),
              ),
            ),
          ),
  }
}

/** Whether the classification stands no higher than `bound`, or no lower, in the originator's policy; unknown is neither. */
export function level(sign: '<=' | '>=', bound: string, terms: Terms): Expression {
  return and(
    atom('resource has policy'),
    atom(`resource.policy.hasTag(${quoted(bound)})`),
    terms.read('classification', (term) =>
      and(
        atom(`resource.policy.hasTag(${term})`),
        atom(`resource.policy.getTag(${term}) ${sign} resource.policy.getTag(${quoted(bound)})`),
      ),
    ),
  )
}

/** Whether an attested fact of the reader is one of these; unknown is none. */
export function attested(fact: 'organisation' | 'post' | 'facility' | 'purpose', codes: readonly string[]): Expression {
  return and(atom(`principal has ${fact}`), isOneOf(codes, `principal.${fact}`))
}

/** Whether a citizenship lies outside these nations, or none is known. */
export function anyOutside(nations: readonly string[]): Expression {
  return absentOr(
    atom('principal has citizenships'),
    or(atom('principal.citizenships.isEmpty()'), not(areAmong(nations, 'principal.citizenships'))),
  )
}
