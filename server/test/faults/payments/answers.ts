import { createHash } from 'node:crypto'
import type { Seen } from '../oracle/classify.ts'

/**
 * done           it was done, and this is the object
 * declined       the card was declined, and this is the payment
 * refused        the payment is not in a state for it
 * again          not done, or somebody else is at it, or nobody knows: it is sent again with the same key
 * strange        anything else, which fails the run
 */
export type Answer =
  | {
      readonly class: 'done' | 'declined'
      readonly id: string
      readonly status: string
      readonly digest: string
    }
  | { readonly class: 'refused'; readonly code: string; readonly digest: string }
  | { readonly class: 'again'; readonly why: string }
  | { readonly class: 'strange'; readonly why: string }

export const isFinal = (answer: Answer): boolean => answer.class !== 'again'

const AGAIN: Readonly<Record<number, readonly string[]>> = {
  409: ['idempotency_key_in_use'],
  429: ['queue_full', 'lock_timeout'],
  503: ['database_unavailable', 'server_stopping', 'deadline_passed', 'deadline_exceeded', 'outcome_unknown'],
}

type Shown = Readonly<Record<string, unknown>>

const parse = (body: string): Shown => {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

export const read = (seen: Seen): Answer => {
  if (seen.kind === 'lost' || seen.kind === 'unsent') return { class: 'again', why: seen.why }
  if (seen.kind === 'silent') return { class: 'strange', why: seen.why }
  const value = parse(seen.body)
  const digest = createHash('sha1').update(seen.body).digest('hex')
  if (seen.status === 200 && typeof value['id'] === 'string')
    return { class: 'done', id: value['id'], status: String(value['status']), digest }
  const error = parse(JSON.stringify(value['error'] ?? {}))
  const code = String(error['code'])
  if (AGAIN[seen.status]?.includes(code) === true) return { class: 'again', why: code }
  if (seen.status === 402) {
    const intent = parse(JSON.stringify(error['payment_intent'] ?? {}))
    if (typeof intent['id'] === 'string')
      return { class: 'declined', id: intent['id'], status: String(intent['status']), digest }
  }
  if (seen.status === 400 && code === 'payment_intent_unexpected_state')
    return { class: 'refused', code, digest }
  return { class: 'strange', why: `${seen.status} ${seen.body.slice(0, 400)}` }
}
