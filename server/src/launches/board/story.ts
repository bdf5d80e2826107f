import type { Approval, Launch, Tally, Watch } from '../core/model.ts'
import { exposure } from './words.ts'

const MICROS_PER_SECOND = 1_000_000

const seconds = (micros: number): number => Math.floor(micros / MICROS_PER_SECOND)

/** What went one way since the launch was first started. */
const armOf = (tally: Tally | null) => ({
  payments: tally?.allAttempts ?? 0,
  succeeded: tally?.allSucceeded ?? 0,
  amount: tally?.attemptedAmount ?? 0,
  succeeded_amount: tally?.succeededAmount ?? 0,
  declined_amount: tally?.declinedAmount ?? 0,
  refunded_amount: tally?.refundedAmount ?? 0,
  disputed_amount: tally?.disputedAmount ?? 0,
})

type Event = { readonly at: number; readonly text: string }

const exposureIn = ({ content }: Launch, stage: number): string => {
  const found = content.stages[stage]
  if (found === undefined) return 'nobody'
  return found.exposure_bp === 0
    ? `${found.named_units.length} named accounts`
    : `${exposure(found.exposure_bp)} of volume`
}

const names = (approvals: readonly Approval[]): string =>
  approvals.map(({ name, role }) => `${name} (${role})`).join(', ')

/** A stage that is behind ended with the last of its approvals. */
const ends = (launch: Launch): Event[] => {
  const isDone = launch.status === 'completed'
  return launch.content.stages.flatMap((_, stage) => {
    const given = launch.approvals.filter((approval) => approval.stage === stage)
    if (given.length === 0 || (stage >= launch.stage && !isDone)) return []
    const at = seconds(Math.max(...given.map(({ signedMicros }) => signedMicros)))
    const next = stage + 1 < launch.content.stages.length
    const to = next ? `Raised to ${exposureIn(launch, stage + 1)}` : 'Completed'
    return [{ at, text: `${to}, approved by ${names(given)}.` }]
  })
}

const STOPS: Readonly<Record<string, string>> = {
  held: 'Held',
  rolling_back: 'Stopped: exposure set to zero',
  rolled_back: 'Stopped: exposure set to zero',
}

const stop = ({ stopped, status }: Launch): Event[] =>
  stopped === null
    ? []
    : [
        {
          at: seconds(stopped.atMicros),
          text: `${STOPS[status] ?? 'Stopped'} by ${stopped.by}: ${stopped.reason}`,
        },
      ]

/** What happened, in the order of time. */
const eventsOf = (launch: Launch): Event[] => [
  { at: seconds(Number(launch.createdMicros)), text: 'Proposed.' },
  ...(launch.startedMicros === null
    ? []
    : [{ at: seconds(launch.startedMicros), text: `Started with ${exposureIn(launch, 0)}.` }]),
  ...ends(launch),
  ...stop(launch),
  ...(launch.incident === null
    ? []
    : [
        {
          at: seconds(launch.incident.openedMicros),
          text: `Incident opened: ${launch.incident.name}, owned by ${launch.incident.owner}.`,
        },
      ]),
]

/** The story so far, in money. */
export const storyOf = (launch: Launch, watch: Watch | null) => ({
  exposed: armOf(watch?.inAll.exposed ?? null),
  control: armOf(watch?.inAll.control ?? null),
  /** Every payment that went the launched way; GET /v1/charges?launch=… lists them. */
  affected_payments: watch?.inAll.exposed.allAttempts ?? 0,
  in_flight: watch?.inFlight ?? 0,
  no_unit: watch?.noUnit ?? 0,
  stopped:
    launch.stopped === null
      ? null
      : {
          at: seconds(launch.stopped.atMicros),
          by: launch.stopped.by,
          reason: launch.stopped.reason,
          metric: launch.stopped.metric,
        },
  events: eventsOf(launch).toSorted((one, other) => one.at - other.at),
})
