import type { Filter, RecordRow, Records } from '../database/index.ts'
import {
  boundsOf,
  type ListObject,
  listObject,
  missingReply,
  type Page,
  type Range,
  type RequestContext,
  readPage,
} from '../http/index.ts'
import { MICROS_PER_SECOND, parseId, type Reply } from '../kit/index.ts'
import type { Door } from './submit.ts'

type ListRequest<Row extends RecordRow, Item> = {
  readonly records: Records<Row>
  /** Of the objects' ids, and what Stripe calls such an object in a refusal. */
  readonly prefix: string
  readonly noun: string
  readonly url: string
  readonly query: {
    readonly limit?: number
    readonly starting_after?: string
    readonly ending_before?: string
    readonly created?: Range
  }
  readonly filters: readonly Filter[]
  readonly show: (row: Row) => Item
}

const micros = (seconds: number | null): bigint | null =>
  seconds === null ? null : BigInt(seconds) * MICROS_PER_SECOND

const cursorParameter = (page: Page): string =>
  page.direction === 'forward' ? 'starting_after' : 'ending_before'

/** A page of a list of records, by Stripe's parameters. A cursor that names nothing is refused. */
export const listRecords = async <Row extends RecordRow, Item>(
  door: Pick<Door, 'read'>,
  { tenant }: Pick<RequestContext, 'tenant'>,
  request: ListRequest<Row, Item>,
): Promise<ListObject<Item> | Reply> => {
  const { records, query } = request
  const page = readPage(query)
  const cursor = page.cursor === null ? null : parseId(request.prefix, page.cursor)
  const missing = (): Reply => missingReply(request.noun, page.cursor ?? '', cursorParameter(page))
  if (page.cursor !== null && cursor === null) return missing()
  const { from, before } = boundsOf(query.created)
  const list = records.list(tenant, {
    limit: page.limit,
    cursor,
    direction: page.direction,
    fromMicros: micros(from),
    beforeMicros: micros(before),
    filters: request.filters,
  })
  const [rows = [], found = []] = await door.read(tenant, [
    list,
    ...(cursor === null ? [] : [records.find(tenant, [cursor])]),
  ])
  if (cursor !== null && found.length === 0) return missing()
  return listObject(request.url, page, rows, (raw) => request.show(records.read(raw)))
}

/** One record by its id, or nothing. */
export const findRecord = async <Row extends RecordRow>(
  door: Pick<Door, 'read'>,
  { tenant }: Pick<RequestContext, 'tenant'>,
  records: Records<Row>,
  id: Row['id'],
): Promise<Row | null> => {
  const [rows = []] = await door.read(tenant, [records.find(tenant, [id])])
  return rows[0] === undefined ? null : records.read(rows[0])
}
