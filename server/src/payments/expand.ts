import type { RecordRow, Records } from '../database/index.ts'
import { readTenantTime, tenantTime } from '../database/index.ts'
import { parseId, type TenantId } from '../kit/index.ts'
import type { Expander, Expanders, Shown } from '../requests/index.ts'
import type { ClientSecrets } from './secrets.ts'
import { balanceTransactions, charges, intents } from './store/tables.ts'
import {
  BALANCE_TRANSACTION_PREFIX,
  CHARGE_PREFIX,
  INTENT_PREFIX,
  showBalanceTransaction,
  showCharge,
  showIntent,
} from './views.ts'

type Showing = { readonly tenant: TenantId; readonly livemode: boolean; readonly nowMicros: bigint }

const expander =
  <Row extends RecordRow>(
    prefix: string,
    records: Records<Row>,
    show: (row: Row, showing: Showing) => Shown & { readonly id: string },
  ): Expander =>
  async (read, { tenant, livemode }, shownIds) => {
    const ids = shownIds.map((id) => parseId(prefix, id)).filter((id) => id !== null)
    const [rows = [], time] = await read(tenant, [records.find(tenant, ids), tenantTime(tenant)])
    const showing = { tenant, livemode, nowMicros: readTenantTime(time) }
    return new Map(
      rows.map((raw) => {
        const object = show(records.read(raw), showing)
        return [object.id, object]
      }),
    )
  }

/** What pi_, ch_ and txn_ are expanded to. */
export const paymentExpanders = (secrets: ClientSecrets): Expanders => ({
  [INTENT_PREFIX]: expander(INTENT_PREFIX, intents, (row, { tenant, livemode }) =>
    showIntent(row, { livemode, clientSecret: secrets.of(tenant, row.id) }),
  ),
  [CHARGE_PREFIX]: expander(CHARGE_PREFIX, charges, (row, { livemode }) => showCharge(row, livemode)),
  [BALANCE_TRANSACTION_PREFIX]: expander(
    BALANCE_TRANSACTION_PREFIX,
    balanceTransactions,
    (row, { nowMicros }) => showBalanceTransaction(row, nowMicros),
  ),
})
