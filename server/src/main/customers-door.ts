import { clockExpanders, hasTestClock } from '../clock/index.ts'
import { type CustomersDoor, customersExpanders } from '../customers/index.ts'
import type { Platform } from './platform.ts'
import { sealAnswers } from './sealed-answers.ts'

export type CustomersGround = Pick<
  Platform,
  'commit' | 'read' | 'clock' | 'sandboxCard' | 'publicUrl' | 'vault' | 'sealsAnswers'
>

/** What customers and their cards stand on. There is no live rail yet, so the live books take no cards. */
export const customersDoorOf = ({
  commit,
  read,
  clock,
  sandboxCard,
  publicUrl,
  vault,
  sealsAnswers,
}: CustomersGround): CustomersDoor => ({
  commit: sealAnswers(commit, vault, sealsAnswers),
  read,
  clock,
  railOf: (mode) => (mode === 'test' ? sandboxCard.rail : null),
  hasTestClock: (tenant, id) => hasTestClock(read, tenant, id),
  expanders: { ...customersExpanders, ...clockExpanders },
  publicUrl: publicUrl.get,
})
