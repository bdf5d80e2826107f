import { MAX_ID, type TransferCommand, type TransferFlag, ZERO_ID } from './command.ts'
import {
  type Draft,
  dateOf,
  externalReferenceOf,
  recent,
  UNKNOWN_ACCOUNT,
  UNKNOWN_TRANSFER,
  userDataOf,
} from './history-draft.ts'
import { type CommandGene, happens, pickFrom } from './history-genes.ts'

/** Ways to make one thing of a transfer command wrong, or in a repeat different. Two at once try the precedence. */

type Change = (command: TransferCommand, draft: Draft, gene: CommandGene) => TransferCommand

const toggle = (flags: readonly TransferFlag[], flag: TransferFlag): readonly TransferFlag[] =>
  flags.includes(flag) ? flags.filter((one) => one !== flag) : [...flags, flag]

const withFlag =
  (flag: TransferFlag): Change =>
  (command) => ({ ...command, flags: toggle(command.flags, flag) })

const someAccount = (draft: Draft, gene: CommandGene) =>
  recent(draft.accounts, gene.to)?.id ?? UNKNOWN_ACCOUNT

const PARTIES: readonly Change[] = [
  (command, draft, gene) => ({ ...command, debit: someAccount(draft, gene) }),
  (command, draft, gene) => ({ ...command, credit: someAccount(draft, gene) }),
  (command) => ({ ...command, debit: UNKNOWN_ACCOUNT }),
  (command) => ({ ...command, credit: UNKNOWN_ACCOUNT }),
  (command) => ({ ...command, debit: ZERO_ID }),
  (command) => ({ ...command, debit: MAX_ID }),
  (command) => ({ ...command, credit: ZERO_ID }),
  (command) => ({ ...command, credit: MAX_ID }),
  (command) => ({ ...command, credit: command.debit }),
]

const NUMBERS: readonly Change[] = [
  (command) => ({
    ...command,
    amount: command.amount === 'max' ? 1n : command.amount === 0n ? 1n : command.amount - 1n,
  }),
  (command) => ({ ...command, amount: command.amount === 'max' ? 0n : 'max' }),
  (command) => ({ ...command, ledger: 0 }),
  (command) => ({ ...command, ledger: command.ledger + 7 }),
  (command) => ({ ...command, code: 0 }),
  (command) => ({ ...command, code: command.code + 7 }),
  (command) => ({ ...command, timeoutS: command.timeoutS === 0 ? 86_400 : 0 }),
  (command) => ({ ...command, timeMicros: command.timeMicros === 0n ? 5n : 0n }),
]

const IDS: readonly Change[] = [
  (command) => ({ ...command, id: ZERO_ID }),
  (command) => ({ ...command, id: MAX_ID }),
  (command, draft, gene) => ({
    ...command,
    pendingId: recent(draft.transfers, gene.to)?.id ?? UNKNOWN_TRANSFER,
  }),
  (command) => ({ ...command, pendingId: UNKNOWN_TRANSFER }),
  (command) => ({ ...command, pendingId: ZERO_ID }),
  (command) => ({ ...command, pendingId: MAX_ID }),
  (command) => ({ ...command, pendingId: command.id }),
]

/** What a post or void inherits, named outright. */
const heldLabels = (command: TransferCommand, draft: Draft): Partial<TransferCommand> => {
  const hold = draft.holds.findLast((one) => one.id === command.pendingId)
  return hold === undefined ? {} : { userData: hold.userData, externalReference: hold.externalReference }
}

const LABELS: readonly Change[] = [
  (command, _draft, gene) => ({ ...command, userData: command.userData + userDataOf(gene) }),
  (command) => ({ ...command, userData: 0n }),
  (command, draft) => ({ ...command, ...heldLabels(command, draft) }),
  (command) => ({ ...command, currency: command.currency === 'JPY' ? 'ISK' : 'JPY' }),
  (command, _draft, gene) => ({ ...command, externalReference: externalReferenceOf(gene) }),
  (command) => ({ ...command, externalReference: null }),
  (command, _draft, gene) => ({ ...command, bookDate: dateOf(gene) }),
  (command) => ({ ...command, bookDate: null }),
  (command, _draft, gene) => ({ ...command, valueDate: dateOf(gene) }),
  (command) => ({ ...command, valueDate: null }),
]

const FLAGS: readonly Change[] = [
  withFlag('linked'),
  withFlag('imported'),
  withFlag('pending'),
  withFlag('closing_debit'),
  withFlag('closing_credit'),
  withFlag('balancing_debit'),
  withFlag('balancing_credit'),
  withFlag('post_pending_transfer'),
  withFlag('void_pending_transfer'),
]

const GROUPS = [NUMBERS, LABELS, PARTIES, FLAGS, IDS] as const

const unchanged: Change = (command) => command

const spoilerOf = (pick: number): Change => {
  const group = pickFrom(GROUPS, pick)
  return group[Math.floor(pick / GROUPS.length) % group.length] ?? unchanged
}

export const spoilTransfer = (
  command: TransferCommand,
  draft: Draft,
  gene: CommandGene,
  weight: number,
): TransferCommand => {
  const once = happens(gene.spoil, weight) ? spoilerOf(gene.spoiler)(command, draft, gene) : command
  return happens(gene.spoilAgain, weight / 2) ? spoilerOf(gene.secondSpoiler)(once, draft, gene) : once
}
