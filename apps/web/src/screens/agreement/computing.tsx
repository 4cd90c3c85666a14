import type { Difference, Side } from '@entente/difference'
import { type ReactNode, useEffect, useState } from 'react'
import { useWords } from '../../frame/language.tsx'
import { Problem } from '../../parts/states.tsx'
import { type Computed, useComputed } from './use-computed.ts'

/** The exact difference of two sides, computed beside the page. */
export function useDifference(
  sides: { readonly before: Side; readonly after: Side } | undefined,
): Computed<Difference> & { readonly again: () => void } {
  const task = sides === undefined ? undefined : ({ task: 'difference', before: sides.before, after: sides.after } as const)
  return useComputed(task, [sides?.before, sides?.after])
}

/** What shows while something is computed: how far it has come, and, once it takes longer than a moment, for how long. */
export function Computing({ error, step, again }: Pick<Computed<unknown>, 'error' | 'step'> & { readonly again: () => void }): ReactNode {
  const { say } = useWords()
  const [seconds, setSeconds] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setSeconds((before) => before + 1), 1_000)
    return () => clearInterval(timer)
  }, [])
  if (error !== undefined) return <Problem error={error} again={again} />
  return (
    <div role="status" className="computing">
      <p>
        {say('room/computing')} <span aria-hidden="true">{seconds === 0 ? null : say('room/computing-seconds', { seconds })}</span>
      </p>
      <progress aria-label={say('room/computing')} {...(step === undefined ? {} : { value: step.done, max: step.of })} />
    </div>
  )
}
