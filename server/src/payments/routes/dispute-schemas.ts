import { Type } from 'typebox'
import { metadataUpdateParameter } from '../../requests/index.ts'
import { EVIDENCE_TEXTS, type EvidenceText } from '../evidence.ts'
import { launchesField } from './launched-schemas.ts'
import { expandableId, metadataObject } from './refund-schemas.ts'

const { Optional: optional } = Type

const EVIDENCE_TEXT_LENGTH = 20_000

const textParameter = () =>
  optional(
    Type.String({
      minLength: 0,
      maxLength: EVIDENCE_TEXT_LENGTH,
      description: 'Empty to take back what was said.',
    }),
  )

const evidenceFields = Object.fromEntries(EVIDENCE_TEXTS.map((name) => [name, textParameter()])) as {
  readonly [Name in EvidenceText]: ReturnType<typeof textParameter>
}

export const disputeUpdateParameters = Type.Object({
  evidence: optional(
    Type.Object(evidenceFields, {
      description: 'What is said for the charge. Files are not taken: say it in words.',
    }),
  ),
  metadata: optional(metadataUpdateParameter()),
  submit: optional(
    Type.Boolean({
      description:
        'Whether the evidence goes to the rail with this request, as it does where evidence is sent; false keeps it for later.',
    }),
  ),
})

const textOrNull = () => Type.Union([Type.String(), Type.Null()])

export const disputeObject = Type.Object({
  id: Type.String(),
  object: Type.Literal('dispute'),
  amount: Type.Integer(),
  balance_transactions: Type.Array(Type.Record(Type.String(), Type.Unknown()), {
    description: 'The withdrawal, and the reinstatement once it was won.',
  }),
  charge: expandableId('What is disputed.'),
  created: Type.Integer(),
  currency: Type.String(),
  enhanced_eligibility_types: Type.Array(Type.String()),
  evidence: Type.Record(Type.String(), Type.Unknown()),
  evidence_details: Type.Object({
    due_by: Type.Union([Type.Integer(), Type.Null()]),
    enhanced_eligibility: Type.Record(Type.String(), Type.Unknown()),
    has_evidence: Type.Boolean(),
    past_due: Type.Boolean(),
    submission_count: Type.Integer(),
    submission_method: Type.String(),
  }),
  intended_submission_method: Type.Null(),
  is_charge_refundable: Type.Boolean(),
  launches: launchesField(),
  livemode: Type.Boolean(),
  metadata: metadataObject(),
  network_reason_code: textOrNull(),
  payment_intent: expandableId('The payment.'),
  payment_method_details: Type.Object({
    card: Type.Object({
      brand: Type.String(),
      case_type: Type.String(),
      network: Type.String(),
      network_reason_code: textOrNull(),
    }),
    type: Type.Literal('card'),
  }),
  reason: Type.String(),
  status: Type.String({
    description:
      'warning_needs_response, warning_under_review, warning_closed, needs_response, under_review, won or lost.',
  }),
})
