import type { CapcoCode } from '@entente/label'
import type { Catalogue } from '../catalogue.ts'

/** The US syntax and ISM. */
export const labelCapco: Catalogue<CapcoCode> = {
  'capco/unknown-component': {
    en: 'no part of a US marking is written like this[ (at character {at})]',
    ja: '米国の標示にこのような部分はありません[（{at} 文字目）]',
  },
}
