import type { FormCode } from '@entente/label'
import type { Catalogue } from '../catalogue.ts'

/** Machine forms of labels and policies. */
export const labelForms: Catalogue<FormCode> = {
  'form/xml': { en: 'this is not XML as it must be[: {why}]', ja: 'XML として正しくありません[：{why}]' },
}
