import type { Json } from '@entente/canonical'
import { type Proof, type Wording, describe, proveAll, proveVersion, regionOfPoint } from '@entente/difference'
import { message } from '@entente/words'
import { givenAgreement, instantOf, policiesOf, sideOf, versionOf } from '../agreement-sides.ts'
import { type Command, listOption, one, textOption, usageError } from '../command.ts'
import { EXIT } from '../errors.ts'

const PROVED = { en: 'holds', ja: '成立' } as const
const REFUTED = { en: 'does not hold', ja: '不成立' } as const
const EXAMPLE = { en: 'permitted all the same', ja: '許可される例' } as const
const NONE_STATED = { en: 'The agreement states no invariant.', ja: 'この取決めに不変条件の定めはありません。' } as const

/** `agreement invariants`: proves or refutes, with an example, what its authors want never to be permitted. */
export const agreementInvariants: Command = {
  usage: 'agreement invariants FILE [--with FILE]... [--at YYYY-MM-DD]',
  about: {
    en: 'proves what an agreement says must never be permitted, or gives an example against it; exit 1 for one',
    ja: '取決めが決して許可しないと定めることを証明し、成り立たないときは例を示す（その場合の終了コードは 1）',
  },
  options: { with: { type: 'string', multiple: true }, at: { type: 'string' } },
  async run(context) {
    const { lang } = context.globals
    const version = versionOf(await givenAgreement(one(context, agreementInvariants)))
    const beside = await Promise.all(listOption(context, 'with').map(async (name) => versionOf(await givenAgreement(name))))
    const versions = [version, ...beside]
    const day = textOption(context, 'at')
    const at = instantOf(day, versions, Math.floor(Date.now() / 1000))
    if (at === undefined) throw usageError(agreementInvariants)
    const policies = await policiesOf(versions)
    const side = sideOf(versions, policies, at)
    // What signing asks, unless the question is how it stands beside others or on a day.
    const isAlone = beside.length === 0 && day === undefined
    const proofs = isAlone ? proveVersion(version, policies) : proveAll(side, version)
    const wording: Wording = { lang, say: (code, values) => message(lang, code, values), sides: [side] }
    const { invariants = [] } = version.body
    const { agreement, version: number } = version.body
    context.result({ agreement, version: number, at, invariants: proofs.map(shown) }, () => [
      `${version.body.title[lang]} (${agreement} ${number})`,
      ...(proofs.length === 0 ? [NONE_STATED[lang]] : []),
      ...proofs.flatMap((proof, index) => [
        `${proof.proved ? PROVED[lang] : REFUTED[lang]}  ${proof.invariant}: ${invariants[index]?.text[lang] ?? ''}`,
        ...(proof.proved ? [] : [`     ${EXAMPLE[lang]}: ${exampleOf(proof, wording)}`]),
      ]),
    ])
    return proofs.every((proof) => proof.proved) ? EXIT.done : EXIT.refused
  },
}

type Refuted = Extract<Proof, { proved: false }>

function shown(proof: Proof): Json {
  if (proof.proved) return { invariant: proof.invariant, proved: true }
  const { invariant, example, grant } = proof
  const { agreement, article, grant: rule } = grant
  return { invariant, proved: false, example: example as unknown as Json, grant: { agreement, article, id: rule } }
}

function exampleOf({ example, grant }: Refuted, wording: Wording): string {
  const { direction, areas, levels, acts, items, readers } = describe(regionOfPoint(example), wording)
  return [direction, levels, areas, acts, ...items, ...readers, `${grant.article} ${grant.grant}`].join(wording.lang === 'ja' ? '、' : '; ')
}
