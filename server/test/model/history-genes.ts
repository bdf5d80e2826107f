import fc from 'fast-check'

/**
 * The raw material of a history: numbers only, which history-reading.ts turns into commands. Reading gives every
 * number a meaning, so fast-check may change or drop any of them, and 0 always means the plainest choice:
 * that is what makes a failing history shrink to a short one.
 */

/** From 0 to 99; something with a weight of 30 happens from 70 on, and never at 0. */
export type Roll = number

/** From 0 to 999: which of several. */
export type Pick = number

export const happens = (roll: Roll, weight: number): boolean => roll >= 100 - weight

export const pickFrom = <Value>(values: readonly [Value, ...Value[]], pick: Pick): Value =>
  values[pick % values.length] ?? values[0]

const roll = fc.nat({ max: 99 })
const pick = fc.nat({ max: 999 })

const command = fc.record({
  repeat: roll,
  target: pick,
  settle: roll,
  settlement: pick,
  reuse: roll,
  spoil: roll,
  spoiler: pick,
  spoilAgain: roll,
  secondSpoiler: pick,
  linked: roll,
  pending: roll,
  timeout: roll,
  closing: roll,
  balancing: roll,
  whichSide: pick,
  limits: roll,
  history: roll,
  closed: roll,
  from: pick,
  to: pick,
  otherLedger: roll,
  amount: pick,
  huge: roll,
  userData: roll,
  currency: roll,
  reference: roll,
  dates: roll,
  label: pick,
  wrongTime: roll,
  time: pick,
})

const step = (maxCommands: number) =>
  fc.record({
    advance: roll,
    seconds: pick,
    close: roll,
    through: pick,
    accounts: roll,
    imported: roll,
    commands: fc.array(command, { minLength: 1, maxLength: maxCommands, size: 'max' }),
  })

const weight = fc.constantFrom(0, 5, 20, 50)

/** Swarm testing: each history plays with some features, at its own weights, and without the others. */
const weights = fc.record({
  advance: fc.constantFrom(0, 15, 30),
  close: fc.constantFrom(0, 0, 5, 15),
  accounts: fc.constantFrom(0, 10, 30),
  imported: fc.constantFrom(0, 0, 0, 60, 95),
  wrongTime: fc.constantFrom(0, 10, 30),
  repeat: weight,
  settle: weight,
  reuse: fc.constantFrom(0, 5, 20),
  spoil: fc.constantFrom(0, 5, 20, 40),
  vary: fc.constantFrom(0, 20, 60),
  linked: fc.constantFrom(0, 5, 15, 30),
  pending: weight,
  timeout: fc.constantFrom(0, 30, 80),
  closing: fc.constantFrom(0, 0, 5, 15),
  balancing: weight,
  limits: weight,
  history: weight,
  closed: fc.constantFrom(0, 5, 20),
  otherLedger: fc.constantFrom(0, 5, 20),
  huge: fc.constantFrom(0, 0, 5, 20),
  userData: weight,
  currency: fc.constantFrom(0, 20, 60),
  reference: weight,
  dates: weight,
})

export type HistorySize = { readonly maxSteps: number; readonly maxCommands: number }

export const historyGenes = ({ maxSteps, maxCommands }: HistorySize) =>
  fc.record({
    weights,
    steps: fc.array(step(maxCommands), { minLength: 1, maxLength: maxSteps, size: 'max' }),
  })

type ValueOf<Arbitrary> = Arbitrary extends fc.Arbitrary<infer Value> ? Value : never

export type Weights = ValueOf<typeof weights>
export type CommandGene = ValueOf<typeof command>
export type StepGene = ValueOf<ReturnType<typeof step>>
export type HistoryGenes = ValueOf<ReturnType<typeof historyGenes>>
