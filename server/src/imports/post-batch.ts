import { assert } from '../kit/index.ts'
import type { AccountCommand, TransferCommand } from './core/commands.ts'
import { ImportRefused } from './import-refused.ts'
import type { LedgerPort, Status } from './port.ts'

export type Origin = { readonly line: number; readonly account: string }

/** What some neighbouring lines ask of the ledger. */
export type Batch = {
  readonly accounts: AccountCommand[]
  readonly transfers: TransferCommand[]
  /** The line of the file and its account that each transfer is from. */
  readonly origins: Origin[]
}

export type Refusal = Origin & { readonly status: Status }

export type Poster = {
  /** Posts a batch and answers what was refused. Batches are posted one after the other, in order. */
  readonly post: (batch: Batch) => Promise<readonly Refusal[]>
  readonly recorded: { imported: number; ordinary: number; firstOrdinaryLine: number | null }
  readonly made: { accounts: number; transfers: number }
}

type Command = AccountCommand | TransferCommand

type Outcome = { readonly status: Status; readonly imported: boolean }

/** The same command as something that happens now. */
const asOrdinary = <One extends Command>(command: One): One => ({
  ...command,
  flags: command.flags.filter((flag) => flag !== 'imported'),
  timeMicros: 0n,
})

const succeeded = (status: Status): boolean => status === 'created' || status === 'exists'

/** The other way of recording would do, or an earlier run has used it for this command. */
const calledForOther = (status: Status): boolean =>
  status.startsWith('imported_event_') || status === 'exists_with_different_flags'

/** One request, which must answer each of its commands. */
const ask = async <One>(commands: readonly One[], create: Create<One>): Promise<readonly Status[]> => {
  const statuses = await create(commands)
  assert(statuses.length === commands.length, 'the ledger answers each command of a request')
  return statuses
}

/** How commands are recorded from here on, accounts and transfers alike. Once ordinary, it stays so. */
type Way = { imported: boolean }

type Create<One> = (commands: readonly One[]) => Promise<readonly Status[]>

/** One request, and a second one for the commands that must be asked the other way. */
const sendPart = async <One extends Command>(
  commands: readonly One[],
  way: Way,
  create: Create<One>,
): Promise<Outcome[]> => {
  if (commands.length === 0) return []
  const { imported } = way
  const send = (part: readonly One[], as: boolean): Promise<readonly Status[]> =>
    ask(as ? part : part.map(asOrdinary), create)
  const first = await send(commands, imported)
  const outcomes = first.map((status): Outcome => ({ status, imported }))
  const again = first.flatMap((status, index) => (calledForOther(status) ? [index] : []))
  if (again.length === 0) return outcomes
  way.imported = false
  const part = again.flatMap((index) => commands[index] ?? [])
  const second = await send(part, !imported)
  for (const [place, index] of again.entries()) {
    const status = second[place] ?? ''
    const before = first[index] ?? ''
    // Where neither way will do, the answer that says more is kept.
    const kept = succeeded(status) || before.startsWith('imported_event_') ? status : before
    outcomes[index] = { status: kept, imported: !imported }
  }
  return outcomes
}

/** What lies before the tenant's newest goes first, so that what comes after it is known to be in order. */
const sendInOrder = async <One extends Command>(
  commands: readonly One[],
  newestMicros: bigint,
  send: (part: readonly One[]) => Promise<Outcome[]>,
): Promise<Outcome[]> => {
  const later = commands.findIndex((command) => command.timeMicros > newestMicros)
  const cut = later === -1 ? commands.length : later
  return [...(await send(commands.slice(0, cut))), ...(await send(commands.slice(cut)))]
}

/**
 * Posts each command as imported for as long as the ledger takes it so. From the first one that it does not, because
 * the tenant holds something newer, everything is posted as ordinary; so the lines of an account keep their order.
 * A command that an earlier run recorded the other way answers exists_with_different_flags; it is asked the other
 * way and then answers exists. That is all a restart needs: no memory of ours, only the ids.
 */
export const createPoster = async (port: LedgerPort): Promise<Poster> => {
  const newest = await port.newestTimes()
  const way: Way = { imported: true }
  const recorded: Poster['recorded'] = { imported: 0, ordinary: 0, firstOrdinaryLine: null }
  const made = { accounts: 0, transfers: 0 }
  const createAccounts: Create<AccountCommand> = (part) => port.createAccounts(part)
  const createTransfers: Create<TransferCommand> = (part) => port.createTransfers(part)

  const postAccounts = async (accounts: readonly AccountCommand[]): Promise<void> => {
    const outcomes = await sendInOrder(accounts, newest.accountMicros, (part) =>
      sendPart(part, way, createAccounts),
    )
    for (const [index, { status }] of outcomes.entries()) {
      if (status === 'created') made.accounts += 1
      if (!succeeded(status)) throw new ImportRefused(accountRefused(accounts[index], status))
    }
  }

  const post = async (batch: Batch): Promise<readonly Refusal[]> => {
    await postAccounts(batch.accounts)
    const outcomes = await sendInOrder(batch.transfers, newest.transferMicros, (part) =>
      sendPart(part, way, createTransfers),
    )
    return outcomes.flatMap((outcome, index) => {
      const origin = batch.origins[index] ?? { line: 0, account: '' }
      if (outcome.status === 'created') made.transfers += 1
      if (!succeeded(outcome.status)) return { ...origin, status: outcome.status }
      if (outcome.imported) recorded.imported += 1
      else {
        recorded.ordinary += 1
        recorded.firstOrdinaryLine ??= origin.line
      }
      return []
    })
  }

  return { post, recorded, made }
}

const accountRefused = (account: AccountCommand | undefined, status: Status): string => {
  const name = `the account "${account?.reference ?? ''}"`
  if (status === 'reference_already_used') {
    return `${name} cannot be opened: another account bears that reference. Choose another one in the profile (accounts.reference_prefix or counter_accounts)`
  }
  if (status === 'ledger_has_different_currency') {
    return `${name} cannot be opened: ledger ${account?.ledger} is not in ${account?.currency}. Choose another ledger.number in the profile`
  }
  if (status.startsWith('exists_with_different_')) {
    return `${name} exists with another ${status.slice('exists_with_different_'.length)}; an earlier import used another profile of this name. Give the profile another name`
  }
  return `${name} cannot be opened: the ledger says ${status}`
}
