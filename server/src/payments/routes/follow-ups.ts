import { Type } from 'typebox'
import { defineRoute, type RequestContext, type Route } from '../../http/index.ts'
import { type Conversation, converse, expandAnswer, readable } from '../../requests/index.ts'
import type { AttemptStep } from '../confirm.ts'
import { DECLINE_REASONS, PAYMENT_REASONS } from '../core/reasons.ts'
import type { PaymentsDoor } from '../door.ts'
import { canceling, capturing } from '../orders.ts'
import type { Answered } from '../through-rails.ts'
import { againOf, EXPANDABLE_INTENT } from './intents.ts'
import { intentObject } from './objects.ts'
import { cancelParameters, captureParameters } from './parameters.ts'
import { readDescriptor, readIntentId } from './read.ts'

const params = Type.Object({ intent: Type.String({ description: 'pi_…' }) })
const errors = { ...PAYMENT_REASONS, ...DECLINE_REASONS }

const answer = async (
  door: PaymentsDoor,
  context: RequestContext,
  conversation: Conversation<AttemptStep, Answered>,
) => expandAnswer(door, context, await converse(door, context, conversation, againOf(door, context)))

const capture = (door: PaymentsDoor): Route =>
  defineRoute({
    method: 'POST',
    path: '/v1/payment_intents/:intent/capture',
    operation: 'capturePaymentIntent',
    summary: 'Take what is held',
    description: 'Takes all or a part of what the payment holds; the rest is released.',
    permission: 'payment_intents.write',
    idempotency: 'stored',
    params,
    body: captureParameters,
    answer: intentObject,
    errors,
    expandable: EXPANDABLE_INTENT,
    handle: (context, { params: { intent }, body }) =>
      readable(() => {
        const descriptor = (text: string | undefined, name: string): string | undefined =>
          text === undefined ? undefined : readDescriptor(text, name)
        const asked = {
          intent: readIntentId(intent),
          amount: body.amount_to_capture ?? null,
          metadata: body.metadata,
          statementDescriptor: descriptor(body.statement_descriptor, 'statement_descriptor'),
          statementDescriptorSuffix: descriptor(
            body.statement_descriptor_suffix,
            'statement_descriptor_suffix',
          ),
        }
        return answer(door, context, capturing(door, context, asked))
      }),
  })

const cancel = (door: PaymentsDoor): Route =>
  defineRoute({
    method: 'POST',
    path: '/v1/payment_intents/:intent/cancel',
    operation: 'cancelPaymentIntent',
    summary: 'End a payment',
    description: 'Ends a payment that took nothing yet, and releases what it holds.',
    permission: 'payment_intents.write',
    idempotency: 'stored',
    params,
    body: cancelParameters,
    answer: intentObject,
    errors,
    expandable: EXPANDABLE_INTENT,
    handle: (context, { params: { intent }, body }) =>
      readable(() => {
        const reason = body.cancellation_reason ?? null
        return answer(door, context, canceling(door, context, readIntentId(intent), reason))
      }),
  })

export const followUpRoutes = (door: PaymentsDoor): Route[] => [capture(door), cancel(door)]
