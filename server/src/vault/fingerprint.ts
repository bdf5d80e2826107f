import type { ClientBase } from 'pg'
import { SetupProblem } from '../kit/index.ts'
import type { Keyring } from './keyring.ts'
import { fingerprintOf, type MasterKey } from './master-key.ts'

type Row = {
  readonly fingerprint: Buffer
  readonly next_fingerprint: Buffer | null
  readonly since_ms: bigint
  readonly rotated: boolean
}

const IS_MADE = `select to_regclass('vault.master_key') is not null as made`

/** Whether the database was made with some master key. Needs no right but to connect. */
export const hasMasterKey = async (client: ClientBase): Promise<boolean> => {
  const { rows } = await client.query<{ made: boolean }>(IS_MADE)
  return rows[0]?.made === true
}

/** Which master key the database is with, and which is to take its place. */
export type Mark = {
  readonly fingerprint: Buffer
  /** Of a rotation that was announced and has not happened. */
  readonly next: Buffer | null
  readonly sinceMs: number
  /** Another key was here before. */
  readonly isRotated: boolean
}

const READ_MARK = `
select fingerprint, next_fingerprint, rotated_at is not null as rotated,
       (extract(epoch from coalesce(rotated_at, created_at)) * 1000)::bigint as since_ms
  from vault.master_key where id = 1`

/** Null in a database that no key was noted in yet. */
export const readMark = async (client: Pick<ClientBase, 'query'>): Promise<Mark | null> => {
  const [row] = (await client.query<Row>(READ_MARK)).rows
  if (row === undefined) return null
  const { fingerprint, next_fingerprint: next, since_ms: sinceMs, rotated: isRotated } = row
  return { fingerprint, next, sinceMs: Number(sinceMs), isRotated }
}

const otherKey = (): SetupProblem =>
  new SetupProblem(
    'This master key is not the one that the database was made with',
    'Give the MASTER_KEY, or the file master.key, of this database. With another key nothing encrypted can be read.',
  )

const OLD_MARK = 'select fingerprint from vault.master_key where id = 1'

/**
 * Finds which of the keys the database is with, before anything is made or changed: over a connection of the
 * administrator, who may not read our tables in every database. Null where that is so, or where there is no mark yet.
 */
export const findKeyOf = async (admin: ClientBase, ring: Keyring): Promise<MasterKey | null> => {
  if (!(await hasMasterKey(admin))) return null
  const read = await admin.query<Pick<Row, 'fingerprint'>>(OLD_MARK).catch(() => null)
  const [row] = read?.rows ?? []
  if (row === undefined) return null
  const key = ring.settle(row.fingerprint)
  if (key === null) throw otherKey()
  return key
}

/**
 * Notes the master key of a new database, and refuses another one for an old one. As the owner, after migrating and
 * before anything is sealed. Returns the key that the database is with.
 */
export const checkFingerprint = async (owner: ClientBase, ring: Keyring): Promise<MasterKey> => {
  await owner.query('insert into vault.master_key (id, fingerprint) values (1, $1) on conflict do nothing', [
    fingerprintOf(ring.candidates()[0]),
  ])
  const { rows } = await owner.query<Pick<Row, 'fingerprint'>>(OLD_MARK)
  const key = rows[0] === undefined ? null : ring.settle(rows[0].fingerprint)
  if (key === null) throw otherKey()
  return key
}
