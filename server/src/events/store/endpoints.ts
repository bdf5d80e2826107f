import { columns, defineRecords, type Writer } from '../../database/index.ts'
import type { Endpoint } from '../core/endpoint.ts'

/** Events are delivered by worker, so this is what it and the routes share: the endpoints as the commit writes them. */
export const endpoints = defineRecords<Endpoint>({
  table: 'events.endpoints',
  columns: [{ name: 'deleted', type: 'boolean', of: ({ deleted }) => deleted, changes: true }],
  bigints: ['disabledMicros', 'fromSequence'],
})

/** The tenant is on the list of those with endpoints, and its deliveries begin with the next event. */
const LISTEN = `
with listening as (
  insert into events.listening (tenant, look_ms) values ($1, 0) on conflict (tenant) do nothing
)
insert into events.cursors (tenant, sequence) values ($1, $2) on conflict (tenant) do nothing`

const CANCEL = `
update events.deliveries set state = 3, due_micros = null
 where tenant = $1 and endpoint = any($2::uuid[]) and state = 0`

export const writeWebhooks: Writer = (tenant, written) => {
  const statements = endpoints.write(tenant, written)
  if (statements.length === 0) return []
  const [first] = written.inserted(endpoints.table)
  const gone = written
    .updated(endpoints.table)
    .filter(({ before, after }) => after.deleted && !before.deleted)
  const ids = columns.uuid(gone.map(({ after }) => after.id))
  return [
    ...statements,
    ...(first === undefined
      ? []
      : [{ name: 'events_listen', text: LISTEN, values: [tenant, first.fromSequence] }]),
    ...(gone.length === 0 ? [] : [{ name: 'events_cancel_deleted', text: CANCEL, values: [tenant, ids] }]),
  ]
}
