import { assert, Fault, type Micros, type Reply, type TenantId, type Uuid } from '../../kit/index.ts'
import { columns } from './columns.ts'
import type { Draft } from './draft.ts'
import { type AppendOnly, eachPlace, type RawRow, type Statement, type Table, type Writer } from './table.ts'
import type { Claim, Decision, Outcome, Step } from './unit.ts'

/** A row of database.idempotency_keys with, while it is kept, the body of its answer. */
export type ClaimRow = {
  readonly scope: string
  readonly key: string
  readonly digest: Buffer
  readonly createdMicros: Micros
  readonly answered: boolean
  readonly status: number | null
  readonly code: string | null
  readonly objectId: string | null
  readonly body: string | null
  /** The body is encrypted, because it holds a secret. */
  readonly isSealed: boolean
  /** How many workers have worked on it. */
  readonly attempts: number
  readonly step: Step | null
  readonly worker: Uuid | null
  readonly leaseUntilMs: number | null
}

const SEPARATOR = '\u0000'
export const claimKey = (claim: { readonly scope: string; readonly key: string }): string =>
  `${claim.scope}${SEPARATOR}${claim.key}`

const split = (key: string): { scope: string; key: string } => {
  const at = key.indexOf(SEPARATOR)
  return { scope: key.slice(0, at), key: key.slice(at + 1) }
}

/** Key by key, as eachKey() does it and for the same reason. */
const LOAD = `
select found.* from unnest($2::text[], $3::text[]) as wanted (scope, key)
 cross join lateral (
  select k.scope, k.key, encode(k.digest, 'hex'), k.created_micros, k.state, k.status, k.code, k.object_id,
         a.body, a.sealed, k.attempts, k.step::text, k.worker::text, k.lease_until_ms
    from database.idempotency_keys k
    left join lateral (
      select a.body, a.sealed from database.idempotency_answers a
       where a.tenant = k.tenant and a.scope = k.scope and a.key = k.key
         and a.created_day = (timestamp '1970-01-01' + k.created_micros * interval '1 microsecond')::date
    ) a on true
   where k.tenant = $1 and k.scope = wanted.scope and k.key = wanted.key
  offset 0
 ) as found`

const INSERT = `
insert into database.idempotency_keys
  (tenant, scope, key, digest, created_micros, state, status, code, object_id, step, worker, lease_until_ms)
select $1, scope, key, digest, created_micros, state, status, code, object_id, step::jsonb, worker, lease_until_ms
  from unnest($2::text[], $3::text[], $4::bytea[], $5::bigint[], $6::integer[], $7::integer[], $8::text[], $9::text[],
              $10::text[], $11::uuid[], $12::bigint[])
    as n (scope, key, digest, created_micros, state, status, code, object_id, step, worker, lease_until_ms)`

const UPDATE = `
update database.idempotency_keys k
   set state = n.state, status = n.status, code = n.code, object_id = n.object_id, step = n.step::jsonb,
       worker = n.worker, lease_until_ms = n.lease_until_ms, attempts = n.attempts
  from ${eachPlace(
    'database.idempotency_keys',
    `unnest($2::text[], $3::text[], $4::integer[], $5::integer[], $6::text[], $7::text[], $8::text[], $9::uuid[], $10::bigint[],
          $11::integer[]) as n (scope, key, state, status, code, object_id, step, worker, lease_until_ms, attempts)`,
    't.scope = n.scope and t.key = n.key',
  )}
 where k.tenant = $1 and k.ctid = n.place`

const INSERT_ANSWERS = `
insert into database.idempotency_answers (tenant, scope, key, created_day, body, sealed)
select $1, scope, key, (timestamp '1970-01-01' + created_micros * interval '1 microsecond')::date, body, sealed
  from unnest($2::text[], $3::text[], $4::bigint[], $5::text[], $6::boolean[])
    as n (scope, key, created_micros, body, sealed)`

const stateOf = (row: ClaimRow): number => (row.answered ? 1 : 0)
const stepOf = (row: ClaimRow): string | null => (row.step === null ? null : JSON.stringify(row.step))
const leaseOf = (row: ClaimRow): bigint | null =>
  row.leaseUntilMs === null ? null : BigInt(row.leaseUntilMs)

const insertStatement = (tenant: TenantId, rows: readonly ClaimRow[]): Statement => ({
  name: 'claims_insert',
  text: INSERT,
  values: [
    tenant,
    columns.text(rows.map((row) => row.scope)),
    columns.text(rows.map((row) => row.key)),
    columns.bytes(rows.map((row) => row.digest)),
    columns.bigint(rows.map((row) => row.createdMicros)),
    columns.integer(rows.map(stateOf)),
    columns.integer(rows.map((row) => row.status)),
    columns.text(rows.map((row) => row.code)),
    columns.text(rows.map((row) => row.objectId)),
    columns.text(rows.map(stepOf)),
    columns.uuid(rows.map((row) => row.worker)),
    columns.bigint(rows.map(leaseOf)),
  ],
})

const updateStatement = (tenant: TenantId, rows: readonly ClaimRow[]): Statement => ({
  name: 'claims_update',
  text: UPDATE,
  values: [
    tenant,
    columns.text(rows.map((row) => row.scope)),
    columns.text(rows.map((row) => row.key)),
    columns.integer(rows.map(stateOf)),
    columns.integer(rows.map((row) => row.status)),
    columns.text(rows.map((row) => row.code)),
    columns.text(rows.map((row) => row.objectId)),
    columns.text(rows.map(stepOf)),
    columns.uuid(rows.map((row) => row.worker)),
    columns.bigint(rows.map(leaseOf)),
    columns.integer(rows.map((row) => row.attempts)),
  ],
})

const readRow = (raw: RawRow): { key: string; row: ClaimRow } => {
  const [
    scope,
    key,
    digest,
    created,
    state,
    status,
    code,
    objectId,
    body,
    sealed,
    attempts,
    step,
    worker,
    lease,
  ] = raw
  const row: ClaimRow = {
    scope: scope as string,
    key: key as string,
    digest: Buffer.from(digest as string, 'hex'),
    createdMicros: created as bigint,
    answered: state === 1,
    status: status as number | null,
    code: code as string | null,
    objectId: objectId as string | null,
    body: body as string | null,
    isSealed: sealed === true,
    attempts: attempts as number,
    step: step === null ? null : (JSON.parse(step as string) as Step),
    worker: worker as Uuid | null,
    leaseUntilMs: lease === null ? null : Number(lease as bigint),
  }
  return { key: claimKey(row), row }
}

export const claimsTable: Table<ClaimRow> = {
  name: 'idempotency_keys',
  // A key hardly ever comes again, and the answer to a batch of thousands is half a megabyte.
  keep: { most: 0 },
  load: (tenant, keys) => {
    const parts = keys.map(split)
    return {
      name: 'claims_load',
      text: LOAD,
      values: [tenant, columns.text(parts.map((p) => p.scope)), columns.text(parts.map((p) => p.key))],
    }
  },
  read: readRow,
}

/** The bodies of answers, kept for 30 days apart from the keys, which stay for ever. */
export const answersList: AppendOnly<ClaimRow> = { name: 'idempotency_answers' }

const answersStatement = (tenant: TenantId, rows: readonly ClaimRow[]): Statement => ({
  name: 'answers_insert',
  text: INSERT_ANSWERS,
  values: [
    tenant,
    columns.text(rows.map((row) => row.scope)),
    columns.text(rows.map((row) => row.key)),
    columns.bigint(rows.map((row) => row.createdMicros)),
    columns.text(rows.map((row) => row.body)),
    columns.boolean(rows.map((row) => row.isSealed)),
  ],
})

export const writeClaims: Writer = (tenant, written) => {
  const inserted = written.inserted(claimsTable)
  const updated = written.updated(claimsTable).map(({ after }) => after)
  const answers = written.appended(answersList)
  return [
    ...(inserted.length > 0 ? [insertStatement(tenant, inserted)] : []),
    ...(updated.length > 0 ? [updateStatement(tenant, updated)] : []),
    ...(answers.length > 0 ? [answersStatement(tenant, answers)] : []),
  ]
}

const inUse = (retryAfterS: number): Fault =>
  new Fault('Another request with this idempotency key is still being worked on. Retry with the same key.', {
    kind: 'conflict',
    code: 'idempotency_key_in_use',
    retryAfterS,
  })

const RETRY_AFTER_S = 1

const resume = (draft: Draft, claim: Claim, row: ClaimRow, leaseMs: number): Outcome<never> => {
  assert(row.step !== null, 'a claim that is not answered has a step')
  draft.put(claimsTable, claimKey(claim), {
    ...row,
    attempts: row.attempts + 1,
    worker: claim.worker,
    leaseUntilMs: draft.wallMs + leaseMs,
  })
  return { kind: 'resumed', step: row.step }
}

/** How long the claim of an abandoned request is the new worker's; it renews it with its own next step. */
const TAKE_OVER_LEASE_MS = 30_000

/**
 * What the key says before the unit is decided; undefined when the unit is to be decided.
 * Throws the fault 409 while another worker's lease lives.
 */
export const checkClaim = (draft: Draft, claim: Claim): Outcome<never> | undefined => {
  const row = draft.get(claimsTable, claimKey(claim))
  if (row === undefined) {
    assert(claim.phase !== 'finish', 'a request was finished that never began')
    return undefined
  }
  if (!row.digest.equals(claim.digest)) return { kind: 'key_reused' }
  if (row.answered) {
    const { status, body, isSealed, objectId, code } = row
    assert(status !== null, 'an answered claim has a status')
    return { kind: 'replayed', reply: { status, body, objectId, code, ...(isSealed ? { isSealed } : {}) } }
  }
  if (row.worker === claim.worker && claim.phase !== 'whole') return undefined
  const leaseLives = row.leaseUntilMs !== null && row.leaseUntilMs > draft.wallMs
  if (leaseLives || claim.phase !== 'open') throw inUse(RETRY_AFTER_S)
  return resume(draft, claim, row, TAKE_OVER_LEASE_MS)
}

/** Stores the outcome, or the durable step, under the key: in the same commit as everything else the unit does. */
export const storeClaim = (draft: Draft, claim: Claim, decision: Decision<unknown>): void => {
  const previous = draft.get(claimsTable, claimKey(claim))
  const base = {
    scope: claim.scope,
    key: claim.key,
    digest: claim.digest,
    createdMicros: previous?.createdMicros ?? draft.nextTime(),
    attempts: previous?.attempts ?? 1,
  }
  if (decision.kind === 'step') {
    assert(claim.phase !== 'whole', 'only a request of several units has steps')
    draft.put(claimsTable, claimKey(claim), {
      ...base,
      answered: false,
      status: null,
      code: null,
      objectId: null,
      body: null,
      isSealed: false,
      step: decision.step,
      worker: claim.worker,
      leaseUntilMs: draft.wallMs + decision.leaseMs,
    })
    return
  }
  const reply: Reply | null = decision.reply
  assert(reply !== null, 'a unit with a claim renders its reply')
  const row: ClaimRow = {
    ...base,
    answered: true,
    status: reply.status,
    code: reply.code,
    objectId: reply.objectId,
    body: reply.sealed ?? reply.body,
    isSealed: reply.sealed !== undefined,
    step: null,
    worker: null,
    leaseUntilMs: null,
  }
  draft.put(claimsTable, claimKey(claim), row)
  draft.append(answersList, row)
}
