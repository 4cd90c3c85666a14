import type { NearestCode } from '@entente/decision'
import type { Catalogue } from '../catalogue.ts'

/** The nearest change that would remove one reason, and who could make it. */
export const nearest: Catalogue<NearestCode> = {
  'nearest/release-anew': { en: 'the originator may release it anew', ja: '作成国が改めて提供する' },
  'nearest/amend-agreement': { en: 'both authorities may amend the agreement', ja: '両国の当局が取決めを改める' },
  'nearest/lower-rendition': { en: 'the originator may prepare a rendition with a lower marking', ja: '作成国が、より低い標示の版を作る' },
  'nearest/widen-mark': { en: 'the originator may widen the releasability mark', ja: '作成国が提供先の指定を広げる' },
  'nearest/ask-originator': { en: 'ask the originator', ja: '作成国に照会する' },
  'nearest/higher-clearance': { en: 'the home nation may grant a higher clearance', ja: '自国が、より高いクリアランスを与える' },
  'nearest/show-clearance': { en: 'show a current clearance credential', ja: '有効なクリアランスの資格証明を示す' },
  'nearest/need-to-know': { en: 'the home nation may assign the area', ja: '自国がこの分野を割り当てる' },
  'nearest/show-citizenships': { en: 'show every citizenship', ja: 'すべての国籍を示す' },
  'nearest/attest-purpose': { en: 'the home nation may attest the purpose', ja: '自国が目的を証明する' },
  'nearest/brief-person': { en: 'the home nation may brief the person', ja: '自国が対象者に区画の説明（ブリーフィング）を行う' },
  'nearest/lift-suspension': { en: 'the home nation may lift the suspension', ja: '自国が停止を解く' },
  'nearest/show-status': { en: 'show a current status statement', ja: '最新の状態証明を示す' },
  'nearest/load-policy': { en: 'load the marking scheme of this nation', ja: 'その国の標示体系を読み込む' },
  'nearest/person-decides': { en: 'ask a disclosure officer to decide', ja: '開示担当官に判断を求める' },
  'nearest/resume-agreement': { en: 'every party may sign that the agreement is resumed', ja: '全締約国が取決めの再開に署名する' },
  'nearest/restore-basis': {
    en: 'the parties may bring the agreement that this one rests on into force again',
    ja: '締約国が、基礎となる取決めの効力を回復する',
  },
  'nearest/attest-assignment': {
    en: 'the home nation may attest organisation, post or facility',
    ja: '自国が、所属機関、官職または施設を証明する',
  },
  'nearest/delegated-office': {
    en: 'an office to which this is delegated may release it',
    ja: '権限の委任を受けた部署が提供する',
  },
}
