import type { Agreement, Article } from '@entente/agreement'
import type { Side } from '@entente/difference'
import { type ReactNode, useEffect, useState } from 'react'
import { useWords } from '../../frame/language.tsx'
import { useKeys } from '../../keys/keys.ts'
import { Examples } from './examples-view.tsx'
import { type ArticleRule, regionWords, ruleTitle, ruleWords, rulesOfArticle } from './rules.ts'
import type { Room } from './use-room.ts'

const LANGS = ['en', 'ja'] as const

/** Articles in both languages side by side; the chosen one with what machines enforce of it, and examples. */
export function ArticlesView({ room }: { readonly room: Room }): ReactNode {
  const { say, lang } = useWords()
  const { search, compared } = room
  const { body } = compared?.version ?? room.version
  const before = compared === undefined ? undefined : room.version.body
  const [examples, setExamples] = useState(false)
  const at = body.articles.findIndex(({ id }) => id === search.article)
  const here = body.articles[at]
  const choose = (article: Article | undefined): void => {
    if (article !== undefined) room.go('articles', { article: article.id })
  }
  useKeys([
    { keys: 'j', says: 'frame/next', run: () => choose(body.articles[Math.min(at + 1, body.articles.length - 1)]) },
    { keys: 'k', says: 'frame/previous', run: () => choose(body.articles[Math.max(at - 1, 0)]) },
    { keys: 'Enter', says: 'frame/open', run: () => document.getElementById(`article-${here?.id ?? body.articles[0]?.id ?? ''}`)?.focus() },
    { keys: 'e', says: 'room/examples', run: () => setExamples(!examples) },
  ])
  useEffect(() => {
    if (here !== undefined) document.getElementById(`article-${here.id}`)?.scrollIntoView({ block: 'start' })
  }, [here?.id])
  return (
    <>
      <h2>{say('room/articles')}</h2>
      <p className="room-illustrative">
        <strong>{say('room/illustrative')}</strong> · {body.illustrative[lang]}
      </p>
      <ol className="articles">
        {body.articles.map((article) => (
          <ArticleRow
            key={article.id}
            article={article}
            was={before?.articles.find(({ id }) => id === article.id)}
            compared={before !== undefined}
            here={article.id === here?.id}
            rules={rulesOfArticle(body, article.id).length}
            choose={() => choose(article)}
          >
            {article.id === here?.id ? (
              <Rules room={room} article={article.id} examples={examples} show={() => setExamples(!examples)} />
            ) : null}
          </ArticleRow>
        ))}
      </ol>
      {(body.invariants ?? []).length === 0 ? null : (
        <section aria-labelledby="room-invariants" className="room-part">
          <h3 id="room-invariants">{say('room/invariants')}</h3>
          <ul className="invariants">
            {(body.invariants ?? []).map(({ id, text }) => (
              <li key={id} className="both">
                {LANGS.map((lang) => (
                  <p key={lang} lang={lang}>
                    {text[lang]}
                  </p>
                ))}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

function ArticleRow(props: {
  readonly article: Article
  readonly was: Article | undefined
  readonly compared: boolean
  readonly here: boolean
  readonly rules: number
  readonly choose: () => void
  readonly children: ReactNode
}): ReactNode {
  const { article, was, compared, here, rules, choose, children } = props
  const { say, lang } = useWords()
  const changed = compared && JSON.stringify(was) !== JSON.stringify(article)
  return (
    <li className={here ? 'room-article article-here' : 'room-article'}>
      <button type="button" id={`article-${article.id}`} className="article-head" aria-expanded={here} onClick={choose}>
        <span className="article-name">{say('room/shown-article', { article: article.id, title: article.title[lang] })}</span>
        <span className="line-facts">
          {rules === 0 ? null : say('room/rule-count', { count: rules })}
          {changed ? <span className="change change-changed">± {say('room/changed')}</span> : null}
        </span>
      </button>
      <div className="both">
        {LANGS.map((one) => (
          <div key={one} lang={one}>
            {one === lang ? null : <p className="article-other">{article.title[one]}</p>}
            <p>{article.text[one]}</p>
            {changed && was !== undefined && was.text[one] !== article.text[one] ? (
              <p className="article-was" lang={lang}>
                {say('room/was', { what: '' })} <span lang={one}>{was.text[one]}</span>
              </p>
            ) : null}
          </div>
        ))}
      </div>
      {children}
    </li>
  )
}

function Rules(props: { readonly room: Room; readonly article: string; readonly examples: boolean; readonly show: () => void }): ReactNode {
  const { room, article, examples, show } = props
  const { say } = useWords()
  const version = room.compared?.version ?? room.version
  const side = room.compared?.after ?? room.side
  const rules = rulesOfArticle(version.body, article)
  const grants = rules.filter(({ kind }) => kind === 'grant')
  return (
    <section className="rules" aria-label={say('room/rules')}>
      <h3>{say('room/rules')}</h3>
      {rules.length === 0 ? <p>{say('room/no-rules')}</p> : null}
      {rules.map((rule) => (
        <RuleWords key={rule.id} rule={rule} body={version.body} side={side} room={room} />
      ))}
      {grants.length === 0 ? null : (
        <p className="acts">
          <button type="button" className="button button-second" aria-expanded={examples} onClick={show}>
            {say(examples ? 'room/examples-hide' : 'room/examples-show')} <kbd>e</kbd>
          </button>
        </p>
      )}
      {examples ? rules.map((rule) => (rule.kind === 'grant' ? <Examples key={rule.id} room={room} grant={rule.grant} /> : null)) : null}
    </section>
  )
}

/** One rule in both languages. */
function RuleWords(props: { readonly rule: ArticleRule; readonly body: Agreement; readonly side: Side; readonly room: Room }): ReactNode {
  const { rule, body, side, room } = props
  return (
    <div className="rule both" data-rule={rule.id}>
      {LANGS.map((one) => (
        <div key={one} lang={one}>
          <h4>{ruleTitle(rule, room.names[one])}</h4>
          <ul className="rule-words">
            {ruleWords(rule, body, side, room.names[one]).map((phrase) => (
              <li key={phrase}>{phrase}</li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  )
}

/** An invariant's region in words, for lists of proofs. */
export function invariantWords(body: Agreement, id: string, room: Room, lang: 'en' | 'ja'): string {
  const invariant = body.invariants?.find((one) => one.id === id)
  if (invariant === undefined) return id
  const never = regionWords(invariant.never, room.names[lang])
  return lang === 'ja' ? `${invariant.text.ja}（${never}）` : `${invariant.text.en} (${never})`
}
