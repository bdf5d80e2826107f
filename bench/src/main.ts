// `npm run bench` and `npx evenkeel bench`: measures, prints one table, and ends with 1 when the books do not verify.

import { writeFileSync } from 'node:fs'
import { SetupProblem } from '../../server/src/kit/index.ts'
import { ArgumentProblem, type Arguments, HELP, parseArguments } from './arguments.ts'
import { jsonOf, type Report } from './report/json.ts'
import { renderBooks, renderReport } from './report/table.ts'
import { runGrowth } from './runs/growth.ts'
import { runLaunches } from './runs/launches.ts'
import type { RunOptions } from './runs/options.ts'
import { runProfile } from './runs/profile.ts'
import { runStandard } from './runs/standard.ts'
import { DEFAULT_SIZES, QUICK_SIZES } from './sizes.ts'

const BOOKS_WRONG = 1
const COULD_NOT = 2

const startedMs = performance.now()
const MILLIS_PER_SECOND = 1_000

/** Progress goes to standard error, so that standard output is the table alone. */
const tell = (line: string): void => {
  const seconds = (performance.now() - startedMs) / MILLIS_PER_SECOND
  process.stderr.write(`${seconds.toFixed(1).padStart(7)} s  ${line}\n`)
}

const optionsOf = ({ isQuick, only, within }: Arguments): RunOptions => ({
  sizes: isQuick ? QUICK_SIZES : DEFAULT_SIZES,
  only,
  within,
  tell,
  startedMs,
})

const show = (report: Report, json: string | undefined): void => {
  process.stdout.write(renderReport(report))
  process.stdout.write(`\n${renderBooks(report.books)}`)
  if (json !== undefined) writeFileSync(json, jsonOf(report))
  if (report.books.some(({ ok }) => !ok)) process.exitCode = BOOKS_WRONG
}

const REPORTING = { standard: runStandard, growth: runGrowth, launches: runLaunches } as const

const main = async (words: readonly string[]): Promise<void> => {
  const given = parseArguments(words)
  if (given.wantsHelp) {
    process.stdout.write(HELP)
    return
  }
  const options = optionsOf(given)
  if (given.run === 'profile') await runProfile(options)
  else show(await REPORTING[given.run](options), given.json)
  tell('done')
}

const explain = (error: unknown): string => {
  if (error instanceof ArgumentProblem)
    return `${error.message}\nnpm run bench -- --help lists what there is.`
  if (error instanceof SetupProblem) return `${error.message}\n${error.fix}`
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exitCode = COULD_NOT
}
