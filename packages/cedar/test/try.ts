import { compare } from './differential.ts'
const t0=process.cpuUsage(); const t = performance.now()
const o = compare(Number(process.argv[2] ?? 2000), Number(process.argv[3] ?? 1))
const c=process.cpuUsage(t0); console.log('cpu', (c.user+c.system)/1e6);console.log(((performance.now()-t)/1000).toFixed(1),'s', o.cases, o.permits, o.requests, o.codes, o.fired, o.disagreements.length)
const m = new Map(); for (const d of o.disagreements) m.set(d.why, (m.get(d.why)??0)+1); console.log(m)
const strip = (d) => ({ why: d.why, question: d.question, decision: d.decision, notices: d.facts.notices?.map(n => ({ id: n.id, effect: n.effect, ...n.body })), agreements: d.facts.agreements.filter(a => a.body.agreement === d.question.item.basis?.agreement || process.argv[5]).map(({ id, body, ...rest }) => ({ id, ...rest, ...body, title: 0, illustrative: 0, witness: 0, realm: 0, suite: 0, limits: 0, areas: 0, parties: body.parties.map(({ nation, memberFrom, memberUntil }) => ({ nation, memberFrom, memberUntil })), equivalence: body.equivalence.filter(e => e.from === d.question.person.nation && e.to === d.question.item.originator).map(e => ({ v: e.validFrom, rows: e.rows.map(r => r.from + '>' + (r.to ?? '-')).join(' ') })), grants: body.grants.filter(g => g.from === d.question.item.originator) })) })
const wanted = o.disagreements.filter(d => d.why.includes(process.argv[4] ?? 'decide'))
for (const d of wanted.slice(0, 2)) console.dir(strip(d), { depth: 9, breakLength: 220 })
