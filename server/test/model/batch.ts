import type { Fact, Journal } from './journal.ts'

/** One request: its chains, and the rule that all of it is imported or nothing of it. */

type Event = { readonly flags: readonly string[]; readonly timeMicros: bigint }

/** The refusals that come before any look at the event's own content. */
type BatchStatus =
  | 'linked_event_chain_open'
  | 'linked_event_failed'
  | 'imported_event_expected'
  | 'imported_event_not_expected'
  | 'timestamp_must_be_zero'
  | 'imported_event_timestamp_out_of_range'
  | 'imported_event_timestamp_must_not_advance'

export type Judgement<Status> = {
  readonly status: Status
  /** What to write down if the event stands. */
  readonly fact: Fact | null
  /** What stays written down even if the chain around the event is taken back. */
  readonly scar: Fact | null
}

export type Batch<Command, Status> = {
  readonly journal: Journal
  readonly commands: readonly Command[]
  /** The moment of the next event: never the same twice. */
  readonly tick: () => bigint
  readonly judge: (command: Command, timeMicros: bigint) => Judgement<Status>
}

const isLinked = (event: Event): boolean => event.flags.includes('linked')
const isImported = (event: Event): boolean => event.flags.includes('imported')

type Chain<Command> = { readonly members: readonly Command[]; readonly open: boolean }

/** A chain is a run of linked events and the one after them; it is open when the batch ends before that one. */
export const chainsOf = <Command extends Event>(commands: readonly Command[]): readonly Chain<Command>[] => {
  const chains: Chain<Command>[] = []
  let members: Command[] = []
  for (const command of commands) {
    members.push(command)
    if (isLinked(command)) continue
    chains.push({ members, open: false })
    members = []
  }
  if (members.length > 0) chains.push({ members, open: true })
  return chains
}

const checkTime = (event: Event, batchIsImported: boolean, nowMicros: bigint): BatchStatus | null => {
  if (isImported(event) !== batchIsImported) {
    return batchIsImported ? 'imported_event_expected' : 'imported_event_not_expected'
  }
  if (!batchIsImported) return event.timeMicros === 0n ? null : 'timestamp_must_be_zero'
  if (event.timeMicros <= 0n) return 'imported_event_timestamp_out_of_range'
  if (event.timeMicros >= nowMicros) return 'imported_event_timestamp_must_not_advance'
  return null
}

export const runBatch = <Command extends Event, Status extends string>(
  batch: Batch<Command, Status>,
): (Status | BatchStatus)[] => {
  const { journal, commands, tick, judge } = batch
  const batchIsImported = commands[0] !== undefined && isImported(commands[0])

  const judgeMember = (command: Command): Judgement<Status | BatchStatus> => {
    const nowMicros = tick()
    const status = checkTime(command, batchIsImported, nowMicros)
    if (status !== null) return { status, fact: null, scar: null }
    return judge(command, batchIsImported ? command.timeMicros : nowMicros)
  }

  /** Runs members until one fails. Then none has happened, and only that one and the open end say why. */
  const runChain = ({ members, open }: Chain<Command>): (Status | BatchStatus)[] => {
    const start = journal.length
    for (const [place, command] of members.entries()) {
      const endsOpen = open && place === members.length - 1
      const judged = endsOpen ? null : judgeMember(command)
      if (judged !== null && judged.fact !== null) {
        journal.append(judged.fact)
        continue
      }
      journal.cutTo(start)
      if (judged !== null && judged.scar !== null) journal.append(judged.scar)
      return members.map((_, other) => {
        if (open && other === members.length - 1) return 'linked_event_chain_open'
        return other === place && judged !== null ? judged.status : 'linked_event_failed'
      })
    }
    return members.map(() => 'created' as Status)
  }

  return chainsOf(commands).flatMap(runChain)
}
