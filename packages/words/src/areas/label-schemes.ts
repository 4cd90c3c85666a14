import type { SchemeCode } from '@entente/label'
import type { Catalogue } from '../catalogue.ts'

/** Rules of marking schemes, and the national syntaxes. */
export const labelSchemes: Catalogue<SchemeCode> = {
  'label/rule': { en: '{says}[ (at character {at})]', ja: '{says}[（{at} 文字目）]' },
}
