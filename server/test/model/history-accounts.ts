import { currencyOfLedger } from '../vectors/mapping.ts'
import type { AccountCommand, AccountFlag } from './command.ts'
import { MAX_ID, ZERO_ID } from './command.ts'
import { accountId, accountTime, type Draft, recent, referenceOf, userDataOf } from './history-draft.ts'
import { type CommandGene, happens, pickFrom } from './history-genes.ts'

/** Reads one gene as an account command. */

/** Ledgers 1 and 2 have accounts from the start, and so a currency. */
const FOUNDED_LEDGERS = 2

type Change = (command: AccountCommand, draft: Draft, gene: CommandGene) => AccountCommand

const toggle = (flags: readonly AccountFlag[], flag: AccountFlag): readonly AccountFlag[] =>
  flags.includes(flag) ? flags.filter((one) => one !== flag) : [...flags, flag]

const withFlag =
  (flag: AccountFlag): Change =>
  (command) => ({ ...command, flags: toggle(command.flags, flag) })

/** One thing made wrong, or in a repeat one thing made different. */
const SPOILERS: readonly [Change, ...Change[]] = [
  (command) => ({ ...command, code: command.code + 1 }),
  (command) => ({ ...command, code: 0 }),
  (command) => ({ ...command, ledger: 0 }),
  (command) => ({ ...command, ledger: command.ledger + 1 }),
  (command) => ({ ...command, userData: command.userData + 1n }),
  (command) => ({ ...command, currency: command.currency === 'JPY' ? 'ISK' : 'JPY' }),
  (command, _draft, gene) => ({ ...command, reference: referenceOf(gene) }),
  (command) => ({ ...command, reference: null }),
  (command, draft, gene) => ({
    ...command,
    reference: recent(draft.accounts, gene.target)?.reference ?? null,
  }),
  (command) => ({ ...command, id: ZERO_ID }),
  (command) => ({ ...command, id: MAX_ID }),
  (command) => ({ ...command, timeMicros: command.timeMicros === 0n ? 5n : 0n }),
  (command) => ({
    ...command,
    flags: [...command.flags, 'debits_must_not_exceed_credits', 'credits_must_not_exceed_debits'],
  }),
  withFlag('linked'),
  withFlag('imported'),
  withFlag('closed'),
  withFlag('history'),
]

const spoilAccount = (
  command: AccountCommand,
  draft: Draft,
  gene: CommandGene,
  weight: number,
): AccountCommand => {
  const once = happens(gene.spoil, weight) ? pickFrom(SPOILERS, gene.spoiler)(command, draft, gene) : command
  return happens(gene.spoilAgain, weight / 2)
    ? pickFrom(SPOILERS, gene.secondSpoiler)(once, draft, gene)
    : once
}

const flagsOf = (draft: Draft, gene: CommandGene, imported: boolean): AccountFlag[] => {
  const { linked, limits, history, closed } = draft.weights
  const flags: AccountFlag[] = []
  if (happens(gene.linked, linked / 2)) flags.push('linked')
  if (happens(gene.limits, limits)) {
    flags.push(pickFrom(['debits_must_not_exceed_credits', 'credits_must_not_exceed_debits'], gene.whichSide))
  }
  if (happens(gene.history, history)) flags.push('history')
  if (happens(gene.closed, closed)) flags.push('closed')
  if (imported) flags.push('imported')
  return flags
}

const newAccount = (draft: Draft, gene: CommandGene, imported: boolean): AccountCommand => {
  const { weights, accounts } = draft
  const ledger = happens(gene.otherLedger, weights.otherLedger) ? 2 + (gene.from % 3) : 1
  // The founders' ledgers have a currency, so there it may be left out; elsewhere the first account must name it.
  const mayLeaveOut = ledger <= FOUNDED_LEDGERS && happens(gene.currency, weights.currency)
  const used = recent(accounts, gene.target)
  return {
    id: used !== undefined && happens(gene.reuse, weights.reuse) ? used.id : accountId(accounts.length + 1),
    ledger,
    code: 1 + (gene.label % 2),
    flags: flagsOf(draft, gene, imported),
    userData: happens(gene.userData, weights.userData) ? userDataOf(gene) : 0n,
    timeMicros: imported ? accountTime(draft, gene) : 0n,
    currency: mayLeaveOut ? null : currencyOfLedger(ledger),
    reference: happens(gene.reference, weights.reference) ? referenceOf(gene) : null,
  }
}

export const readAccount = (draft: Draft, gene: CommandGene, imported: boolean): AccountCommand => {
  const earlier = recent(draft.accounts, gene.target)
  const { repeat, vary, spoil } = draft.weights
  const repeats = earlier !== undefined && happens(gene.repeat, repeat)
  const drawn = repeats ? earlier : newAccount(draft, gene, imported)
  const command = spoilAccount(drawn, draft, gene, repeats ? vary : spoil)
  // An unfounded ledger's currency must be known, also when a change has just moved the account there.
  const currency = command.ledger <= FOUNDED_LEDGERS ? command.currency : (command.currency ?? 'EUR')
  const complete = { ...command, currency }
  draft.accounts.push(complete)
  return complete
}

const FOUNDERS: readonly { readonly ledger: number; readonly flags: (draft: Draft) => AccountFlag[] }[] = [
  { ledger: 1, flags: ({ weights }) => (weights.history > 20 ? ['history'] : []) },
  { ledger: 1, flags: ({ weights }) => (weights.limits > 5 ? ['debits_must_not_exceed_credits'] : []) },
  { ledger: 1, flags: ({ weights }) => (weights.limits > 20 ? ['credits_must_not_exceed_debits'] : []) },
  { ledger: FOUNDED_LEDGERS, flags: () => [] },
  { ledger: FOUNDED_LEDGERS, flags: () => [] },
]

/** Every history begins with a few accounts that are always created. */
export const foundersOf = (draft: Draft, imported: boolean): AccountCommand[] => {
  const founders = FOUNDERS.map(({ ledger, flags }, index): AccountCommand => {
    if (imported) draft.accountMicros += 1n
    return {
      id: accountId(index + 1),
      ledger,
      code: 1,
      flags: [...flags(draft), ...(imported ? ['imported' as const] : [])],
      userData: 0n,
      timeMicros: imported ? draft.accountMicros : 0n,
      currency: currencyOfLedger(ledger),
      reference: null,
    }
  })
  draft.accounts.push(...founders)
  return founders
}
