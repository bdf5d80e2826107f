/** A run of a table’s pages; the last one of a table has no end. */
export type Chunk = { readonly from: number; readonly until: number | null }

/**
 * Cuts a table of that many pages into runs. A table without pages has one run as well, so that each table is looked at,
 * and the last run has no end, so that no page can lie behind it.
 */
export const chunksOf = (pages: number, pagesOfChunk: number): readonly Chunk[] => {
  const count = Math.max(1, Math.ceil(pages / pagesOfChunk))
  return Array.from({ length: count }, (_, index) => ({
    from: index * pagesOfChunk,
    until: index === count - 1 ? null : (index + 1) * pagesOfChunk,
  }))
}

/** What a run weighs for the progress: its share of the table’s bytes, whatever lies outside its pages included. */
export const bytesOf = (
  { from, until }: Chunk,
  { pages, bytes }: { readonly pages: number; readonly bytes: number },
): number => {
  if (pages === 0) return bytes
  return Math.round((bytes * ((until ?? pages) - from)) / pages)
}
