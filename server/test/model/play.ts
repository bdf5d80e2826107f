import fc from 'fast-check'
import { type HistoryStep, histories } from './histories.ts'
import { createModel, type Model } from './model.ts'

type After = {
  readonly model: Model
  readonly step: HistoryStep
  readonly statuses: readonly string[]
  readonly before: ReturnType<typeof pictureOf>
}

const play = (model: Model, step: HistoryStep): readonly string[] => {
  if (step.kind === 'create_accounts') return model.createAccounts(step.commands)
  if (step.kind === 'create_transfers') return model.createTransfers(step.commands)
  if (step.kind === 'advance') model.advance(step.seconds)
  else model.closeBooks(step.through)
  return []
}

/** What the books show at a moment, to compare with a later one. */
export const pictureOf = (model: Model) => ({
  closedThrough: model.closedThrough(),
  accounts: new Map([...model.accounts().keys()].map((id) => [id, model.balances(id)])),
  transfers: model.transfers(),
  fates: new Map([...model.transfers().keys()].map((id) => [id, model.fate(id)])),
})

const SEED = 20_260_101

/** Plays generated histories and calls the check after every step. */
export const afterEveryStep = (check: (after: After) => void): void =>
  fc.assert(
    fc.property(histories(), (history) => {
      const model = createModel()
      for (const step of history) {
        const before = pictureOf(model)
        check({ model, step, before, statuses: play(model, step) })
      }
    }),
    { seed: SEED, numRuns: 300 },
  )
