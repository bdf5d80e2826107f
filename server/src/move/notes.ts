import type { ClientBase } from 'pg'
import { SetupProblem } from '../kit/index.ts'
import type { Chunk } from './core/chunks.ts'
import type { TargetStand } from './core/stand.ts'

// What was done, noted in the target itself: with the rows, in their transaction. The schema is there from the first
// moment of a move to its last, and no server starts on a database that has it. It is made here and by no migration,
// because it must be there before the target has any.

const MAKE = `
create schema if not exists move;
create table move.moves (
  id uuid primary key,
  chunk_pages integer not null,
  is_prepared boolean not null default false,
  begun_at timestamptz not null default now()
);
create table move.chunks (
  part text not null,
  from_page bigint not null,
  rows bigint not null,
  bytes bigint not null,
  primary key (part, from_page)
);
`

/** Begins a move in a target that holds nothing of ours. As the owner. */
export const beginNotes = async (
  owner: ClientBase,
  move: { readonly id: string; readonly chunkPages: number },
): Promise<void> => {
  await owner.query('begin')
  await owner.query(MAKE)
  await owner.query('insert into move.moves (id, chunk_pages) values ($1, $2)', [move.id, move.chunkPages])
  await owner.query('commit')
}

export type Noted = {
  readonly id: string
  readonly chunkPages: number
  readonly isPrepared: boolean
}

/** As the owner. */
export const readNotes = async (owner: ClientBase): Promise<Noted | null> => {
  const { rows } = await owner.query<Noted>(
    `select id, chunk_pages as "chunkPages", is_prepared as "isPrepared" from move.moves`,
  )
  return rows[0] ?? null
}

export const notePrepared = async (owner: ClientBase): Promise<void> => {
  await owner.query('update move.moves set is_prepared = true')
}

export type DoneChunk = { readonly part: string; readonly from: number; readonly rows: number }

export const readDone = async (owner: ClientBase): Promise<readonly DoneChunk[]> => {
  const { rows } = await owner.query<DoneChunk>(
    `select part, from_page::float8 as "from", rows::float8 as rows from move.chunks`,
  )
  return rows
}

/** First in the transaction that copies, so that of two at once the second waits here and fails. */
export const noteChunk = async (owner: ClientBase, part: string, { from }: Chunk): Promise<void> => {
  await owner.query('insert into move.chunks (part, from_page, rows, bytes) values ($1, $2, 0, 0)', [
    part,
    from,
  ])
}

export const noteCopied = async (
  owner: ClientBase,
  part: string,
  { from }: Chunk,
  copied: { readonly rows: number; readonly bytes: number },
): Promise<void> => {
  await owner.query('update move.chunks set rows = $3, bytes = $4 where part = $1 and from_page = $2', [
    part,
    from,
    copied.rows,
    copied.bytes,
  ])
}

/** The last step of a move: from here on the target is a database like any other. */
export const dropNotes = async (owner: ClientBase): Promise<void> => {
  await owner.query('drop schema if exists move cascade')
}

const NOTED = `select to_regclass('move.moves') is not null as found`

const isNoted = async (client: ClientBase): Promise<boolean> =>
  (await client.query<{ found: boolean }>(NOTED)).rows[0]?.found === true

/** Before a server or a command works with a database of the user’s own: half of the books are no books. */
export const refuseUnfinishedMove = async (client: ClientBase): Promise<void> => {
  if (await isNoted(client))
    throw new SetupProblem(
      'A move into this database has begun and is not finished: not all of the books are here',
      'Run evenkeel move again, without DATABASE_URL and with the data folder that the books come from: it goes on. If the move was given up, drop this database.',
    )
}

/** What is in the target, among the schemas that the source has. */
export const lookAtTarget = async (
  client: ClientBase,
  schemas: readonly string[],
  asOwner: (work: (owner: ClientBase) => Promise<Noted | null>) => Promise<Noted | null>,
): Promise<TargetStand> => {
  if (await isNoted(client)) {
    const noted = await asOwner(readNotes)
    if (noted !== null) return { kind: 'begun', id: noted.id, isPrepared: noted.isPrepared }
  }
  const found = await client.query<{ name: string }>(
    'select nspname::text as name from pg_namespace where nspname::text = any($1) order by 1',
    [[...schemas, 'move']],
  )
  if (found.rows.length > 0) return { kind: 'taken', schemas: found.rows.map(({ name }) => name) }
  return { kind: 'empty' }
}
