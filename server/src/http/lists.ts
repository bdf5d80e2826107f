import { type Static, type TObject, type TProperties, type TSchema, Type } from 'typebox'
import {
  METADATA_KEY_LIMIT,
  METADATA_KEYS_LIMIT,
  METADATA_VALUE_LIMIT,
  PAGE_DEFAULT,
  PAGE_LIMIT,
} from './limits.ts'

const CURSOR_LENGTH_LIMIT = 100

const pageParameters = {
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: PAGE_LIMIT,
      default: PAGE_DEFAULT,
      description: `How many objects, 1 to ${PAGE_LIMIT}.`,
    }),
  ),
  starting_after: Type.Optional(
    Type.String({
      maxLength: CURSOR_LENGTH_LIMIT,
      description: 'The id of an object: the page starts after it.',
    }),
  ),
  ending_before: Type.Optional(
    Type.String({
      maxLength: CURSOR_LENGTH_LIMIT,
      description: 'The id of an object: the page ends before it.',
    }),
  ),
}

/** The query of a list: Stripe's three parameters and the route's own filters. */
export const listQuery = <T extends TProperties>(filters: T): TObject<typeof pageParameters & T> =>
  Type.Object({ ...pageParameters, ...filters }, { 'x-exclusive': [['starting_after', 'ending_before']] })

export type Page = {
  readonly limit: number
  /** The shown id that the page starts after or ends before; null for the first page. */
  readonly cursor: string | null
  /** backward: what comes before the cursor, so a query reads away from it, in the order opposite to the list's. */
  readonly direction: 'forward' | 'backward'
}

type PageQuery = {
  readonly limit?: number
  readonly starting_after?: string
  readonly ending_before?: string
}

export const readPage = (query: PageQuery): Page => ({
  limit: query.limit ?? PAGE_DEFAULT,
  cursor: query.starting_after ?? query.ending_before ?? null,
  direction: query.ending_before === undefined ? 'forward' : 'backward',
})

export type ListObject<T> = {
  readonly object: 'list'
  readonly data: T[]
  readonly has_more: boolean
  readonly url: string
}

/** Makes a page of rows that were read in the page's direction, up to one more than its limit. */
export const listObject = <R, T>(
  url: string,
  page: Page,
  rows: readonly R[],
  show: (row: R) => T,
): ListObject<T> => {
  const shown = rows.slice(0, page.limit).map(show)
  return {
    object: 'list',
    data: page.direction === 'backward' ? shown.reverse() : shown,
    has_more: rows.length > page.limit,
    url,
  }
}

/** The schema of a list's answer. */
export const listOf = <T extends TSchema>(item: T) =>
  Type.Object({
    object: Type.Literal('list'),
    data: Type.Array(item),
    has_more: Type.Boolean({
      description: 'Whether there are more objects beyond this page, in its direction.',
    }),
    url: Type.String({ description: 'The path of the list.' }),
  })

/** The years 1 to 9999, in seconds since 1970. */
const seconds = (): ReturnType<typeof Type.Integer> =>
  Type.Integer({ minimum: -62_135_596_800, maximum: 253_402_300_799 })

/** created=… or created[gte]=…, as a property of a list's query. */
export const rangeFilter = (what: string) =>
  Type.Union(
    [
      seconds(),
      Type.Object({
        gt: Type.Optional(seconds()),
        gte: Type.Optional(seconds()),
        lt: Type.Optional(seconds()),
        lte: Type.Optional(seconds()),
      }),
    ],
    { description: `${what}, in seconds since 1970: a moment, or bounds in gt, gte, lt, lte.` },
  )

export type Range = Static<ReturnType<typeof rangeFilter>>

/** Whole seconds: from the first, inclusive, until before the second; null where there is no bound. */
export const boundsOf = (
  range: Range | undefined,
): { readonly from: number | null; readonly before: number | null } => {
  if (range === undefined) return { from: null, before: null }
  if (typeof range === 'number') return { from: range, before: range + 1 }
  const lower = [range.gte, range.gt === undefined ? undefined : range.gt + 1].filter(
    (bound) => bound !== undefined,
  )
  const upper = [range.lt, range.lte === undefined ? undefined : range.lte + 1].filter(
    (bound) => bound !== undefined,
  )
  return {
    from: lower.length === 0 ? null : Math.max(...lower),
    before: upper.length === 0 ? null : Math.min(...upper),
  }
}

/** Stripe's metadata as a parameter. */
export const metadataParameter = () =>
  Type.Record(Type.String(), Type.String({ minLength: 0, maxLength: METADATA_VALUE_LIMIT }), {
    maxProperties: METADATA_KEYS_LIMIT,
    propertyNames: { maxLength: METADATA_KEY_LIMIT },
    description: `Up to ${METADATA_KEYS_LIMIT} keys of up to ${METADATA_KEY_LIMIT} characters, with texts of up to ${METADATA_VALUE_LIMIT}.`,
  })
