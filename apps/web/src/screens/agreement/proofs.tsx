import type { AgreementVersion } from '@entente/agreement'
import type { Proof } from '@entente/difference'
import type { ReactNode } from 'react'
import { useWords } from '../../frame/language.tsx'
import { invariantWords } from './articles.tsx'
import type { Room } from './use-room.ts'

/** What must always hold, each proved or refuted by an example. */
export function Proofs(props: { readonly room: Room; readonly version: AgreementVersion; readonly proofs: readonly Proof[] }): ReactNode {
  const { room, version, proofs } = props
  const { say, lang } = useWords()
  const names = room.names[lang]
  return (
    <ul className="proofs-list">
      {proofs.map((proof) => (
        <li key={proof.invariant} className={proof.proved ? 'proof-yes' : 'proof-no'} data-proof={proof.proved ? 'proved' : 'refuted'}>
          <strong>{say(proof.proved ? 'room/proved' : 'room/refuted')}</strong> {invariantWords(version.body, proof.invariant, room, lang)}
          {proof.proved ? null : (
            <span className="example-why">
              {say('room/refuted-by', {
                act: names.phrase(`difference/act-${proof.example.act}`),
                level: names.level(proof.example.direction.from, proof.example.classification),
                area: names.area(proof.example.area),
                rule: proof.grant.grant,
              })}
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}
