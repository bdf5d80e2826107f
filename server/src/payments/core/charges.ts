import type { BalanceTransaction, Charge } from './model.ts'

/** What can still be given back of a charge. */
export const refundableOf = (charge: Charge): bigint => charge.amountCaptured - charge.amountRefunded

/** Whether all that was taken has been given back. */
export const isRefunded = (charge: Charge): boolean =>
  charge.amountCaptured > 0n && charge.amountRefunded === charge.amountCaptured

export const withRefunded = (charge: Charge, amount: bigint): Charge => ({
  ...charge,
  amountRefunded: charge.amountRefunded + amount,
})

/** What a capture makes of an authorised charge. */
export const captured = (charge: Charge, amount: bigint, transaction: BalanceTransaction): Charge => ({
  ...charge,
  amountCaptured: amount,
  captured: true,
  status: 'succeeded',
  balanceTransaction: transaction.id,
  hold: null,
})
