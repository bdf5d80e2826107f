import { createHmac, type KeyObject } from 'node:crypto'
import type { TenantId } from '../../kit/index.ts'
import type { Names } from './decide-authorise.ts'

/** Where the customer authenticates, on our own server. */
export const AUTHENTICATIONS_PATH = '/sandbox/authentications'

const CHANCE_BITS = 48
const CODE_DIGITS = 1_000_000
const NETWORK_DIGITS = 10n ** 15n

/**
 * What the acquirer calls things follows from our reference and its secret: an order has the same names whenever it is
 * looked at, and nobody else can guess them.
 */
export const namesOver =
  (secret: KeyObject, baseUrl: string) =>
  (tenant: TenantId, reference: string): Names => {
    const digest = createHmac('sha256', secret).update(`order ${tenant} ${reference}`).digest()
    const hex = digest.toString('hex')
    // The tenant stands in the id: whoever opens the page has no key that would say it.
    const authentication = `sbx3ds_${tenant}_${hex.slice(0, 32)}`
    return {
      railReference: `sbx_${hex.slice(32, 48)}`,
      networkTransactionId: String(digest.readBigUInt64BE(24) % NETWORK_DIGITS).padStart(15, '0'),
      authorisationCode: String(digest.readUInt32BE(20) % CODE_DIGITS).padStart(6, '0'),
      authentication,
      url: `${baseUrl}${AUTHENTICATIONS_PATH}/${authentication}`,
      chance: digest.readUIntBE(18, 6) / 2 ** CHANCE_BITS,
    }
  }

const AUTHENTICATION = /^sbx3ds_(\d{1,9})_[0-9a-f]{32}$/

/** The tenant of an authentication; null for what is none. */
export const tenantOfAuthentication = (id: string): TenantId | null => {
  const [, digits] = AUTHENTICATION.exec(id) ?? []
  return digits === undefined ? null : (Number(digits) as TenantId)
}
