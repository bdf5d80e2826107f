import { classifyError } from '../../src/database/connect/sqlstate.ts'
import {
  type Claim,
  type Commit,
  type CommitOptions,
  columns,
  createCommit,
  type Decision,
  type Draft,
  type Outcome,
  type Table,
  type Unit,
  type Writer,
} from '../../src/database/index.ts'
import type { Reply, TenantId } from '../../src/kit/index.ts'
import type { PlainStatement } from './fake-answers.ts'

/** A capability of tests: pots of money by name, each of which may point to another one. */
export type Pot = { readonly name: string; readonly amount: bigint; readonly next: string | null }

export type Pots = { readonly table: Table<Pot>; readonly write: Writer }

/** As PostgreSQL needs it for the same statements: run as the owner, once. */
export const POTS_SQL = `
create schema pots;
grant usage on schema pots to evenkeel_app;
create table pots.pots (
  tenant integer not null,
  name text not null,
  amount bigint not null check (amount >= 0),
  next text,
  primary key (tenant, name)
);
select database.protect('pots.pots', 'select, insert, update');`

const WRITE = {
  pots_insert: `insert into pots.pots (tenant, name, amount, next)
                select $1, * from unnest($2::text[], $3::bigint[], $4::text[])`,
  pots_update: `update pots.pots p set amount = n.amount, next = n.next
                  from unnest($2::text[], $3::bigint[], $4::text[]) as n (name, amount, next)
                 where p.tenant = $1 and p.name = n.name`,
} as const

const writeStatement = (
  name: keyof typeof WRITE,
  tenant: TenantId,
  pots: readonly Pot[],
): PlainStatement => ({
  name,
  text: WRITE[name],
  values: [
    tenant,
    columns.text(pots.map((pot) => pot.name)),
    columns.bigint(pots.map((pot) => pot.amount)),
    columns.text(pots.map((pot) => pot.next)),
  ],
  plain: { write: pots.map((pot) => [pot.name, [pot.name, pot.amount, pot.next]]) },
})

/** `most` says how many pots stay in memory between batches. */
export const createPots = (most?: number): Pots => {
  const table: Table<Pot> = {
    name: 'pots',
    ...(most === undefined ? {} : { keep: { most } }),
    load: (tenant, keys): PlainStatement => ({
      name: 'pots_load',
      text: 'select name, amount, next from pots.pots where tenant = $1 and name = any($2::text[])',
      values: [tenant, columns.text(keys)],
      plain: { load: keys },
    }),
    read: ([name, amount, next]) => ({
      key: name as string,
      row: { name: name as string, amount: amount as bigint, next: next as string | null },
    }),
  }
  const write: Writer = (tenant, written) => {
    const inserted = written.inserted(table)
    const updated = written.updated(table).map(({ after }) => after)
    return [
      ...(inserted.length > 0 ? [writeStatement('pots_insert', tenant, inserted)] : []),
      ...(updated.length > 0 ? [writeStatement('pots_update', tenant, updated)] : []),
    ]
  }
  return { table, write }
}

export const TENANT = 1 as TenantId
export const FOR_EVER_MS = Number.MAX_SAFE_INTEGER

/** A commit over the given connections whose only capability is pots. */
export const potsCommit = (
  pots: Pots,
  options: Pick<CommitOptions, 'connections'> & Partial<CommitOptions>,
): Commit =>
  createCommit({
    writers: [pots.write],
    clock: { now: () => Date.now() },
    classify: (error) => (classifyError(error) === 'transient' ? 'transient' : 'other'),
    ...options,
  })

type Wanted<Answer> = Partial<Omit<Unit<Answer>, 'decide'>> & {
  readonly decide: (draft: Draft) => Answer
  readonly claim?: Claim | null
}

const replyOf = (answer: unknown): Reply => ({
  status: 200,
  body: String(answer),
  objectId: null,
  code: null,
})

/** A small unit that answers what its decide step returns. */
export const unitOf = <Answer>({ decide, ...wanted }: Wanted<Answer>): Unit<Answer> => ({
  tenant: TENANT,
  name: 'test',
  items: 1,
  bytes: 0,
  deadlineMs: FOR_EVER_MS,
  claim: null,
  reads: [],
  decide: (draft): Decision<Answer> => {
    const answer = decide(draft)
    return { kind: 'answer', answer, reply: replyOf(answer) }
  },
  ...wanted,
})

/** Puts money into a pot, or takes some out, and answers what is in it. */
export const add = (
  { table }: Pots,
  name: string,
  amount: bigint,
  more: Partial<Omit<Unit<bigint>, 'decide'>> = {},
): Unit<bigint> =>
  unitOf<bigint>({
    reads: [(declare) => declare(table, name)],
    ...more,
    decide: (draft) => {
      const pot = draft.get(table, name) ?? { name, amount: 0n, next: null }
      const changed = { ...pot, amount: pot.amount + amount }
      draft.put(table, name, changed)
      return changed.amount
    },
  })

export const answerOf = async <Answer>(outcome: Promise<Outcome<Answer>>): Promise<Answer> => {
  const got = await outcome
  if (got.kind !== 'decided') throw new Error(`the unit was ${got.kind}`)
  return got.answer
}
