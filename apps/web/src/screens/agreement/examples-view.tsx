import type { Grant } from '@entente/agreement'
import { reasonSentence } from '@entente/words'
import { namedValues } from '../../parts/value-names.ts'
import { type ReactNode, useMemo } from 'react'
import { useWords } from '../../frame/language.tsx'
import { type Example, examplesOf } from './examples.ts'
import type { TermNames } from '../../parts/terms.ts'
import type { Room } from './use-room.ts'

/** Questions about one grant with their decisions, each refusal with every reason. */
export function Examples({ room, grant }: { readonly room: Room; readonly grant: Grant }): ReactNode {
  const { say, lang } = useWords()
  const version = room.compared?.version ?? room.version
  const side = room.compared?.after ?? room.side
  const { nation } = room.session.me
  const examples = useMemo(() => examplesOf(version, grant, side, nation), [version, grant, side, nation])
  const names = room.names[lang]
  return (
    <section className="examples" aria-label={`${say('room/examples')}: ${grant.id}`} data-examples={grant.id}>
      <h4>
        {say('room/examples')} · <code>{grant.id}</code>
      </h4>
      <p className="line-facts">{say('room/examples-how')}</p>
      <ul>
        {examples.map((example) => (
          <li
            key={example.kind}
            className={example.decision.permit ? 'example example-yes' : 'example example-no'}
            data-example={example.kind}
          >
            <span className="example-verdict">{say(example.decision.permit ? 'room/allowed' : 'room/refused')}</span>
            <span className="example-what">
              {exampleWords(example, names, say)}
              {example.decision.permit
                ? null
                : example.decision.reasons.map((reason) => (
                    <span key={`${reason.code} ${reason.rule ?? ''}`} className="example-why">
                      {reasonSentence(lang, { ...reason, values: namedValues(room.session, reason.values, lang) })}
                    </span>
                  ))}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function exampleWords({ kind, point }: Example, names: TermNames, say: ReturnType<typeof useWords>['say']): string {
  const { from, to } = point.direction
  const level = names.level(from, point.classification)
  const clearance = names.clearance(to, point.clearance ?? '')
  const act = names.phrase(`difference/act-${point.act}`)
  switch (kind) {
    case 'fits':
      return say('room/example-fits', { level, area: names.area(point.area), act, clearance })
    case 'above':
    case 'below':
      return say(`room/example-${kind}`, { level })
    case 'clearance':
      return say('room/example-clearance', { clearance })
    case 'act':
      return say('room/example-act', { act })
    case 'mark':
      return say('room/example-mark', { mark: names.mark(point.categories[0] ?? '') })
    case 'late':
      return say('room/example-late', { days: point.ageDays })
    default:
      return say(`room/example-${kind}`)
  }
}
