import { PAGE_SIZE } from './limits.ts'

/** A page, as every list of the API answers. */
export type List<Item> = {
  readonly object: 'list'
  readonly data: readonly Item[]
  readonly has_more: boolean
  readonly url: string
}

export type PageParams = {
  readonly limit?: number
  readonly starting_after?: string
  readonly ending_before?: string
}

/** A list that is fetched page by page while it is walked through, or one page at a time. */
export type Pages<Item> = AsyncIterable<Item> & {
  /** The page that the parameters ask for, and no other. */
  readonly page: () => Promise<List<Item>>
}

type FetchPage<Item, Query> = (params: Query & PageParams) => Promise<List<Item>>

/** With ending_before the walk goes backwards, from the object before that one to the list's first. */
export const pagesOver = <Item extends { readonly id: string }, Query extends PageParams>(
  params: Query,
  fetchPage: FetchPage<Item, Query>,
): Pages<Item> => ({
  page: () => fetchPage(params),
  async *[Symbol.asyncIterator]() {
    const isBackward = params.ending_before !== undefined
    const cursor = isBackward ? 'ending_before' : 'starting_after'
    let query: Query & PageParams = { limit: PAGE_SIZE, ...params }
    for (;;) {
      const { data, has_more: hasMore } = await fetchPage(query)
      const items = isBackward ? data.toReversed() : data
      yield* items
      const last = items.at(-1)
      if (!hasMore || last === undefined) return
      query = { ...query, [cursor]: last.id }
    }
  },
})
