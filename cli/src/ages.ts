import type { Paint } from './paint.ts'
import type { Ages } from './platform.ts'
import { renderTable } from './table.ts'
import { count, many, size } from './wording.ts'

type Aging = Ages['aging'][number]

const countOf = (rows: number | null): string => (rows === null ? '?' : count(rows))

/** A table’s months are few, and the next one to go is what somebody asks. */
const monthsText = ({ months }: Aging): string => {
  if (months === null) return 'row by row'
  const [oldest] = months
  if (oldest === undefined) return 'no months yet'
  return `${many(months.length, 'month')}, ${oldest.month} first`
}

const nextText = ({ months }: Aging): string => {
  const [oldest] = months ?? []
  return oldest === undefined ? '' : `${oldest.goes} (${size(oldest.bytes)})`
}

/** Sizes by kind, then what goes when; nothing where nothing is known. */
export const renderAges = ({ kinds, aging }: Ages, paint: Paint): string => {
  if (kinds.length === 0) return ''
  const sizes = kinds.map(({ kind, bytes, indexBytes, rows }) => [
    kind,
    size(bytes),
    size(indexBytes),
    countOf(rows),
  ])
  const ages = aging.map((one) => [
    one.table,
    many(one.keepDays, 'day'),
    monthsText(one),
    nextText(one),
    one.months === null ? '' : countOf(one.elsewhere.rows),
  ])
  return [
    renderTable(
      [
        { title: 'WHAT' },
        { title: 'SIZE', align: 'right' },
        { title: 'OF IT INDEXES', align: 'right' },
        { title: 'ABOUT ROWS', align: 'right' },
      ],
      sizes,
      paint,
    ),
    renderTable(
      [
        { title: 'DROPPED WITH AGE' },
        { title: 'KEPT', align: 'right' },
        { title: 'HELD' },
        { title: 'THE FIRST GOES' },
        { title: 'ROWS IN NO MONTH', align: 'right' },
      ],
      ages,
      paint,
    ),
  ].join('\n\n')
}

/** In the words of the API. */
export const agesAsJson = ({ kinds, aging }: Ages) => ({
  sizes: kinds.map(({ kind, bytes, indexBytes, rows, tables }) => ({
    kind,
    bytes,
    index_bytes: indexBytes,
    rows_about: rows,
    tables: tables.map((one) => ({
      table: one.table,
      bytes: one.bytes,
      index_bytes: one.indexBytes,
      rows_about: one.rows,
    })),
  })),
  ages: aging.map(({ table, keepDays, months, elsewhere }) => ({
    table,
    keep_days: keepDays,
    months:
      months?.map(({ month, bytes, rows, goes }) => ({ month, bytes, rows_about: rows, dropped_on: goes })) ??
      null,
    in_no_month: { bytes: elsewhere.bytes, rows_about: elsewhere.rows },
  })),
})
