import type { Read } from '../database/index.ts'
import { parseId } from '../kit/index.ts'
import type { ExpandScope, Shown } from '../requests/index.ts'
import { refunds } from './store/tables.ts'
import { CHARGE_PREFIX } from './views.ts'
import { showRefund } from './views-refunds.ts'

/** Refunds that a charge shows of itself; all of them are listed by /v1/refunds. */
const SHOWN_MOST = 10

/** What the field refunds of a charge is expanded to: its newest refunds. */
export const expandRefundsOfCharges = async (
  read: Read,
  { tenant }: ExpandScope,
  texts: readonly string[],
): Promise<ReadonlyMap<string, Shown>> => {
  const charges = texts.flatMap((text) => {
    const id = parseId(CHARGE_PREFIX, text)
    return id === null ? [] : [{ text, id }]
  })
  if (charges.length === 0) return new Map()
  const pages = await read(
    tenant,
    charges.map(({ id }) =>
      refunds.list(tenant, {
        limit: SHOWN_MOST,
        cursor: null,
        direction: 'forward',
        filters: [{ column: 'charge', value: id }],
      }),
    ),
  )
  return new Map(
    charges.map(({ text }, index) => {
      const rows = pages[index] ?? []
      const data = rows.slice(0, SHOWN_MOST).map((raw) => showRefund(refunds.read(raw)))
      const hasMore = rows.length > SHOWN_MOST
      return [text, { object: 'list', data, has_more: hasMore, url: `/v1/refunds?charge=${text}` }]
    }),
  )
}
