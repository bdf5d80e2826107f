import type Stripe from 'stripe'
import { type Desk, until } from '../stand/stand.ts'
import type { Suite } from '../stand/suite.ts'
import { cardMethod, chargeOf, pay } from './paying.ts'

const RETURN_URL = 'https://shop.example/back?order=1'

type WithAction = {
  readonly next_action: { readonly redirect_to_url?: { readonly url: string | null } | null } | null
}

type Button = { readonly action: string; readonly fields: URLSearchParams; readonly says: string }

const attribute = (tag: string, name: string): string | null =>
  new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1]?.replaceAll('&amp;', '&') ?? null

/** The buttons of the page's forms, each with what its form sends when it is pressed. */
const buttonsOf = (page: string, url: string): Button[] =>
  [...page.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].flatMap(([, open = '', inner = '']) => {
    const action = new URL(attribute(open, 'action') ?? url, url).href
    const inputs = [...inner.matchAll(/<input\b[^>]*>/g)].map(([tag]) => tag)
    return [...inner.matchAll(/<button\b([^>]*)>([\s\S]*?)<\/button>/g)].map(([, tag = '', says = '']) => {
      const fields = new URLSearchParams()
      for (const input of [...inputs, tag]) {
        const name = attribute(input, 'name')
        if (name !== null) fields.append(name, attribute(input, 'value') ?? '')
      }
      return { action, fields, says: `${says} ${tag}` }
    })
  })

const GOOD = /complete|succeed|authori[sz]e|authenticate|approve/i
const BAD = /fail|decline|refuse|reject/i

/** Does what the customer does on the hosted page; where the page leads to afterwards. */
export const authenticate = async (desk: Desk, intent: WithAction, well: boolean): Promise<string | null> => {
  const url = intent.next_action?.redirect_to_url?.url
  if (url === null || url === undefined) throw new Error('there is no page to go to')
  const page = await fetch(url)
  desk.check.matches('the page is a page', page.headers.get('content-type'), /^text\/html/)
  const buttons = buttonsOf(await page.text(), url)
  const wanted = buttons.find(({ says }) => (well ? GOOD.test(says) && !BAD.test(says) : BAD.test(says)))
  if (wanted === undefined)
    throw new Error(`the page has no such button: ${buttons.map(({ says }) => says).join(', ')}`)
  const answer = await fetch(wanted.action, {
    method: 'POST',
    body: wanted.fields,
    redirect: 'manual',
  })
  return answer.headers.get('location')
}

const settled = (desk: Desk, id: string): Promise<Stripe.PaymentIntent> =>
  until(`the end of ${id}`, async () => {
    const intent = await desk.stripe.paymentIntents.retrieve(id)
    return intent.status === 'requires_action' || intent.status === 'processing' ? null : intent
  })

const required = async (desk: Desk): Promise<void> => {
  const { check } = desk
  for (const name of [
    'pm_card_authenticationRequired',
    'pm_card_threeDSecure2Required',
    'pm_card_threeDSecureRequired',
    'pm_card_authenticationRequiredOnSetup',
  ]) {
    const intent = await pay(desk, { payment_method: name, return_url: RETURN_URL })
    check.fields(name, intent, {
      status: 'requires_action',
      amount_received: 0,
      latest_charge: null,
      'next_action.type': 'redirect_to_url',
      'next_action.redirect_to_url.return_url': RETURN_URL,
      'next_action.redirect_to_url.url': /^http/,
    })
    const back = await authenticate(desk, intent, true)
    check.matches(`${name} leads back`, back, /^https:\/\/shop\.example\/back\?order=1&/)
    const query = new URL(back ?? RETURN_URL).searchParams
    check.equal('with the intent', query.get('payment_intent'), intent.id)
    check.equal('and its secret', query.get('payment_intent_client_secret'), intent.client_secret)
    check.equal('and how it went', query.get('redirect_status'), 'succeeded')
    const done = await settled(desk, intent.id)
    check.fields(`${name}, authenticated`, done, {
      status: 'succeeded',
      next_action: null,
      amount_received: 2_000,
    })
    check.fields('its charge', await chargeOf(desk, done), {
      paid: true,
      'payment_method_details.card.three_d_secure.result': 'authenticated',
    })
  }
}

const failed = async (desk: Desk): Promise<void> => {
  const { check } = desk
  const intent = await pay(desk, { payment_method: 'pm_card_threeDSecure2Required', return_url: RETURN_URL })
  const back = await authenticate(desk, intent, false)
  check.equal('how it went', new URL(back ?? RETURN_URL).searchParams.get('redirect_status'), 'failed')
  const done = await settled(desk, intent.id)
  check.fields('an authentication that fails', done, {
    status: 'requires_payment_method',
    payment_method: null,
    next_action: null,
    'last_payment_error.code': 'payment_intent_authentication_failure',
    'last_payment_error.type': 'invalid_request_error',
  })
  check.fields(
    'another card',
    await desk.stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' }),
    {
      status: 'succeeded',
    },
  )
}

const declinedAfter = async (desk: Desk): Promise<void> => {
  const { check } = desk
  const intent = await pay(desk, {
    payment_method: 'pm_card_authenticationRequiredChargeDeclinedInsufficientFunds',
    return_url: RETURN_URL,
  })
  check.fields('asks first', intent, { status: 'requires_action' })
  await authenticate(desk, intent, true)
  check.fields('and is declined then', await settled(desk, intent.id), {
    status: 'requires_payment_method',
    'last_payment_error.code': 'card_declined',
    'last_payment_error.decline_code': 'insufficient_funds',
  })
}

const withoutCustomer = async (desk: Desk): Promise<void> => {
  const { stripe, check } = desk
  const customer = await stripe.customers.create()
  const method = await cardMethod(desk, '4000002760003184')
  await check.refused(
    'off session, where authentication is needed',
    pay(desk, { customer: customer.id, payment_method: method.id, off_session: true }),
    {
      type: 'StripeCardError',
      code: 'authentication_required',
      decline_code: 'authentication_required',
      statusCode: 402,
      'payment_intent.status': 'requires_payment_method',
    },
  )
  await check.refused(
    'error_on_requires_action',
    pay(desk, { payment_method: 'pm_card_threeDSecure2Required', error_on_requires_action: true }),
    { type: 'StripeCardError', code: 'authentication_required', statusCode: 402 },
  )
  const optional = await pay(desk, { payment_method: 'pm_card_threeDSecureOptional' })
  check.fields('where it is optional nobody is asked', optional, { status: 'succeeded' })
  const asked = await pay(desk, {
    payment_method: 'pm_card_threeDSecureOptional',
    return_url: RETURN_URL,
    payment_method_options: { card: { request_three_d_secure: 'any' } },
  })
  check.fields('unless the merchant asks for it', asked, { status: 'requires_action' })
  check.fields('canceled meanwhile', await stripe.paymentIntents.cancel(asked.id), {
    status: 'canceled',
    next_action: null,
  })
}

const manual = async (desk: Desk): Promise<void> => {
  const intent = await pay(desk, {
    payment_method: 'pm_card_threeDSecure2Required',
    capture_method: 'manual',
    return_url: RETURN_URL,
  })
  await authenticate(desk, intent, true)
  desk.check.fields('a hold after authentication', await settled(desk, intent.id), {
    status: 'requires_capture',
    amount_capturable: 2_000,
  })
  desk.check.fields('captured', await desk.stripe.paymentIntents.capture(intent.id), { status: 'succeeded' })
}

const events = async (desk: Desk): Promise<void> => {
  const intent = await pay(desk, { payment_method: 'pm_card_threeDSecure2Required', return_url: RETURN_URL })
  await authenticate(desk, intent, true)
  await settled(desk, intent.id)
  const types = (await desk.events())
    .filter(({ data }) => (data.object as { id?: string }).id === intent.id)
    .map(({ type }) => type)
  desk.check.equal('of a payment with authentication', types, [
    'payment_intent.succeeded',
    'payment_intent.requires_action',
    'payment_intent.created',
  ])
}

export const authentication: Suite = {
  name: 'authentication',
  cases: {
    'where it is required': required,
    'when it fails': failed,
    'when the card is declined after it': declinedAfter,
    'without the customer': withoutCustomer,
    'of a hold': manual,
    'leaves events': events,
  },
}
