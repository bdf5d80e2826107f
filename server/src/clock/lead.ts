import { freezeClock, type Unit } from '../database/index.ts'
import type { Micros, TenantId, Uuid } from '../kit/index.ts'
import { addCounts, type ClockRow, type Counts, type Hand } from './core/model.ts'
import { LEASE_MS } from './limits.ts'
import { clocks, HAND, hands } from './store.ts'
import { handOf, heldClock, readsClock, setAdvanceTimer, tell } from './units.ts'

/** Which clock a process moves on, and as whom it does so. */
export type Lead = {
  readonly tenant: TenantId
  readonly clock: Uuid
  readonly leader: Uuid
  readonly deadlineMs: number
}

/** The clock as the leader's unit left it; null when somebody else leads by now, or there is nothing to lead. */
type Led = ClockRow | null

type Step = {
  readonly name: string
  readonly mayLead: (hand: Hand, wallMs: number) => boolean
  readonly change: (row: ClockRow) => { readonly row: ClockRow; readonly leads: boolean }
}

const isLeader =
  (lead: Lead) =>
  (hand: Hand): boolean =>
    hand.leader === lead.leader

/**
 * Each step of the leader is a unit that first looks whether it still leads: the head row's lock makes the steps of all
 * processes serial, so of two that believe they lead only one moves the clock.
 */
const leaderUnit = (lead: Lead, step: Step): Unit<Led> => ({
  tenant: lead.tenant,
  name: `clock.${step.name}`,
  items: 1,
  bytes: 0,
  deadlineMs: lead.deadlineMs,
  claim: null,
  duringAdvance: true,
  reads: readsClock(lead.clock),
  decide: (draft) => {
    const nothing = { kind: 'answer', answer: null, reply: null } as const
    const row = heldClock(draft, lead.clock)
    if (row === undefined || row.status !== 'advancing') {
      setAdvanceTimer(draft, lead.clock, null)
      return nothing
    }
    const hand = handOf(draft)
    if (!step.mayLead(hand, draft.wallMs)) {
      // Whoever was woken too early is woken again when the other's lease is over.
      setAdvanceTimer(draft, lead.clock, hand.leaseUntilMs ?? draft.wallMs)
      return nothing
    }
    const { row: changed, leads } = step.change(row)
    const isThere = changed.status !== 'advancing'
    if (isThere || changed.frozenMicros !== row.frozenMicros) {
      freezeClock(draft, { atMicros: changed.frozenMicros, isAdvancing: !isThere })
    }
    if (changed !== row) draft.put(clocks.table, row.id, changed)
    const leaseUntilMs = leads ? draft.wallMs + LEASE_MS : null
    draft.put(hands, HAND, { clock: row.id, leader: leads ? lead.leader : null, leaseUntilMs })
    setAdvanceTimer(draft, row.id, isThere ? null : (leaseUntilMs ?? draft.wallMs))
    if (isThere) tell(draft, changed.status === 'ready' ? 'ready' : 'internal_failure', changed)
    return { kind: 'answer', answer: changed, reply: null }
  },
})

/** Leads from here on, if nobody else does. */
export const takeLeadUnit = (lead: Lead): Unit<Led> =>
  leaderUnit(lead, {
    name: 'lead',
    mayLead: ({ leader, leaseUntilMs }, wallMs) =>
      leader === null || leader === lead.leader || leaseUntilMs === null || leaseUntilMs <= wallMs,
    change: (row) => ({ row, leads: true }),
  })

export const renewUnit = (lead: Lead): Unit<Led> =>
  leaderUnit(lead, {
    name: 'renew',
    mayLead: isLeader(lead),
    change: (row) => ({ row, leads: true }),
  })

const withCounts = (row: ClockRow, counts: Counts, stops: number): ClockRow =>
  row.report === null
    ? row
    : {
        ...row,
        report: {
          ...row.report,
          stops: row.report.stops + stops,
          counts: addCounts(row.report.counts, counts),
        },
      }

/** A process that stops leaves its work to the next one at once. */
export const resignUnit = (lead: Lead, counts: Counts): Unit<Led> =>
  leaderUnit(lead, {
    name: 'resign',
    mayLead: isLeader(lead),
    change: (row) => ({ row: withCounts(row, counts, 0), leads: false }),
  })

/** On to the next stop, with what was done at this one. */
export const moveUnit = (
  lead: Lead,
  stop: { readonly atMicros: Micros; readonly counts: Counts },
): Unit<Led> =>
  leaderUnit(lead, {
    name: 'move',
    mayLead: isLeader(lead),
    change: (row) => ({
      row: { ...withCounts(row, stop.counts, 1), frozenMicros: stop.atMicros },
      leads: true,
    }),
  })

/** There, or no further. */
export const arriveUnit = (
  lead: Lead,
  end: { readonly status: 'ready' | 'internal_failure'; readonly counts: Counts },
): Unit<Led> =>
  leaderUnit(lead, {
    name: 'arrive',
    mayLead: isLeader(lead),
    change: (row) => ({ row: { ...withCounts(row, end.counts, 0), status: end.status }, leads: false }),
  })
