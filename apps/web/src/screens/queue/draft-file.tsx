import { ClientError, type MarkedPortion } from '@entente/client'
import { toHex } from '@entente/canonical'
import { type ReactNode, useState } from 'react'
import { useWords } from '../../frame/language.tsx'
import { useSession } from '../../frame/session-context.ts'
import { saveBlob } from '../../parts/save.ts'
import { Problem } from '../../parts/states.tsx'
import { sizeText } from '../../parts/time.ts'
import type { Session } from '../../session/session.ts'
import { FileShown, canShow } from '../inbox/file-shown.tsx'

type FilePortion = Extract<MarkedPortion, { kind: 'file' }>

/** A file of a report under review: shown here where it can be, else saved, so that the officer sees what goes. */
export function DraftFile(props: { readonly draft: string; readonly portion: FilePortion; readonly marking: ReactNode }): ReactNode {
  const { draft, portion, marking } = props
  const session = useSession()
  const { say } = useWords()
  const [file, setFile] = useState<Blob>()
  const [percent, setPercent] = useState<number>()
  const [error, setError] = useState<unknown>()
  const shown = canShow(portion.mediaType)
  const load = async (): Promise<void> => {
    setError(undefined)
    setPercent(0)
    try {
      const blob = await fetchFile(session, draft, portion, setPercent)
      if (shown) setFile(blob)
      else saveBlob(blob, portion.name)
    } catch (cause) {
      setError(cause)
    } finally {
      setPercent(undefined)
    }
  }
  const press = (): void => {
    if (percent !== undefined) return
    if (file === undefined) void load()
    else setFile(undefined)
  }
  return (
    <div className="file">
      <p className="file-head">
        {marking} <span className="file-name">{portion.name}</span>{' '}
        <span className="file-facts">
          {portion.mediaType} · {sizeText(portion.size)}
        </span>
      </p>
      {shown ? null : <p className="file-facts">{say('reader/file-not-shown')}</p>}
      <p className="acts">
        <button
          type="button"
          className="button button-second"
          aria-expanded={shown ? file !== undefined : undefined}
          aria-disabled={percent !== undefined}
          onClick={press}
        >
          {percent !== undefined
            ? say('queue/file-loading', { percent })
            : say(shown ? (file === undefined ? 'queue/file-load' : 'reader/file-hide') : 'queue/file-save')}
        </button>
      </p>
      {error === undefined ? null : <Problem error={error} />}
      {file === undefined ? null : <FileShown file={file} name={portion.name} />}
    </div>
  )
}

/** The file's bytes. INVARIANT: what the officer looks at is what will be sealed: its digest is the portion's. */
async function fetchFile(session: Session, draft: string, portion: FilePortion, tell: (percent: number) => void): Promise<Blob> {
  const { sha256, size, name, mediaType } = portion
  const hash = session.client.crypto.hashSha256()
  const pieces: BlobPart[] = []
  let length = 0
  for await (const piece of await session.api.stream(`/api/drafts/${draft}/files/${sha256}`)) {
    hash.update(piece)
    length += piece.length
    pieces.push(piece as Uint8Array<ArrayBuffer>)
    tell(size === 0 ? 100 : Math.floor((length / size) * 100))
  }
  if (toHex(hash.digest()) !== sha256)
    throw new ClientError('client/file-changed', 'another file than the portion names', { values: { name } })
  return new Blob(pieces, { type: mediaType })
}
