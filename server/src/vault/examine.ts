import type { ClientBase } from 'pg'
import type { TenantId } from '../kit/index.ts'
import { dataKeyName, unwrap, unwrapSecret, withAnyKey } from './data-keys.ts'
import type { Keyring } from './keyring.ts'
import { PURPOSES, readSecrets, secretName } from './secrets.ts'

/** Whether everything that the master key protects opens. */
export type KeysExamined = {
  readonly tenants: number
  readonly dataKeys: number
  readonly secrets: number
  /** By name: damaged, missing, or wrapped by a key that is not known here. */
  readonly unreadable: readonly string[]
}

type Row = { readonly tenant: number; readonly version: number; readonly wrapped: Buffer }

const opens = (open: () => unknown): boolean => {
  try {
    open()
    return true
  } catch {
    return false
  }
}

/** Tries every wrapped key, as a role that sees all tenants. */
export const examineKeys = async (
  reader: Pick<ClientBase, 'query'>,
  ring: Keyring,
): Promise<KeysExamined> => {
  const { rows } = await reader.query<Row>(
    'select tenant, version, wrapped from vault.data_keys order by tenant, version',
  )
  const secrets = await readSecrets(reader)
  const closed = rows.filter(({ tenant, version, wrapped }) => {
    const of = tenant as TenantId
    return !opens(() => withAnyKey(ring, '', (key) => unwrap(key, of, version, wrapped)))
  })
  const closedSecrets = secrets.filter(
    ({ purpose, wrapped }) =>
      !opens(() => withAnyKey(ring, '', (key) => unwrapSecret(key, purpose, wrapped))),
  )
  const missing = PURPOSES.filter((purpose) => !secrets.some((row) => row.purpose === purpose))
  return {
    tenants: new Set(rows.map(({ tenant }) => tenant)).size,
    dataKeys: rows.length,
    secrets: secrets.length,
    unreadable: [
      ...closed.map(({ tenant, version }) => dataKeyName(tenant as TenantId, version)),
      ...closedSecrets.map(({ purpose }) => secretName(purpose)),
      ...missing.map((purpose) => `${secretName(purpose)}, which is missing`),
    ],
  }
}
