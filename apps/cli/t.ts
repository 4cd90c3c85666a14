import { makeTlsIdentity, anchorFingerprint } from '../../packages/node/src/tls/anchors.ts'
const t0=performance.now()
const a = await makeTlsIdentity('node.jpn.entente.example','exercise','JPN', 1790000000)
console.log(anchorFingerprint(a.anchor), performance.now()-t0, process.memoryUsage().rss/1e6)
