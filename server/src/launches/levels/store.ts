import {
  type AppendOnly,
  columns,
  defineRecords,
  type RawRow,
  type Statement,
  type Writer,
} from '../../database/index.ts'
import type { Micros, TenantId, Uuid } from '../../kit/index.ts'
import { BUDGET_MINUTES, type Counted, type Level, SLOT_MINUTES, WINDOWS } from '../core/levels/levels.ts'

export type LevelRow = Level & { readonly id: Uuid; readonly createdMicros: Micros }

/** By its name: a tenant has each once. */
export const levels = defineRecords<LevelRow>({
  table: 'launches.service_levels',
  columns: [{ name: 'name', type: 'text', of: ({ name }) => name }],
  bigints: [],
  key: { column: 'name', of: ({ name }) => name },
})

export const findLevels = (tenant: TenantId): Statement => ({
  name: 'launches_service_levels',
  text: 'select id::text, created_micros, body::text from launches.service_levels where tenant = $1 order by name',
  values: [tenant],
})

export type SlotCount = Counted & { readonly level: string; readonly slot: number }

export const slotCounts: AppendOnly<SlotCount> = { name: 'launches.service_slots' }

const writeSlots: Writer = (tenant, written) => {
  const sums = new Map<string, SlotCount>()
  for (const each of written.appended(slotCounts)) {
    const key = `${each.level} ${each.slot}`
    const sum = sums.get(key) ?? { ...each, good: 0, bad: 0 }
    sums.set(key, { ...sum, good: sum.good + each.good, bad: sum.bad + each.bad })
  }
  const rows = [...sums.values()]
  if (rows.length === 0) return []
  return [
    {
      name: 'launches_service_slots_add',
      text: `insert into launches.service_slots as s (tenant, level, slot, good, bad)
             select $1, n.* from unnest($2::text[], $3::integer[], $4::bigint[], $5::bigint[]) as n
             on conflict (tenant, level, slot) do update
                set good = s.good + excluded.good, bad = s.bad + excluded.bad`,
      values: [
        tenant,
        columns.text(rows.map(({ level }) => level)),
        columns.integer(rows.map(({ slot }) => slot)),
        columns.bigint(rows.map(({ good }) => BigInt(good))),
        columns.bigint(rows.map(({ bad }) => BigInt(bad))),
      ],
    },
  ]
}

export const slotOf = (seconds: number): number => Math.floor(seconds / (SLOT_MINUTES * 60))

/** All spans that windows and the budget are of. */
const SPANS: readonly number[] = [
  ...new Set([
    ...WINDOWS.flatMap(({ longMinutes, shortMinutes }) => [longMinutes, shortMinutes]),
    BUDGET_MINUTES,
  ]),
]

/** What was counted of each level in each of the spans up to a moment: a slot of five minutes counts in full. */
export const sumSlots = (tenant: TenantId, nowSeconds: number): Statement => ({
  name: 'launches_service_slots_sum',
  text: `select s.level, ${SPANS.map((minutes) => {
    const since = `s.slot > $2 - ${minutes / SLOT_MINUTES}`
    return `(sum(s.good) filter (where ${since}))::bigint, (sum(s.bad) filter (where ${since}))::bigint`
  }).join(', ')}
           from launches.service_slots s
          where s.tenant = $1 and s.slot > $2 - ${BUDGET_MINUTES / SLOT_MINUTES} and s.slot <= $2
          group by s.level`,
  values: [tenant, slotOf(nowSeconds)],
})

export type Sums = (level: string, minutes: number) => Counted

export const readSums = (rows: readonly RawRow[]): Sums => {
  const byLevel = new Map(rows.map(([level, ...counts]) => [level as string, counts]))
  return (level, minutes) => {
    const counts = byLevel.get(level) ?? []
    const place = SPANS.indexOf(minutes) * 2
    const at = (index: number): number => Number((counts[index] as bigint | null | undefined) ?? 0n)
    return { good: at(place), bad: at(place + 1) }
  }
}

export const writeLevels: readonly Writer[] = [levels.write, writeSlots]
