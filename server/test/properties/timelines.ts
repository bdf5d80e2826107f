import type fc from 'fast-check'
import { type History, type HistoryStep, histories } from '../model/histories.ts'
import type { HistorySize } from '../model/history-genes.ts'
import { createModel } from '../model/model.ts'

/**
 * The one intended difference between our ledger and the reference model. With us an expiry is a line of the statement
 * and so stands on the transfers' time line: what is imported after it must be later, which no imported time is, as the
 * expiry happened "now". The model leaves expiries off that line. So requests of imported transfers end with the
 * first expiry; what is decided then is a test of its own (ledger/core/resolve.test.ts).
 */
export const withoutImportsAfterExpiry = (history: History): History => {
  const model = createModel()
  let hasExpired = false
  return history.filter((step) => {
    if (hasExpired && isImported(step)) return false
    play(model, step)
    hasExpired ||= [...model.transfers().keys()].some((id) => model.fate(id) === 'expired')
    return true
  })
}

const isImported = (step: HistoryStep): boolean =>
  step.kind === 'create_transfers' && step.commands[0]?.flags.includes('imported') === true

const play = (model: ReturnType<typeof createModel>, step: HistoryStep): void => {
  if (step.kind === 'create_accounts') model.createAccounts(step.commands)
  else if (step.kind === 'create_transfers') model.createTransfers(step.commands)
  else model.advance(step.seconds)
}

/** Histories on which our ledger and the model must agree in everything. */
export const comparableHistories = (size: Partial<HistorySize> = {}): fc.Arbitrary<History> =>
  histories(size).map(withoutImportsAfterExpiry)
