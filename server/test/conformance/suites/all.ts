import type { Suite } from '../stand/suite.ts'
import { authentication } from './authentication.ts'
import { balance } from './balance.ts'
import { cards } from './cards.ts'
import { charges } from './charges.ts'
import { customers } from './customers.ts'
import { disputes } from './disputes.ts'
import { errors } from './errors.ts'
import { idempotency } from './idempotency.ts'
import { lists } from './lists.ts'
import { paymentIntentRules } from './payment-intent-rules.ts'
import { paymentIntents } from './payment-intents.ts'
import { paymentMethods } from './payment-methods.ts'
import { refunds } from './refunds.ts'
import { retries } from './retries.ts'
import { setupIntents } from './setup-intents.ts'
import { testClocks } from './test-clocks.ts'
import { webhooks } from './webhooks.ts'

export const SUITES: readonly Suite[] = [
  customers,
  paymentMethods,
  setupIntents,
  paymentIntents,
  paymentIntentRules,
  cards,
  authentication,
  charges,
  refunds,
  disputes,
  balance,
  lists,
  idempotency,
  errors,
  webhooks,
  testClocks,
  retries,
]
