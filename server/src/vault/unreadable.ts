import { Fault } from '../kit/index.ts'
import { UNREADABLE_RETRY_AFTER_S } from './limits.ts'

/** What is encrypted does not open: it was damaged, moved, or sealed under a key that is not known here. Never a guess. */
export const unreadable = (what: string, cause?: unknown): Fault =>
  new Fault(
    `${what} does not open: it was damaged, or it belongs to another master key. Nothing was done. Restore it from a backup, or give the key that it belongs to.`,
    {
      kind: 'unavailable',
      code: 'secret_unreadable',
      retryAfterS: UNREADABLE_RETRY_AFTER_S,
      ...(cause === undefined ? {} : { cause }),
    },
  )
