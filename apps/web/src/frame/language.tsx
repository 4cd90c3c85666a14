import { type Lang, type ScreenKey, type Values, hint, message, say } from '@entente/words'
import { type ReactNode, createContext, useContext, useEffect, useMemo, useState } from 'react'

/** The language that a person reads, and the words in it. */
export interface Words {
  readonly lang: Lang
  readonly say: (key: ScreenKey, values?: Values) => string
  /** The sentence of a code. */
  readonly message: (code: string, values?: Values) => string
  readonly hint: (code: string, values?: Values) => string | null
  /** Of two languages, both originals, the one that is read here. */
  readonly pick: (both: { readonly en?: string | undefined; readonly ja?: string | undefined }) => string
  readonly setLang: (lang: Lang) => void
}

const KEPT = 'entente.lang'
const Context = createContext<Words | null>(null)

/** What the person chose, else what the browser asks for. */
function firstLang(): Lang {
  const kept = localStorage.getItem(KEPT)
  if (kept === 'ja' || kept === 'en') return kept
  return navigator.language.startsWith('ja') ? 'ja' : 'en'
}

export function LanguageProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [lang, setLang] = useState<Lang>(firstLang)
  useEffect(() => {
    document.documentElement.lang = lang
  }, [lang])
  const words = useMemo(
    (): Words => ({
      lang,
      say: (key, values) => say(lang, key, values),
      message: (code, values) => sentence(lang, message(lang, code, values)),
      hint(code, values) {
        const help = hint(lang, code, values)
        return help === null ? null : sentence(lang, help)
      },
      pick: (both) => both[lang] ?? both.en ?? both.ja ?? '',
      setLang(next) {
        localStorage.setItem(KEPT, next)
        setLang(next)
      },
    }),
    [lang],
  )
  return <Context.Provider value={words}>{children}</Context.Provider>
}

/** Messages begin small and end open, for command lines; on a page they are sentences. */
function sentence(lang: Lang, text: string): string {
  const whole = text.charAt(0).toUpperCase() + text.slice(1)
  if (/[.。？?]$/u.test(whole)) return whole
  return lang === 'ja' ? `${whole}。` : `${whole}.`
}

export function useWords(): Words {
  const words = useContext(Context)
  if (words === null) throw new TypeError('no language')
  return words
}
