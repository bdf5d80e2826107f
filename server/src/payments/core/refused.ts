/** Why something cannot be done, as http's refusals take it. */
export type Refused = {
  readonly kind: 'invalid' | 'precondition' | 'declined' | 'not_found' | 'forbidden'
  readonly code: string
  readonly message: string
  readonly param?: string
}

export const isRefused = (value: object): value is Refused =>
  'kind' in value && 'code' in value && 'message' in value
