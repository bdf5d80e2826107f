import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto'
import { showId, type TenantId, type Uuid } from '../kit/index.ts'

/** Which holder of a publishable key may see and confirm a payment: whoever was given its client_secret. */
export type ClientSecrets = {
  readonly of: (tenant: TenantId, intent: Uuid) => string
  /** As it stands in an address that is stored: to be put in when somebody is shown it. */
  readonly hidden: (tenant: TenantId, intent: Uuid) => string
  readonly isRight: (tenant: TenantId, intent: Uuid, sent: string) => boolean
}

const SECRET_CHARACTERS = 32

const hiddenSecret = (intent: Uuid): string => `${showId('pi', intent)}_secret_hidden`

/** A stored address as its customer needs it. */
export const withSecret = (address: string, intent: Uuid, secret: string): string =>
  address.replaceAll(hiddenSecret(intent), secret)

/** The secret follows from the payment's id and a key of the vault, so it need not be stored. */
export const clientSecrets = (key: KeyObject, hides = true): ClientSecrets => {
  const of = (tenant: TenantId, intent: Uuid): string => {
    const mac = createHmac('sha256', key).update(`${tenant} ${intent}`).digest('hex')
    return `${showId('pi', intent)}_secret_${mac.slice(0, SECRET_CHARACTERS)}`
  }
  return {
    of,
    hidden: hides ? (_tenant, intent) => hiddenSecret(intent) : of,
    isRight: (tenant, intent, sent) => {
      const [right, given] = [Buffer.from(of(tenant, intent)), Buffer.from(sent)]
      return right.length === given.length && timingSafeEqual(right, given)
    },
  }
}
