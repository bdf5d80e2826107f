import { checkInto, newTally, type Tally } from './check.ts'
import { checkEvents, type Desk, type Stand } from './stand.ts'

/** A chapter of the conformance: cases in the order in which they are written, in one sandbox. */
export type Suite = {
  readonly name: string
  readonly cases: Readonly<Record<string, (desk: Desk) => Promise<void>>>
}

export type CaseResult = {
  readonly name: string
  readonly assertions: number
  readonly problems: readonly string[]
}

const runCase = async (
  desk: Desk,
  name: string,
  run: (desk: Desk) => Promise<void>,
  tally: Tally,
): Promise<CaseResult> => {
  const before = { assertions: tally.assertions, problems: tally.problems.length }
  try {
    await run(desk)
  } catch (error) {
    const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    const place =
      error instanceof Error ? /conformance\/suites\/[^)\n]+/.exec(error.stack ?? '')?.[0] : undefined
    tally.problems.push(`stopped by ${said}${place === undefined ? '' : ` at ${place}`}`)
  }
  return {
    name,
    assertions: tally.assertions - before.assertions,
    problems: [...new Set(tally.problems.slice(before.problems))],
  }
}

/** Runs a suite, and at its end looks at all events that it has left. */
export const runSuite = async (stand: Stand, suite: Suite): Promise<CaseResult[]> => {
  const tally = newTally()
  const desk = { ...(await stand.desk(tally)), check: checkInto(tally) }
  const results: CaseResult[] = []
  for (const [name, run] of Object.entries(suite.cases)) results.push(await runCase(desk, name, run, tally))
  results.push(
    await runCase(desk, 'the events of all this are Stripe’s', (one) => checkEvents(one, tally), tally),
  )
  return results
}
