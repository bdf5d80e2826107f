import type { Answer } from './attempt.ts'
import type { Payload } from './encoding.ts'
import type { PageParams, Pages } from './pages.ts'
import type { Method } from './request.ts'

export type RequestOptions = {
  /** For a POST or DELETE: a new one is made for each call unless it is given. */
  readonly idempotencyKey?: string
  readonly timeoutMs?: number
  readonly maxRetries?: number
  readonly signal?: AbortSignal
}

export type Send = (
  method: Method,
  path: string,
  payload?: Payload,
  options?: RequestOptions,
) => Promise<Answer>

/** What the methods of the resources are made of. */
export type Caller = {
  readonly get: <Data>(path: string, payload?: Payload, options?: RequestOptions) => Promise<Data>
  readonly post: <Data>(path: string, payload?: Payload, options?: RequestOptions) => Promise<Data>
  readonly list: <Item extends { readonly id: string }>(
    path: string,
    params?: PageParams,
    options?: RequestOptions,
  ) => Pages<Item>
}
