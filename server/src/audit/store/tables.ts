import {
  type AppendOnly,
  columns,
  expectRows,
  type RawRow,
  type Statement,
  type Table,
  type Writer,
} from '../../database/index.ts'
import type { TenantId } from '../../kit/index.ts'
import { type ChainHead, NO_HEAD } from '../core/entry.ts'
import type { AuditEntry } from '../core/model.ts'

/** A tenant has one. */
export const HEAD = 'head'

export const findHead = (tenant: TenantId): Statement => ({
  name: 'audit_head',
  text: 'select position, hash from audit.heads where tenant = $1',
  values: [tenant],
})

export const readHead = (raw: RawRow | undefined): ChainHead =>
  raw === undefined ? NO_HEAD : { position: Number(raw[0] as bigint), hash: raw[1] as string }

export const heads: Table<ChainHead> = {
  name: 'audit.heads',
  load: (tenant) => findHead(tenant),
  read: (raw) => ({ key: HEAD, row: readHead(raw) }),
  // One row for each tenant, and every act continues it.
  keep: { most: 1 },
}

export type EntryRow = { readonly entry: AuditEntry; readonly content: string }

/** Acts are added and never read by a unit. */
export const entries: AppendOnly<EntryRow> = { name: 'audit.entries' }

const INSERT = `
insert into audit.entries (tenant, position, id, created_micros, action, subject, previous_hash, hash, content)
select $1, position, id, created_micros, action, subject, previous_hash, hash, content
  from unnest($2::bigint[], $3::uuid[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
    as n (position, id, created_micros, action, subject, previous_hash, hash, content)`

const insertEntries = (tenant: TenantId, rows: readonly EntryRow[]): Statement => {
  const all = rows.map(({ entry }) => entry)
  return {
    name: 'audit_entries_insert',
    text: INSERT,
    values: [
      tenant,
      columns.bigint(all.map(({ position }) => BigInt(position))),
      columns.uuid(all.map(({ id }) => id)),
      columns.bigint(all.map(({ createdMicros }) => createdMicros)),
      columns.text(all.map(({ action }) => action)),
      columns.text(all.map(({ subject }) => subject)),
      columns.text(all.map(({ previousHash }) => previousHash)),
      columns.text(all.map(({ hash }) => hash)),
      columns.text(rows.map(({ content }) => content)),
    ],
  }
}

/** The chain goes on from the very head that the batch has seen, or the transaction ends. */
const moveHead = (tenant: TenantId, before: ChainHead, after: ChainHead): Statement => ({
  name: 'audit_head_move',
  text: `with moved as (
           update audit.heads set position = $2, hash = $3 where tenant = $1 and position = $4 and hash = $5 returning 1
         ) select ${expectRows('select count(*) from moved', '$6')}`,
  values: [tenant, BigInt(after.position), after.hash, BigInt(before.position), before.hash, 1],
})

const firstHead = (tenant: TenantId, head: ChainHead): Statement => ({
  name: 'audit_head_first',
  text: 'insert into audit.heads (tenant, position, hash) values ($1, $2, $3)',
  values: [tenant, BigInt(head.position), head.hash],
})

const writeEntries: Writer = (tenant, written) => {
  const rows = written.appended(entries)
  return [
    ...(rows.length === 0 ? [] : [insertEntries(tenant, rows)]),
    ...written.inserted(heads).map((head) => firstHead(tenant, head)),
    ...written.updated(heads).map(({ before, after }) => moveHead(tenant, before, after)),
  ]
}

export const writeAudit: readonly Writer[] = [writeEntries]
