import { type Declare, type Draft, setTimer, type TimerHandler, type Unit } from '../database/index.ts'
import { recordEvent } from '../events/index.ts'
import { newUuid, type TenantId, type Uuid } from '../kit/index.ts'
import { declarePostings, houseBalance, type Posting, post } from '../ledger/index.ts'
import type { UnitRequest } from '../requests/index.ts'
import { RELEASE_TIMER } from './balance.ts'
import { POSTING_CODES } from './chart.ts'
import type { Release } from './core/model.ts'
import { type PaymentsDoor, railNamed } from './door.ts'
import { findBalances } from './find-balance.ts'
import { workRequest } from './refund-units.ts'
import { readRelease, releasesTable } from './store/releases.ts'
import { attempts } from './store/tables.ts'
import { owed, showBalance, sideAccount } from './views-balance.ts'

export type Releasing = {
  readonly releases: readonly { readonly id: Uuid; readonly posting: Uuid; readonly currency: string }[]
  /** Of the whole balance, which the event shows. */
  readonly currencies: readonly string[]
  readonly livemode: boolean
}

/** A release of refunds alone would be negative: then money goes back to what is pending. */
const postingOf = ({ id, currency, amount }: Release, posting: Uuid): Posting => {
  const pending = sideAccount('balance_pending', currency)
  const available = sideAccount('balance_available', currency)
  const common = {
    kind: 'move',
    id: posting,
    code: POSTING_CODES.make_available,
    externalReference: id,
  } as const
  return amount > 0n
    ? { ...common, debit: pending, credit: available, amount }
    : { ...common, debit: available, credit: pending, amount: -amount }
}

/** Makes one moment's money available, once: true where it did. */
const release = (draft: Draft, id: Uuid, posting: Uuid): boolean => {
  const row = draft.get(releasesTable, id)
  const isDue = row !== undefined && row.state === 'waiting' && row.availableOnMicros <= draft.now
  if (!isDue) {
    const dueMicros = row?.state === 'waiting' ? row.availableOnMicros : null
    setTimer(draft, { kind: RELEASE_TIMER, subject: id, dueMicros })
    return false
  }
  if (row.amount !== 0n) post(draft, [postingOf(row, posting)])
  draft.put(releasesTable, id, { ...row, state: 'released' })
  setTimer(draft, { kind: RELEASE_TIMER, subject: id, dueMicros: null })
  return row.amount !== 0n
}

const declareAll = (declare: Declare, { releases, currencies }: Releasing): void => {
  for (const { id } of releases) declare(releasesTable, id)
  declarePostings(declare, {
    accounts: currencies.flatMap((currency) => [
      sideAccount('balance_available', currency),
      sideAccount('balance_pending', currency),
    ]),
    ids: releases.map(({ posting }) => posting),
  })
}

const balanceIn = (draft: Draft, currencies: readonly string[], livemode: boolean) =>
  showBalance(
    currencies.map((currency) => ({
      currency,
      available: owed(houseBalance(draft, sideAccount('balance_available', currency))),
      pending: owed(houseBalance(draft, sideAccount('balance_pending', currency))),
    })),
    livemode,
  )

/** Everything that has become available moves in one unit, and is told once. */
export const releaseUnit = (request: UnitRequest, releasing: Releasing): Unit<number> => ({
  ...request,
  name: 'payments.release',
  items: releasing.releases.length,
  duringAdvance: true,
  reads: [(declare) => declareAll(declare, releasing)],
  decide: (draft) => {
    const released = releasing.releases.filter(({ id, posting }) => release(draft, id, posting)).length
    if (released > 0) {
      const object = balanceIn(draft, releasing.currencies, releasing.livemode)
      recordEvent(draft, { type: 'balance.available', object, request: null })
    }
    return { kind: 'answer', answer: released, reply: null }
  },
})

/** Books are of one kind, live or not, as is the rail of any of their payments. */
const livemodeOf = async (door: PaymentsDoor, tenant: TenantId): Promise<boolean> => {
  const [rows = []] = await door.read(tenant, [
    attempts.list(tenant, { limit: 1, cursor: null, direction: 'forward' }),
  ])
  return rows[0] !== undefined && railNamed(door.rails, attempts.read(rows[0]).rail).isLive
}

const releaseAll = async (door: PaymentsDoor, tenant: TenantId, ids: readonly Uuid[]): Promise<void> => {
  const [[rows = []], balances, livemode] = await Promise.all([
    door.read(tenant, [releasesTable.load(tenant, ids)]),
    findBalances(door.read, tenant),
    livemodeOf(door, tenant),
  ])
  const nowMs = door.clock.now()
  const releases = rows
    .map(readRelease)
    .map(({ id, currency }) => ({ id, currency, posting: newUuid(nowMs) }))
  const currencies = [
    ...new Set([...balances.map(({ currency }) => currency), ...releases.map(({ currency }) => currency)]),
  ]
  await door.commit.submit(releaseUnit(workRequest(tenant, nowMs), { releases, currencies, livemode }))
}

export const releaseTimers = (door: PaymentsDoor): Readonly<Record<string, TimerHandler>> => ({
  [RELEASE_TIMER]: (tenant, ids) => releaseAll(door, tenant, ids),
})
