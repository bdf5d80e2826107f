import type { RecordRow, Records } from '../database/index.ts'
import { parseId, showId } from '../kit/index.ts'
import type { Expander, ExpandScope, Shown } from '../requests/index.ts'

/** Expands ids of one prefix to the rows of a table. */
export const recordExpander =
  <Row extends RecordRow>(
    prefix: string,
    records: Records<Row>,
    show: (row: Row, scope: ExpandScope) => Shown,
  ): Expander =>
  async (read, scope, texts) => {
    const ids = texts.map((text) => parseId(prefix, text)).filter((id) => id !== null)
    if (ids.length === 0) return new Map()
    const [rows = []] = await read(scope.tenant, [records.find(scope.tenant, ids)])
    return new Map(
      rows.map((raw) => {
        const row = records.read(raw)
        return [showId(prefix, row.id), show(row, scope)]
      }),
    )
  }
