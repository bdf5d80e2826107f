import { MUTANTS } from './mutants.ts'
import { makeCopy, play } from './play.ts'

/** `npm run mutants [-- PART OF A NAME]`: plants every bug of the list, one at a time, and shows which test caught it. */

const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const wanted = process.argv[2]
const mutants = MUTANTS.filter(({ name }) => wanted === undefined || name.includes(wanted))
const width = Math.max(...mutants.map(({ name }) => name.length))
const copy = makeCopy()
let failed = 0
try {
  for (const mutant of mutants) {
    const { caught, seconds, problem } = await play(copy, mutant)
    if (!caught) failed++
    const verdict = caught ? 'caught' : 'MISSED'
    print(
      `${verdict}  ${seconds.toFixed(1).padStart(5)} s  ${mutant.name.padEnd(width)}  ${mutant.test}: ${mutant.named}`,
    )
    if (problem !== null) print(`                 ${problem}`)
  }
} finally {
  copy.remove()
}
print(`\n${mutants.length - failed} passed, ${failed} failed`)
process.exitCode = failed === 0 && mutants.length > 0 ? 0 : 1
