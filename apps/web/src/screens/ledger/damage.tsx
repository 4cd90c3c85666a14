import { type DamageAssessment, type ItemDamage, readDamage } from '@entente/client'
import { type ReactNode, useRef, useState } from 'react'
import { useWords } from '../../frame/language.tsx'
import { useSession } from '../../frame/session-context.ts'
import { useKeys } from '../../keys/keys.ts'
import { nationName, purposeName } from '../../parts/names.ts'
import { saveBlob } from '../../parts/save.ts'
import { Problem, Skeleton } from '../../parts/states.tsx'
import { timeText } from '../../parts/time.ts'

/** What a compromise would mean: asked for only on purpose, because that somebody asked stands in the ledger. */
export function DamageSection({ item, asked }: { readonly item: string; readonly asked: () => void }): ReactNode {
  const { api } = useSession()
  const { say, lang } = useWords()
  const [asking, setAsking] = useState(false)
  const [damage, setDamage] = useState<DamageAssessment>()
  const [error, setError] = useState<unknown>()
  const section = useRef<HTMLElement>(null)
  const assess = (scope: 'item' | 'report'): void => {
    if (asking) return
    setAsking(true)
    setError(undefined)
    section.current?.scrollIntoView({ block: 'start' })
    readDamage(api, item, scope)
      .then(setDamage, setError)
      .finally(() => {
        setAsking(false)
        asked()
      })
  }
  const save = (): void => {
    if (damage === undefined) return
    saveBlob(new Blob([`${JSON.stringify(damage, null, 2)}\n`], { type: 'application/json' }), `damage-${item}.json`)
  }
  useKeys([
    { keys: 'd', says: 'ledger/damage', run: () => assess('item') },
    { keys: 'Shift D', says: 'ledger/damage-whole', run: () => assess('report') },
    ...(damage === undefined ? [] : [{ keys: 's', says: 'ledger/damage-save' as const, run: save }]),
  ])
  return (
    <section
      ref={section}
      className="evidence-part"
      aria-labelledby="damage-title"
      data-damage={damage === undefined ? 'none' : 'assessed'}
    >
      <h3 id="damage-title">{say('ledger/damage')}</h3>
      <p className="line-facts">{say('ledger/damage-note')}</p>
      <p className="acts">
        <button type="button" className="button button-second" aria-disabled={asking} onClick={() => assess('item')}>
          {say('ledger/damage-start')} <kbd>d</kbd>
        </button>
        <button type="button" className="button button-second" aria-disabled={asking} onClick={() => assess('report')}>
          {say('ledger/damage-whole')} <kbd>Shift D</kbd>
        </button>
      </p>
      {asking ? <Skeleton rows={2} /> : null}
      {error === undefined ? null : <Problem error={error} />}
      {damage === undefined || asking ? null : (
        <div role="status">
          <p>{say('ledger/damage-at', { time: timeText(lang, damage.at) })}</p>
          {damage.items.map((one) => (
            <ItemDamageView key={one.couldRead.item} damage={one} />
          ))}
          <p className="acts">
            <button type="button" className="button button-second" onClick={save}>
              {say('ledger/damage-save')} <kbd>s</kbd>
            </button>
          </p>
        </div>
      )}
    </section>
  )
}

function ItemDamageView({ damage }: { readonly damage: ItemDamage }): ReactNode {
  const session = useSession()
  const { say, lang, message } = useWords()
  const { couldRead, permits, grants, refusals, counts, unreadable } = damage
  const to =
    couldRead.recipient === session.me.nation
      ? say('ledger/own')
      : say('ledger/to', { nation: nationName(session, couldRead.recipient, lang) })
  const refused = Object.entries(refusals)
  return (
    <div className="damage">
      <h4>
        {say('ledger/untitled', { item: couldRead.item.slice(0, 8) })} · {to}
      </h4>
      {unreadable === 0 ? null : (
        <p className="loud" role="alert">
          ✕ {say('ledger/damage-unreadable', { count: unreadable })}
        </p>
      )}
      {permits.length === 0 && grants.length === 0 ? <p>{say('ledger/damage-none')}</p> : null}
      {permits.length === 0 ? null : (
        <>
          <p>{say('ledger/damage-counts', { ...counts })}</p>
          <ul className="damage-lines">
            {permits.map((permit) => (
              <li key={permit.entry}>
                <strong>{say(`outcome/${permit.outcome}`)}</strong> · {timeText(lang, permit.at)}
                <Facts
                  facts={[
                    [say('ledger/damage-reader'), permit.pseudonym],
                    [say('ledger/damage-level'), levelName(permit.level)],
                    [say('ledger/damage-purpose'), purposeName(lang, permit.purpose)],
                    [say('ledger/damage-article'), permit.articles.join(lang === 'ja' ? '、' : ', ')],
                    [say('ledger/details-leaf'), permit.entry],
                  ]}
                />
              </li>
            ))}
          </ul>
        </>
      )}
      {grants.length === 0 ? null : (
        <>
          <p>{say('ledger/damage-grants', { count: grants.length })}</p>
          <ul className="damage-lines">
            {grants.map((grant) => (
              <li key={grant.entry}>
                {timeText(lang, grant.at)}
                <Facts
                  facts={[
                    [say('ledger/damage-reader'), grant.pseudonym],
                    [say('ledger/damage-purpose'), purposeName(lang, grant.purpose)],
                    [say('ledger/details-leaf'), grant.entry],
                  ]}
                />
              </li>
            ))}
          </ul>
        </>
      )}
      {permits.length + grants.length === 0 ? null : <p className="line-facts">{say('ledger/damage-reader-why')}</p>}
      {refused.length === 0 ? null : (
        <ul className="conditions">
          {refused.map(([code, count]) => (
            <li key={code}>
              {say('ledger/damage-refusals', { count })}: {message(code)} <code>{code}</code>
            </li>
          ))}
        </ul>
      )}
    </div>
  )

  function levelName(level: string): string {
    for (const policy of session.client.pins.policies.values()) {
      const found = policy.clearances.find(({ code }) => code === level)
      if (found !== undefined) return found.names[lang]
    }
    return level
  }
}

function Facts({ facts }: { readonly facts: readonly (readonly [string, string])[] }): ReactNode {
  return (
    <dl className="fields">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
