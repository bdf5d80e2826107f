import { newUuid, type Uuid } from '../../../src/kit/index.ts'
import type { Intent, Item } from '../oracle/model.ts'

/** How a request can be known again: by its key, by ids that the client chose, by both, by neither. */
export type Naming = 'key' | 'id' | 'both' | 'none'

/** What all requests of a run have in common, and the number of this one. */
export type Place = { readonly n: number; readonly prefix: string; readonly naming: Naming }

export type TransferWanted = {
  readonly debit: Uuid
  readonly credit: Uuid
  readonly amount: number
  readonly flags?: readonly string[]
  readonly timeout?: number
}

export const LEDGER = 1
const CODE = 1

const newId = (naming: Naming): Uuid | null =>
  naming === 'id' || naming === 'both' ? newUuid(Date.now()) : null

const keyOf = ({ n, prefix, naming }: Place): string | null =>
  naming === 'key' || naming === 'both' ? `${prefix}${n}` : null

const bodyOf = ({ debit, credit, amount, flags = [], timeout }: TransferWanted, item: Item): object => ({
  ...(item.id === null ? {} : { id: item.id }),
  debit_account: debit,
  credit_account: credit,
  amount,
  ledger: LEDGER,
  code: CODE,
  external_reference: item.reference,
  ...(flags.length === 0 ? {} : { flags }),
  ...(timeout === undefined ? {} : { timeout }),
})

/** A single transfer, at once or pending. */
export const transferIntent = (
  place: Place,
  wanted: TransferWanted,
  mayRefuse: readonly string[] = [],
): Intent => {
  const item: Item = {
    reference: `${place.prefix}${place.n}`,
    id: newId(place.naming),
    amount: wanted.amount,
  }
  return {
    n: place.n,
    path: '/v1/ledger/transfers',
    key: keyOf(place),
    body: JSON.stringify(bodyOf(wanted, item)),
    items: [item],
    mayRefuse,
  }
}

/** The second phase of a hold. Others may have come first, and its time may be over. */
export const resolveIntent = (place: Place, hold: string, verb: 'post' | 'void'): Intent => {
  const item: Item = { reference: `${place.prefix}${place.n}`, id: newId(place.naming), amount: null }
  const id = item.id === null ? {} : { id: item.id }
  return {
    n: place.n,
    path: `/v1/ledger/transfers/${hold}/${verb}`,
    key: keyOf(place),
    body: JSON.stringify({ ...id, external_reference: item.reference }),
    items: [item],
    mayRefuse: [
      'pending_transfer_already_posted',
      'pending_transfer_already_voided',
      'pending_transfer_expired',
    ],
  }
}

export const batchIntent = (
  place: Place,
  wanted: readonly TransferWanted[],
  mayRefuse: readonly string[] = [],
): Intent => {
  const items = wanted.map(
    ({ amount }, index): Item => ({
      reference: `${place.prefix}${place.n}.${index}`,
      id: newId(place.naming),
      amount,
    }),
  )
  const transfers = wanted.map((one, index) =>
    bodyOf(one, items[index] ?? { reference: '', id: null, amount: 0 }),
  )
  return {
    n: place.n,
    path: '/v1/ledger/batches',
    key: keyOf(place),
    body: JSON.stringify({ transfers }),
    items,
    mayRefuse,
  }
}
