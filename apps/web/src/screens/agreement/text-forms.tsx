import { tableAt } from '@entente/agreement'
import type { ReactNode } from 'react'
import { useWords } from '../../frame/language.tsx'
import { Choose, NumberField, TextField, TimeField } from './fields.tsx'
import type { FormOf } from './forms.tsx'

export function ArticleForm({ id, ...form }: FormOf & { readonly id: string }): ReactNode {
  const { say } = useWords()
  const article = form.body.articles.find((one) => one.id === id)
  if (article === undefined) return null
  return (
    <div className="form both">
      {(['en', 'ja'] as const).map((lang) => {
        const name = lang === 'en' ? 'English' : '日本語'
        return (
          <div key={lang}>
            <TextField
              lang={lang}
              label={`${say('room/field-title')} (${name})`}
              value={article.title[lang]}
              change={(text) => form.edit({ edit: 'articles', id, change: { title: { ...article.title, [lang]: text } } })}
            />
            <TextField
              long
              lang={lang}
              name={`text-${lang}`}
              label={`${say('room/field-text')} (${name})`}
              value={article.text[lang]}
              change={(text) => form.edit({ edit: 'articles', id, change: { text: { ...article.text, [lang]: text } } })}
            />
          </div>
        )
      })}
    </div>
  )
}

export function TablesForm(form: FormOf): ReactNode {
  const { say } = useWords()
  const { body, policies, names } = form
  const tables = body.equivalence.filter((table) => tableAt(body, table.kind, table.from, table.to, body.inForceFrom) === table)
  return (
    <div className="form">
      {tables.map((table) => {
        const { kind, from, to } = table
        const scheme = policies.find(({ nation }) => nation === to)
        const terms = (kind === 'markings' ? scheme?.classifications : scheme?.clearances) ?? []
        const name = (nation: string, code: string): string =>
          kind === 'markings' ? names.level(nation, code) : names.clearance(nation, code)
        const options = [
          { value: '', name: say('room/person-decides') },
          ...terms.map(({ code }) => ({ value: code, name: name(to, code) })),
        ]
        return (
          <fieldset key={`${kind} ${from} ${to}`} className="checks">
            <legend>{say('room/table-of', { kind: say(`room/kind-${kind}`), from: names.nation(from), to: names.nation(to) })}</legend>
            <div className="form-row">
              {table.rows.map((row) => (
                <Choose
                  key={row.from}
                  label={name(from, row.from)}
                  value={row.to ?? ''}
                  options={options}
                  choose={(code) => form.edit({ edit: 'row', table, code: row.from, to: code === '' ? undefined : code })}
                />
              ))}
            </div>
          </fieldset>
        )
      })}
    </div>
  )
}

export function DatesForm(form: FormOf): ReactNode {
  const { say } = useWords()
  const { body, edit } = form
  return (
    <div className="form">
      <div className="form-row">
        <TimeField
          name="in-force"
          label={say('room/field-in-force')}
          value={body.inForceFrom}
          change={(inForceFrom) => (inForceFrom === undefined ? undefined : edit({ edit: 'body', change: { inForceFrom } }))}
        />
        <TimeField
          label={say('room/field-until')}
          value={body.inForceUntil}
          change={(inForceUntil) => edit({ edit: 'body', change: { inForceUntil } })}
        />
      </div>
      <div className="form-row">
        {(body.clocks ?? []).map(({ event, hours }) => (
          <NumberField
            key={event}
            label={say('room/field-hours', { event: say(`room/event-${event}`) })}
            value={hours}
            change={(next) => edit({ edit: 'clock', event, hours: next })}
          />
        ))}
      </div>
    </div>
  )
}
