import { createHash } from 'node:crypto'
import {
  type AppendOnly,
  columns,
  eachKey,
  expectRows,
  type RawRow,
  type Statement,
  type Table,
  type Writer,
} from '../../database/index.ts'
import { assert, type Micros, type TenantId, type Uuid } from '../../kit/index.ts'
import type { Release } from '../core/model.ts'

const HEX = 16

/**
 * A name-based UUID: currency and moment are the release, in every process, so whoever adds to it need not look for it.
 */
export const releaseId = (currency: string, availableOnMicros: bigint): Uuid => {
  const hex = createHash('sha256').update(`evenkeel release ${currency} ${availableOnMicros}`).digest('hex')
  const variant = ((Number.parseInt(hex.slice(16, 17), HEX) & 0x3) | 0x8).toString(HEX)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}` as Uuid
}

/** What one movement adds, or takes away, from what becomes available at its moment. */
export type ReleaseChange = {
  readonly currency: string
  readonly availableOnMicros: bigint
  readonly amount: bigint
  readonly createdMicros: Micros
}

export const releaseChanges: AppendOnly<ReleaseChange> = { name: 'release changes' }

const COLUMNS = 'r.id::text, r.created_micros, r.currency, r.available_on_micros, r.amount, r.state'

export const readRelease = (raw: RawRow): Release => {
  const [id, created, currency, availableOn, amount, state] = raw
  return {
    id: id as Uuid,
    createdMicros: created as bigint,
    currency: currency as string,
    availableOnMicros: availableOn as bigint,
    amount: amount as bigint,
    state: state as Release['state'],
  }
}

/** By id. Nothing stays in memory: amounts are added to without being read. */
export const releasesTable: Table<Release> = {
  name: 'payments.releases',
  keep: { most: 0 },
  load: (tenant, keys) => ({
    name: 'payments_releases_load',
    text: `select found.* from ${eachKey(
      'uuid',
      `select ${COLUMNS} from payments.releases r where r.tenant = $1 and r.id = wanted.key`,
    )}`,
    values: [tenant, columns.uuid(keys as readonly Uuid[])],
  }),
  read: (raw) => {
    const row = readRelease(raw)
    return { key: row.id, row }
  },
}

const sumUp = (changes: readonly ReleaseChange[]): (ReleaseChange & { readonly id: Uuid })[] => {
  const sums = new Map<string, ReleaseChange>()
  for (const change of changes) {
    const key = `${change.currency} ${change.availableOnMicros}`
    const before = sums.get(key)
    sums.set(key, before === undefined ? change : { ...before, amount: before.amount + change.amount })
  }
  return [...sums.values()].map((sum) => ({ ...sum, id: releaseId(sum.currency, sum.availableOnMicros) }))
}

/** A release that has happened is not added to: such a statement touches fewer rows than it was given, and fails. */
const addStatement = (tenant: TenantId, changes: readonly ReleaseChange[]): Statement => {
  const sums = sumUp(changes)
  return {
    name: 'payments_releases_add',
    text: `with added as (
             insert into payments.releases as r
               (tenant, id, created_micros, currency, available_on_micros, amount, state)
             select $1, id, created_micros, currency, available_on_micros, amount, 'waiting'
               from unnest($2::uuid[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[])
                 as n (id, created_micros, currency, available_on_micros, amount)
             on conflict (tenant, id) do update set amount = r.amount + excluded.amount where r.state = 'waiting'
             returning 1
           ) select ${expectRows('select count(*) from added', '$7')}`,
    values: [
      tenant,
      columns.uuid(sums.map(({ id }) => id)),
      columns.bigint(sums.map(({ createdMicros }) => createdMicros)),
      columns.text(sums.map(({ currency }) => currency)),
      columns.bigint(sums.map(({ availableOnMicros }) => availableOnMicros)),
      columns.bigint(sums.map(({ amount }) => amount)),
      sums.length,
    ],
  }
}

/** A release happens with the amount that the unit saw, or not at all. */
const releaseStatement = (tenant: TenantId, rows: readonly Release[]): Statement => ({
  name: 'payments_releases_release',
  text: `with released as (
           update payments.releases r set state = n.state
             from unnest($2::uuid[], $3::text[], $4::bigint[]) as n (id, state, amount)
            where r.tenant = $1 and r.id = n.id and r.amount = n.amount returning 1
         ) select ${expectRows('select count(*) from released', '$5')}`,
  values: [
    tenant,
    columns.uuid(rows.map(({ id }) => id)),
    columns.text(rows.map(({ state }) => state)),
    columns.bigint(rows.map(({ amount }) => amount)),
    rows.length,
  ],
})

export const writeReleases: Writer = (tenant, written) => {
  assert(written.inserted(releasesTable).length === 0, 'releases are made by what is added to them')
  const added = written.appended(releaseChanges)
  const updated = written.updated(releasesTable).map(({ after }) => after)
  return [
    ...(added.length > 0 ? [addStatement(tenant, added)] : []),
    ...(updated.length > 0 ? [releaseStatement(tenant, updated)] : []),
  ]
}
