import { MAX_AMOUNT, type TransferCommand, type TransferFlag, ZERO_ID } from './command.ts'
import {
  type Draft,
  dateOf,
  externalReferenceOf,
  recent,
  transferId,
  transferTime,
  UNKNOWN_ACCOUNT,
  userDataOf,
} from './history-draft.ts'
import { type CommandGene, happens, pickFrom } from './history-genes.ts'
import { spoilTransfer } from './history-spoilers.ts'

/** Reads one gene as a transfer command: a new one, a post or void of a hold, or an earlier one again. */

const freshId = (draft: Draft, gene: CommandGene) => {
  const used = recent(draft.transfers, gene.target)
  return used !== undefined && happens(gene.reuse, draft.weights.reuse)
    ? used.id
    : transferId(draft.transfers.length + 1)
}

type Amount = bigint | 'max'

const HUGE: readonly [Amount, ...Amount[]] = [
  MAX_AMOUNT,
  'max',
  MAX_AMOUNT - 1n,
  MAX_AMOUNT - 20n,
  MAX_AMOUNT / 2n,
  MAX_AMOUNT / 2n + 1n,
]

const amountOf = (draft: Draft, gene: CommandGene): Amount =>
  happens(gene.huge, draft.weights.huge) ? pickFrom(HUGE, gene.amount) : BigInt(gene.amount % 21)

/** What new transfers and second phases have in common. */
const labelsOf = (draft: Draft, gene: CommandGene, imported: boolean) => {
  const { weights } = draft
  const dated = happens(gene.dates, weights.dates)
  return {
    userData: happens(gene.userData, weights.userData) ? userDataOf(gene) : 0n,
    timeMicros: imported ? transferTime(draft, gene) : 0n,
    externalReference: happens(gene.reference, weights.reference) ? externalReferenceOf(gene) : null,
    bookDate: dated && gene.time % 2 === 0 ? dateOf(gene) : null,
    valueDate: dated && gene.time % 3 === 0 ? dateOf(gene) : null,
  }
}

const outerFlags = (draft: Draft, gene: CommandGene, imported: boolean): TransferFlag[] => [
  ...(happens(gene.linked, draft.weights.linked) ? ['linked' as const] : []),
  ...(imported ? ['imported' as const] : []),
]

const flagsOf = (draft: Draft, gene: CommandGene): TransferFlag[] => {
  const { pending, closing, balancing } = draft.weights
  const flags: TransferFlag[] = []
  const closes = happens(gene.closing, closing)
  if (closes || happens(gene.pending, pending)) flags.push('pending')
  if (closes) flags.push(pickFrom(['closing_debit', 'closing_credit'], gene.whichSide))
  if (happens(gene.balancing, balancing)) {
    if (gene.whichSide % 3 !== 1) flags.push('balancing_debit')
    if (gene.whichSide % 3 !== 0) flags.push('balancing_credit')
  }
  return flags
}

/** Two accounts of ledger 1, or with some weight of any one ledger, or of two. */
const partiesOf = (draft: Draft, gene: CommandGene) => {
  const elsewhere = happens(gene.otherLedger, draft.weights.otherLedger)
  const debits = draft.accounts.filter((account) => elsewhere || account.ledger === 1)
  const debit = debits[gene.from % debits.length]
  const mixed = elsewhere && gene.label % 4 === 3
  const credits = draft.accounts.filter(
    (account) => account.id !== debit?.id && (mixed || account.ledger === debit?.ledger),
  )
  return [debit, credits[gene.to % credits.length]] as const
}

const newTransfer = (draft: Draft, gene: CommandGene, imported: boolean): TransferCommand => {
  const [debit, credit] = partiesOf(draft, gene)
  const ledger = debit?.ledger ?? 1
  const flags = flagsOf(draft, gene)
  const { weights } = draft
  const timed = flags.includes('pending') && happens(gene.timeout, Math.max(weights.timeout, weights.advance))
  return {
    id: freshId(draft, gene),
    debit: debit?.id ?? UNKNOWN_ACCOUNT,
    credit: credit?.id ?? UNKNOWN_ACCOUNT,
    amount: amountOf(draft, gene),
    pendingId: ZERO_ID,
    ledger,
    code: 1 + (gene.label % 2),
    flags: [...flags, ...outerFlags(draft, gene, imported)],
    timeoutS: timed ? pickFrom(TIMEOUTS_S, gene.time) : 0,
    currency: happens(gene.currency, weights.currency) ? (debit?.currency ?? null) : null,
    ...labelsOf(draft, gene, imported),
  }
}

/** Far apart from the advances, so that a little real time passing decides nothing. */
const TIMEOUTS_S: readonly [number, ...number[]] = [1, 1, 60, 86_400]
export const ADVANCES_S: readonly [number, ...number[]] = [2, 2, 100, 100_000]

const settlementAmount = (hold: TransferCommand, gene: CommandGene, posts: boolean): Amount => {
  const held = hold.amount === 'max' ? MAX_AMOUNT : hold.amount
  const less = held === 0n ? 0n : BigInt(gene.amount) % held
  return posts
    ? pickFrom<Amount>(['max', less, held, 0n, held + 1n], gene.settlement)
    : pickFrom<Amount>([0n, held, less], gene.settlement)
}

const settlementOf = (
  draft: Draft,
  gene: CommandGene,
  imported: boolean,
  hold: TransferCommand,
): TransferCommand => {
  const posts = gene.whichSide % 5 < 3
  const amount = settlementAmount(hold, gene, posts)
  const spelledOut = gene.settlement % 4 === 3
  return {
    id: freshId(draft, gene),
    debit: spelledOut ? hold.debit : ZERO_ID,
    credit: spelledOut ? hold.credit : ZERO_ID,
    amount: amount !== 'max' && amount > MAX_AMOUNT ? 'max' : amount,
    pendingId: hold.id,
    ledger: spelledOut ? hold.ledger : 0,
    code: spelledOut ? hold.code : 0,
    flags: [posts ? 'post_pending_transfer' : 'void_pending_transfer', ...outerFlags(draft, gene, imported)],
    timeoutS: 0,
    currency: happens(gene.currency, draft.weights.currency) ? hold.currency : null,
    ...labelsOf(draft, gene, imported),
  }
}

type Drawn = { readonly command: TransferCommand; readonly spoilWeight: number }

const drawTransfer = (draft: Draft, gene: CommandGene, imported: boolean): Drawn => {
  const { weights, transfers, holds } = draft
  const earlier = recent(transfers, gene.target)
  if (earlier !== undefined && happens(gene.repeat, weights.repeat)) {
    return { command: earlier, spoilWeight: weights.vary }
  }
  const hold = recent(holds, gene.target)
  if (hold !== undefined && happens(gene.settle, weights.settle)) {
    return {
      command: settlementOf(draft, gene, imported, hold),
      spoilWeight: weights.spoil + weights.vary / 4,
    }
  }
  return { command: newTransfer(draft, gene, imported), spoilWeight: weights.spoil }
}

export const readTransfer = (draft: Draft, gene: CommandGene, imported: boolean): TransferCommand => {
  const { command, spoilWeight } = drawTransfer(draft, gene, imported)
  const spoilt = spoilTransfer(command, draft, gene, spoilWeight)
  draft.transfers.push(spoilt)
  if (spoilt.flags.includes('pending')) draft.holds.push(spoilt)
  return spoilt
}
