import { Type } from 'typebox'
import { defineRoute, type Route, refusalReply } from '../../http/index.ts'
import type { Micros, Reply } from '../../kit/index.ts'
import { expandList, livemodeOf } from '../../requests/index.ts'
import { parseSearch } from '../core/search-query.ts'
import type { CustomersDoor } from '../door.ts'
import { CUSTOMER_REASONS } from '../errors.ts'
import { CUSTOMER_PATHS } from '../expanders.ts'
import { QUERY_LENGTH } from '../limits.ts'
import { customerObject } from '../schemas.ts'
import { searchCustomers } from '../store/search.ts'
import { customers } from '../store/tables.ts'
import { CUSTOMER_PREFIX, showLivingCustomer } from '../views.ts'

const LIMIT_DEFAULT = 10
const LIMIT_MOST = 100
const URL = '/v1/customers/search'

const searchResult = Type.Object({
  object: Type.Literal('search_result'),
  data: Type.Array(customerObject),
  has_more: Type.Boolean(),
  next_page: Type.Union([Type.String(), Type.Null()], {
    description: 'For the parameter page of the next request.',
  }),
  url: Type.String(),
})

/** A page is named by the moment of its last customer, which nobody else has. */
const showPage = (micros: Micros): string => Buffer.from(`${CUSTOMER_PREFIX} ${micros}`).toString('base64url')

const readPageMoment = (page: string): Micros | null => {
  const [, digits] = /^cus (\d{1,18})$/.exec(Buffer.from(page, 'base64url').toString('utf8')) ?? []
  return digits === undefined ? null : BigInt(digits)
}

const invalid = (message: string): Reply =>
  refusalReply({ kind: 'invalid', code: 'search_query_invalid', param: 'query', message })

const unknownPage = (): Reply =>
  refusalReply({
    kind: 'invalid',
    code: 'parameter_invalid_string',
    param: 'page',
    message: 'page must be the next_page of an answer before.',
  })

export const searchRoute = (door: CustomersDoor): Route =>
  defineRoute({
    method: 'GET',
    path: URL,
    operation: 'searchCustomers',
    summary: 'Search customers',
    description: `Stripe’s search language over created, email, metadata, name and phone, such as name~"love" AND metadata["plan"]:"gold". Unlike Stripe’s, a search sees what was just written.`,
    permission: 'customers.read',
    query: Type.Object({
      query: Type.String({ maxLength: QUERY_LENGTH, description: 'The query.' }),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LIMIT_MOST, default: LIMIT_DEFAULT })),
      page: Type.Optional(Type.String({ maxLength: 100, description: 'next_page of the answer before.' })),
    }),
    expandable: CUSTOMER_PATHS.map((path) => `data.${path}`),
    answer: searchResult,
    errors: CUSTOMER_REASONS,
    handle: async (context, { query: { query: text, limit = LIMIT_DEFAULT, page } }) => {
      const query = parseSearch(text)
      if ('problem' in query) return invalid(`We were unable to parse your search query: ${query.problem}.`)
      const beforeMicros = page === undefined ? null : readPageMoment(page)
      if (page !== undefined && beforeMicros === null) return unknownPage()
      const { tenant } = context
      const [raws = []] = await door.read(tenant, [searchCustomers(tenant, query, { limit, beforeMicros })])
      const rows = raws.map((raw) => customers.read(raw))
      const shown = rows.slice(0, limit)
      const last = shown.at(-1)
      const hasMore = rows.length > limit
      const result = {
        object: 'search_result' as const,
        data: shown.map((row) => showLivingCustomer(row, livemodeOf(context))),
        has_more: hasMore,
        next_page: hasMore && last !== undefined ? showPage(last.createdMicros) : null,
        url: URL,
      }
      const paths = new Set([...context.expand].map((path) => path.replace(/^data\./, '')))
      return expandList(door, { ...context, log: context.log, expand: paths }, result)
    },
  })
