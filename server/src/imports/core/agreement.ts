import type { Minor } from '../../kit/index.ts'
import type { Movement } from './lines.ts'

/**
 * What a difference looks like, in the order in which they are tried:
 * opening        the account's first line does not start at 0: it had a balance before the file begins
 * rounding       less than one whole unit of the currency
 * not_counted    the stated balance leaves the line's amount out
 * counted_twice  the stated balance holds the line's amount twice
 * wrong_sign     the stated balance holds the line's amount the other way round
 * gap            anything else: as a rule a movement before the line is missing from the file
 */
export type DifferenceKind = 'opening' | 'rounding' | 'not_counted' | 'counted_twice' | 'wrong_sign' | 'gap'

export const DIFFERENCE_KINDS: readonly DifferenceKind[] = [
  'opening',
  'rounding',
  'not_counted',
  'counted_twice',
  'wrong_sign',
  'gap',
]

/** Whether a line agrees with the one before it, and if not, by how much and in what manner. */
export type Verdict = {
  /** The account's first line. */
  readonly first: boolean
  readonly statedBefore: Minor
  /** Stated minus expected; 0n when the line agrees. */
  readonly difference: Minor
  readonly kind: DifferenceKind | null
}

/** The line that made our balance leave the file's. */
export type Cause = {
  readonly line: number
  readonly date: string
  readonly difference: Minor
  readonly kind: DifferenceKind
}

/** All that is kept of an account while the file is read. */
export type AccountState = {
  lines: number
  differing: number
  /** The balance that its last line states. */
  stated: Minor
  /** Our own: the sum of its movements. */
  ours: Minor
  firstCause: Cause | null
}

export type Agreement = {
  readonly judge: (movement: Movement) => Verdict
  readonly accounts: ReadonlyMap<string, AccountState>
}

type Difference = {
  readonly first: boolean
  readonly amount: Minor
  readonly difference: Minor
  /** One whole unit of the currency, in minor units. */
  readonly unit: Minor
}

export const kindOf = ({ first, amount, difference, unit }: Difference): DifferenceKind => {
  if (first) return 'opening'
  if (difference < unit && difference > -unit) return 'rounding'
  if (difference === -amount) return 'not_counted'
  if (difference === amount) return 'counted_twice'
  return difference === -2n * amount ? 'wrong_sign' : 'gap'
}

/**
 * Judges lines in the order of the file. A line agrees when the balance stated before it (0 before an account's
 * first) plus its amount is the balance stated after it. So one wrong balance shows at most twice, and what is
 * wrong before a line is not held against it.
 */
export const createAgreement = (unit: Minor): Agreement => {
  const accounts = new Map<string, AccountState>()
  const judge = (movement: Movement): Verdict => {
    const { account, amount, balance, line, date } = movement
    const known = accounts.get(account)
    const first = known === undefined
    const state = known ?? { lines: 0, differing: 0, stated: 0n, ours: 0n, firstCause: null }
    if (first) accounts.set(account, state)
    const statedBefore = state.stated
    const difference = balance - (statedBefore + amount)
    const kind = difference === 0n ? null : kindOf({ first, amount, difference, unit })
    state.lines += 1
    state.stated = balance
    state.ours += amount
    if (kind !== null) {
      state.differing += 1
      state.firstCause ??= { line, date, difference, kind }
    }
    return { first, statedBefore, difference, kind }
  }
  return { judge, accounts }
}
