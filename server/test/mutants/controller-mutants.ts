import type { Mutant } from './mutant.ts'

const CORE = 'src/launches/core'
const GUARDRAILS = 'src/launches/core/guardrails'
const TICK_TEST = 'src/launches/controller/tick.db.test.ts'

/** In what the controller of launches finds, and in what it does about it. */
export const controllerMutants: readonly Mutant[] = [
  {
    name: 'a launch rolls out on no data',
    file: `${CORE}/gates.ts`,
    find: "  if (watch === null) return 'The controller has not looked at it yet.'\n",
    replace: '',
    also: [
      {
        find: "  if (blind !== null || watch === null) return gate('guardrails', false, blind ?? '')\n",
        replace:
          "  if (blind !== null || watch === null) return gate('guardrails', watch === null, blind ?? '')\n",
      },
      {
        find: '  if (watch.stage !== launch.stage)',
        replace: '  if (watch !== null && watch.stage !== launch.stage)',
      },
      {
        find: 'Number(nowMicros) - Number(watch.tickedMicros)',
        replace: 'Number(nowMicros) - Number(watch?.tickedMicros ?? nowMicros)',
      },
    ],
    test: `${CORE}/gates.test.ts`,
    named: 'take data: without a look',
    cost: 'pure',
  },
  {
    name: 'missing data is green',
    file: `${CORE}/gates.ts`,
    find: "  const red = verdicts.filter(({ verdict }) => verdict !== 'OK')\n  return red.length === 0\n    ? gate('guardrails'",
    replace:
      "  const red = verdicts.filter(({ verdict }) => verdict === 'BREACH')\n  return red.length === 0\n    ? gate('guardrails'",
    test: `${CORE}/gates.test.ts`,
    named: 'take a green verdict of every guardrail',
    cost: 'pure',
  },
  {
    name: 'a handful of payments is enough',
    file: `${GUARDRAILS}/verdicts.ts`,
    find: 'n < RATE_LEAST || inStage < RATE_LEAST',
    replace: 'n < RATE_LEAST && inStage < RATE_LEAST',
    test: `${GUARDRAILS}/assess.test.ts`,
    named: 'a new stage has to bring its own',
    cost: 'pure',
  },
  {
    name: 'a stage ends while a guardrail is red',
    file: `${CORE}/gates.ts`,
    find: "each.state !== 'red' || (butApproval && each.gate === 'approval')",
    replace:
      "each.state !== 'red' || each.gate === 'guardrails' || (butApproval && each.gate === 'approval')",
    test: 'test/launches/life.test.ts',
    named: 'never raises exposure by itself',
    cost: 'pure',
  },
  {
    name: 'guardrails are skipped while the launch is held',
    file: `${GUARDRAILS}/next-move.ts`,
    find: "status === 'running' || status === 'held' || status === 'completed'",
    replace: "status === 'running' || status === 'completed'",
    test: 'test/launches/life.test.ts',
    named: 'never raises exposure by itself',
    cost: 'pure',
  },
  {
    name: 'alpha is not shared out',
    file: `${GUARDRAILS}/control.ts`,
    find: 'alphaBp / WHOLE_BP / Math.max(1, guardrails)',
    replace: 'alphaBp / WHOLE_BP / Math.min(1, guardrails)',
    test: `${GUARDRAILS}/assess.test.ts`,
    named: 'alpha is shared out: the more guardrails',
    cost: 'pure',
  },
  {
    name: 'an account counts as often as it pays',
    file: `${GUARDRAILS}/fold.ts`,
    find: '{fact.account}`)) return\n    for (const tally of tallies) addAttempt',
    replace: '{fact.account}`) && hour < 0) return\n    for (const tally of tallies) addAttempt',
    test: `${GUARDRAILS}/assess.test.ts`,
    named: 'counts an account once an hour',
    cost: 'pure',
  },
  {
    name: 'whoever was not exposed for another reason is the control',
    file: `${GUARDRAILS}/fold.ts`,
    find: "exposed ? 'exposed' : reason === 'bucket' ? 'control' : null",
    replace: "exposed ? 'exposed' : reason === '' ? null : 'control'",
    test: `${GUARDRAILS}/assess.test.ts`,
    named: 'compares only with the control of the buckets',
    cost: 'pure',
  },
  {
    name: 'the e-process looks at every payment as if it were the first',
    file: `${GUARDRAILS}/e-process.ts`,
    find: 'return (wealth[index] ?? 0) + gain',
    replace: 'return Math.max(0, wealth[index] ?? 0) + gain',
    test: `${GUARDRAILS}/e-process.test.ts`,
    named: 'is a product: taken in page by page',
    cost: 'pure',
  },
  {
    name: 'inconclusive goes on',
    file: `${GUARDRAILS}/verdicts.ts`,
    find: 'upper * WHOLE_BP < marginBp',
    replace: 'value < marginBp',
    test: `${GUARDRAILS}/assess.test.ts`,
    named: 'needs to be shown: inconclusive is not green',
    cost: 'pure',
  },
  {
    name: 'a rollback ends on a count of before the stop',
    file: `${GUARDRAILS}/next-move.ts`,
    find: "found.countedIn === 'rolling_back' && found.inFlight === 0",
    replace: 'found.inFlight === 0',
    test: `${CORE}/gates.test.ts`,
    named: 'about a rollback is to end it once nothing is in flight',
    cost: 'pure',
  },
  {
    name: 'n is counted twice when two processes catch up',
    file: 'src/launches/controller/tick.ts',
    find: 'if (tick === undefined || tick.isAsleep || tick.sequence !== page.from) return false',
    replace: 'if (tick === undefined || tick.isAsleep) return false',
    test: TICK_TEST,
    named: 'of several processes at once counts once',
    cost: 'db',
  },
  {
    name: 'after an outage only the newest events count',
    file: 'src/launches/controller/tick.ts',
    find: '  const from = tick.sequence\n',
    replace: '  const from = newest - tick.sequence > 4_000n ? newest - 4_000n : tick.sequence\n',
    also: [{ find: 'tick.sequence !== page.from', replace: 'tick.sequence > page.from' }],
    test: TICK_TEST,
    named: 'after an outage goes on where it was',
    cost: 'db',
  },
  {
    name: 'money that cannot be looked at is sound',
    file: 'src/launches/controller/tick.ts',
    find: 'return { findings: null, inFlight: null }',
    replace: 'return { findings: [], inFlight: 0 }',
    test: TICK_TEST,
    named: 'is seen by a tick that cannot look at the money',
    cost: 'db',
  },
]
