import type { Statement } from '../../database/index.ts'
import { MICROS_PER_SECOND, type TenantId } from '../../kit/index.ts'
import type { SearchClause, SearchQuery } from '../core/search-query.ts'

type SearchPage = {
  readonly limit: number
  /** The moment of the last customer of the page before; null for the first page. */
  readonly beforeMicros: bigint | null
}

type Placing = (value: unknown) => string

const escapeLike = (text: string): string => text.replaceAll(/[\\%_]/g, (found) => `\\${found}`)

const columnOf = (clause: SearchClause, place: Placing): string => {
  const { field } = clause
  if (field.kind === 'metadata') return `(c.body -> 'metadata' ->> ${place(field.key)}::text)`
  if (field.kind === 'created') return 'c.created_micros'
  return field.name === 'email' ? 'c.email' : `(c.body ->> ${place(field.name)}::text)`
}

const ofMoment = (clause: SearchClause, seconds: number, place: Placing): string => {
  // A parameter that the text does not use has no type, so each is placed where it is used.
  const from = (): string => `${place(BigInt(seconds) * MICROS_PER_SECOND)}::bigint`
  const before = (): string => `${place(BigInt(seconds + 1) * MICROS_PER_SECOND)}::bigint`
  switch (clause.operator) {
    case '>':
      return `c.created_micros >= ${before()}`
    case '>=':
      return `c.created_micros >= ${from()}`
    case '<':
      return `c.created_micros < ${from()}`
    case '<=':
      return `c.created_micros < ${before()}`
    default:
      return `(c.created_micros >= ${from()} and c.created_micros < ${before()})`
  }
}

const conditionOf = (clause: SearchClause, place: Placing): string => {
  const { value, operator } = clause
  if (typeof value === 'number') return ofMoment(clause, value, place)
  const column = columnOf(clause, place)
  if (value === null) return `${column} is null`
  if (operator === '~') return `${column} ilike ${place(`%${escapeLike(value)}%`)}::text`
  return `lower(${column}) = lower(${place(value)}::text)`
}

/** Customers that fit, newest first, one more than the page holds. The text depends on the query, so it has no name. */
export const searchCustomers = (tenant: TenantId, query: SearchQuery, page: SearchPage): Statement => {
  const values: unknown[] = [tenant, page.limit + 1]
  const place: Placing = (value) => `$${values.push(value)}`
  const conditions = query.clauses.map((clause) => {
    const condition = conditionOf(clause, place)
    // What is not there is not equal, so a negation finds it.
    return clause.isNegated ? `not coalesce(${condition}, false)` : condition
  })
  const after =
    page.beforeMicros === null ? '' : ` and c.created_micros < ${place(page.beforeMicros)}::bigint`
  return {
    name: '',
    text: `select c.id::text, c.created_micros, c.body::text from customers.customers c
            where c.tenant = $1 and not c.deleted and (${conditions.join(` ${query.join} `)})${after}
            order by c.created_micros desc limit $2`,
    values,
  }
}
