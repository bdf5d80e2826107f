import type { ClientBase } from 'pg'
import { SetupProblem, type TenantId } from '../kit/index.ts'
import { dataKeyName, readWrapped, unwrap, unwrapSecret, wrap, wrapSecret } from './data-keys.ts'
import { readMark } from './fingerprint.ts'
import { ROTATION_LOCK_MS } from './limits.ts'
import { fingerprintOf, type MasterKey } from './master-key.ts'
import { readSecrets, secretName } from './secrets.ts'

export type Keys = { readonly from: MasterKey; readonly to: MasterKey }

/** How much was wrapped anew. */
export type Rewrapped = { readonly tenants: number; readonly dataKeys: number; readonly secrets: number }

const ANNOUNCE = `
update vault.master_key set next_fingerprint = $2, announced_at = now() where id = 1 and fingerprint = $1`

/** Says which key is to come, so that every process says whether it knows it. */
export const announce = async (owner: ClientBase, { from, to }: Keys): Promise<void> => {
  await owner.query('delete from vault.servers')
  await owner.query(ANNOUNCE, [fingerprintOf(from), fingerprintOf(to)])
}

/** Takes the announcement back: nothing was changed. */
export const withdraw = async (owner: ClientBase): Promise<void> => {
  await owner.query('update vault.master_key set next_fingerprint = null, announced_at = null')
  await owner.query('delete from vault.servers')
}

/** Reads go on; whoever would make a data key or a secret waits, and then sees the new mark. */
const LOCKS = `
set local lock_timeout = ${ROTATION_LOCK_MS};
lock table vault.data_keys, vault.secrets in share row exclusive mode;
select 1 from vault.master_key where id = 1 for update;`

const damaged = (what: string, cause: unknown): SetupProblem =>
  new SetupProblem(
    `${what} does not open with the present master key, so it cannot be wrapped by another. Nothing was changed`,
    'It is damaged. Restore it from a backup first.',
    { cause },
  )

const reopen = <Value>(what: string, open: () => Value): Value => {
  try {
    return open()
  } catch (error) {
    throw damaged(what, error)
  }
}

const SET_DATA_KEYS = `
update vault.data_keys k set wrapped = n.wrapped
  from unnest($2::integer[], $3::bytea[]) as n (version, wrapped)
 where k.tenant = $1 and k.version = n.version`

const rewrapTenant = async (owner: ClientBase, { from, to }: Keys, tenant: TenantId): Promise<number> => {
  await owner.query(`select set_config('evenkeel.tenant', $1, true)`, [String(tenant)])
  const rows = await readWrapped(owner, tenant)
  const wrapped = rows.map(({ version, wrapped: old }) =>
    wrap(
      to,
      tenant,
      reopen(dataKeyName(tenant, version), () => unwrap(from, tenant, version, old)),
    ),
  )
  const done = await owner.query(SET_DATA_KEYS, [tenant, rows.map(({ version }) => version), wrapped])
  if (done.rowCount !== rows.length)
    throw new Error(`of ${rows.length} data keys of tenant ${tenant} ${done.rowCount} were wrapped anew`)
  return rows.length
}

const rewrapSecrets = async (owner: ClientBase, { from, to }: Keys): Promise<number> => {
  const rows = await readSecrets(owner)
  for (const { purpose, wrapped } of rows) {
    const secret = reopen(secretName(purpose), () => unwrapSecret(from, purpose, wrapped))
    await owner.query('update vault.secrets set wrapped = $2 where purpose = $1', [
      purpose,
      wrapSecret(to, purpose, secret),
    ])
  }
  return rows.length
}

const SET_MARK = `
update vault.master_key
   set fingerprint = $1, next_fingerprint = null, announced_at = null, rotated_at = now()
 where id = 1`

/**
 * Wraps everything anew, in a transaction of the owner: all of it, or nothing. The tenants are asked for once nobody can
 * add a key any more, by somebody who sees all of them.
 */
export const rewrapAll = async (
  owner: ClientBase,
  keys: Keys,
  listTenants: () => Promise<readonly TenantId[]>,
): Promise<Rewrapped> => {
  await owner.query(LOCKS)
  const mark = await readMark(owner)
  if (mark === null || !mark.fingerprint.equals(fingerprintOf(keys.from)))
    throw new SetupProblem(
      'The master key was changed by somebody else meanwhile; nothing was done',
      'See where it stands with: evenkeel master-key status',
    )
  const tenants = await listTenants()
  let dataKeys = 0
  for (const tenant of tenants) dataKeys += await rewrapTenant(owner, keys, tenant)
  const secrets = await rewrapSecrets(owner, keys)
  await owner.query(SET_MARK, [fingerprintOf(keys.to)])
  await owner.query('delete from vault.servers')
  return { tenants: tenants.length, dataKeys, secrets }
}

/** The tenants that have a data key, by somebody who may see all rows. */
export const tenantsWithKeys = async (reader: Pick<ClientBase, 'query'>): Promise<readonly TenantId[]> => {
  const { rows } = await reader.query<{ tenant: number }>(
    'select distinct tenant from vault.data_keys order by tenant',
  )
  return rows.map(({ tenant }) => tenant as TenantId)
}
