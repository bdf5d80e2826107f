import { createHash } from 'node:crypto'
import { parseId } from '../../../src/kit/index.ts'
import type { Intent, ItemOutcome, Outcome } from './model.ts'

/** What the client saw: an answer, a connection that broke, or one that was never made. */
export type Seen =
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly retryAfter: string | null
      readonly replayed: boolean
      readonly body: string
    }
  | { readonly kind: 'lost'; readonly why: string }
  | { readonly kind: 'unsent'; readonly why: string }
  /** A living server that says nothing for longer than any of its limits. */
  | { readonly kind: 'silent'; readonly why: string }

type Answer = Extract<Seen, { kind: 'answer' }>

/** Faults by status. Of the second kind the server itself says that it does not know. */
const RETRYABLE: Readonly<Record<number, readonly string[]>> = {
  409: ['idempotency_key_in_use'],
  429: ['queue_full'],
  503: ['database_unavailable', 'database_full', 'server_stopping', 'deadline_passed', 'clock_behind'],
}
const UNKNOWN = ['outcome_unknown', 'deadline_exceeded']

/** With these the server says that nothing was done, which is compared as well. */
const NOTHING_DONE: ReadonlySet<string> = new Set([
  'unsent',
  'queue_full',
  'server_stopping',
  'deadline_passed',
])
export const saysNothingWasDone = (outcome: Outcome): boolean =>
  outcome.class === 'retryable' && NOTHING_DONE.has(outcome.code)

type Fields = Readonly<Record<string, unknown>>

const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? { ...value } : {})

const parse = (body: string): Fields | null => {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? fieldsOf(value) : null
  } catch {
    return null
  }
}

const strange = ({ status, body }: Answer, what: string): Outcome => ({
  class: 'unclassified',
  why: `${what}: ${status} ${body.slice(0, 400)}`,
})

const digestOf = (body: string): string => createHash('sha1').update(body).digest('hex')

const single = (intent: Intent, answer: Answer, value: Fields): Outcome => {
  const [item] = intent.items
  const id = parseId('lt', String(value['id']))
  const isIt =
    item !== undefined &&
    id !== null &&
    value['object'] === 'ledger.transfer' &&
    value['external_reference'] === item.reference &&
    (item.id === null || item.id === id) &&
    (item.amount === null || value['amount_exact'] === String(item.amount))
  if (!isIt) return strange(answer, 'a success that is not the transfer that was asked for')
  const { replayed, body } = answer
  return { class: 'acknowledged', items: [{ made: id }], replayed, digest: digestOf(body) }
}

const DONE: ReadonlySet<unknown> = new Set(['created', 'exists'])

const batch = (intent: Intent, answer: Answer, value: Fields): Outcome => {
  const results: unknown[] = Array.isArray(value['results']) ? value['results'] : []
  const items = results.map((result): ItemOutcome => {
    const { id, status } = fieldsOf(result)
    return DONE.has(status) ? { made: parseId('lt', String(id)) ?? '' } : { refused: String(status) }
  })
  const made = items.filter((item) => 'made' in item).length
  const isIt =
    value['object'] === 'ledger.batch' &&
    items.length === intent.items.length &&
    Number(value['created']) + Number(value['existing']) === made &&
    value['refused'] === items.length - made
  if (!isIt) return strange(answer, 'a success that is not the batch that was asked for')
  for (const [index, item] of items.entries()) {
    if ('refused' in item && !intent.mayRefuse.includes(item.refused))
      return strange(answer, `item ${index} was refused with ${item.refused}`)
    const wanted = intent.items[index]?.id ?? null
    if ('made' in item && (item.made === '' || (wanted !== null && wanted !== item.made)))
      return strange(answer, `item ${index} has another id`)
  }
  const replayed = answer.replayed || value['existing'] !== 0
  return { class: 'acknowledged', items, replayed, digest: digestOf(answer.body) }
}

const refusal = (intent: Intent, answer: Answer, error: Fields): Outcome => {
  const code = String(error['code'])
  const isIdempotency = code.startsWith('idempotency_')
  const type = isIdempotency ? 'idempotency_error' : 'invalid_request_error'
  if (!intent.mayRefuse.includes(code)) return strange(answer, 'a refusal that does not fit the request')
  if (error['type'] !== type) return strange(answer, `a refusal that should be an ${type}`)
  return { class: 'refused', code, digest: digestOf(answer.body) }
}

const fault = (answer: Answer, error: Fields): Outcome => {
  const code = String(error['code'])
  if (!/^[1-9]\d*$/.test(answer.retryAfter ?? '')) return strange(answer, 'a fault without Retry-After')
  if (RETRYABLE[answer.status]?.includes(code) === true) return { class: 'retryable', code }
  if (answer.status === 503 && UNKNOWN.includes(code)) return { class: 'unknown', why: code }
  return strange(answer, 'a fault that is not in the list')
}

/** What an answer means. The list is closed: whatever is not in it is unclassified. */
export const classify = (intent: Intent, seen: Seen): Outcome => {
  if (seen.kind === 'lost') return { class: 'unknown', why: seen.why }
  if (seen.kind === 'unsent') return { class: 'retryable', code: 'unsent' }
  if (seen.kind === 'silent') return { class: 'unclassified', why: seen.why }
  const value = parse(seen.body)
  if (value === null) return strange(seen, 'no JSON object')
  if (seen.status === 200)
    return intent.path.endsWith('/batches') ? batch(intent, seen, value) : single(intent, seen, value)
  const error = fieldsOf(value['error'])
  if (seen.status === 400 || seen.status === 404) return refusal(intent, seen, error)
  if (seen.status === 409 || seen.status === 429 || seen.status === 503) return fault(seen, error)
  return strange(seen, 'a status that is not in the list')
}
