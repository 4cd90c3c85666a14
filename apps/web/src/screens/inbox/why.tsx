import type { ListedLine } from '@entente/client'
import type { ReactNode } from 'react'
import { useWords } from '../../frame/language.tsx'
import { useSession } from '../../frame/session-context.ts'
import { agreementName, agreementNow, areaName, purposeName } from '../../parts/names.ts'
import { ownPolicy } from '../../parts/marking.ts'
import { dateText, timeText } from '../../parts/time.ts'
import type { OpenedReport } from './opened.ts'

/** Why this person could open this: clearance, need to know, article; and the entries that prove it. */
export function Why({
  line,
  opened,
  purpose,
}: {
  readonly line: ListedLine
  readonly opened: OpenedReport
  readonly purpose: string
}): ReactNode {
  const session = useSession()
  const { say, lang } = useWords()
  const { me } = session
  const { entries } = opened.item.evidence
  const [entry] = entries
  const articles = articlesOf(entry?.fields['articles'])
  const level = ownPolicy(session).clearances.find(({ code }) => code === me.clearance?.level)
  const index = entry?.place.index ?? 0
  return (
    <>
      <section className="why" aria-labelledby="why-title">
        <h3 id="why-title">{say('reader/why')}</h3>
        <ol>
          {me.clearance === undefined ? null : (
            <li>
              {say('reader/why-clearance', {
                level: level?.names[lang] ?? me.clearance.level,
                date: dateText(me.clearance.until),
              })}
            </li>
          )}
          <li>
            {say('reader/why-area', {
              area: areaName(session, line.agreement, line.card.area, lang),
              purpose: purposeName(lang, purpose),
            })}
          </li>
          {line.agreement === undefined ? (
            <li>{say('reader/why-home', { index })}</li>
          ) : (
            articles.map(({ agreement, article }) => (
              <li key={`${agreement} ${article}`}>
                {say('reader/why-article', { agreement: agreementName(session, agreement, lang), article, index })}
                <ArticleText agreement={agreement} article={article} />
              </li>
            ))
          )}
        </ol>
      </section>
      <section className="proofs" aria-labelledby="proofs-title">
        <h3 id="proofs-title">{say('reader/evidence')}</h3>
        <ul>
          {entries.map(({ leafHash, place, at }) => (
            <li key={leafHash}>
              {say('reader/evidence-text', {
                index: place.index,
                size: place.size,
                time: timeText(lang, at),
              })}{' '}
              <code className="hash">{leafHash.slice(0, 16)}…</code>
            </li>
          ))}
        </ul>
      </section>
    </>
  )
}

function ArticleText({ agreement, article }: { readonly agreement: string; readonly article: string }): ReactNode {
  const session = useSession()
  const { say, lang } = useWords()
  const found = agreementNow(session, agreement)?.articles.find(({ id }) => id === article)
  if (found === undefined) return null
  return (
    <details className="article">
      <summary>
        {say('reader/article-text')}: {found.title[lang]}
      </summary>
      <p>{found.text[lang]}</p>
    </details>
  )
}

/** The field of an entry: `agreement article grant`, a list. */
function articlesOf(field: unknown): readonly { readonly agreement: string; readonly article: string }[] {
  const list = Array.isArray(field) ? field : typeof field === 'string' ? [field] : []
  return list.flatMap((one) => {
    const [agreement, article] = String(one).split(' ')
    return agreement === undefined || article === undefined || agreement === '' ? [] : [{ agreement, article }]
  })
}
