import type { Reasons } from '../kit/index.ts'

/**
 * How any request can fail through no fault of its own, and the one refusal that every resource shares. They are thrown
 * and answered in many places; here they stand together, for the pages that doc_url points to.
 * A test compares this list with the codes in the source.
 */
export const FAULT_REASONS = {
  idempotency_key_in_use: {
    kind: 'conflict',
    message:
      'A request with this Idempotency-Key is still running. Retry with the same key to get its answer.',
  },
  queue_full: { kind: 'exhausted', message: 'Too many requests are waiting. Nothing was done.' },
  clock_advancing: {
    kind: 'exhausted',
    message:
      'The sandbox’s clock is being moved on, and nothing else is written meanwhile. Nothing was done.',
  },
  deadline_passed: {
    kind: 'unavailable',
    message: 'The request waited for its turn until its deadline had passed. Nothing was done.',
  },
  tenant_gone: { kind: 'unavailable', message: 'The sandbox that the key belongs to was deleted.' },
  clock_behind: {
    kind: 'unavailable',
    message: 'The database’s clock is behind what was recorded. Nothing is recorded until it is set right.',
  },
  database_unavailable: { kind: 'unavailable', message: 'The database did not answer.' },
  database_full: {
    kind: 'unavailable',
    message: 'The disk of the database is full. Nothing is recorded until there is space again.',
  },
  database_damaged: {
    kind: 'unavailable',
    message: 'A page of the database is damaged. What lies on it is not given out until it is restored.',
  },
  secret_unreadable: {
    kind: 'unavailable',
    message:
      'Something encrypted does not open: it was damaged, or it belongs to another master key. Nothing was done.',
  },
  outcome_unknown: {
    kind: 'unavailable',
    message: 'The database was lost while it committed, so whether the request took effect is not known yet.',
  },
  lock_timeout: {
    kind: 'exhausted',
    message: 'The object is being worked on by another request. Nothing was done.',
  },
  rail_unanswered: {
    kind: 'unavailable',
    message: 'The rail did not answer in time. The same Idempotency-Key goes on from there.',
  },
  webhooks_busy: {
    kind: 'unavailable',
    message: 'The webhooks of the sandbox are being delivered by another process. Nothing was done.',
  },
} as const satisfies Reasons

export const SHARED_REASONS = {
  resource_missing: { kind: 'not_found', message: 'There is no such object, or it is not yours.' },
} as const satisfies Reasons
