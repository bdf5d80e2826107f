import {
  newestEventNumber,
  readEventHeader,
  readEventHeaders,
  readTenantTime,
  tenantTime,
} from '../../database/index.ts'
import { type Micros, newUuid, type TenantId } from '../../kit/index.ts'
import { type Endpoint, isEnabled, typesWanted, wants } from '../core/endpoint.ts'
import { ENDPOINTS_MOST, FAN_OUT_MOST } from '../limits.ts'
import { type Delivery, insertDeliveries, moveCursor, readCursor } from '../store/deliveries.ts'
import { endpoints } from '../store/endpoints.ts'
import { runFor } from '../store/run.ts'
import type { World } from './world.ts'

/** The tenant as a round finds it. */
export type State = {
  readonly nowMicros: Micros
  /** Of the newest event. */
  readonly newest: bigint
  /** Of the newest event whose deliveries are made. */
  readonly cursor: bigint
  readonly endpoints: readonly Endpoint[]
}

export const readState = async ({ options }: World, tenant: TenantId): Promise<State> => {
  // In this order: whatever an event up to that number needs, its time and its endpoints, is seen by what is read later.
  const [numbers, time, cursors, rows] = await runFor(options.connections, tenant, [
    newestEventNumber(tenant),
    tenantTime(tenant),
    readCursor(tenant),
    endpoints.list(tenant, {
      limit: ENDPOINTS_MOST,
      cursor: null,
      direction: 'forward',
      filters: [{ column: 'deleted', value: false }],
    }),
  ])
  const newest = (numbers?.[0]?.[0] ?? 0n) as bigint
  return {
    nowMicros: readTenantTime(time),
    newest,
    cursor: (cursors?.[0]?.[0] ?? newest) as bigint,
    endpoints: (rows ?? []).map(endpoints.read),
  }
}

/**
 * Makes a delivery for each endpoint that wants an event, for the events after the cursor. The tenant's numbers have no
 * gaps and rise in the order of commits, so no event is passed over, and the cursor moves in the same transaction.
 * Answers whether the newest event was reached.
 */
export const fanOut = async (world: World, tenant: TenantId, state: State): Promise<boolean> => {
  const { connections, clock } = world.options
  const { cursor, newest } = state
  if (cursor >= newest) return true
  const enabled = state.endpoints.filter(isEnabled)
  if (enabled.length === 0) {
    await runFor(connections, tenant, [moveCursor(tenant, cursor, newest)])
    return true
  }
  const most = cursor + BigInt(FAN_OUT_MOST)
  const upTo = most < newest ? most : newest
  const types = typesWanted(enabled)
  const [rows = []] = await runFor(connections, tenant, [
    readEventHeaders(tenant, { after: cursor, upTo, types }),
  ])
  const nowMs = clock.now()
  const deliveries = rows.map(readEventHeader).flatMap((event) =>
    enabled
      .filter((endpoint) => endpoint.fromSequence < event.sequence && wants(endpoint, event.type))
      .map(
        (endpoint): Delivery => ({
          id: newUuid(nowMs),
          createdMicros: event.createdMicros,
          endpoint: endpoint.id,
          event: event.id,
          eventSequence: event.sequence,
          eventMicros: event.createdMicros,
          eventType: event.type,
          objectId: event.objectId,
        }),
      ),
  )
  const insert = deliveries.length === 0 ? [] : [insertDeliveries(tenant, deliveries)]
  await runFor(connections, tenant, [moveCursor(tenant, cursor, upTo), ...insert])
  return upTo === newest
}
