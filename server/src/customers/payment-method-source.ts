import type { Declare, Draft } from '../database/index.ts'
import { missingNamedReply, missingReply, type RefusalText, refusalReply } from '../http/index.ts'
import { newUuid, parseId, type Reply, showId, type Uuid } from '../kit/index.ts'
import { type CardEntered, type Rail, testPaymentMethod, testToken } from '../rails/index.ts'
import { type AddressData, orNull, readAddress } from './core/customer-fields.ts'
import type { AllowRedisplay, BillingDetails, CardDetails, PaymentMethod, Token } from './core/model.ts'
import { PAYMENT_METHOD_REASONS } from './errors.ts'
import { paymentMethods, tokens } from './store/tables.ts'
import { CARD_PREFIX, CUSTOMER_PREFIX, PAYMENT_METHOD_PREFIX, TOKEN_PREFIX } from './views.ts'

/** The wire's names, as the schemas of `payment_method_data` and of POST /v1/payment_methods give them. */
export type PaymentMethodData = {
  readonly type?: string
  readonly card?: CardData
  readonly billing_details?: BillingDetailsData
  readonly metadata?: Readonly<Record<string, string>>
  readonly allow_redisplay?: AllowRedisplay
}
type CardData = {
  readonly number?: string
  readonly exp_month?: number
  readonly exp_year?: number
  readonly cvc?: string
  readonly token?: string
}
export type BillingDetailsData = {
  readonly address?: AddressData | ''
  readonly email?: string
  readonly name?: string
  readonly phone?: string
  readonly tax_id?: string
}

type Fresh = {
  readonly id: Uuid
  readonly allowRedisplay: AllowRedisplay
  readonly billingDetails: BillingDetails
  readonly metadata: Readonly<Record<string, string>>
}

/**
 * The payment method that a request gives: one that is there, or one that comes into being with the request, of a card
 * or of a token. Plain JSON, so that it fits into the durable step of a request of several units.
 */
export type GivenMethod =
  | { readonly kind: 'none' }
  | { readonly kind: 'existing'; readonly id: Uuid; readonly param: string }
  | ({ readonly kind: 'card'; readonly card: CardDetails } & Fresh)
  | ({ readonly kind: 'token'; readonly token: Uuid; readonly param: string } & Fresh)

export type Given = { readonly kind: 'given'; readonly method: GivenMethod }
type RefusedMethod = { readonly kind: 'refused'; readonly reply: Reply }

const NO_BILLING_DETAILS: BillingDetails = {
  address: { city: null, country: null, line1: null, line2: null, postal_code: null, state: null },
  email: null,
  name: null,
  phone: null,
  tax_id: null,
}

/** What was sent stands in place of what was there; what was not sent stays. */
export const readBillingDetails = (
  data: BillingDetailsData | undefined,
  before: BillingDetails = NO_BILLING_DETAILS,
): BillingDetails => {
  if (data === undefined) return before
  const { address } = data
  return {
    address:
      address === undefined
        ? before.address
        : address === ''
          ? NO_BILLING_DETAILS.address
          : readAddress(address),
    email: data.email === undefined ? before.email : orNull(data.email),
    name: data.name === undefined ? before.name : orNull(data.name),
    phone: data.phone === undefined ? before.phone : orNull(data.phone),
    tax_id: data.tax_id === undefined ? before.tax_id : orNull(data.tax_id),
  }
}

const refused = (text: RefusalText): RefusedMethod => ({ kind: 'refused', reply: refusalReply(text) })

export const liveRailMissing = (): Reply =>
  refusalReply({ ...PAYMENT_METHOD_REASONS.live_rail_missing, code: 'live_rail_missing' })

const CENTURY = 2_000

/** The card as it may be kept, or why the rail does not take it: Stripe's 402 with its code and param. */
export const tokeniseCard = (rail: Rail, card: CardEntered): CardDetails | Reply => {
  const expYear = card.expYear < 100 ? card.expYear + CENTURY : card.expYear
  const made = rail.tokenise({ ...card, expYear })
  if (made.kind === 'refused') {
    const { code, message, param, declineCode } = made
    const extra = declineCode === undefined ? {} : { decline_code: declineCode }
    return refusalReply({ kind: 'declined', code, message, param, extra })
  }
  const { checks } = made
  return {
    token: made.token,
    fingerprint: made.fingerprint,
    brand: made.brand,
    last4: made.last4,
    expMonth: made.expMonth,
    expYear: made.expYear,
    funding: made.funding,
    country: made.country,
    cvcCheck: checks.cvc,
    addressLine1Check: checks.addressLine1,
    postalCodeCheck: checks.postalCode,
  }
}

export const isReply = (value: object): value is Reply => 'status' in value && 'body' in value

/** pm_… or card_… of the same card. */
export const parsePaymentMethodId = (text: string): Uuid | null =>
  parseId(PAYMENT_METHOD_PREFIX, text) ?? parseId(CARD_PREFIX, text)

const missingMethod = (text: string, param: string): Reply =>
  param === 'id' ? missingReply('PaymentMethod', text) : missingNamedReply('PaymentMethod', text, param)

const freshOf = (data: PaymentMethodData, nowMs: number): Fresh => ({
  id: newUuid(nowMs),
  allowRedisplay: data.allow_redisplay ?? 'unspecified',
  billingDetails: readBillingDetails(data.billing_details),
  metadata: Object.fromEntries(Object.entries(data.metadata ?? {}).filter(([, value]) => value !== '')),
})

const givenCard = (rail: Rail, entered: CardEntered, fresh: Fresh): Given | RefusedMethod => {
  const card = tokeniseCard(rail, entered)
  return isReply(card)
    ? { kind: 'refused', reply: card }
    : { kind: 'given', method: { kind: 'card', card, ...fresh } }
}

const missing = (param: string): RefusedMethod =>
  refused({
    kind: 'invalid',
    code: 'parameter_missing',
    message: `Missing required param: ${param}.`,
    param,
  })

/** A card's parameters, whoever asks for them. `at` is where they stand: card, payment_method_data[card]. */
const enteredCard = (data: CardData, at: string): CardEntered | RefusedMethod => {
  const { number, exp_month: expMonth, exp_year: expYear, cvc = null } = data
  if (number === undefined) return missing(`${at}[number]`)
  if (expMonth === undefined) return missing(`${at}[exp_month]`)
  if (expYear === undefined) return missing(`${at}[exp_year]`)
  return { number, expMonth, expYear, cvc }
}

/** tok_… as it is sent: one of ours, or one of the test names. */
const resolveToken = (
  rail: Rail,
  text: string,
  { fresh, param }: { readonly fresh: Fresh; readonly param: string },
): Given | RefusedMethod => {
  const entered = rail.isLive ? null : testToken(text)
  if (entered !== null) return givenCard(rail, entered, fresh)
  const token = parseId(TOKEN_PREFIX, text)
  return token === null
    ? { kind: 'refused', reply: missingReply('token', text, param) }
    : { kind: 'given', method: { kind: 'token', token, param, ...fresh } }
}

export const resolveSource = (rail: Rail, text: string, nowMs: number): Given | RefusedMethod =>
  resolveToken(rail, text, { fresh: freshOf({}, nowMs), param: 'source' })

/** The parameters of a new payment method. `at` is '' for POST /v1/payment_methods, else payment_method_data. */
export const resolveData = (
  rail: Rail,
  data: PaymentMethodData,
  { nowMs, at }: { readonly nowMs: number; readonly at: string },
): Given | RefusedMethod => {
  const within = (name: string): string => (at === '' ? name : `${at}[${name}]`)
  const { type, card } = data
  if (type !== undefined && type !== 'card') {
    return refused({
      kind: 'invalid',
      code: 'payment_method_unsupported_type',
      message: `Payment methods of the type '${type.slice(0, 40)}' are not supported: the type is card.`,
      param: within('type'),
    })
  }
  if (card === undefined) return missing(within('card'))
  const fresh = freshOf(data, nowMs)
  if (card.token !== undefined) return resolveToken(rail, card.token, { fresh, param: within('card[token]') })
  const entered = enteredCard(card, within('card'))
  return 'kind' in entered ? entered : givenCard(rail, entered, fresh)
}

/** What a request that takes a payment method may name it by. */
export type NamedMethod = {
  readonly payment_method?: string | undefined
  readonly payment_method_data?: PaymentMethodData | undefined
}

/** Which payment method a request gives: by id, by one of the test names (a new one each time), or by its data. */
export const resolvePaymentMethod = (
  rail: Rail,
  named: NamedMethod,
  nowMs: number,
  param = 'payment_method',
): Given | RefusedMethod => {
  const { payment_method: text, payment_method_data: data } = named
  if (text !== undefined && data !== undefined) {
    return refused({
      kind: 'invalid',
      code: 'parameters_exclusive',
      message: `You may only specify one of these parameters: ${param}, payment_method_data.`,
      param: 'payment_method_data',
    })
  }
  if (data !== undefined) return resolveData(rail, data, { nowMs, at: 'payment_method_data' })
  if (text === undefined) return { kind: 'given', method: { kind: 'none' } }
  const id = parsePaymentMethodId(text)
  if (id !== null) return { kind: 'given', method: { kind: 'existing', id, param } }
  const entered = rail.isLive ? null : testPaymentMethod(text)
  if (entered !== null) return givenCard(rail, entered, freshOf({}, nowMs))
  return { kind: 'refused', reply: missingMethod(text, param) }
}

/** For the first round of a unit's reads. */
export const declarePaymentMethod = (declare: Declare, given: GivenMethod): void => {
  if (given.kind === 'existing') declare(paymentMethods.table, given.id)
  if (given.kind === 'token') declare(tokens.table, given.token)
}

type Usable =
  | { readonly kind: 'usable'; readonly row: PaymentMethod }
  | { readonly kind: 'refused'; readonly reply: Reply }

const unusable = (reply: Reply): Usable => ({ kind: 'refused', reply })

const ofToken = (
  token: Token,
  given: Extract<GivenMethod, { kind: 'token' }>,
): PaymentMethod['billingDetails'] => {
  const { billingDetails: own } = given
  const hasOwn = Object.values(own.address ?? {}).some((part) => part !== null)
  return {
    ...own,
    address: hasOwn ? own.address : (token.address ?? own.address),
    name: own.name ?? token.name,
  }
}

/** A row that is not written yet: its time of making comes with putPaymentMethod. */
const freshRow = (fresh: Fresh, card: CardDetails, billingDetails: BillingDetails): PaymentMethod => ({
  id: fresh.id,
  createdMicros: 0n,
  type: 'card',
  customer: null,
  isSpent: false,
  allowRedisplay: fresh.allowRedisplay,
  billingDetails,
  card,
  metadata: fresh.metadata,
})

const rowOfToken = (draft: Draft, given: Extract<GivenMethod, { kind: 'token' }>): Usable => {
  const token = draft.get(tokens.table, given.token)
  const shown = showId(TOKEN_PREFIX, given.token)
  if (token === undefined) return unusable(missingReply('token', shown, given.param))
  if (token.isUsed) {
    const message = `You cannot use a Stripe token more than once: ${shown}.`
    return unusable(
      refusalReply({ kind: 'precondition', code: 'token_already_used', message, param: given.param }),
    )
  }
  return { kind: 'usable', row: freshRow(given, token.card, ofToken(token, given)) }
}

const SPENT =
  'The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared with a connected account without Customer attachment, or was detached from a Customer. It may not be used again. To use a PaymentMethod multiple times, you must attach it to a Customer first.'

/** Whether the card may be used for the customer, or without one. */
const refuseUse = (row: PaymentMethod, customer: Uuid | null, param: string): Reply | null => {
  const shown = showId(PAYMENT_METHOD_PREFIX, row.id)
  if (row.isSpent) {
    return refusalReply({
      kind: 'precondition',
      code: 'payment_method_unexpected_state',
      message: SPENT,
      param,
    })
  }
  if (row.customer === null || row.customer === customer) return null
  if (customer === null) {
    const owner = showId(CUSTOMER_PREFIX, row.customer)
    return refusalReply({
      kind: 'precondition',
      code: 'payment_method_customer_missing',
      message: `The provided PaymentMethod (${shown}) belongs to the Customer ${owner}. Please include the Customer in the \`customer\` parameter.`,
      param,
    })
  }
  return refusalReply({
    kind: 'invalid',
    code: 'resource_missing',
    message: `The customer does not have a payment method with the ID ${shown}. The payment method must be attached to the customer.`,
    param,
  })
}

/** The row that a request would use, for the customer or without one; null where it gives none. Nothing is written. */
export const usablePaymentMethod = (
  draft: Draft,
  given: GivenMethod,
  customer: Uuid | null,
): Usable | null => {
  switch (given.kind) {
    case 'none':
      return null
    case 'card':
      return { kind: 'usable', row: freshRow(given, given.card, given.billingDetails) }
    case 'token':
      return rowOfToken(draft, given)
    case 'existing': {
      const row = draft.get(paymentMethods.table, given.id)
      if (row === undefined)
        return unusable(missingMethod(showId(PAYMENT_METHOD_PREFIX, given.id), given.param))
      const reply = refuseUse(row, customer, given.param)
      return reply === null ? { kind: 'usable', row } : unusable(reply)
    }
  }
}

/** Writes the row of a payment method that comes into being with the request, and uses its token up. */
export const putPaymentMethod = (draft: Draft, given: GivenMethod, row: PaymentMethod): PaymentMethod => {
  if (given.kind === 'existing') return row
  if (given.kind === 'token') {
    const token = draft.get(tokens.table, given.token)
    if (token !== undefined) draft.put(tokens.table, token.id, { ...token, isUsed: true })
  }
  const made = { ...row, createdMicros: draft.nextTime() }
  draft.put(paymentMethods.table, made.id, made)
  return made
}
