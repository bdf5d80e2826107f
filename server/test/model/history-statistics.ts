import fc from 'fast-check'
import type { History } from './histories.ts'
import { histories } from './histories.ts'
import type { HistorySize } from './history-genes.ts'
import { createModel } from './model.ts'
import { ACCOUNT_STATUSES, TRANSFER_STATUSES } from './statuses.ts'

/** How often each status is the answer of generated histories: a generator that reaches nothing proves nothing. */

export type StatusCounts = {
  readonly accounts: ReadonlyMap<string, number>
  readonly transfers: ReadonlyMap<string, number>
}

const countInto = (counts: Map<string, number>, statuses: readonly string[]): void => {
  for (const status of statuses) counts.set(status, (counts.get(status) ?? 0) + 1)
}

export const countStatuses = (sample: readonly History[]): StatusCounts => {
  const accounts = new Map<string, number>(ACCOUNT_STATUSES.map((status) => [status, 0]))
  const transfers = new Map<string, number>(TRANSFER_STATUSES.map((status) => [status, 0]))
  for (const history of sample) {
    const model = createModel()
    for (const step of history) {
      if (step.kind === 'advance') model.advance(step.seconds)
      else if (step.kind === 'close') model.closeBooks(step.through)
      else if (step.kind === 'create_accounts') countInto(accounts, model.createAccounts(step.commands))
      else countInto(transfers, model.createTransfers(step.commands))
    }
  }
  return { accounts, transfers }
}

/** The same histories every time, on every machine. */
export const sampleHistories = (
  seed: number,
  count: number,
  size?: Partial<HistorySize>,
): readonly History[] => fc.sample(histories(size), { seed, numRuns: count })

export const neverReached = ({ accounts, transfers }: StatusCounts): readonly string[] => [
  ...[...accounts].filter(([, count]) => count === 0).map(([status]) => `account ${status}`),
  ...[...transfers].filter(([, count]) => count === 0).map(([status]) => `transfer ${status}`),
]
