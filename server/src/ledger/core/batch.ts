import type { Micros } from '../../kit/index.ts'
import type { Books } from './books.ts'

type Command = { readonly flags: number; readonly timeMicros: Micros }

type SharedStatus =
  | 'created'
  | 'linked_event_chain_open'
  | 'linked_event_failed'
  | 'imported_event_expected'
  | 'imported_event_not_expected'
  | 'timestamp_must_be_zero'
  | 'imported_event_timestamp_out_of_range'
  | 'imported_event_timestamp_must_not_advance'

const LINKED = 1
const TIME_MAX: Micros = 9_223_372_036_854_775_806n

/** The checks of time that come before any check of ids; undefined when the command passes them. */
const refuseTime = (command: Command, imported: boolean, now: Micros): SharedStatus | undefined => {
  if (!imported) return command.timeMicros === 0n ? undefined : 'timestamp_must_be_zero'
  if (command.timeMicros < 1n || command.timeMicros > TIME_MAX) return 'imported_event_timestamp_out_of_range'
  if (command.timeMicros >= now) return 'imported_event_timestamp_must_not_advance'
  return undefined
}

/**
 * One request's commands, in order, each seeing the effects of those before it. A run of commands with the flag
 * `linked` and the command after it are a chain: they succeed or fail as one. Chains and the rule that a batch is
 * imported wholly or not at all never reach past the request.
 *
 * `onRefused` is called after the chain of a refused command was undone, so what it writes stays.
 */
export const decideBatch = <C extends Command, S extends string>(
  books: Books,
  commands: readonly C[],
  options: {
    readonly importedFlag: number
    readonly create: (command: C) => S | SharedStatus
    readonly onRefused: (command: C, status: S | SharedStatus) => void
  },
): (S | SharedStatus)[] => {
  const statuses: (S | SharedStatus)[] = []
  const importedBatch = ((commands[0]?.flags ?? 0) & options.importedFlag) !== 0
  let chainStart = -1
  let chainMark = 0
  let chainBroken = false

  const decideOne = (command: C, last: boolean): S | SharedStatus => {
    const linked = (command.flags & LINKED) !== 0
    if (linked && last) return 'linked_event_chain_open'
    if (chainBroken) return 'linked_event_failed'
    const imported = (command.flags & options.importedFlag) !== 0
    if (imported !== importedBatch)
      return importedBatch ? 'imported_event_expected' : 'imported_event_not_expected'
    return refuseTime(command, imported, books.now) ?? options.create(command)
  }

  for (const [index, command] of commands.entries()) {
    const linked = (command.flags & LINKED) !== 0
    if (linked && chainStart < 0) {
      chainStart = index
      chainMark = books.mark()
    }
    const status = decideOne(command, index === commands.length - 1)
    statuses.push(status)
    if (status !== 'created') {
      if (chainStart >= 0 && !chainBroken) {
        chainBroken = true
        books.rollback(chainMark)
        statuses.fill('linked_event_failed', chainStart, index)
      }
      options.onRefused(command, status)
    }
    if (chainStart >= 0 && (!linked || status === 'linked_event_chain_open')) {
      chainStart = -1
      chainBroken = false
    }
  }
  return statuses
}
