/** What sort of no (or yes) an answer is. One table in http/ gives each kind its status. */
export type Kind =
  | 'invalid'
  | 'not_found'
  | 'exists'
  | 'conflict'
  | 'precondition'
  | 'declined'
  | 'unauthenticated'
  | 'forbidden'
  | 'exhausted'
  | 'unavailable'
  | 'internal'

/** One row of a capability's closed list of reasons; the list stands in order of precedence. */
export type Reason = {
  readonly kind: Kind
  /** A sentence for people: what is wrong and what to do. */
  readonly message: string
  /** The request parameter that the reason is about, where there is one. */
  readonly param?: string
}

export type Reasons = Readonly<Record<string, Reason>>
