import { createHmac, randomBytes } from 'node:crypto'

const PREFIX = 'whsec_'
const SECRET_BYTES = 32

/** Good for both schemes: Stripe's takes the whole text as its key, Standard Webhooks the bytes that the base64 stands for. */
export const newSecret = (): string => `${PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`

export type ToSign = {
  /** The event's id: the same for all attempts. */
  readonly id: string
  /** Seconds since 1970, of the wall clock: receivers compare it with theirs. */
  readonly timestampS: number
  readonly body: string
}

const stripeSignature = (secret: string, { timestampS, body }: ToSign): string =>
  createHmac('sha256', secret).update(`${timestampS}.${body}`).digest('hex')

const standardSignature = (secret: string, { id, timestampS, body }: ToSign): string =>
  createHmac('sha256', secret.slice(PREFIX.length), { encoding: 'base64' })
    .update(`${id}.${timestampS}.${body}`)
    .digest('base64')

/** Stripe's header and the three of Standard Webhooks, with a signature for each secret that lives. */
export const signatureHeaders = (
  secrets: readonly string[],
  toSign: ToSign,
): Readonly<Record<string, string>> => ({
  'stripe-signature': [
    `t=${toSign.timestampS}`,
    ...secrets.map((secret) => `v1=${stripeSignature(secret, toSign)}`),
  ].join(','),
  'webhook-id': toSign.id,
  'webhook-timestamp': String(toSign.timestampS),
  'webhook-signature': secrets.map((secret) => `v1,${standardSignature(secret, toSign)}`).join(' '),
})
