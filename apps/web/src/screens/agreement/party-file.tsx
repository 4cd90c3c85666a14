import { type Party, readParty } from '@entente/agreement'
import { EntenteError } from '@entente/canonical'
import { type ReactNode, useId, useState } from 'react'
import { useWords } from '../../frame/language.tsx'
import { Problem } from '../../parts/states.tsx'

/** Takes a party from a file of its nation: as it stands, or would stand, in the agreement. What `take` throws is said below. */
export function PartyFile(props: {
  readonly label: string
  readonly name: string
  readonly take: (party: Party) => void
  readonly describedBy?: string | undefined
  readonly children?: ReactNode
}): ReactNode {
  const { label, name, take, describedBy, children } = props
  const [error, setError] = useState<unknown>()
  const read = async (file: File): Promise<void> => {
    setError(undefined)
    try {
      take(readParty(new Uint8Array(await file.arrayBuffer())))
    } catch (cause) {
      setError(cause)
    }
  }
  return (
    <>
      <p className="acts">
        {children}
        <label className="button button-second file-button">
          {label}
          <input
            type="file"
            accept="application/json,.json"
            data-field={name}
            aria-describedby={describedBy}
            onChange={({ target }) => {
              const [file] = target.files ?? []
              if (file !== undefined) void read(file)
              // The same file may be chosen again once it was put right.
              target.value = ''
            }}
          />
        </label>
      </p>
      {error === undefined ? null : <Problem error={error} />}
    </>
  )
}

/** A key of a nation, by its number; another one comes from a file of that nation, and it may be left out. */
export function KeyField(props: {
  readonly label: string
  readonly name?: string | undefined
  readonly wrong: readonly string[]
  readonly value: string | undefined
  readonly nation: string
  readonly change: (key: Party['countersigningKey']) => void
}): ReactNode {
  const { label, name = '', wrong, value, nation, change } = props
  const { say } = useWords()
  const id = useId()
  const take = (party: Party): void => {
    if (party.nation !== nation)
      throw new EntenteError('agreement/unknown-nation', 'of another nation', { values: { nation: party.nation } })
    if (party.countersigningKey === undefined)
      throw new EntenteError('canonical/shape', 'no key of a second person', { values: { what: 'party', where: 'countersigningKey' } })
    change(party.countersigningKey)
  }
  return (
    <fieldset className="checks" data-field={name} data-key={value ?? 'none'}>
      <legend>{label}</legend>
      <p>
        {value === undefined ? (
          say('room/key-none')
        ) : (
          <>
            {say('room/key-number')} <code>{value}</code>
          </>
        )}
      </p>
      <PartyFile label={say('room/key-file')} name={`${name}-file`} take={take} describedBy={wrong.length > 0 ? id : undefined}>
        {value === undefined ? null : (
          <button type="button" className="button button-bad" data-act="leave-out" onClick={() => change(undefined)}>
            {say('room/remove')}
          </button>
        )}
      </PartyFile>
      {wrong.length > 0 ? (
        <span id={id} className="field-wrong">
          {wrong.join(' ')}
        </span>
      ) : null}
    </fieldset>
  )
}
