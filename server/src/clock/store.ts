import { defineRecords, type RawRow, type Statement, type Table, type Writer } from '../database/index.ts'
import type { TenantId, Uuid } from '../kit/index.ts'
import type { ClockRow, Hand } from './core/model.ts'

export const clocks = defineRecords<ClockRow>({
  table: 'clock.clocks',
  columns: [{ name: 'held', type: 'boolean', of: ({ held }) => held, changes: true }],
  bigints: ['frozenMicros', 'targetMicros'],
})

/** A tenant has one. */
export const HAND = 'hand'

const readHand = ([clock, leader, lease]: RawRow): Hand => ({
  clock: clock as Uuid | null,
  leader: leader as Uuid | null,
  leaseUntilMs: lease === null ? null : Number(lease as bigint),
})

const findHand = (tenant: TenantId): Statement => ({
  name: 'clock_hand',
  text: 'select clock::text, leader::text, lease_until_ms from clock.hands where tenant = $1',
  values: [tenant],
})

export const hands: Table<Hand> = {
  name: 'clock.hands',
  load: (tenant) => findHand(tenant),
  read: (raw) => ({ key: HAND, row: readHand(raw) }),
}

const writeHands: Writer = (tenant, written) => {
  const changed = [...written.inserted(hands), ...written.updated(hands).map(({ after }) => after)]
  return changed.map(({ clock, leader, leaseUntilMs }) => ({
    name: 'clock_hand_write',
    text: `insert into clock.hands as h (tenant, clock, leader, lease_until_ms) values ($1, $2, $3, $4)
           on conflict (tenant) do update
              set clock = excluded.clock, leader = excluded.leader, lease_until_ms = excluded.lease_until_ms`,
    values: [tenant, clock, leader, leaseUntilMs === null ? null : BigInt(Math.floor(leaseUntilMs))],
  }))
}

export const writeClocks: Writer = (tenant, written) => [
  ...clocks.write(tenant, written),
  ...writeHands(tenant, written),
]
