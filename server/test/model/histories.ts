import type fc from 'fast-check'
import type { AccountCommand, TransferCommand } from './command.ts'
import { foundersOf, readAccount } from './history-accounts.ts'
import { CLOSING_DATES, createDraft, type Draft } from './history-draft.ts'
import {
  type HistoryGenes,
  type HistorySize,
  happens,
  historyGenes,
  pickFrom,
  type StepGene,
} from './history-genes.ts'
import { ADVANCES_S, readTransfer } from './history-transfers.ts'

/** Whole histories for fast-check: requests of account and transfer commands, movements of the clock, and closings. */

export type HistoryStep =
  | { readonly kind: 'create_accounts'; readonly commands: readonly AccountCommand[] }
  | { readonly kind: 'create_transfers'; readonly commands: readonly TransferCommand[] }
  | { readonly kind: 'advance'; readonly seconds: number }
  | { readonly kind: 'close'; readonly through: string }

export type History = readonly HistoryStep[]

const readStep = (draft: Draft, gene: StepGene): HistoryStep => {
  const { weights } = draft
  if (happens(gene.advance, weights.advance)) {
    return { kind: 'advance', seconds: pickFrom(ADVANCES_S, gene.seconds) }
  }
  if (happens(gene.close, weights.close)) {
    return { kind: 'close', through: pickFrom(CLOSING_DATES, gene.through) }
  }
  const imported = happens(gene.imported, weights.imported)
  return happens(gene.accounts, weights.accounts)
    ? { kind: 'create_accounts', commands: gene.commands.map((one) => readAccount(draft, one, imported)) }
    : { kind: 'create_transfers', commands: gene.commands.map((one) => readTransfer(draft, one, imported)) }
}

const readHistory = ({ weights, steps }: HistoryGenes): History => {
  const draft = createDraft(weights)
  const founders = foundersOf(draft, weights.imported > 0)
  return [{ kind: 'create_accounts', commands: founders }, ...steps.map((step) => readStep(draft, step))]
}

const ORDINARY: HistorySize = { maxSteps: 14, maxCommands: 12 }

/** Every status is an answer of some such history (history-statistics.ts counts them). */
export const histories = (size: Partial<HistorySize> = {}): fc.Arbitrary<History> =>
  historyGenes({ ...ORDINARY, ...size }).map(readHistory)
