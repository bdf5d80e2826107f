import type { Logger } from 'pino'
import { faultToAnswer } from '../database/index.ts'
import { type Fault, SetupProblem } from '../kit/index.ts'

const RUNBOOK_OF_DAMAGE = 'docs/runbooks/damaged-page.md'

const causeOf = ({ cause }: Fault): string => (cause instanceof Error ? cause.message : String(cause))

/** What a request that met this error is answered with. Damage is told to whoever runs the server as well, each time. */
export const createFaultOf =
  (log: Pick<Logger, 'error'>) =>
  (error: unknown): Fault | null => {
    const fault = faultToAnswer(error)
    if (fault?.code === 'database_damaged')
      log.error(
        { error: causeOf(fault) },
        `a page of the database is damaged, and is not read: see ${RUNBOOK_OF_DAMAGE}`,
      )
    return fault
  }

/** The same for somebody at a terminal: what is wrong, and what to do. Any other error stays what it is. */
export const toldToOperator = (error: unknown): unknown => {
  const fault = faultToAnswer(error)
  if (fault?.code === 'database_damaged')
    return new SetupProblem(
      `A page of the database is damaged: ${causeOf(fault)}`,
      `Nothing was given out of it, and nothing was changed. Keep the folder as it is and restore a backup into a new one, as ${RUNBOOK_OF_DAMAGE} says.`,
      { cause: fault.cause },
    )
  if (fault?.code === 'database_full')
    return new SetupProblem(
      `The disk of the database is full: ${causeOf(fault)}`,
      'Free some space there, as docs/runbooks/disk-full.md says, and run it again.',
      { cause: fault.cause },
    )
  return error
}

/** Does the work, and tells of damage and of a full disk in the operator's words. */
export const tellingOperator = async <Value>(work: () => Promise<Value>): Promise<Value> => {
  try {
    return await work()
  } catch (error) {
    throw toldToOperator(error)
  }
}
