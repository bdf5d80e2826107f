import assert from 'node:assert/strict'
import { after, afterEach, before } from 'node:test'
import { type Check, withClient } from '../../src/database/index.ts'
import type { TenantId } from '../../src/kit/index.ts'
import { verifyPayments } from '../../src/payments/index.ts'
import { type Answered, type Books, openPayments, type PaymentsWorld, type Shown } from './payments-world.ts'

export type SoundPayments = {
  readonly world: () => PaymentsWorld
  readonly tenant: () => Promise<Books>
}

export const verified = (world: PaymentsWorld, tenants: readonly TenantId[]): Promise<readonly Check[]> =>
  withClient(world.database.readerUrl, (client) => verifyPayments(client, tenants))

/** Payments for a test file. Whatever a test did: payments, postings, stamps and caps tell the same story after it. */
export const soundPayments = (): SoundPayments => {
  let world: PaymentsWorld | null = null
  const seen: Books[] = []
  const opened = (): PaymentsWorld => {
    assert.ok(world !== null, 'the world is open')
    return world
  }
  before(async () => {
    world = await openPayments()
  })
  after(() => opened().close())
  afterEach(async () => {
    const checks = await verified(
      opened(),
      seen.splice(0).map(({ id }) => id),
    )
    assert.deepEqual(
      checks.filter(({ ok }) => !ok).map(({ name, findings }) => [name, findings]),
      [],
    )
  })
  return {
    world: opened,
    tenant: async () => {
      const books = await opened().tenant()
      seen.push(books)
      return books
    },
  }
}

export const PAYMENTS = '/v1/payment_intents'
export const PAY = 'amount=1000&currency=eur&payment_method=pm_card_visa&confirm=true'
export const HOLD = `${PAY}&capture_method=manual`
export const CAPS = { currency: 'EUR', perPayment: null, perStage: 100_000, perDay: null } as const

export const asksFor = (authentication: string) =>
  ({ kind: 'requires_action', authentication, url: `/authentications/${authentication}` }) as const

export const errorOf = ({ body }: Answered): Shown => body['error'] as Shown

/** The newest first. */
export const chargesOf = async (books: Books, form = 'limit=100'): Promise<Shown[]> =>
  (await books.have('GET', '/v1/charges', form))['data'] as Shown[]

/** Rail and stamp of a charge, as short as can be. */
export const wayOf = ({ rail, launches }: Shown): readonly unknown[] => {
  const [stamp] = launches as Shown[]
  return [rail, stamp?.['exposed'], stamp?.['reason']]
}

/** What is reserved of the one launch's caps. */
export const reserved = async (books: Books): Promise<number> => {
  const [row] = await books.rows('select reserved_in_stage from exposure.counters where tenant = $1')
  return Number(row?.['reserved_in_stage'] ?? 0)
}
