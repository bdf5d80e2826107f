import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ClientBase } from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { assert } from '../kit/index.ts'
import type { Part } from './catalogue.ts'
import type { Chunk } from './core/chunks.ts'
import { noteChunk, noteCopied } from './notes.ts'

export type Copied = { readonly rows: number; readonly bytes: number }

/** The source does not change while it is moved, so a row keeps its place and each is in one run of pages. */
const selection = ({ name, columns }: Part, { from, until }: Chunk): string =>
  `select ${columns.join(', ')} from only ${name}
    where ctid >= '(${from},0)'::tid${until === null ? '' : ` and ctid < '(${until},0)'::tid`}`

const IS_FORCED = 'select relforcerowsecurity as forced from pg_class where oid = to_regclass($1)'

const isForced = async (owner: ClientBase, part: string): Promise<boolean> =>
  (await owner.query<{ forced: boolean }>(IS_FORCED, [part])).rows[0]?.forced === true

const counting = (onBytes: (bytes: number) => void): Transform =>
  new Transform({
    transform: (piece: Buffer, _encoding, done) => {
      onBytes(piece.length)
      done(null, piece)
    },
  })

const pour = async (
  source: ClientBase,
  owner: ClientBase,
  { part, chunk }: { readonly part: Part; readonly chunk: Chunk },
  onBytes: (bytes: number) => void,
): Promise<Copied> => {
  let bytes = 0
  const out = source.query(copyTo(`copy (${selection(part, chunk)}) to stdout`))
  const into = owner.query(copyFrom(`copy ${part.name} (${part.columns.join(', ')}) from stdin`))
  const count = counting((more) => {
    bytes += more
    onBytes(more)
  })
  await pipeline(out, count, into)
  assert(out.rowCount === into.rowCount, `${part.name}: the target has taken as many rows as the source gave`)
  return { rows: into.rowCount, bytes }
}

/**
 * Copies a run of pages, and notes it in the same transaction: killed at any moment, the target has both or neither.
 * COPY does not go through row-level security, so it is lifted from the owner for the length of the transaction,
 * which nobody else sees.
 */
export const copyChunk = async (
  source: ClientBase,
  owner: ClientBase,
  what: { readonly part: Part; readonly chunk: Chunk },
  onBytes: (bytes: number) => void = () => undefined,
): Promise<Copied> => {
  const { part, chunk } = what
  await owner.query('begin')
  await noteChunk(owner, part.name, chunk)
  const forced = await isForced(owner, part.name)
  if (forced) await owner.query(`alter table ${part.name} no force row level security`)
  const copied = await pour(source, owner, what, onBytes)
  if (forced) await owner.query(`alter table ${part.name} force row level security`)
  await noteCopied(owner, part.name, chunk, copied)
  await owner.query('commit')
  return copied
}
