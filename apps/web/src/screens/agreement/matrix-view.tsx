import { type AxesCell, type Difference, type Side, describeCause } from '@entente/difference'
import { type KeyboardEvent, type ReactNode, useMemo, useState } from 'react'
import { useWords } from '../../frame/language.tsx'
import { wordingOf } from '../../parts/terms.ts'
import { Computing, useDifference } from './computing.tsx'
import { type Allowed, type Marks, type Matrix, type MatrixPair, exactMarks, marksOf, matrixPairs } from './matrix.ts'
import { grantWords } from './rules.ts'
import type { Room } from './use-room.ts'

const SIGNS: Readonly<Record<Allowed, string>> = { give: '●', show: '◐', conditions: '◇', not: '×' }
const MARKS = [
  ['gained', '+'],
  ['lost', '−'],
  ['changed', '±'],
] as const

/** Areas by levels in each direction, with what a proposal changes drawn on it. */
export function MatrixView({ room }: { readonly room: Room }): ReactNode {
  const { say } = useWords()
  const { compared, side } = room
  const computed = useDifference(compared)
  const pairs = usePairs(compared?.before ?? side, compared?.after ?? side)
  return (
    <>
      <h2>{say('room/matrix')}</h2>
      {room.view.state === 'suspended' && compared === undefined ? (
        <p className="notice notice-warn">{say('room/suspended-note')}</p>
      ) : null}
      <Legend marks={compared !== undefined} />
      {compared === undefined || computed.answer !== undefined ? null : <Computing {...computed} />}
      <Matrices
        room={room}
        before={compared?.before ?? side}
        after={compared?.after ?? side}
        pairs={pairs}
        exact={computed.answer}
        marked={compared !== undefined}
      />
    </>
  )
}

/** The matrices of two sides, computed once as long as the sides stay. */
export function usePairs(before: Side, after: Side): readonly MatrixPair[] {
  return useMemo(() => matrixPairs(before, after), [before, after])
}

/** What signs, letters and colours of the matrix mean. */
export function Legend({ marks }: { readonly marks: boolean }): ReactNode {
  const { say } = useWords()
  return (
    <ul className="legend" aria-label={say('room/legend')}>
      {(['give', 'show', 'conditions', 'not'] as const).map((one) => (
        <li key={one}>
          <span className={`cell-sign cell-${one}`}>
            {SIGNS[one]} {say(`room/cell-${one}`)}
          </span>{' '}
          {say(`room/legend-${one}`)}
        </li>
      ))}
      {marks
        ? MARKS.map(([mark, sign]) => (
            <li key={mark}>
              <span className={`change change-${mark}`}>
                {sign} {say(`room/${mark}`)}
              </span>{' '}
              {say(`room/legend-${mark}`)}
            </li>
          ))
        : null}
    </ul>
  )
}

/** A matrix for each direction, and what stands behind the chosen cell. */
export function Matrices(props: {
  readonly room: Room
  readonly before: Side
  readonly after: Side
  readonly pairs: readonly MatrixPair[]
  /** The whole difference, once it has come; before, the marks are those of the axes. */
  readonly exact: Difference | undefined
  readonly marked: boolean
}): ReactNode {
  const { room, before, after, pairs, exact, marked } = props
  const { say } = useWords()
  const [chosen, setChosen] = useState<{ readonly matrix: number; readonly area: string; readonly level: string }>()
  const pair = chosen === undefined ? undefined : pairs[chosen.matrix]
  return (
    <>
      <div className="matrices" data-marks={marked ? (exact === undefined ? 'axes' : 'whole') : undefined}>
        {pairs.map((one, index) => (
          <Grid
            key={JSON.stringify(one.now.direction)}
            room={room}
            matrix={one.now}
            chosen={chosen?.matrix === index ? chosen : undefined}
            choose={(area, level) => setChosen({ matrix: index, area, level })}
            marks={(area, level) =>
              !marked ? undefined : exact === undefined ? marksOf(one, area, level) : exactMarks(exact, one.now.direction, area, level)
            }
          />
        ))}
      </div>
      <section className="cell-detail" aria-live="polite" aria-label={say('room/cell-detail')}>
        {chosen === undefined || pair === undefined ? (
          <p>{say('room/cell-choose')}</p>
        ) : (
          <Detail room={room} before={before} after={after} pair={pair} area={chosen.area} level={chosen.level} marked={marked} />
        )}
      </section>
    </>
  )
}

function Grid(props: {
  readonly room: Room
  readonly matrix: Matrix
  readonly chosen: { readonly area: string; readonly level: string } | undefined
  readonly choose: (area: string, level: string) => void
  readonly marks: (area: string, level: string) => Marks | undefined
}): ReactNode {
  const { room, matrix, chosen, choose, marks } = props
  const { say, lang } = useWords()
  const names = room.names[lang]
  const { from, to, via } = matrix.direction
  const id = `${from}-${to}-${via ?? ''}`
  const move = (event: KeyboardEvent, area: string, level: string): void => {
    const [row, column] = [matrix.areas.findIndex(({ code }) => code === area), matrix.levels.indexOf(level)]
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Home: [0, -99], End: [0, 99] }[event.key]
    const [down = 0, across = 0] = step ?? []
    if (step === undefined) return
    event.preventDefault()
    const clamp = (value: number, size: number): number => Math.max(0, Math.min(size - 1, value))
    const next = [
      matrix.areas[clamp(row + down, matrix.areas.length)]?.code ?? area,
      matrix.levels[clamp(column + across, matrix.levels.length)] ?? level,
    ] as const
    document.getElementById(`cell-${id}-${next[0]}-${next[1]}`)?.focus()
  }
  return (
    <table className="matrix" role="grid" data-direction={`${from} ${to}`}>
      <caption>
        {say('room/direction', { from: names.nation(from), to: names.nation(to) })}
        {via === undefined ? null : ` · ${say('room/by-way', { nation: names.nation(via) })}`}
      </caption>
      <thead>
        <tr>
          <th scope="col">{say('room/area')}</th>
          {matrix.levels.map((level) => (
            <th key={level} scope="col">
              {names.level(from, level)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {matrix.areas.map(({ code, depth }, row) => (
          <tr key={code}>
            <th scope="row" className={`area area-${Math.min(depth, 3)}`}>
              {names.area(code)}
            </th>
            {matrix.levels.map((level, column) => {
              const { allowed } = matrix.cell(code, level)
              const here = chosen?.area === code && chosen.level === level
              return (
                <td
                  key={level}
                  role="gridcell"
                  id={`cell-${id}-${code}-${level}`}
                  className={`cell cell-${allowed}${here ? ' cell-here' : ''}`}
                  data-allowed={allowed}
                  data-cell={`${code} ${level}`}
                  aria-selected={here}
                  tabIndex={here || (chosen === undefined && row === 0 && column === 0) ? 0 : -1}
                  onFocus={() => choose(code, level)}
                  onClick={(event) => event.currentTarget.focus()}
                  onKeyDown={(event) => move(event, code, level)}
                >
                  <span className="cell-sign">
                    {SIGNS[allowed]} {say(`room/cell-${allowed}`)}
                  </span>
                  <CellMarks marks={marks(code, level)} />
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function CellMarks({ marks }: { readonly marks: Marks | undefined }): ReactNode {
  const { say } = useWords()
  if (marks === undefined) return null
  return MARKS.map(([mark, sign]) =>
    marks[mark] ? (
      <span key={mark} className={`change change-${mark}`} data-change={mark}>
        {sign}
        <span className="only-heard">{say(`room/${mark}`)}</span>
      </span>
    ) : null,
  )
}

function Detail(props: {
  readonly room: Room
  readonly before: Side
  readonly after: Side
  readonly pair: MatrixPair
  readonly area: string
  readonly level: string
  readonly marked: boolean
}): ReactNode {
  const { room, before, after, pair, area, level, marked } = props
  const { say, lang } = useWords()
  const names = room.names[lang]
  const cell = pair.now.cell(area, level)
  const was = pair.was.cell(area, level)
  const { from, to } = pair.now.direction
  return (
    <>
      <h3>
        {say('room/direction', { from: names.nation(from), to: names.nation(to) })} · {names.area(area)} · {names.level(from, level)}:{' '}
        {say(`room/legend-${cell.allowed}`)}
      </h3>
      {marked && was.allowed !== cell.allowed ? <p>{say('room/was', { what: say(`room/legend-${was.allowed}`) })}</p> : null}
      {marked ? <Causes cell={pair.change(area, level)} sides={[before, after]} /> : null}
      {cell.grants.length === 0 ? <p>{say('room/cell-nothing')}</p> : null}
      {cell.grants.map(({ agreement, article, id }) => {
        const body = after.agreements.find((one) => one.body.agreement === agreement)?.body
        const grant = body?.grants.find((one) => one.id === id)
        return body === undefined || grant === undefined ? null : (
          <div key={id} className="rule">
            <h4>{say('room/cell-by', { article, rule: id })}</h4>
            <ul className="rule-words">
              {grantWords(grant, body, after, names).map((phrase) => (
                <li key={phrase}>{phrase}</li>
              ))}
            </ul>
          </div>
        )
      })}
    </>
  )
}

/** By which articles something is gained or lost in a cell. */
function Causes({ cell, sides }: { readonly cell: AxesCell | undefined; readonly sides: readonly Side[] }): ReactNode {
  const { say, lang } = useWords()
  const wording = wordingOf(lang, sides)
  return (['gained', 'lost'] as const).map((mark) => {
    const causes = cell?.[mark] ?? []
    return causes.length === 0 ? null : (
      <p key={mark} data-causes={mark}>
        <span className={`change change-${mark}`}>
          {mark === 'gained' ? '+' : '−'} {say(`room/${mark}`)}
        </span>{' '}
        {[...new Set(causes.map((cause) => describeCause(cause, wording)))].join(lang === 'ja' ? '、' : '; ')}
      </p>
    )
  })
}
