import type { Uuid } from '../../../kit/index.ts'
import type { Arms, Tally, Watch } from '../model.ts'
import type { Evidence } from './restarts.ts'
import { NOBODY, type Seen } from './seen.ts'

export const ARMS = ['exposed', 'control'] as const
export type Arm = (typeof ARMS)[number]

/** What a rate is compared by: known at once, of payments counted once for each account and hour. */
export type Counts = {
  readonly n: number
  readonly failed: number
  readonly declined: number
  readonly slow: number
}

/** What is known only once payments have matured. */
export type Aged = { readonly n: number; readonly refunded: number; readonly disputed: number }

/** The payments of some hours, until they have matured. */
export type Cohort = {
  /** Hours since 1970, of its beginning. */
  readonly hour: number
  readonly stage: number
  /** Exposed first attempts, counted once for each account and hour. */
  readonly attempts: number
  readonly exposed: Aged
  readonly control: Aged
}

/** The control of five minutes. */
export type Slot = Counts & { readonly slot: number }

/** What the controller remembers of a launch beside what it shows. */
export type Book = {
  /** When the launch was started: a new start is judged anew. */
  readonly run: number
  /** By the guardrail's name. */
  readonly evidence: Readonly<Record<string, Evidence>>
  /** Which of them have alarmed in this run. */
  readonly breached: readonly string[]
  /** It was held when it was last looked at. */
  readonly wasHeld: boolean
  readonly counts: Readonly<Record<Arm, Counts>>
  readonly aged: Readonly<Record<Arm, Aged>>
  readonly cohorts: readonly Cohort[]
  readonly recent: readonly Slot[]
  readonly seen: Readonly<Record<Arm, Seen>>
}

/** The row of launches.watches: what the API shows, and the book. */
export type WatchRow = Watch & { readonly book: Book }

export const NO_COUNTS: Counts = { n: 0, failed: 0, declined: 0, slow: 0 }
export const NO_AGED: Aged = { n: 0, refunded: 0, disputed: 0 }

export const NO_TALLY: Tally = {
  attempts: 0,
  failed: 0,
  declined: 0,
  slow: 0,
  succeeded: 0,
  refunded: 0,
  disputed: 0,
  attemptedAmount: 0,
  succeededAmount: 0,
  declinedAmount: 0,
  refundedAmount: 0,
  disputedAmount: 0,
  allAttempts: 0,
  allSucceeded: 0,
}

const NO_ARMS: Arms = { exposed: NO_TALLY, control: NO_TALLY }

export const newBook = (run: number): Book => ({
  run,
  evidence: {},
  breached: [],
  wasHeld: false,
  counts: { exposed: NO_COUNTS, control: NO_COUNTS },
  aged: { exposed: NO_AGED, control: NO_AGED },
  cohorts: [],
  recent: [],
  seen: { exposed: NOBODY, control: NOBODY },
})

export const newWatch = (launch: Uuid, createdMicros: bigint, run: number): WatchRow => ({
  id: launch,
  createdMicros,
  stage: 0,
  inStage: NO_ARMS,
  inAll: NO_ARMS,
  matured: 0,
  inFlight: 0,
  noUnit: 0,
  verdicts: [],
  tickedMicros: 0,
  book: newBook(run),
})

/** The stage is another one, or the launch was started again: what is of it begins anew. */
export const turnPage = (watch: WatchRow, stage: number, run: number): WatchRow => {
  const isNewRun = watch.book.run !== run
  if (!isNewRun && watch.stage === stage) return watch
  const fresh = { ...watch, stage, inStage: NO_ARMS, matured: 0 }
  return isNewRun ? { ...fresh, book: newBook(run) } : fresh
}
