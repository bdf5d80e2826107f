import type { Reply, TenantId, Uuid } from '../../kit/index.ts'
import type { Draft } from './draft.ts'
import type { Table } from './table.ts'

/** What a unit names in one round of reading: rows of a table, by key. */
export type Declare = <Row>(table: Table<Row>, key: string) => void

/** Rows that the rounds so far have brought; undefined for a row that is not there or was not asked for. */
export type Found = <Row>(table: Table<Row>, key: string) => Row | undefined

/** One round of declaring: from what is known, say what else is needed. */
export type Round = (declare: Declare, found: Found) => void

/**
 * The claim on an idempotency key. `whole`: claim and outcome are one commit. `open` and `finish` are the first and
 * the last unit of a request that talks to the outside between them: the first stores a durable step, the last the
 * outcome, and nobody else may finish while the lease lives.
 */
export type Claim = {
  /** The connected account, or '' for none. */
  readonly scope: string
  readonly key: string
  /** SHA-256 of method, path and parameters as sent. */
  readonly digest: Buffer
  readonly phase: 'whole' | 'open' | 'finish'
  /** Who works on a request of several units. */
  readonly worker: Uuid | null
}

/** A durable step of a request of several units: enough to go on from without asking the caller anything. */
export type Step = Readonly<Record<string, unknown>>

export type Decision<Answer> =
  | { readonly kind: 'answer'; readonly answer: Answer; readonly reply: Reply | null }
  | { readonly kind: 'step'; readonly answer: Answer; readonly step: Step; readonly leaseMs: number }

/** A change of state: what it reads, and a pure decision over that. */
export type Unit<Answer> = {
  readonly tenant: TenantId
  /** For metrics and logs: ledger.transfers.create. */
  readonly name: string
  /** How many things it decides; a unit of many shares no commit with small ones. */
  readonly items: number
  readonly bytes: number
  /** Wall clock, milliseconds: past it the caller no longer waits. */
  readonly deadlineMs: number
  readonly claim: Claim | null
  /** What falls due may write while the tenant's clock is being moved on; everybody else gets 429 meanwhile. */
  readonly duringAdvance?: boolean
  /** At most three rounds: what is named, what that points to, and what that points to. */
  readonly reads: readonly Round[]
  readonly decide: (draft: Draft) => Decision<Answer>
}

/** `isSealed`: the body is encrypted, and whoever rendered it opens it. */
export type StoredReply = Omit<Reply, 'body' | 'sealed'> & {
  readonly body: string | null
  readonly isSealed?: boolean
}

/** What the caller of a unit gets. */
export type Outcome<Answer> =
  | { readonly kind: 'decided'; readonly answer: Answer; readonly reply: Reply | null }
  /** The key was answered before: the stored answer, whose body is null once its 30 days are over. */
  | { readonly kind: 'replayed'; readonly reply: StoredReply }
  /** The key was used with another request. */
  | { readonly kind: 'key_reused' }
  /** The request was begun by a worker that is gone: go on from its step. Its claim is now the caller's. */
  | { readonly kind: 'resumed'; readonly step: Step }
