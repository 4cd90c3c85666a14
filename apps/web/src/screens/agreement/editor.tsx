import type { Agreement, Delegation, Grant, Prohibition } from '@entente/agreement'
import { type ReactNode, useState } from 'react'
import { useWords } from '../../frame/language.tsx'
import { type Edit, freeId } from './edit.ts'
import { Choose, type Option, TimeField } from './fields.tsx'
import { DelegationForm, type FormOf, GrantForm, ProhibitionForm } from './forms.tsx'
import type { TermNames } from './names.ts'
import { ArticleForm, DatesForm, TablesForm } from './text-forms.tsx'
import type { Room } from './use-room.ts'

const PARTS = ['grants', 'prohibitions', 'delegations', 'tables', 'articles', 'dates', 'parties'] as const
type Part = (typeof PARTS)[number]

/** Everything of an agreement that an amendment may change, part by part. */
export function Editor(props: {
  readonly room: Room
  readonly body: Agreement
  readonly names: TermNames
  readonly edit: (edit: Edit) => void
}): ReactNode {
  const { room, body, names, edit } = props
  const { say } = useWords()
  const [part, setPart] = useState<Part>('grants')
  const form: FormOf = { body, names, edit, policies: room.policies }
  return (
    <>
      <Choose
        name="part"
        label={say('room/edit-what')}
        value={part}
        options={PARTS.map((value) => ({ value, name: say(`room/edit-${value}`) }))}
        choose={(value) => setPart(PARTS.find((one) => one === value) ?? 'grants')}
      />
      <PartForm key={part} part={part} form={form} room={room} />
    </>
  )
}

function PartForm({ part, form, room }: { readonly part: Part; readonly form: FormOf; readonly room: Room }): ReactNode {
  const { body, edit } = form
  switch (part) {
    case 'grants':
      return (
        <Listed
          ids={body.grants.map(({ id }) => id)}
          add={() => newGrant(body)}
          adds={(what) => edit({ edit: 'add', to: 'grants', what })}
          remove={(id) => edit({ edit: 'remove', from: 'grants', id })}
          form={(id) => {
            const grant = body.grants.find((one) => one.id === id)
            return grant === undefined ? null : <GrantForm {...form} grant={grant} />
          }}
        />
      )
    case 'prohibitions':
      return (
        <Listed
          ids={body.prohibitions.map(({ id }) => id)}
          add={(): Prohibition => ({ id: freeId(body, 'prohibition'), article: body.articles[0]?.id ?? '1', acts: ['derive'] })}
          adds={(what) => edit({ edit: 'add', to: 'prohibitions', what })}
          remove={(id) => edit({ edit: 'remove', from: 'prohibitions', id })}
          form={(id) => {
            const rule = body.prohibitions.find((one) => one.id === id)
            return rule === undefined ? null : <ProhibitionForm {...form} rule={rule} />
          }}
        />
      )
    case 'delegations':
      return (
        <Listed
          ids={(body.delegations ?? []).map(({ id }) => id)}
          add={() => newDelegation(form)}
          adds={(what) => edit({ edit: 'add', to: 'delegations', what })}
          remove={(id) => edit({ edit: 'remove', from: 'delegations', id })}
          form={(id) => {
            const delegation = body.delegations?.find((one) => one.id === id)
            return delegation === undefined ? null : <DelegationForm {...form} delegation={delegation} />
          }}
        />
      )
    case 'articles':
      return <ArticleList form={form} />
    case 'tables':
      return <TablesForm {...form} />
    case 'dates':
      return <DatesForm {...form} />
    default:
      return <PartyForm form={form} room={room} />
  }
}

function Listed<T extends { readonly id: string }>(props: {
  readonly ids: readonly string[]
  readonly names?: readonly Option[]
  readonly add: () => T | undefined
  readonly adds: (what: T) => void
  readonly remove: (id: string) => void
  readonly form: (id: string) => ReactNode
}): ReactNode {
  const { ids, names, add, adds, remove, form } = props
  const { say } = useWords()
  const [chosen, setChosen] = useState(ids[0] ?? '')
  const here = ids.includes(chosen) ? chosen : (ids[0] ?? '')
  return (
    <>
      <div className="form-row form-which">
        {ids.length === 0 ? null : (
          <Choose
            name="which"
            label={say('room/edit-which')}
            value={here}
            options={names ?? ids.map((value) => ({ value, name: value }))}
            choose={setChosen}
          />
        )}
        <button
          type="button"
          className="button button-second"
          onClick={() => {
            const what = add()
            if (what === undefined) return
            adds(what)
            setChosen(what.id)
          }}
        >
          {say('room/add')}
        </button>
        {here === '' ? null : (
          <button type="button" className="button button-bad" onClick={() => remove(here)}>
            {say('room/remove')}
          </button>
        )}
      </div>
      {form(here)}
    </>
  )
}

function ArticleList({ form }: { readonly form: FormOf }): ReactNode {
  const { say } = useWords()
  const { body, edit, names } = form
  return (
    <Listed
      ids={body.articles.map(({ id }) => id)}
      names={body.articles.map(({ id, title }) => ({
        value: id,
        name: say('room/shown-article', { article: id, title: title[names.lang] }),
      }))}
      add={() => {
        const last = Math.max(0, ...body.articles.map(({ id }) => Math.floor(Number.parseFloat(id))))
        return { id: String(last + 1), title: { en: 'New article', ja: '新たな条' }, text: { en: '…', ja: '…' } }
      }}
      adds={(what) => edit({ edit: 'add', to: 'articles', what })}
      remove={(id) => edit({ edit: 'remove', from: 'articles', id })}
      form={(id) => <ArticleForm {...form} id={id} />}
    />
  )
}

/** Until when each is a party, and who else may become one: whose authority's key this device knows. */
function PartyForm({ form, room }: { readonly form: FormOf; readonly room: Room }): ReactNode {
  const { say } = useWords()
  const { body, names, edit, policies } = form
  const { authorities } = room.session.device.anchors
  const others = Object.entries(authorities).filter(([nation]) => !body.parties.some((party) => party.nation === nation))
  return (
    <div className="form">
      {body.parties.map(({ nation, memberUntil }) => (
        <TimeField
          key={nation}
          label={say('room/field-member-until', { nation: names.nation(nation) })}
          value={memberUntil}
          change={(until) => edit({ edit: 'parties', id: nation, change: { memberUntil: until } })}
        />
      ))}
      <h4>{say('room/new-party')}</h4>
      {others.length === 0 ? <p>{say('room/new-party-none')}</p> : null}
      {others.map(([nation, authorityKey]) => {
        const known = policies.find((policy) => policy.nation === nation)?.nationNames ?? { en: nation, ja: nation }
        return (
          <button
            key={nation}
            type="button"
            className="button button-second"
            onClick={() =>
              edit({
                edit: 'add',
                to: 'parties',
                what: { nation, names: known, authority: known, authorityKey, memberFrom: body.inForceFrom },
              })
            }
          >
            {say('room/add')}: {known[names.lang]}
          </button>
        )
      })}
    </div>
  )
}

/** The first grant over again, under a name of its own. */
function newGrant(body: Agreement): Grant | undefined {
  const [first] = body.grants
  return first === undefined ? undefined : { ...first, id: freeId(body, 'grant') }
}

function newDelegation({ body, policies }: FormOf): Delegation | undefined {
  const nation = body.parties[0]?.nation ?? ''
  const policy = policies.find((one) => one.nation === nation)
  const ceiling = policy?.classifications.toSorted((a, b) => a.order - b.order)[0]?.code
  const office = policy?.offices[0]?.code
  const [area] = body.areas
  if (ceiling === undefined || office === undefined || area === undefined) return undefined
  return {
    id: freeId(body, 'delegation'),
    article: body.articles[0]?.id ?? '1',
    nation,
    office,
    ceiling,
    areas: [area.code],
    modes: ['give', 'show'],
  }
}
