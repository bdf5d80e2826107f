import { Type } from 'typebox'
import { metadataParameter } from '../../http/index.ts'
import { metadataUpdateParameter } from '../../requests/index.ts'
import { launchesField } from './launched-schemas.ts'

const { Optional: optional } = Type

const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()])

/** An id, or the object that it was expanded to. */
export const expandableId = (description: string) =>
  Type.Union([Type.String(), Type.Record(Type.String(), Type.Unknown())], { description })

export const expandableOrNull = (description: string) =>
  Type.Union([Type.String(), Type.Record(Type.String(), Type.Unknown()), Type.Null()], { description })

export const metadataObject = () => Type.Record(Type.String(), Type.String())

export const refundParameters = Type.Object(
  {
    amount: optional(
      Type.Integer({
        minimum: 1,
        description: 'In the currency’s smallest unit; all that is left where it is not sent.',
      }),
    ),
    charge: optional(Type.String({ description: 'The charge to give back, or a part of it.' })),
    payment_intent: optional(Type.String({ description: 'In place of the charge: the payment.' })),
    metadata: optional(Type.Union([Type.Literal(''), metadataParameter()])),
    reason: optional(
      Type.Unsafe<'duplicate' | 'fraudulent' | 'requested_by_customer'>({
        type: 'string',
        enum: ['duplicate', 'fraudulent', 'requested_by_customer'],
        description: 'Why; fraudulent also marks the charge so.',
      }),
    ),
  },
  { 'x-exclusive': [['charge', 'payment_intent']] },
)

export const refundUpdateParameters = Type.Object({ metadata: optional(metadataUpdateParameter()) })

export const refundObject = Type.Object({
  id: Type.String(),
  object: Type.Literal('refund'),
  amount: Type.Integer(),
  balance_transaction: expandableOrNull('What it took from the balance.'),
  charge: expandableId('What is given back.'),
  created: Type.Integer(),
  currency: Type.String(),
  customer: expandableOrNull('Whose payment it was.'),
  customer_account: Type.Null(),
  destination_details: Type.Object({
    card: Type.Object({
      reference: optional(Type.String({ description: 'What the rail calls the refund.' })),
      reference_status: Type.String(),
      reference_type: Type.String(),
      type: Type.String(),
    }),
    type: Type.Literal('card'),
  }),
  failure_balance_transaction: optional(expandableId('What came back to the balance.')),
  failure_reason: optional(Type.String()),
  launches: launchesField(),
  metadata: metadataObject(),
  payment_intent: expandableId('The payment.'),
  payment_method: expandableOrNull('The card that the money goes back to.'),
  pending_reason: optional(Type.String()),
  reason: nullable(Type.String()),
  receipt_number: Type.Null(),
  source_transfer_reversal: Type.Null(),
  status: Type.String({ description: 'pending, requires_action, succeeded, failed or canceled.' }),
  transfer_reversal: Type.Null(),
})
