import type { Static, TObject, TSchema } from 'typebox'
import type { Reasons, Reply, TenantId } from '../kit/index.ts'
import type { Permission, Person, Principal } from './authentication.ts'
import type { Log } from './log.ts'

/**
 * What a repeated request does.
 *
 * stored   The handler gets a claim when the client sent an Idempotency-Key, and the commit stores the outcome under it:
 *          the same key gives the stored answer.
 * natural  Repeating is harmless by the request's own meaning (an id that the client chose, a state that is set, a
 *          deletion). A key may be sent; there is nothing for it to do.
 * none     The request changes nothing that lasts (a preview, a check), though it is no GET. A key has no effect.
 */
export type Idempotency = 'stored' | 'natural' | 'none'

/** The right to one outcome under one idempotency key. */
export type Claim = {
  /** The connected account that the key is unique in; empty for the tenant's own. */
  readonly scope: string
  readonly key: string
  /** SHA-256 of method, path and parameters as sent, sorted, before defaults. */
  readonly digest: Buffer
}

export type RequestContext = {
  readonly tenant: TenantId
  readonly mode: 'live' | 'test'
  readonly keyId: string
  /** A publishable key may see and do only what its route says, and only with the object's client_secret. */
  readonly keyKind: Principal['kind']
  /** Who asks; null where a program's key does. */
  readonly person: Person | null
  readonly requestId: string
  /** Wall clock, in milliseconds: until when the outcome must be there. */
  readonly deadlineMs: number
  readonly claim: Claim | null
  /** What the body weighs, for limits of what waits. */
  readonly bodyBytes: number
  /** Paths of expand[], checked against what the route allows, without data. of lists. */
  readonly expand: ReadonlySet<string>
  /** What the door has not read, of a route of another protocol. */
  readonly foreign?: ForeignRequest | null
  /** Carries the request's id. */
  readonly log: Log
}

/** A request of another protocol, as it was sent: its body may hold anything, so the handler reads it. */
export type ForeignRequest = {
  /** Null when the body is not UTF-8, empty when there is none. */
  readonly text: string | null
  readonly ifNoneMatch: string | null
}

export type Input<P extends TSchema, Q extends TSchema, B extends TSchema> = {
  readonly params: Static<P>
  readonly query: Static<Q>
  readonly body: Static<B>
}

/** An answer that was given before, under the same key or for the same id: sent with Idempotent-Replayed: true. */
export type Replayed = Reply & { readonly replayed: true }

/** With headers of its own, as names and values in turn. */
export type WithHeaders = Reply & { readonly headers: readonly string[] }

/** A pre-rendered reply is sent as it is; anything else is the object to be shown, with status 200. */
export type Answer<A extends TSchema> = Reply | Replayed | WithHeaders | Static<A>

export type NoFields = TObject<Record<never, TSchema>>

type Common<P extends TObject, Q extends TObject, A extends TSchema> = {
  /** With :names for its parameters, as in /v1/ledger/accounts/:id */
  readonly path: `/v1/${string}` | `/ofrep/v1/${string}`
  /** The name of the call in the OpenAPI document, such as listLedgerAccounts. */
  readonly operation: string
  readonly summary: string
  readonly description: string
  readonly permission: Permission
  /** A publishable key is let in as well: the handler asks for the object's client_secret. */
  readonly publishable?: boolean
  readonly params?: P
  readonly query?: Q
  readonly answer: A
  /** The capability's reasons that this route can answer with. */
  readonly errors: Reasons
  /** What expand[] may name, such as customer or latest_charge.balance_transaction; for lists without data. */
  readonly expandable?: readonly string[]
  readonly deadlineMs?: number
  readonly examples?: { readonly body?: unknown; readonly answer?: unknown }
}

type Reading = { readonly method: 'GET'; readonly idempotency?: never; readonly body?: never }
type Deleting = { readonly method: 'DELETE'; readonly idempotency: Idempotency; readonly body?: never }
type Writing<B extends TObject> = {
  readonly method: 'POST'
  readonly idempotency: Idempotency
  readonly body?: B
  readonly bodyLimitBytes?: number
  /** Forms are refused: for bodies of a size and shape that nobody writes in brackets. */
  readonly jsonOnly?: boolean
  /**
   * Another protocol's route, which somebody else's clients speak. Key, permission, size and type of the body are the
   * door's matter as ever; the body's schema is for the document only, and the handler reads it (context.foreign). What
   * the handler refuses has the protocol's own shape.
   */
  readonly foreign?: { readonly failure: TSchema }
}

export type RouteSpec<P extends TObject, Q extends TObject, B extends TObject, A extends TSchema> = Common<
  P,
  Q,
  A
> &
  (Reading | Deleting | Writing<B>) & {
    readonly handle: (context: RequestContext, input: Input<P, Q, B>) => Answer<A> | Promise<Answer<A>>
  }

/** A route as the server holds it, its types erased: the schemas vouch for them. */
export type Route = {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly operation: string
  readonly summary: string
  readonly description: string
  readonly permission: Permission
  readonly publishable: boolean
  readonly idempotency: Idempotency | null
  readonly params: TSchema | null
  readonly query: TSchema | null
  readonly body: TSchema | null
  readonly bodyLimitBytes: number | null
  readonly jsonOnly: boolean
  readonly foreign: { readonly failure: TSchema } | null
  readonly answer: TSchema
  readonly errors: Reasons
  readonly expandable: readonly string[]
  readonly deadlineMs: number | null
  readonly examples: { readonly body?: unknown; readonly answer?: unknown }
  readonly handle: (context: RequestContext, input: unknown) => unknown
}

/**
 * The one way to make a route. It does not compile without its permission, nor, where it may change state, without
 * saying what a repeated request does.
 */
export const defineRoute = <
  A extends TSchema,
  P extends TObject = NoFields,
  Q extends TObject = NoFields,
  B extends TObject = NoFields,
>(
  spec: RouteSpec<P, Q, B, A>,
): Route => ({
  method: spec.method,
  path: spec.path,
  operation: spec.operation,
  summary: spec.summary,
  description: spec.description,
  permission: spec.permission,
  publishable: spec.publishable ?? false,
  idempotency: spec.idempotency ?? null,
  params: spec.params ?? null,
  query: spec.query ?? null,
  body: spec.body ?? null,
  bodyLimitBytes: spec.method === 'POST' ? (spec.bodyLimitBytes ?? null) : null,
  jsonOnly: spec.method === 'POST' && (spec.jsonOnly === true || spec.foreign !== undefined),
  foreign: spec.method === 'POST' ? (spec.foreign ?? null) : null,
  answer: spec.answer,
  errors: spec.errors,
  expandable: spec.expandable ?? [],
  deadlineMs: spec.deadlineMs ?? null,
  examples: spec.examples ?? {},
  handle: spec.handle as Route['handle'],
})
