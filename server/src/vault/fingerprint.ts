import { timingSafeEqual } from 'node:crypto'
import type { ClientBase } from 'pg'
import { SetupProblem } from '../kit/index.ts'
import { fingerprintOf, type MasterKey } from './master-key.ts'

type Row = { readonly fingerprint: Buffer }

const IS_MADE = `select to_regclass('vault.master_key') is not null as made`

/** Whether the database was made with some master key. Needs no right but to connect. */
export const hasMasterKey = async (client: ClientBase): Promise<boolean> => {
  const { rows } = await client.query<{ made: boolean }>(IS_MADE)
  return rows[0]?.made === true
}

/**
 * Notes the master key of a new database, and refuses another one for an old one. As the owner, after migrating and
 * before anything is sealed.
 */
export const checkFingerprint = async (owner: ClientBase, key: MasterKey): Promise<void> => {
  const fingerprint = fingerprintOf(key)
  await owner.query('insert into vault.master_key (id, fingerprint) values (1, $1) on conflict do nothing', [
    fingerprint,
  ])
  const { rows } = await owner.query<Row>('select fingerprint from vault.master_key where id = 1')
  const [found] = rows
  if (found !== undefined && timingSafeEqual(found.fingerprint, fingerprint)) return
  throw new SetupProblem(
    'This master key is not the one that the database was made with',
    'Give the MASTER_KEY, or the file master.key, of this database. With another key nothing encrypted can be read.',
  )
}
