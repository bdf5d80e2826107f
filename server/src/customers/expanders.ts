import type { RecordRow, Records } from '../database/index.ts'
import { parseId, showId } from '../kit/index.ts'
import type { Expander, Expanders, ExpandScope, Shown } from '../requests/index.ts'
import { customers, paymentMethods, setupAttempts, setupIntents } from './store/tables.ts'
import {
  CARD_PREFIX,
  CUSTOMER_PREFIX,
  PAYMENT_METHOD_PREFIX,
  SETUP_ATTEMPT_PREFIX,
  SETUP_INTENT_PREFIX,
  showCustomer,
  showPaymentMethod,
  showSetupAttempt,
  showSetupIntent,
  showSource,
} from './views.ts'

/** Expands ids of one prefix to the rows of a table. */
const expanderOf =
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

export const customersExpanders: Expanders = {
  [CUSTOMER_PREFIX]: expanderOf(CUSTOMER_PREFIX, customers, (row, { livemode }) =>
    showCustomer(row, livemode),
  ),
  [PAYMENT_METHOD_PREFIX]: expanderOf(PAYMENT_METHOD_PREFIX, paymentMethods, (row, { livemode }) =>
    showPaymentMethod(row, livemode),
  ),
  [CARD_PREFIX]: expanderOf(CARD_PREFIX, paymentMethods, (row) => showSource(row)),
  [SETUP_INTENT_PREFIX]: expanderOf(SETUP_INTENT_PREFIX, setupIntents, (row, { livemode }) =>
    showSetupIntent(row, livemode),
  ),
  [SETUP_ATTEMPT_PREFIX]: expanderOf(SETUP_ATTEMPT_PREFIX, setupAttempts, (row, { livemode }) =>
    showSetupAttempt(row, livemode),
  ),
}

const OF_CUSTOMER = ['default_source', 'invoice_settings.default_payment_method', 'test_clock'] as const

/** Paths of expand[] for each resource; deeper ones are given where four levels reach that far. */
export const CUSTOMER_PATHS = [...OF_CUSTOMER, 'invoice_settings.default_payment_method.customer']
export const PAYMENT_METHOD_PATHS = ['customer', ...OF_CUSTOMER.map((path) => `customer.${path}`)]
export const SETUP_ATTEMPT_PATHS = [
  'customer',
  'payment_method.customer',
  'setup_intent.customer',
  'setup_intent.payment_method',
  'setup_intent.latest_attempt',
]
export const SETUP_INTENT_PATHS = [
  ...PAYMENT_METHOD_PATHS,
  ...PAYMENT_METHOD_PATHS.filter((path) => path.split('.').length < 4).map(
    (path) => `payment_method.${path}`,
  ),
  'latest_attempt.customer',
  'latest_attempt.payment_method.customer',
  'latest_attempt.setup_intent',
]
