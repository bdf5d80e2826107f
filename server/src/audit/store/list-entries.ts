import { ofOne, orderOfOne, type RawRow, type Statement } from '../../database/index.ts'
import type { TenantId, Uuid } from '../../kit/index.ts'

/** As it is stored, for whoever shows it. */
export type ShownRow = { readonly content: string; readonly previousHash: string; readonly hash: string }

export const readShown = (raw: RawRow): ShownRow => {
  const [content, previousHash, hash] = raw
  return { content: content as string, previousHash: previousHash as string, hash: hash as string }
}

const COLUMNS = 'e.content, e.previous_hash, e.hash'

export const findEntry = (tenant: TenantId, id: Uuid): Statement => ({
  name: 'audit_entry',
  text: `select ${COLUMNS} from audit.entries e where e.tenant = $1 and e.id = $2`,
  values: [tenant, id],
})

export const findEntryAt = (tenant: TenantId, position: number): Statement => ({
  name: 'audit_entry_at',
  text: `select ${COLUMNS} from audit.entries e where e.tenant = $1 and e.position = $2`,
  values: [tenant, BigInt(position)],
})

export type EntriesPage = {
  readonly limit: number
  readonly direction: 'forward' | 'backward'
  /** The entry that the page starts after or ends before. */
  readonly beyond: number | null
  readonly subject: string | null
  readonly action: string | null
}

const LAST = 9_223_372_036_854_775_807n

/** Newest first, by position; one more than the limit. The subject leads, as it names fewer than an action does. */
export const listEntries = (tenant: TenantId, page: EntriesPage): Statement => {
  const { limit, direction, beyond, subject, action } = page
  const isForward = direction === 'forward'
  const above = beyond === null || isForward ? 0n : BigInt(beyond)
  const below = beyond === null || !isForward ? LAST : BigInt(beyond)
  const values: unknown[] = [tenant, limit + 1, above, below]
  const order = isForward ? 'desc' : 'asc'
  const filters = [
    ...(subject === null ? [] : [{ column: 'e.subject', value: subject }]),
    ...(action === null ? [] : [{ column: 'e.action', value: action }]),
  ]
  const places = filters.map(({ value }) => `$${values.push(value)}`)
  const [first, second] = filters
  const columns = first === undefined ? null : { column: first.column, time: 'e.position' }
  const within =
    columns === null
      ? 'e.position > $3 and e.position < $4'
      : ofOne(columns, places[0] ?? '', { above: '$3', below: '$4' })
  const sifted = second === undefined ? '' : ` and ${second.column} = ${places[1]}`
  const kind = [order, ...filters.map(({ column }) => column.slice(2))].join('_')
  return {
    name: `audit_entries_list_${kind}`,
    text: `select ${COLUMNS} from audit.entries e where e.tenant = $1 and ${within}${sifted}
            ${columns === null ? `order by e.position ${order}` : orderOfOne(columns, order)} limit $2`,
    values,
  }
}
