import { type ReactNode, useEffect, useState } from 'react'

const IMAGES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp'])
const TEXTS = new Set(['text/plain', 'text/csv', 'application/json'])
/** As much text as is laid out at once, in bytes. */
const TEXT_BYTES = 262_144

/** Whether files of this type are shown here. Nothing that could run is: no HTML, no SVG. */
export function canShow(mediaType: string): boolean {
  return IMAGES.has(mediaType) || TEXTS.has(mediaType)
}

/** A file, decrypted in this tab, as a picture or as plain text. */
export function FileShown({ file, name }: { readonly file: Blob; readonly name: string }): ReactNode {
  const [text, setText] = useState<string>()
  const [url, setUrl] = useState<string>()
  useEffect(() => {
    if (!IMAGES.has(file.type)) {
      let gone = false
      void file
        .slice(0, TEXT_BYTES)
        .text()
        .then((read) => {
          if (!gone) setText(read)
        })
      return () => {
        gone = true
      }
    }
    const made = URL.createObjectURL(file)
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [file])
  if (url !== undefined) return <img className="file-image" src={url} alt={name} />
  return <pre className="file-text">{text}</pre>
}
