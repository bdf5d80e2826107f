import { randomBytes } from 'node:crypto'
import { type RefusalText, type RequestContext, refusalReply } from '../../http/index.ts'
import { parseId, type Reply, type Uuid } from '../../kit/index.ts'
import type { SetupIntent } from '../core/model.ts'
import { CUSTOMER_PREFIX } from '../views.ts'

const SECRET_BYTES = 16

/** What follows _secret_ in a client_secret: nobody guesses it. */
export const newSecret = (): string => randomBytes(SECRET_BYTES).toString('hex')

const refused = (text: RefusalText): Reply => refusalReply(text)

/** Cards are all there is. */
export const refuseTypes = (types: readonly string[] | undefined): Reply | null => {
  const other = types?.find((type) => type !== 'card')
  if (other === undefined) return null
  return refused({
    kind: 'invalid',
    code: 'payment_method_unsupported_type',
    message: `Payment methods of the type '${other.slice(0, 40)}' are not supported: the type is card.`,
    param: 'payment_method_types',
  })
}

export const refuseUrl = (url: string | undefined): Reply | null => {
  if (url === undefined || URL.canParse(url)) return null
  return refused({
    kind: 'invalid',
    code: 'setup_intent_invalid_parameter',
    message: 'return_url must be an absolute address, such as https://example.com/back.',
    param: 'return_url',
  })
}

export const automaticOf = (
  sent: { readonly enabled: boolean; readonly allow_redirects?: 'always' | 'never' } | undefined,
  types: readonly string[] | undefined,
): SetupIntent['automaticPaymentMethods'] => {
  if (sent !== undefined) return { enabled: sent.enabled, allowRedirects: sent.allow_redirects ?? 'always' }
  return types === undefined ? { enabled: true, allowRedirects: 'always' } : null
}

/** A customer that is named in a body; what is no id names nobody. */
export const customerOf = (text: string | undefined): Uuid | null | undefined =>
  text === undefined ? undefined : parseId(CUSTOMER_PREFIX, text)

export const missingSecret = (): Reply =>
  refused({
    kind: 'invalid',
    code: 'parameter_missing',
    message: 'Missing required param: client_secret. A publishable key must send it.',
    param: 'client_secret',
  })

type Fields = Record<string, unknown>

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null

/** A publishable key is not shown whose intent it is, nor what was written to it. */
const narrow = (intent: Fields): Fields => ({
  ...intent,
  application: null,
  customer: null,
  latest_attempt: null,
  metadata: {},
})

/** The answer as the caller may see it. */
export const forCaller = <R extends Reply>(context: RequestContext, reply: R): R => {
  if (context.keyKind !== 'publishable') return reply
  const shown: unknown = JSON.parse(reply.body)
  if (!isFields(shown)) return reply
  if (shown['object'] === 'setup_intent') return { ...reply, body: JSON.stringify(narrow(shown)) }
  const { error } = shown
  if (!isFields(error) || !isFields(error['setup_intent'])) return reply
  return {
    ...reply,
    body: JSON.stringify({ error: { ...error, setup_intent: narrow(error['setup_intent']) } }),
  }
}
