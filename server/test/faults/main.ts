import { GROUPS } from './runs/all.ts'
import type { Say, Tally } from './runs/run.ts'
import { AMOUNTS, type RunName, testSize } from './size.ts'
import { tableOf } from './table.ts'

/** `npm run faults`: all faults in their full size, or only those that are named. */

const SAID_EVERY_MS = 5_000

const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const fromMs = performance.now()
let saidMs = 0
const progress: Say = (line) => {
  const nowMs = performance.now()
  if (nowMs - saidMs < SAID_EVERY_MS) return
  saidMs = nowMs
  print(`${String(Math.round((nowMs - fromMs) / 1_000)).padStart(5)} s  ${line}`)
}

const size = testSize('full')
const names = Object.keys(AMOUNTS[size]) as RunName[]
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !names.some((known) => known === name))

if (unknown.length > 0) {
  process.stderr.write(
    `There is no fault "${unknown[0]}". Name some of: ${names.join(', ')}; none for all.\n`,
  )
  process.exitCode = 2
} else {
  const chosen = new Set(names.filter((name) => wanted.length === 0 || wanted.includes(name)))
  const tallies: Tally[] = []
  let failed = false
  for (const group of GROUPS) {
    if (!group.names.some((name) => chosen.has(name))) continue
    try {
      await group.run(size, chosen, progress, (tally) => tallies.push(tally))
    } catch (error) {
      failed = true
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    }
  }
  print(`\n${tableOf(tallies)}`)
  process.exitCode = failed || tallies.some(({ problems }) => problems.length > 0) ? 1 : 0
}
