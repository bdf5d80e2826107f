import type { Declare, Draft } from '../database/index.ts'
import type { Uuid } from '../kit/index.ts'
import { isEnabled, wants } from './core/endpoint.ts'
import { endpoints } from './store/endpoints.ts'

/** For whoever names an endpoint that is to be told something: among the first reads of the unit. */
export const declareEndpoint = (declare: Declare, id: Uuid): void => declare(endpoints.table, id)

/** Null: there is none of that id. Else whether events of the type reach it. */
export const listensTo = (draft: Draft, id: Uuid, type: string): boolean | null => {
  const endpoint = draft.get(endpoints.table, id)
  if (endpoint === undefined || endpoint.deleted) return null
  return isEnabled(endpoint) && wants(endpoint, type)
}
