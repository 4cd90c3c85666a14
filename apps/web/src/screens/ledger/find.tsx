import { type ReactNode, type RefObject, useState } from 'react'
import { useWords } from '../../frame/language.tsx'

const ITEM = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u

/** Goes to any item by its number: what the nation was given stands in no register of its own. */
export function Find({
  box,
  goTo,
}: {
  readonly box: RefObject<HTMLInputElement | null>
  readonly goTo: (item: string) => void
}): ReactNode {
  const { say } = useWords()
  const [typed, setTyped] = useState('')
  const [wrong, setWrong] = useState(false)
  return (
    <>
      <form
        role="search"
        className="search"
        onSubmit={(event) => {
          event.preventDefault()
          const item = typed.trim().toLowerCase()
          setWrong(!ITEM.test(item))
          if (!ITEM.test(item)) return
          box.current?.blur()
          goTo(item)
        }}
      >
        <input
          ref={box}
          type="search"
          value={typed}
          aria-label={say('ledger/find')}
          aria-describedby="find-how"
          aria-invalid={wrong}
          placeholder={say('ledger/find')}
          onChange={(event) => {
            setTyped(event.target.value)
            setWrong(false)
          }}
          onKeyDown={(event) => {
            if (event.key === 'Escape') box.current?.blur()
          }}
        />
        <kbd aria-hidden="true">/</kbd>
      </form>
      <p id="find-how" className={wrong ? 'search-how loud' : 'search-how'} role={wrong ? 'alert' : undefined}>
        {say(wrong ? 'ledger/find-wrong' : 'ledger/find-how')}
      </p>
    </>
  )
}
