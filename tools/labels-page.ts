/** The reference of every marking scheme that ships, as a page: what stands in `nations/`, and nothing else. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readJson } from '@entente/canonical'
import { type CategoryKind, type MarkingPolicy, type PolicyCategory, readPolicy } from '@entente/label'

type Lang = 'en' | 'ja'

/** Where the pages stand. */
export const PLACES: Readonly<Record<Lang, string>> = { en: 'docs/en/reference/labels.md', ja: 'docs/ja/reference/labels.md' }

const WORDS = {
  en: {
    title: 'Marking schemes',
    intro: [
      'Made from `nations/*/markings.json` and `nations/*/nation.json` by `node bin/node26.js tools/label-reference.ts`; `npm run check` holds that they agree. Where each datum comes from,',
      'or that it is *illustrative*, says `SOURCES.md` beside it. How markings are read, written and joined: [spec/label.md](../../../spec/label.md). How a scheme is added: [add your nation](../how-to/add-your-nation.md).',
    ],
    real: 'Schemes as published',
    realWhy: '`entente label parse --scheme NAME` reads these.',
    exercise: 'Schemes of the exercise',
    exerciseWhy: 'The nodes and the demonstration use these: smaller, and marked as an exercise. `--scheme exercise-NAME` reads them.',
    levels: ['Classification', 'Banner', 'Portion', 'Code', 'No release mark means', 'Family'],
    release: { originator: 'own nation only', neutral: 'nothing is narrowed' },
    values: ['Meaning', 'Banner', 'Portion', 'Code', 'Stands with'],
    persons: 'Rules on persons',
    personHead: ['Meaning', 'Banner', 'Portion', 'Code', 'Citizens of'],
    posted: 'and officers of {nations} posted in {hosts}',
    communities: 'Communities',
    communityHead: ['Code', 'Name', 'Members'],
    rules: 'Rules',
    ruleHead: ['Rule', 'What it says', 'Source'],
    kinds: { restrictive: 'a reader holds every one', permissive: 'a reader holds at least one', informative: 'nobody is tested' },
    open: 'Also any value of its own, written `{banner}`.',
    openSyntax: 'Also values of its own.',
    obsolete: 'no longer used; `--lenient` reads it',
    readAs: 'as {code}',
    from: 'from {level} up',
    only: 'only {levels}',
    also: 'also read: {list}',
    policy: 'Policy `{id}`, `{oid}`; {nations} nations and communities may be named.',
  },
  ja: {
    title: '標示体系',
    intro: [
      '`nations/*/markings.json` と `nations/*/nation.json` から `node bin/node26.js tools/label-reference.ts` で作成したものです。内容の一致は `npm run check` が確認します。各項目の出典、',
      'または「例示」である旨は、同じフォルダーの `SOURCES.md` にあります。標示の読み取り、表記、合成の規則は [spec/label.md](../../../spec/label.md)、体系の追加方法は [自国を追加する](../how-to/add-your-nation.md) を参照してください。',
    ],
    real: '公表されている体系',
    realWhy: '`entente label parse --scheme 名前` で読み取ります。',
    exercise: '演習用の体系',
    exerciseWhy: 'ノードとデモが使う、演習と明示した小さな体系です。`--scheme exercise-名前` で読み取ります。',
    levels: ['区分', '表示', '部分標示', '符号', '提供先の標示がない場合', '系列'],
    release: { originator: '自国のみ', neutral: '固有の制限なし' },
    values: ['意味', '表示', '部分標示', '符号', '併用できる区分'],
    persons: '人に関する規則',
    personHead: ['意味', '表示', '部分標示', '符号', '国籍'],
    posted: '及び {hosts} に派遣された {nations} の職員',
    communities: '国の集まり',
    communityHead: ['符号', '名称', '構成国'],
    rules: '規則',
    ruleHead: ['規則', '内容', '出典'],
    kinds: { restrictive: '閲覧者はすべてを満たす', permissive: '閲覧者は少なくとも一つを満たす', informative: '閲覧の条件にしない' },
    open: 'このほか、`{banner}` の形で任意の値を書けます。',
    openSyntax: 'このほか、任意の値を書けます。',
    obsolete: '廃止済み。`--lenient` でのみ読み取ります',
    readAs: '{code} として',
    from: '{level} 以上',
    only: '{levels} のみ',
    also: '次の表記も読み取ります：{list}',
    policy: '体系 `{id}`、`{oid}`。指定できる国・集まりは {nations}。',
  },
} as const satisfies Record<Lang, unknown>

/** The page in one language. Throws `label/policy` for a scheme that contradicts itself. */
export function labelReference(root: string, lang: Lang): string {
  const words = WORDS[lang]
  const section = (file: string, heading: string, why: string): readonly string[] => [
    `## ${heading}`,
    why,
    ...folders(root, file).flatMap(({ name, policy }) => schemeOf(name, policy, lang)),
  ]
  const parts = [
    `# ${words.title}`,
    words.intro.join('\n'),
    ...section('markings.json', words.real, words.realWhy),
    ...section('nation.json', words.exercise, words.exerciseWhy),
  ]
  return `${parts.join('\n\n')}\n`
}

function folders(root: string, file: string): readonly { readonly name: string; readonly policy: MarkingPolicy }[] {
  return readdirSync(join(root, 'nations'))
    .sort()
    .filter((name) => existsSync(join(root, 'nations', name, file)))
    .map((name) => ({ name, policy: readPolicy(readJson(readFileSync(join(root, 'nations', name, file)))) }))
}

function schemeOf(name: string, policy: MarkingPolicy, lang: Lang): readonly string[] {
  const words = WORDS[lang]
  const said = { id: policy.id, oid: policy.oid, nations: policy.releasableTo.length + (policy.communities?.length ?? 0) }
  return [
    `### ${policy.nationNames[lang]} (\`${name}\`)`,
    fill(words.policy, said),
    levelsOf(policy, lang),
    ...policy.categories.flatMap((category) => categoryOf(category, policy, lang)),
    ...personsOf(policy, lang),
    ...communitiesOf(policy, lang),
    ...rulesOf(policy, lang),
  ]
}

function levelsOf(policy: MarkingPolicy, lang: Lang): string {
  const words = WORDS[lang]
  const families = policy.classifications.some(({ family }) => family !== undefined)
  const rows = policy.classifications
    .toSorted((a, b) => b.order - a.order)
    .map((level) => [
      withNotes(level.names[lang], level, lang),
      code(level.banner),
      code(level.portion),
      code(level.code),
      words.release[level.unmarkedRelease],
      ...(families ? [level.family === undefined ? '' : code(level.family)] : []),
    ])
  return table(families ? words.levels : words.levels.slice(0, -1), rows)
}

function categoryOf(category: PolicyCategory, policy: MarkingPolicy, lang: Lang): readonly string[] {
  const words = WORDS[lang]
  const kinds: Readonly<Record<CategoryKind, string>> = words.kinds
  const banner = category.open?.banner ?? ''
  const openly = banner === '' ? words.openSyntax : fill(words.open, { banner })
  const levelName = (wanted: string) => policy.classifications.find((level) => level.code === wanted)?.banner ?? wanted
  const rows = category.values.map((value) => [
    withNotes(value.names[lang], value, lang),
    code(value.banner),
    code(value.portion),
    code(value.code),
    value.only !== undefined
      ? fill(words.only, { levels: value.only.map(levelName).join(', ') })
      : value.lowest === undefined
        ? ''
        : fill(words.from, { level: levelName(value.lowest) }),
  ])
  return [
    `**${category.names[lang]}** (\`${category.tag}\`): ${kinds[category.kind]}.${category.open === undefined ? '' : ` ${openly}`}`,
    ...(rows.length === 0 ? [] : [table(words.values, rows)]),
  ]
}

function personsOf({ personRules }: MarkingPolicy, lang: Lang): readonly string[] {
  if (personRules.length === 0) return []
  const words = WORDS[lang]
  const rows = personRules.map(({ names, banner, portion, code: id, nations, posted }) => [
    names[lang],
    code(banner),
    code(portion),
    code(id),
    [
      nations.join(', '),
      ...(posted === undefined ? [] : [fill(words.posted, { nations: posted.nations.join(', '), hosts: posted.hosts.join(', ') })]),
    ].join(' '),
  ])
  return [`**${words.persons}**`, table(words.personHead, rows)]
}

function communitiesOf({ communities = [] }: MarkingPolicy, lang: Lang): readonly string[] {
  if (communities.length === 0) return []
  const words = WORDS[lang]
  const rows = communities.map(({ code: id, names, members }) => [
    code(id),
    names[lang],
    members.map(({ nation, from, until }) => [nation, dates(from, until)].filter((text) => text !== '').join(' ')).join(', '),
  ])
  return [`**${words.communities}**`, table(words.communityHead, rows)]
}

function rulesOf({ rules = [] }: MarkingPolicy, lang: Lang): readonly string[] {
  if (rules.length === 0) return []
  const words = WORDS[lang]
  return [
    `**${words.rules}**`,
    table(
      words.ruleHead,
      rules.map(({ id, says, source }) => [code(id), says[lang], source]),
    ),
  ]
}

function dates(from: number | undefined, until: number | undefined): string {
  const day = (at: number | undefined) => (at === undefined ? '' : new Date(at * 1_000).toISOString().slice(0, 10))
  return from === undefined && until === undefined ? '' : `(${day(from)}–${day(until)})`
}

/** A name, and what is to be said beside it: other spellings that are read, and that it is gone. */
function withNotes(
  name: string,
  word: { readonly input: readonly string[]; readonly obsolete?: { readonly readAs?: string } },
  lang: Lang,
): string {
  const words = WORDS[lang]
  const notes = [
    ...(word.input.length === 0 ? [] : [fill(words.also, { list: word.input.map(code).join(', ') })]),
    ...(word.obsolete === undefined
      ? []
      : [
          [words.obsolete, word.obsolete.readAs === undefined ? '' : fill(words.readAs, { code: code(word.obsolete.readAs) })]
            .join(' ')
            .trim(),
        ]),
  ]
  return notes.length === 0 ? name : `${name} (${notes.join('; ')})`
}

function code(text: string): string {
  return text === '' ? '' : `\`${text}\``
}

function fill(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replaceAll(/\{(?<name>[a-z]+)\}/gu, (whole, name: string) => String(values[name] ?? whole))
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
