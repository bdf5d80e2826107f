import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto'
import type { WallClock } from '../../kit/index.ts'
import type { InboundMessage, Notification } from '../port/index.ts'
import { SIGNATURE_AGE_MOST_S } from './limits.ts'
import type { SandboxRail } from './sandbox-rails.ts'

/** Amounts and times do not fit a JSON number; the key is one that no notification has. */
const BIG = '$integer'

const replace = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? { [BIG]: String(value) } : value

const revive = (_key: string, value: unknown): unknown => {
  if (typeof value !== 'object' || value === null || !(BIG in value)) return value
  return BigInt(String(value[BIG]))
}

export const encode = (value: unknown): string => JSON.stringify(value, replace)

export const decode = (text: string): unknown => JSON.parse(text, revive)

const HEADER = 'sandbox-card-signature'

const signatureOf = (secret: KeyObject, timestamp: string, body: Buffer): Buffer =>
  createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest()

const MS_PER_SECOND = 1_000

/** Who tells: the rail stands in the body, and so is signed. */
export type Teller = { readonly rail: SandboxRail; readonly secret: KeyObject; readonly clock: WallClock }

type Told = { readonly rail: string; readonly notifications: readonly Notification[] }

/** A message as it would come in by HTTP: t=…,v1=… over the time and the body. */
export const signedMessage = (
  { rail, secret, clock }: Teller,
  notifications: readonly Notification[],
): InboundMessage => {
  const body = Buffer.from(encode({ rail, notifications } satisfies Told))
  const timestamp = String(Math.floor(clock.now() / MS_PER_SECOND))
  const signature = signatureOf(secret, timestamp, body).toString('hex')
  return { headers: { [HEADER]: `t=${timestamp},v1=${signature}` }, body }
}

const SIGNATURE = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/

/** Reads a message that proves that it is this rail's: signed with its secret, not an old one, and no other rail's. */
export const receiveOver =
  ({ rail, secret, clock }: Teller) =>
  ({ headers, body }: InboundMessage): readonly Notification[] | null => {
    const [, timestamp, signature] = SIGNATURE.exec(headers[HEADER] ?? '') ?? []
    if (timestamp === undefined || signature === undefined) return null
    const age = clock.now() / MS_PER_SECOND - Number(timestamp)
    if (Math.abs(age) > SIGNATURE_AGE_MOST_S) return null
    const expected = signatureOf(secret, timestamp, body)
    if (!timingSafeEqual(expected, Buffer.from(signature, 'hex'))) return null
    const told = decode(body.toString('utf8')) as Told
    return told.rail === rail ? told.notifications : null
  }
