import type { RecordRow, Records } from '../database/index.ts'
import { parseId, type TenantId } from '../kit/index.ts'
import type { Expander, Expanders, Shown } from '../requests/index.ts'
import { expandDisputes } from './find-disputes.ts'
import { expandRefundsOfCharges } from './find-refunds.ts'
import { expandTransactions } from './find-transactions.ts'
import type { ClientSecrets } from './secrets.ts'
import { charges, intents, refunds } from './store/tables.ts'
import { BALANCE_TRANSACTION_PREFIX, CHARGE_PREFIX, INTENT_PREFIX, showCharge, showIntent } from './views.ts'
import { DISPUTE_PREFIX } from './views-disputes.ts'
import { REFUND_PREFIX, showRefund } from './views-refunds.ts'

type Showing = { readonly tenant: TenantId; readonly livemode: boolean }

const expander =
  <Row extends RecordRow>(
    prefix: string,
    records: Records<Row>,
    show: (row: Row, showing: Showing) => Shown & { readonly id: string },
  ): Expander =>
  async (read, { tenant, livemode }, shownIds) => {
    const ids = shownIds.map((id) => parseId(prefix, id)).filter((id) => id !== null)
    const [rows = []] = await read(tenant, [records.find(tenant, ids)])
    const showing = { tenant, livemode }
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
  [BALANCE_TRANSACTION_PREFIX]: expandTransactions,
  [REFUND_PREFIX]: expander(REFUND_PREFIX, refunds, (row) => showRefund(row)),
  [DISPUTE_PREFIX]: expandDisputes,
  [`${CHARGE_PREFIX}.refunds`]: expandRefundsOfCharges,
})
