import { Fault } from '../../kit/index.ts'
import { BUSY_RETRY_AFTER_S, FULL_RETRY_AFTER_S, REPAIR_RETRY_AFTER_S } from './limits.ts'
import { classifyError, isDamage, isDiskFull } from './sqlstate.ts'

export const databaseAway = (cause: unknown): Fault =>
  new Fault('The database did not answer. It is safe to retry with the same Idempotency-Key.', {
    kind: 'unavailable',
    code: 'database_unavailable',
    retryAfterS: BUSY_RETRY_AFTER_S,
    cause,
  })

const databaseFull = (cause: unknown): Fault =>
  new Fault('The disk of the database is full. It is safe to retry with the same Idempotency-Key.', {
    kind: 'unavailable',
    code: 'database_full',
    retryAfterS: FULL_RETRY_AFTER_S,
    cause,
  })

const databaseDamaged = (cause: unknown): Fault =>
  new Fault('The database found a damaged page where it would have read, and gives out nothing of it.', {
    kind: 'unavailable',
    code: 'database_damaged',
    retryAfterS: REPAIR_RETRY_AFTER_S,
    cause,
  })

/** What a failure of the database is to whoever asked it; null where the statement was at fault, which is a bug of ours. */
export const faultOfDatabase = (error: unknown): Fault | null => {
  if (isDamage(error)) return databaseDamaged(error)
  if (isDiskFull(error)) return databaseFull(error)
  return classifyError(error) === 'transient' ? databaseAway(error) : null
}

/**
 * What a request that ended with this is answered with. Whoever met a failure may have made a fault of it already without
 * looking closer, and then its cause says more.
 */
export const faultToAnswer = (error: unknown): Fault | null => {
  if (!(error instanceof Fault)) return faultOfDatabase(error)
  const { cause } = error
  return error.code === 'database_unavailable' && (isDamage(cause) || isDiskFull(cause))
    ? faultOfDatabase(cause)
    : error
}
