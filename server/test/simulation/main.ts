import { openStand } from '../conformance/stand/stand.ts'
import { live } from './history.ts'

/** `npm run simulation -- [histories] [steps] [first seed]`: the seed of a history that failed lives it again. */

const [histories = 20, steps = 60, first = Date.now() % 1_000_000] = process.argv.slice(2).map(Number)

const stand = await openStand()
let failed = 0
try {
  for (let seed = first; seed < first + histories; seed++) {
    const lived = await live(stand, seed, steps)
    process.stdout.write(`${lived.problems.length === 0 ? 'ok  ' : 'FAIL'} seed ${seed}\n`)
    if (lived.problems.length === 0) continue
    failed += 1
    process.stdout.write(
      `${[...lived.steps, ...lived.problems].map((line) => `       ${line}`).join('\n')}\n`,
    )
  }
} finally {
  await stand.close()
}
process.stdout.write(`\n${histories} histories of ${steps} steps, ${failed} failed\n`)
process.exit(failed === 0 ? 0 : 1)
