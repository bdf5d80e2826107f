import { readCounters, type Unit } from '../database/index.ts'
import type { AccountCommand, LedgerPort, PostedBalance, TransferCommand } from '../imports/index.ts'
import { assert, type Day, parseDay, type TenantId, UUID_ZERO } from '../kit/index.ts'
import {
  accountFlagBits,
  createAccountsUnit,
  createLedgerUnit,
  createTransfersUnit,
  findAccountsByReference,
  type AccountCommand as LedgerAccount,
  type TransferCommand as LedgerTransfer,
  type Request,
  readAccount,
  readTrialLine,
  transferFlagBits,
  trialBalance,
} from '../ledger/index.ts'
import type { Platform } from './platform.ts'

/** How long one request of an import may wait for its commit. */
const DEADLINE_MS = 60_000
/** Roughly what a command weighs, for the bound on what waits. */
const COMMAND_BYTES = 256

const flagsOf = (bits: number | null): number => {
  assert(bits !== null, 'an import names flags that exist')
  return bits
}

const toAccount = (command: AccountCommand): LedgerAccount => ({
  ...command,
  flags: flagsOf(accountFlagBits(command.flags)),
})

const toDay = (text: string | null): Day | null => {
  const day = text === null ? null : parseDay(text)
  assert(text === null || day !== null, 'an import writes days as YYYY-MM-DD')
  return day
}

const toTransfer = ({ bookDate, valueDate, ...command }: TransferCommand): LedgerTransfer => ({
  ...command,
  pendingId: command.pendingId ?? UUID_ZERO,
  flags: flagsOf(transferFlagBits(command.flags)),
  bookDay: toDay(bookDate),
  valueDay: toDay(valueDate),
})

/** The ledger of one tenant as an import sees it: through the same commit as every other change. */
export const createImportPort = (
  platform: Pick<Platform, 'commit' | 'read' | 'clock'>,
  tenant: TenantId,
): LedgerPort => {
  const { commit, read, clock } = platform

  const request = (items: number): Request<unknown> => ({
    tenant,
    bytes: items * COMMAND_BYTES,
    deadlineMs: clock.now() + DEADLINE_MS,
    claim: null,
    reply: null,
  })

  const decided = async <Answer>(unit: Unit<Answer>): Promise<Answer> => {
    const outcome = await commit.submit(unit)
    assert(outcome.kind === 'decided', 'a unit without a key is decided')
    return outcome.answer
  }

  const balances = async (references: readonly string[]): Promise<ReadonlyMap<string, PostedBalance>> => {
    const [rows = []] = await read(tenant, [findAccountsByReference(tenant, references)])
    const accounts = rows.map(readAccount)
    return new Map(accounts.map((account) => [account.reference ?? '', account]))
  }

  return {
    openLedger: async (wanted) => {
      const { ledger, created } = await decided(createLedgerUnit(request(1), wanted))
      if (created) return 'created'
      if (ledger.currency !== wanted.currency) return 'ledger_has_different_currency'
      return ledger.name === wanted.name ? 'exists' : 'ledger_has_different_name'
    },
    createAccounts: (commands) =>
      decided(createAccountsUnit(request(commands.length), commands.map(toAccount))),
    createTransfers: (commands) =>
      decided(createTransfersUnit(request(commands.length), commands.map(toTransfer))),
    newestTimes: async () => {
      const [rows = []] = await read(tenant, [readCounters(tenant)])
      const [accountMicros, transferMicros] = rows[0] ?? []
      assert(
        typeof accountMicros === 'bigint' && typeof transferMicros === 'bigint',
        'a tenant has a head row',
      )
      return { accountMicros, transferMicros }
    },
    trialBalance: async (ledger) => {
      const [rows = []] = await read(tenant, [trialBalance(tenant, null)])
      const lines = rows.map(readTrialLine).filter((line) => line.ledger === ledger)
      return {
        debitsPosted: lines.reduce((sum, line) => sum + line.debitsPosted, 0n),
        creditsPosted: lines.reduce((sum, line) => sum + line.creditsPosted, 0n),
      }
    },
    balances,
  }
}
