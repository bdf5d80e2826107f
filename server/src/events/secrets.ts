import type { TenantId, Uuid } from '../kit/index.ts'
import { type DataKey, type Place, sealWith, type Vault } from '../vault/index.ts'

const placeOf = (endpoint: Uuid): Place => ({ table: 'events.endpoints', column: 'secret', row: endpoint })

export const sealSecret = (key: DataKey, tenant: TenantId, endpoint: Uuid, secret: string): string =>
  sealWith(key, tenant, placeOf(endpoint), Buffer.from(secret)).toString('base64')

export const openSecret = async (
  vault: Vault,
  tenant: TenantId,
  endpoint: Uuid,
  sealed: string,
): Promise<string> =>
  (await vault.open(tenant, placeOf(endpoint), Buffer.from(sealed, 'base64'))).toString('utf8')

/** An answer that shows a secret, as it is stored under the idempotency key. */
const answerPlace = (key: string): Place => ({
  table: 'idempotency_answers',
  column: 'body',
  row: key,
})

export const sealAnswer = (key: DataKey, tenant: TenantId, idempotencyKey: string, body: string): string =>
  sealWith(key, tenant, answerPlace(idempotencyKey), Buffer.from(body)).toString('base64')

export const openAnswer = async (
  vault: Vault,
  tenant: TenantId,
  idempotencyKey: string,
  sealed: string,
): Promise<string> =>
  (await vault.open(tenant, answerPlace(idempotencyKey), Buffer.from(sealed, 'base64'))).toString('utf8')
