import { appendChangeAsOwner, PLATFORM } from '../audit/index.ts'
import type { Json, TenantId } from '../kit/index.ts'
import { inTransaction } from '../tenants/index.ts'
import type { Configuration } from './configuration.ts'
import type { Platform } from './platform.ts'

const LIVE = 1 as TenantId

/** What decides over money and over what may be seen; not where a server listens or how it logs. No secret is among it. */
const settingsOf = (configuration: Configuration): Json => ({
  PROCESSING_FEE_BPS: configuration.processingFeeBps,
  PROCESSING_FEE_FIXED: configuration.processingFeeFixed,
  DISPUTE_FEE: configuration.disputeFee,
  SETTLEMENT_DELAY_DAYS: configuration.settlementDelayDays,
  WEBHOOK_ALLOW_PRIVATE: configuration.webhookAllowPrivate,
  TLS_IN_FRONT: configuration.tlsInFront,
  AUDIT_ANCHOR_DIR: configuration.auditAnchorDir ?? null,
})

/** In the log of the live books, when a server starts with other settings than the one before. */
export const recordSettings = ({ asOwner, configuration }: Platform): Promise<unknown> =>
  inTransaction(asOwner, (owner) =>
    appendChangeAsOwner(owner, LIVE, {
      actor: PLATFORM('server'),
      action: 'settings.changed',
      subject: 'settings',
      reason: null,
      after: settingsOf(configuration),
    }),
  )
