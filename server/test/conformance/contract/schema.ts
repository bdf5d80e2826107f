/**
 * The dialect that the contract is written in: JSON Schema, and three words of our own.
 *
 * known       the values of an open enumeration: another value is possible, but not from us
 * expandable  an id, or in its place one of these objects
 * list        Stripe's list object with these items
 *
 * An object names the fields that are always present under `required`. A field that is not listed at all is unknown.
 */
export type Schema = {
  readonly type?: 'object' | 'string' | 'null' | 'boolean' | 'number' | 'array'
  readonly const?: string | boolean | number
  readonly enum?: readonly string[]
  readonly known?: readonly string[]
  readonly expandable?: readonly string[]
  readonly list?: Schema
  readonly anyOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Schema
  readonly $ref?: string
  /** Says why a resource is not described: it is none of those that we offer. */
  readonly note?: string
}

export type Operation = {
  /** As the SDK calls it: refunds.create is Refund.create. */
  readonly method: string
  /** Null where the SDK passes none on. */
  readonly parameters: string | null
  /** The object, `list of` it, or `search result of` it. */
  readonly returns: string
}

export type Contract = {
  readonly source: string
  readonly apiVersion: string
  /** The object that each type of event carries: charge.captured carries a Charge. */
  readonly events: Readonly<Record<string, string>>
  /** By method and path, such as POST /v1/refunds/{id}/cancel */
  readonly operations: Readonly<Record<string, Operation>>
  readonly definitions: Readonly<Record<string, Schema>>
}

export const REFERENCE = '#/$defs/'
