import { compare } from './differential.ts'
const t0=process.cpuUsage(); const t = performance.now()
const o = compare(Number(process.argv[2] ?? 2000), Number(process.argv[3] ?? 1))
const c=process.cpuUsage(t0); console.log('cpu', (c.user+c.system)/1e6);console.log(((performance.now()-t)/1000).toFixed(1),'s', o.cases, o.permits, o.requests, o.codes, o.fired, o.disagreements.length)
const m = new Map(); for (const d of o.disagreements) m.set(d.why, (m.get(d.why)??0)+1); console.log(m)
const d = o.disagreements[0]
if (d && process.argv[4]) { console.log(d.why); console.dir(d.question, {depth:9}); console.dir(d.decision, {depth:9}); console.dir(d.facts.agreements.map(a=>({...a, body: {...a.body, parties: a.body.parties.map(p=>({...p, authorityKey:0})), areas:0, equivalence:a.body.equivalence.length, witness:0}})), {depth: 9}); console.log(d.facts.notices) }
