export { attachInDraft, type Doing, spendInDraft } from './attaching.ts'
export type { PaymentMethod } from './core/model.ts'
export type { CustomersDoor } from './door.ts'
export { customersErrors } from './errors.ts'
export { customersExpanders } from './expanders.ts'
export {
  declarePaymentMethod,
  type GivenMethod,
  liveRailMissing,
  type NamedMethod,
  putPaymentMethod,
  resolvePaymentMethod,
  usablePaymentMethod,
} from './payment-method-source.ts'
export { routesOf } from './routes/all.ts'
export { paymentMethodDataParameter } from './schemas.ts'
export { customersTimers, onAuthentication } from './setup-later.ts'
export { customers, paymentMethods, writeCustomers } from './store/tables.ts'
export { CUSTOMERS_TABLES } from './table-rules.ts'
export { showPaymentMethod } from './views.ts'
