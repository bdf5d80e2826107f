import assert from 'node:assert/strict'
import { test } from 'node:test'
import { classify, type Seen } from './classify.ts'
import type { Intent, Outcome } from './model.ts'

const ID = '00000000-0000-4000-8000-000000000001'
const SHOWN = `lt_${ID.replaceAll('-', '')}`

const single: Intent = {
  n: 1,
  path: '/v1/ledger/transfers',
  key: 'k',
  body: '{}',
  items: [{ reference: 'r', id: null, amount: 5 }],
  mayRefuse: ['exceeds_credits', 'idempotency_key_reused'],
}
const batch: Intent = {
  ...single,
  path: '/v1/ledger/batches',
  items: ['r.0', 'r.1'].map((reference) => ({ reference, id: null, amount: 5 })),
}

const answer = (status: number, body: unknown, retryAfter: string | null = null): Seen => ({
  kind: 'answer',
  status,
  retryAfter,
  replayed: false,
  body: typeof body === 'string' ? body : JSON.stringify(body),
})
const error = (
  status: number,
  code: string,
  type = 'invalid_request_error',
  retryAfter: string | null = null,
): Seen => answer(status, { error: { code, type } }, retryAfter)

const transfer = { object: 'ledger.transfer', id: SHOWN, external_reference: 'r', amount_exact: '5' }
const results = [
  { id: SHOWN, status: 'created' },
  { id: SHOWN, status: 'exceeds_credits' },
]
const made = { object: 'ledger.batch', created: 1, existing: 0, refused: 1, results }

const CASES: readonly (readonly [string, Outcome['class'], Intent, Seen])[] = [
  ['the transfer that was asked for', 'acknowledged', single, answer(200, transfer)],
  ['a batch with a refusal that it may have', 'acknowledged', batch, answer(200, made)],
  ['an empty 200', 'unclassified', single, answer(200, '')],
  [
    'a 200 with another transfer',
    'unclassified',
    single,
    answer(200, { ...transfer, external_reference: 'x' }),
  ],
  ['a 200 with another amount', 'unclassified', single, answer(200, { ...transfer, amount_exact: '6' })],
  ['a batch whose counts are wrong', 'unclassified', batch, answer(200, { ...made, created: 2 })],
  ['a batch that lacks a result', 'unclassified', batch, answer(200, { ...made, results: results.slice(1) })],
  ['a refusal that the request may have', 'refused', single, error(400, 'exceeds_credits')],
  ['a refusal that it may not have', 'unclassified', single, error(400, 'exceeds_debits')],
  ['a reused key', 'refused', single, error(400, 'idempotency_key_reused', 'idempotency_error')],
  ['a reused key of the wrong type', 'unclassified', single, error(400, 'idempotency_key_reused')],
  ['a busy key', 'retryable', single, error(409, 'idempotency_key_in_use', 'idempotency_error', '1')],
  ['a full queue', 'retryable', single, error(429, 'queue_full', 'rate_limit_error', '1')],
  ['a database that is away', 'retryable', single, error(503, 'database_unavailable', 'api_error', '1')],
  ['a fault without Retry-After', 'unclassified', single, error(503, 'database_unavailable', 'api_error')],
  ['a fault of another kind', 'unclassified', single, error(503, 'tenant_gone', 'api_error', '1')],
  [
    'an outcome that the server does not know',
    'unknown',
    single,
    error(503, 'outcome_unknown', 'api_error', '1'),
  ],
  ['a bug', 'unclassified', single, error(500, 'internal_error', 'api_error')],
  ['a connection that broke', 'unknown', single, { kind: 'lost', why: 'ECONNRESET' }],
  ['a connection that was refused', 'retryable', single, { kind: 'unsent', why: 'ECONNREFUSED' }],
  ['a server that says nothing', 'unclassified', single, { kind: 'silent', why: '25 s' }],
]

for (const [name, expected, intent, seen] of CASES) {
  test(`${name} is ${expected}`, () => {
    assert.equal(classify(intent, seen).class, expected)
  })
}
