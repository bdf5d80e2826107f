import type { Platform } from '@evenkeel/server'
import { newUuid, type TenantId, UUID_ZERO, type Uuid } from '../../server/src/kit/index.ts'
import {
  createAccountsUnit,
  createTransfersUnit,
  type TransferCommand,
} from '../../server/src/ledger/index.ts'
import { DEADLINE_MS } from './sizes.ts'

/** Between whom the next transfer goes. */
export type Pair = { readonly debit: Uuid; readonly credit: Uuid }
export type PickPair = () => Pair

export type Batch = { readonly commands: readonly TransferCommand[]; readonly amount: bigint }

export const LEDGER = 1
export const CODE = 1
export const CURRENCY = 'EUR'

/** All amounts have three digits, so that all requests over HTTP are of one length. */
const AMOUNT_LEAST = 100
const AMOUNT_SPREAD = 900
export const randomAmount = (): number => AMOUNT_LEAST + Math.floor(Math.random() * AMOUNT_SPREAD)

const indexBelow = (length: number): number => Math.floor(Math.random() * length)

/** Two different accounts, each as likely as any other. */
export const pickUniform =
  (accounts: readonly Uuid[]): PickPair =>
  () => {
    const debit = indexBelow(accounts.length)
    const credit = (debit + 1 + indexBelow(accounts.length - 1)) % accounts.length
    return { debit: accounts[debit] ?? UUID_ZERO, credit: accounts[credit] ?? UUID_ZERO }
  }

/** Everybody pays the same account. */
export const pickInto =
  (account: Uuid, payers: readonly Uuid[]): PickPair =>
  () => ({ debit: payers[indexBelow(payers.length)] ?? UUID_ZERO, credit: account })

const makeCommand = (pair: Pair, nowMs: number): TransferCommand => ({
  id: newUuid(nowMs),
  ...pair,
  amount: BigInt(randomAmount()),
  pendingId: UUID_ZERO,
  ledger: LEDGER,
  code: CODE,
  flags: 0,
  timeoutS: 0,
  userData: 0n,
  timeMicros: 0n,
  currency: null,
  externalReference: null,
  bookDay: null,
  valueDay: null,
  metadata: null,
})

export const makeBatch = (size: number, pick: PickPair): Batch => {
  const nowMs = Date.now()
  const commands = Array.from({ length: size }, () => makeCommand(pick(), nowMs))
  return { commands, amount: commands.reduce((sum, { amount }) => sum + amount, 0n) }
}

/** What a transfer weighs as JSON, for the commit's limit of waiting bytes. */
const BYTES_PER_ITEM = 200

const requestOf = (tenant: TenantId, items: number) => ({
  tenant,
  bytes: items * BYTES_PER_ITEM,
  deadlineMs: Date.now() + DEADLINE_MS,
  claim: null,
  reply: null,
})

/** Hands a batch in at the commit's door and waits for its answer. */
export const submitBatch = async (
  { commit }: Platform,
  tenant: TenantId,
  { commands }: Batch,
): Promise<void> => {
  const outcome = await commit.submit(createTransfersUnit(requestOf(tenant, commands.length), commands))
  const refused =
    outcome.kind === 'decided' ? outcome.answer.find((status) => status !== 'created') : outcome.kind
  if (refused !== undefined) throw new Error(`a transfer of a benchmark was answered with ${refused}`)
}

/** Opens accounts without limits, as many as asked for. */
export const openAccounts = async (
  { commit }: Platform,
  tenant: TenantId,
  { count, batch }: { readonly count: number; readonly batch: number },
): Promise<Uuid[]> => {
  const nowMs = Date.now()
  const ids = Array.from({ length: count }, () => newUuid(nowMs))
  for (let from = 0; from < ids.length; from += batch) {
    const commands = ids.slice(from, from + batch).map((id) => ({
      id,
      ledger: LEDGER,
      code: CODE,
      flags: 0,
      userData: 0n,
      timeMicros: 0n,
      currency: CURRENCY,
      reference: null,
      metadata: null,
    }))
    const outcome = await commit.submit(createAccountsUnit(requestOf(tenant, commands.length), commands))
    const refused =
      outcome.kind === 'decided' ? outcome.answer.find((status) => status !== 'created') : outcome.kind
    if (refused !== undefined) throw new Error(`an account of a benchmark was answered with ${refused}`)
  }
  return ids
}
