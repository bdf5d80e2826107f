import type { Connections, Statement } from '../../database/index.ts'
import type { RequestContext } from '../../http/index.ts'
import { missingReply } from '../../http/index.ts'
import { parseId, type Reply, type TenantId, type Uuid } from '../../kit/index.ts'
import type { Door } from '../../requests/index.ts'
import type { Vault } from '../../vault/index.ts'
import type { Endpoint } from '../core/endpoint.ts'
import type { Reachable } from '../deliver/addresses.ts'
import { endpoints } from '../store/endpoints.ts'
import { ENDPOINT_PREFIX } from '../views.ts'

/** What these routes stand on, beside what all do. */
export type EventsDoor = Door & {
  readonly vault: Vault
  /** For deliveries, which are written beside the commit. */
  readonly connections: Connections
  readonly reachable: Reachable
}

/** The endpoint, or what is answered where there is none. */
export const findEndpoint = async (
  door: Door,
  context: RequestContext,
  shownId: string,
  param = 'id',
): Promise<Endpoint | Reply> => {
  const id = parseId(ENDPOINT_PREFIX, shownId)
  const missing = missingReply('webhook endpoint', shownId, param)
  if (id === null) return missing
  const [rows = []] = await door.read(context.tenant, [endpoints.find(context.tenant, [id])])
  const endpoint = rows[0] === undefined ? null : endpoints.read(rows[0])
  return endpoint === null || endpoint.deleted ? missing : endpoint
}

export const isEndpoint = (found: Endpoint | Reply): found is Endpoint => 'enabledEvents' in found

export const listEndpoints = (
  tenant: TenantId,
  page: { limit: number; cursor: Uuid | null; direction: 'forward' | 'backward' },
): Statement => endpoints.list(tenant, { ...page, filters: [{ column: 'deleted', value: false }] })
