import type { Party } from '@entente/agreement'
import { EntenteError } from '@entente/canonical'
import type { ReactNode } from 'react'
import { useWords } from '../../frame/language.tsx'
import { dateText } from '../../parts/time.ts'
import { freeId, valueAt } from './edit.ts'
import { Choose, type Option } from './fields.tsx'
import { Form, type FormOf, type FormShape } from './form.tsx'
import {
  ARTICLE,
  BASIS,
  DATES,
  areaShape,
  blankTable,
  clockShape,
  delegationShape,
  grantShape,
  invariantShape,
  limitsShape,
  partyShape,
  prohibitionShape,
  provisionsShape,
  successionShape,
  tableShape,
} from './forms.ts'
import { areasOf } from './matrix.ts'
import { optionsOf } from './options.ts'
import { PartyFile } from './party-file.tsx'
import { LISTS, type List, PARTS, type Place } from './places.ts'
import type { Room } from './use-room.ts'

/** Everything of an agreement that an amendment may change, part by part. */
export function Editor(props: {
  readonly room: Room
  readonly form: FormOf
  readonly place: Place
  readonly go: (place: Place) => void
}): ReactNode {
  const { room, form, place, go } = props
  const { say } = useWords()
  const { part, index } = place
  const list = LISTS.find((one) => one === part)
  return (
    <>
      <Choose
        name="part"
        label={say('room/edit-what')}
        value={part}
        options={PARTS.map((value) => ({ value, name: say(`room/edit-${value}`) }))}
        change={(value) => go({ part: PARTS.find((one) => one === value) ?? 'grants', index: 0 })}
      />
      {list === undefined ? (
        <Form
          key={part}
          form={form}
          at=""
          shape={part === 'provisions' ? provisionsShape(form) : part === 'limits' ? limitsShape(form) : DATES}
        />
      ) : (
        <Listed key={list} room={room} form={form} list={list} index={index} go={(to) => go({ part, index: to })} />
      )}
    </>
  )
}

function Listed(props: {
  readonly room: Room
  readonly form: FormOf
  readonly list: List
  readonly index: number
  readonly go: (index: number) => void
}): ReactNode {
  const { room, form, list, go } = props
  const { say } = useWords()
  const all = (form.body[list] ?? []) as readonly object[]
  const index = Math.max(0, Math.min(props.index, all.length - 1))
  const at = `${list}/${index}`
  const add = (what: unknown): void => {
    form.edit({ edit: 'add', at: list, what })
    go(all.length)
  }
  const fresh = freshOf(form, list)
  // A party of the version before leaves by a date or by its notice, never by being left out.
  const stays = list === 'parties' && form.base.parties.some(({ nation }) => nation === form.body.parties[index]?.nation)
  return (
    <>
      <div className="form-row form-which">
        {all.length === 0 ? null : (
          <Choose
            name="which"
            label={say('room/edit-which')}
            value={String(index)}
            options={namesOf(form, list)}
            change={(value) => go(Number(value))}
          />
        )}
        {fresh === undefined ? null : (
          <button type="button" className="button button-second" data-act="add" onClick={() => add(fresh)}>
            {say('room/add')}
          </button>
        )}
        {all.length === 0 || stays ? null : (
          <button
            type="button"
            className="button button-bad"
            data-act="remove"
            onClick={() => {
              form.edit({ edit: 'remove', at })
              go(Math.max(0, index - 1))
            }}
          >
            {say('room/remove')}
          </button>
        )}
      </div>
      {list === 'parties' ? <NewParties room={room} form={form} /> : null}
      {all.length === 0 ? (
        <p className="line-facts">{say('room/nothing')}</p>
      ) : (
        <Form key={at} form={form} at={at} shape={shapeAt(form, list, index)} />
      )}
    </>
  )
}

function shapeAt(form: FormOf, list: List, index: number): FormShape {
  const { body } = form
  const at = `${list}/${index}`
  const one = <T,>(all: readonly T[] | undefined, shape: (one: T) => FormShape): FormShape => {
    const found = all?.[index]
    return found === undefined ? [] : shape(found)
  }
  switch (list) {
    case 'grants':
      return one(body.grants, (grant) => grantShape(form, grant))
    case 'prohibitions':
      return prohibitionShape(form, at)
    case 'delegations':
      return one(body.delegations, (delegation) => delegationShape(form, delegation))
    case 'invariants':
      return invariantShape(form, at)
    case 'equivalence':
      return one(body.equivalence, (table) => tableShape(form, at, table))
    case 'areas':
      return one(body.areas, ({ code }) => areaShape(form, code))
    case 'successions':
      return one(body.successions, (succession) => successionShape(form, at, succession))
    case 'articles':
      return ARTICLE
    case 'clocks':
      return clockShape(form)
    case 'parties':
      return one(body.parties, ({ nation }) => partyShape(form, nation))
    default:
      return BASIS
  }
}

/** What the members of a list are called, where one is chosen. */
function namesOf(form: FormOf, list: List): readonly Option[] {
  const { body, names } = form
  const o = optionsOf(form)
  const depths = new Map(areasOf([body.areas]).map(({ code, depth }) => [code, depth]))
  const all: Readonly<Record<List, readonly string[]>> = {
    grants: body.grants.map(({ id }) => id),
    prohibitions: body.prohibitions.map(({ id }) => id),
    delegations: (body.delegations ?? []).map(({ id }) => id),
    invariants: (body.invariants ?? []).map(({ id }) => id),
    equivalence: body.equivalence.map(({ kind, from, to, validFrom }) =>
      [o.kinds.find(({ value }) => value === kind)?.name ?? kind, `${names.nation(from)} → ${names.nation(to)}`, dateText(validFrom)].join(
        ' · ',
      ),
    ),
    areas: body.areas.map(({ code }) => `${'\u3000'.repeat(depths.get(code) ?? 0)}${names.area(code)}`),
    successions: (body.successions ?? []).map(({ from, to }) => `${from} → ${to}`),
    articles: o.articles.map(({ name }) => name),
    clocks: (body.clocks ?? []).map(({ event }) => o.events.find(({ value }) => value === event)?.name ?? event),
    parties: o.nations.map(({ name }) => name),
    basis: (body.basis ?? []).map(({ agreement }) => agreement),
  }
  return all[list].map((name, index) => ({ value: String(index), name }))
}

/** Something new for a list, to be changed into what is meant; undefined where nothing can stand there yet. */
function freshOf(form: FormOf, list: List): unknown {
  const { body, base, policies } = form
  const article = body.articles[0]?.id ?? '1'
  const [area] = body.areas
  switch (list) {
    case 'grants':
      return body.grants[0] === undefined ? undefined : { ...body.grants[0], id: freeId(body, 'grant') }
    case 'prohibitions':
      return { id: freeId(body, 'prohibition'), article, acts: ['derive'] }
    case 'invariants':
      return { id: freeId(body, 'invariant'), text: { en: '…', ja: '…' }, never: { acts: ['onward-release'] } }
    case 'delegations': {
      const nation = body.parties[0]?.nation ?? ''
      const policy = policies.find((one) => one.nation === nation)
      const ceiling = policy?.classifications.toSorted((a, b) => a.order - b.order)[0]?.code
      const office = policy?.offices[0]?.code
      if (ceiling === undefined || office === undefined || area === undefined) return undefined
      return { id: freeId(body, 'delegation'), article, nation, office, ceiling, areas: [area.code], modes: ['give', 'show'] }
    }
    case 'equivalence': {
      const [from = '', to = ''] = body.parties.map(({ nation }) => nation)
      return blankTable(form, { kind: 'markings', from, to, article, validFrom: body.inForceFrom, rows: [] })
    }
    case 'areas': {
      const code = freeId(body, 'area')
      return { code, names: { en: code, ja: code } }
    }
    case 'successions': {
      const gone = base.grants.find(({ id }) => body.grants.every((grant) => grant.id !== id))?.id ?? base.grants[0]?.id
      return gone === undefined ? undefined : { kind: 'grant', from: gone, to: body.grants.at(-1)?.id ?? gone, article }
    }
    case 'articles': {
      const last = Math.max(0, ...body.articles.map(({ id }) => Math.floor(Number.parseFloat(id))))
      return { id: String(last + 1), title: { en: 'New article', ja: '新たな条' }, text: { en: '…', ja: '…' } }
    }
    case 'clocks': {
      const event = optionsOf(form).events.find(({ value }) => body.clocks?.some((clock) => clock.event === value) !== true)?.value
      return event === undefined ? undefined : { event, article, hours: event === 'compromise-suspected' ? body.compromiseHours : 72 }
    }
    case 'basis':
      return { agreement: 'another-agreement', article: '1' }
    default:
      return undefined
  }
}

/** Who else may become a party: whose authority's key this device knows, or a file of that nation's says; it is compared like any other. */
function NewParties({ room, form }: { readonly room: Room; readonly form: FormOf }): ReactNode {
  const { say } = useWords()
  const { body, names, policies } = form
  const { authorities } = room.session.device.anchors
  const add = (what: Party): void => form.edit({ edit: 'add', at: 'parties', what })
  const take = (party: Party): void => {
    if (body.parties.some(({ nation }) => nation === party.nation))
      throw new EntenteError('agreement/duplicate', 'a party already', { values: { of: party.nation } })
    add({ ...party, memberFrom: party.memberFrom ?? body.inForceFrom })
  }
  const others = Object.entries(authorities).filter(([nation]) => body.parties.every((party) => party.nation !== nation))
  return (
    <div className="form">
      {others.length === 0 ? <p className="line-facts">{say('room/new-party-none')}</p> : null}
      <PartyFile label={say('room/new-party-file')} name="party-file" take={take}>
        {others.map(([nation, authorityKey]) => {
          const known = policies.find((policy) => policy.nation === nation)?.nationNames ?? { en: nation, ja: nation }
          return (
            <button
              key={nation}
              type="button"
              className="button button-second"
              onClick={() => add({ nation, names: known, authority: known, authorityKey, memberFrom: body.inForceFrom })}
            >
              {say('room/new-party')}: {known[names.lang]}
            </button>
          )
        })}
      </PartyFile>
    </div>
  )
}

/** Puts the focus on the field that a path names, or on the one that stands above it. */
export function focusField(where: string, body: FormOf['body']): void {
  const steps = where.split('/')
  while (steps.length > 0 && valueAt(body, steps.join('/')) === undefined) steps.pop()
  const names = steps.toReversed().filter((step) => !/^\d+$/u.test(step))
  const found = names.map((name) => document.querySelector<HTMLElement>(`.amend-form [data-field="${name}"]`)).find((one) => one !== null)
  const target = found?.matches('fieldset') === true ? found.querySelector<HTMLElement>('input') : found
  ;(target ?? document.querySelector<HTMLElement>('.amend-form [data-field="which"]'))?.focus()
}
