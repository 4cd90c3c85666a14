import { type EquivalenceTable, tableAt } from '@entente/agreement'
import type { ReactNode } from 'react'
import { useWords } from '../../frame/language.tsx'
import type { Room } from './use-room.ts'

/** Markings and clearances in each direction; where no equivalent is named, a person decides, and that is seen. */
export function TablesView({ room }: { readonly room: Room }): ReactNode {
  const { say } = useWords()
  const { compared, side } = room
  const { body } = compared?.version ?? room.version
  const at = Math.max(compared?.after.at ?? side.at, body.inForceFrom)
  const tables = body.equivalence.filter((table) => tableAt(body, table.kind, table.from, table.to, at) === table)
  return (
    <>
      <h2>{say('room/tables')}</h2>
      <p>{say('room/table-how')}</p>
      <div className="tables">
        {tables.map((table) => (
          <Table key={`${table.kind} ${table.from} ${table.to}`} table={table} room={room} at={at} />
        ))}
      </div>
    </>
  )
}

function Table({ table, room, at }: { readonly table: EquivalenceTable; readonly room: Room; readonly at: number }): ReactNode {
  const { say, lang } = useWords()
  const names = room.names[lang]
  const { kind, from, to, rows, article } = table
  const term = (nation: string, code: string): string => (kind === 'markings' ? names.level(nation, code) : names.clearance(nation, code))
  const old = room.compared === undefined ? undefined : tableAt(room.version.body, kind, from, to, at)
  return (
    <table className="equivalence" data-table={`${kind} ${from} ${to}`}>
      <caption>
        {say('room/table-of', { kind: say(`room/kind-${kind}`), from: names.nation(from), to: names.nation(to) })} ·{' '}
        {say('room/article', { article })}
      </caption>
      <thead>
        <tr>
          <th scope="col">{say('room/table-from', { nation: names.nation(from) })}</th>
          <th scope="col">{say('room/table-to', { nation: names.nation(to) })}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const was = old?.rows.find((one) => one.from === row.from)
          const changed = old !== undefined && was?.to !== row.to
          return (
            <tr key={row.from}>
              <th scope="row">{term(from, row.from)}</th>
              <td className={row.to === undefined ? 'decides' : undefined}>
                {row.to === undefined ? <span className="decides-mark">◇ {say('room/person-decides')}</span> : term(to, row.to)}
                {changed ? (
                  <span className="change change-changed">
                    ± {say('room/was', { what: was?.to === undefined ? say('room/person-decides') : term(to, was.to) })}
                  </span>
                ) : null}
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
