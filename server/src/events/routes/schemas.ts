import { Type } from 'typebox'
import { listOf, metadataParameter } from '../../http/index.ts'
import { SECRET_OVERLAP_MOST_S, TYPES_MOST, URL_LENGTH_MOST } from '../limits.ts'
import { API_VERSION } from '../views.ts'

const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()])

const seconds = (description: string) => Type.Integer({ description })

export const idParameter = Type.Object({ id: Type.String({ maxLength: 100 }) })

const anything = () => Type.Record(Type.String(), Type.Unknown())

export const eventObject = Type.Object({
  id: Type.String(),
  object: Type.Literal('event'),
  api_version: nullable(Type.String()),
  created: seconds('When it happened, by the tenant’s clock.'),
  data: Type.Object({ object: anything(), previous_attributes: Type.Optional(anything()) }),
  livemode: Type.Boolean(),
  pending_webhooks: Type.Integer({
    description: 'Deliveries of it that have neither succeeded nor been given up.',
  }),
  request: nullable(Type.Object({ id: nullable(Type.String()), idempotency_key: nullable(Type.String()) })),
  type: Type.String({ description: 'Such as payment_intent.succeeded.' }),
})

export const eventList = listOf(eventObject)

export const endpointObject = Type.Object({
  id: Type.String(),
  object: Type.Literal('webhook_endpoint'),
  api_version: nullable(Type.String()),
  application: Type.Null(),
  created: seconds('When it was made.'),
  description: nullable(Type.String()),
  enabled_events: Type.Array(Type.String()),
  livemode: Type.Boolean(),
  metadata: Type.Record(Type.String(), Type.String()),
  secret: Type.Optional(
    Type.String({ description: 'Signs each delivery. Shown when it is made, and never again.' }),
  ),
  status: Type.Union([Type.Literal('enabled'), Type.Literal('disabled')]),
  url: Type.String(),
})

export const endpointList = listOf(endpointObject)

export const deletedEndpoint = Type.Object({
  id: Type.String(),
  object: Type.Literal('webhook_endpoint'),
  deleted: Type.Literal(true),
})

const enabledEvents = () =>
  Type.Array(Type.String({ maxLength: 100 }), {
    minItems: 1,
    maxItems: 300,
    description: 'Types of events, or * alone for all of them.',
  })

const url = () =>
  Type.String({
    maxLength: URL_LENGTH_MOST,
    description: 'Where events are posted to. https; in a sandbox http as well.',
  })

const description = () =>
  Type.String({ minLength: 0, maxLength: 5_000, description: 'For you. An empty text takes it away.' })

export const createParameters = Type.Object({
  url: url(),
  enabled_events: enabledEvents(),
  description: Type.Optional(description()),
  metadata: Type.Optional(Type.Union([Type.Literal(''), metadataParameter()])),
  api_version: Type.Optional(
    Type.Literal(API_VERSION, { description: 'The version that events are written in: there is one.' }),
  ),
})

export const updateParameters = Type.Object({
  url: Type.Optional(url()),
  enabled_events: Type.Optional(enabledEvents()),
  description: Type.Optional(description()),
  metadata: Type.Optional(
    Type.Union([Type.Literal(''), metadataParameter()], {
      description: 'Keys that are not named stay; an empty text takes a key away, or all of them.',
    }),
  ),
  disabled: Type.Optional(Type.Boolean({ description: 'Whether nothing is sent to it.' })),
})

export const rollParameters = Type.Object({
  expires_in: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: SECRET_OVERLAP_MOST_S,
      default: 86_400,
      description: 'For how many seconds the old secret signs beside the new one.',
    }),
  ),
})

export const typesParameter = () =>
  Type.Array(Type.String({ maxLength: 100 }), {
    maxItems: TYPES_MOST,
    description: `Up to ${TYPES_MOST} types of events.`,
  })

const attemptObject = Type.Object({
  number: Type.Integer(),
  created: seconds('When, by the tenant’s clock, which the schedule of retries goes by.'),
  sent_at: seconds('When, by the wall clock, as in the signature.'),
  duration_ms: Type.Integer(),
  request_headers: Type.Record(Type.String(), Type.String()),
  response_status: nullable(Type.Integer()),
  response_body: Type.String({ description: 'Its first 1,000 bytes.' }),
  error: nullable(Type.String({ description: 'Why there was no answer, such as timeout.' })),
})

export const deliveryStatus = () =>
  Type.Union([
    Type.Literal('pending'),
    Type.Literal('succeeded'),
    Type.Literal('failed'),
    Type.Literal('canceled'),
  ])

export const deliveryObject = Type.Object({
  id: Type.String(),
  object: Type.Literal('webhook_delivery'),
  attempts: Type.Array(attemptObject),
  attempt_count: Type.Integer(),
  created: seconds('When it was made, by the tenant’s clock.'),
  event: Type.String(),
  event_type: Type.String(),
  livemode: Type.Boolean(),
  next_attempt: nullable(seconds('When it is tried next, by the tenant’s clock.')),
  status: deliveryStatus(),
  webhook_endpoint: Type.String(),
})

export const deliveryList = listOf(deliveryObject)

export const healthObject = Type.Object({
  object: Type.Literal('webhook_endpoint_health'),
  webhook_endpoint: Type.String(),
  status: Type.Union([Type.Literal('enabled'), Type.Literal('disabled')]),
  disabled_reason: nullable(
    Type.Union([Type.Literal('requested'), Type.Literal('failing'), Type.Literal('gone')], {
      description:
        'requested: by you. failing: nothing arrived while a delivery was tried for three days. gone: it answered 410.',
    }),
  ),
  disabled_at: nullable(seconds('When.')),
  last_success: nullable(seconds('When a delivery last succeeded.')),
  last_failure: nullable(seconds('When an attempt last failed.')),
  pending: Type.Integer({ description: 'Deliveries that wait, up to 10,000.' }),
})

export const resentObject = Type.Object({
  object: Type.Literal('webhook_resend'),
  deliveries: Type.Integer({ description: 'How many were made.' }),
  has_more: Type.Boolean({ description: 'Whether there are more events; go on with starting_after.' }),
  last_event: nullable(Type.String({ description: 'The last event that was looked at.' })),
})
