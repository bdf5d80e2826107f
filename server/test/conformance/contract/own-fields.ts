import type { Schema } from './schema.ts'

/*
 * What we show beside Stripe's fields: nothing else is let through. Each stands here with its shape, is always there, and
 * is named on the page about compatibility.
 */

const text: Schema = { type: 'string' }
const number: Schema = { type: 'number' }
const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] })

const launches: Schema = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      launch: text,
      stage: number,
      exposed: { type: 'boolean' },
      reason: {
        enum: [
          'named',
          'bucket',
          'excluded',
          'no_unit',
          'currency',
          'cap',
          'other_launch',
          'stopped',
          'fallback',
        ],
      },
      exposure_bp: number,
      version: number,
      bucket: orNull(number),
    },
    required: ['launch', 'stage', 'exposed', 'reason', 'exposure_bp', 'version', 'bucket'],
  },
}

export type OwnField = { readonly schema: Schema; readonly says: string }

const LAUNCHES: OwnField = {
  schema: launches,
  says: 'which launches decided about the attempt, and whether it went the launched way',
}

/** By the contract's name of the object. */
export const OWN_FIELDS: Readonly<Record<string, Readonly<Record<string, OwnField>>>> = {
  Charge: {
    fallback_of: {
      schema: orNull(text),
      says: 'the charge that it stands in for, whose rail refused before the issuer was asked',
    },
    launches: LAUNCHES,
    rail: { schema: text, says: 'the rail that was asked' },
    rail_latency_ms: {
      schema: orNull(number),
      says: 'from sending the order to the commit of its outcome, in milliseconds',
    },
  },
  Refund: { launches: LAUNCHES },
  Dispute: { launches: LAUNCHES },
}

const TYPES = { payment_method_types: 'as Stripe’s older versions have it: `card`' }
const SECRET = { client_secret: 'as Stripe.js sends it, which the package for servers does not know' }

/** Parameters that the contract does not have, by operation. */
export const OWN_PARAMETERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'GET /v1/charges': { launch: 'only those that went the way of this launch' },
  'GET /v1/payment_intents': { launch: 'only those with an attempt that went the way of this launch' },
  'POST /v1/payment_intents': TYPES,
  'POST /v1/payment_intents/{id}': TYPES,
  'POST /v1/payment_intents/{id}/confirm': SECRET,
  'POST /v1/setup_intents': TYPES,
  'POST /v1/setup_intents/{id}': TYPES,
  'POST /v1/setup_intents/{id}/confirm': SECRET,
}

/** The contract's definition with our fields beside Stripe's. */
export const withOwnFields = (name: string, definition: Schema): Schema => {
  const own = OWN_FIELDS[name]
  if (own === undefined) return definition
  const properties = Object.fromEntries(Object.entries(own).map(([field, { schema }]) => [field, schema]))
  return {
    ...definition,
    properties: { ...definition.properties, ...properties },
    required: [...(definition.required ?? []), ...Object.keys(own)],
  }
}
