import { cutCommit } from './runs/cut-commit.ts'
import { openPair } from './runs/pair.ts'
import { overdraw } from './runs/overdraw.ts'
import { storm } from './runs/storm.ts'
import { twoServers } from './runs/two-servers.ts'
const t=performance.now()
const say=(l:string)=>console.log((performance.now()-t)|0,l)
const n = Number(process.argv[3]??6)
const a={rounds:1,perRound:n}
const w=process.argv[2]
if (w==='c') {
const tally = await cutCommit(a,say)
console.log(tally, (performance.now()-t)|0)
} else {
const pair=await openPair()
say('open')
try {
for (const x of w?.split('')??[]) {
const tally = x==='t'? await twoServers(pair,a,say):x==='s'?await storm(pair,a,say):await overdraw(pair,a,say)
console.log(tally, (performance.now()-t)|0)
}
} finally { await pair.close() }
}
