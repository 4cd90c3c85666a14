import type { ReadingCondition } from '@entente/decision'
import type { Catalogue } from '../catalogue.ts'

/** Conditions on a future reader, as the officer sees them before deciding. */
export const conditions: Catalogue<ReadingCondition['code']> = {
  'condition/clearance': {
    en: 'holds one of these clearances: {clearances:list}[ (needed for {classification})][ (article {article})]',
    ja: '次のいずれかのクリアランスを持つこと: {clearances:list}[（{classification} に必要）][（第 {article} 条）]',
  },
  'condition/clearance-no-equivalent': {
    en: 'no clearance is equivalent to the classification[ {classification}][ (article {article})]: nobody can read it',
    ja: '秘密区分[ {classification} ]に対応するクリアランスがなく、誰も閲覧できません[（第 {article} 条）]',
  },
  'condition/need-to-know': {
    en: 'has need to know for the area {area}[ (article {article})]',
    ja: '分野「{area}」について知る必要性があること[（第 {article} 条）]',
  },
  'condition/citizenship-within': {
    en: 'has no citizenship other than {nations:list}[ (rule {rule})][ (article {article})]',
    ja: '国籍が{nations:list}以外にないこと[（規定 {rule}）][（第 {article} 条）]',
  },
  'condition/citizenship-one-of': {
    en: 'has a citizenship of {nations:list}[ (marking {code})]',
    ja: '{nations:list}のいずれかの国籍を持つこと[（標示 {code}）]',
  },
  'condition/purpose': {
    en: 'reads for one of these purposes: {purposes:list}[ (article {article})]',
    ja: '閲覧の目的が次のいずれかであること: {purposes:list}[（第 {article} 条）]',
  },
  'condition/briefing': { en: 'is briefed into {category}', ja: '区画 {category} の説明（ブリーフィング）を受けていること' },
  'condition/briefing-one-of': {
    en: 'is briefed into one of {category:list}',
    ja: '次のいずれかの区画の説明（ブリーフィング）を受けていること: {category:list}',
  },
  'condition/organisation': {
    en: 'belongs to one of these organisations: {organisations:list}[ (rule {rule})][ (article {article})]',
    ja: '次のいずれかの機関に所属すること: {organisations:list}[（規定 {rule}）][（第 {article} 条）]',
  },
  'condition/post': {
    en: 'holds one of these posts: {posts:list}[ (rule {rule})][ (article {article})]',
    ja: '次のいずれかの官職にあること: {posts:list}[（規定 {rule}）][（第 {article} 条）]',
  },
  'condition/facility': {
    en: 'reads in one of these facilities: {facilities:list}[ (rule {rule})][ (article {article})]',
    ja: '次のいずれかの施設で閲覧すること: {facilities:list}[（規定 {rule}）][（第 {article} 条）]',
  },
  'condition/not-forbidden': {
    en: 'is not one of those whom the prohibition {rule} reaches in all that it names[ (article {article})]',
    ja: '禁止 {rule} の定める要件のすべてに当てはまる者でないこと[（第 {article} 条）]',
  },
  'condition/not-suspended': { en: 'is not suspended', ja: 'クリアランスが停止されていないこと' },
}
