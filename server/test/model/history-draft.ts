import { idOf } from '../vectors/mapping.ts'
import type { AccountCommand, Id, TransferCommand } from './command.ts'
import { type CommandGene, happens, pickFrom, type Weights } from './history-genes.ts'

/** A history while it is being written: what was said so far, so that later commands can refer to it. */
export type Draft = {
  readonly weights: Weights
  readonly accounts: AccountCommand[]
  readonly transfers: TransferCommand[]
  readonly holds: TransferCommand[]
  /** The newest imported time of each kind, if all had been accepted. */
  accountMicros: bigint
  transferMicros: bigint
}

/** 1 January 1993, as in the recorded histories. */
const IMPORTED_MICROS = 725_846_400_000_000n
const FUTURE_MICROS = 4_102_444_800_000_000n
const MILLI = 1_000n

/** Transfers begin a little after the first accounts, so that some are older than the accounts they name. */
export const createDraft = (weights: Weights): Draft => ({
  weights,
  accounts: [],
  transfers: [],
  holds: [],
  accountMicros: IMPORTED_MICROS,
  transferMicros: IMPORTED_MICROS + 4n * MILLI,
})

export const accountId = (number: number): Id => idOf(number)
export const transferId = (number: number): Id => idOf(1_000 + number)

/** Ids that no command makes. */
export const UNKNOWN_ACCOUNT = idOf(900)
export const UNKNOWN_TRANSFER = idOf(999_999)

/** Mostly one of the last few, as commands are about what has just happened. */
export const recent = <Value>(values: readonly Value[], pick: number): Value | undefined =>
  values[values.length - 1 - (pick % Math.min(values.length, 8))]

const wrongMicros = (draft: Draft, newest: bigint, gene: CommandGene): bigint => {
  const account = recent(draft.accounts, gene.target)?.timeMicros ?? newest
  const transfer = recent(draft.transfers, gene.target)?.timeMicros ?? newest
  return pickFrom([newest, newest - 5n * MILLI, account, transfer, 0n, FUTURE_MICROS], gene.time)
}

/** The next time on a time line, one to three milliseconds on. */
const step = (gene: CommandGene): bigint => MILLI * BigInt(1 + (gene.time % 3))

export const accountTime = (draft: Draft, gene: CommandGene): bigint => {
  if (happens(gene.wrongTime, draft.weights.wrongTime)) return wrongMicros(draft, draft.accountMicros, gene)
  draft.accountMicros += step(gene)
  return draft.accountMicros
}

export const transferTime = (draft: Draft, gene: CommandGene): bigint => {
  if (happens(gene.wrongTime, draft.weights.wrongTime)) return wrongMicros(draft, draft.transferMicros, gene)
  draft.transferMicros += step(gene)
  return draft.transferMicros
}

export const userDataOf = (gene: CommandGene): bigint => BigInt(1 + (gene.label % 3))
export const referenceOf = (gene: CommandGene): string => `ref-${gene.label % 4}`
export const externalReferenceOf = (gene: CommandGene): string => `ext-${gene.label % 3}`

/** None of them is a day that anything is recorded on, so a default day never equals one of them by chance. */
export const dateOf = (gene: CommandGene): string =>
  pickFrom(['2025-03-01', '2025-02-28', '2024-02-29', '2030-12-31'], gene.label)

/** Days that commands name or are imported on, all over before the today of any ledger that plays a history. */
export const CLOSING_DATES: readonly [string, ...string[]] = [
  '1993-01-01',
  '2024-02-29',
  '2025-02-28',
  '2025-03-01',
]
