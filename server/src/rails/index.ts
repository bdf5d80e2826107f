export type * from './port/index.ts'
export { testPaymentMethod, testToken } from './sandbox-card/cards.ts'
