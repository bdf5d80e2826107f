import type { ClientBase, Pool } from 'pg'
import { type Actor, declareAudit, recordAct, writeAudit } from '../audit/index.ts'
import { type Draft, type RawRow, type Read, writeAsOwner } from '../database/index.ts'
import type { Person } from '../http/index.ts'
import { newUuid, parseId, showId, type TenantId, type Uuid, type WallClock } from '../kit/index.ts'
import { PERSON_PREFIX, PERSON_ROLES, type PersonRole, type PersonRow } from './core/model.ts'
import { isPersonName, nameKeyOf } from './core/name.ts'
import { type Refused, refuse } from './core/reasons.ts'
import { PEOPLE_LISTED, PEOPLE_MOST } from './limits.ts'
import { people } from './store.ts'

type Tenant = { readonly id: TenantId; readonly name: string; readonly mode: 'live' | 'test' }
type KeyMade = { readonly ok: true; readonly key: { readonly id: string }; readonly text: string }

/** Keys, as the tenants make them, in the same transaction of the owner. */
export type KeysOfPeople<Held extends Tenant> = {
  readonly holdTenant: (owner: ClientBase, name: string) => Promise<Held | null>
  readonly make: (
    owner: ClientBase,
    tenant: Held,
    whose: { readonly id: Uuid; readonly name: string; readonly nowMs: number },
  ) => Promise<KeyMade | Refused>
  readonly end: (owner: ClientBase, tenant: Held, person: Uuid) => Promise<readonly string[]>
}

export type PeopleOptions<Held extends Tenant> = {
  /** A transaction of the role that owns all tables. */
  readonly inTransaction: <Value>(work: (owner: ClientBase) => Promise<Value>) => Promise<Value>
  readonly keys: KeysOfPeople<Held>
  readonly tenants: () => Promise<readonly { readonly id: TenantId; readonly name: string }[]>
  readonly read: Read
  readonly reader: Pool
  readonly clock: WallClock
  /** Who adds and removes people, for the audit log. */
  readonly actor: Actor
}

/** A person as the command line shows him. */
export type ListedPerson = Person & {
  readonly tenantName: string
  readonly removedMs: number | null
}

export type PersonAdded = {
  readonly ok: true
  readonly person: ListedPerson
  /** Of his key: shown this once. */
  readonly text: string
  readonly keyId: string
  readonly mode: 'live' | 'test'
}
export type PersonRemoved = {
  readonly ok: true
  readonly person: ListedPerson
  readonly wasRemoved: boolean
}

export type PersonWanted = { readonly tenant: string; readonly name: string; readonly role: string }

export type People = {
  readonly add: (wanted: PersonWanted) => Promise<PersonAdded | Refused>
  /** Of the tenant of that name, or of all. */
  readonly list: (tenantName: string | null) => Promise<readonly ListedPerson[]>
  readonly remove: (shownId: string) => Promise<PersonRemoved | Refused>
  /** A new key; the old one ends. */
  readonly renewKey: (shownId: string) => Promise<PersonAdded | Refused>
  /** For authentication: null where he was removed. */
  readonly find: (tenant: TenantId, id: Uuid) => Promise<Person | null>
}

const personOf = ({ id, name, role, addedMs }: PersonRow): Person => ({
  id: showId(PERSON_PREFIX, id),
  name,
  role,
  createdMs: addedMs,
})

const listedOf = (row: PersonRow, tenantName: string): ListedPerson => ({
  ...personOf(row),
  tenantName,
  removedMs: row.removedMs,
})

const roleOf = (text: string): PersonRole | null => PERSON_ROLES.find((role) => role === text) ?? null

/** What is recorded of a person. */
const recordOf = ({ name, role }: PersonRow) => ({ name, role })

const isThere = async (owner: ClientBase, tenant: TenantId, name: string): Promise<boolean> => {
  const { rowCount } = await owner.query(
    'select from people.people where tenant = $1 and name_key = $2 and not removed',
    [tenant, nameKeyOf(name)],
  )
  return rowCount !== 0
}

const hasRoom = async (owner: ClientBase, tenant: TenantId): Promise<boolean> => {
  const { rowCount } = await owner.query(
    'select from people.people where tenant = $1 and not removed limit $2',
    [tenant, PEOPLE_MOST],
  )
  return (rowCount ?? 0) < PEOPLE_MOST
}

const writing = <Value>(owner: ClientBase, tenant: TenantId, id: Uuid, decide: (draft: Draft) => Value) =>
  writeAsOwner(owner, tenant, {
    writers: [people.write, ...writeAudit],
    reads: [
      (declare) => {
        declareAudit(declare)
        declare(people.table, id)
      },
    ],
    decide,
  })

const add = async <Held extends Tenant>(
  { inTransaction, keys, clock, actor }: PeopleOptions<Held>,
  wanted: PersonWanted,
): Promise<PersonAdded | Refused> => {
  const name = wanted.name.trim()
  const role = roleOf(wanted.role)
  if (!isPersonName(name)) return refuse('person_name_invalid')
  if (role === null) return refuse('person_role_unknown', wanted.role)
  const nowMs = clock.now()
  const id = newUuid(nowMs)
  return inTransaction(async (owner) => {
    const tenant = await keys.holdTenant(owner, wanted.tenant)
    if (tenant === null) return refuse('person_tenant_missing', wanted.tenant)
    if (await isThere(owner, tenant.id, name)) return refuse('person_exists', name)
    if (!(await hasRoom(owner, tenant.id))) return refuse('people_too_many', tenant.name)
    const made = await keys.make(owner, tenant, { id, name, nowMs })
    if (!made.ok) return made
    const row = await writing(owner, tenant.id, id, (draft) => {
      const added = {
        id,
        createdMicros: draft.nextTime(),
        name,
        role,
        addedMs: draft.wallMs,
        removedMs: null,
      }
      draft.put(people.table, id, added)
      const after = { ...recordOf(added), key: made.key.id }
      const subject = showId(PERSON_PREFIX, id)
      const act = { actor, action: 'person.added', subject, reason: null, before: null, after }
      recordAct(draft, act, { anchor: true })
      return added
    })
    const person = listedOf(row, tenant.name)
    return { ok: true, person, text: made.text, keyId: made.key.id, mode: tenant.mode }
  })
}

type Found = { readonly row: PersonRow; readonly tenantName: string }

const COLUMNS = 'tenant, id::text, created_micros, body::text'

const select = async <Held extends Tenant>(
  { reader, tenants }: PeopleOptions<Held>,
  where: string,
  values: readonly unknown[],
): Promise<readonly Found[]> => {
  const names = new Map((await tenants()).map(({ id, name }) => [id, name]))
  const { rows } = await reader.query<unknown[]>({
    text: `select ${COLUMNS} from people.people ${where} order by id desc limit ${PEOPLE_LISTED}`,
    values: [...values],
    rowMode: 'array',
  })
  return rows.map(([tenant, ...raw]) => ({
    row: people.read(raw as RawRow),
    tenantName: names.get(tenant as TenantId) ?? '',
  }))
}

const list = async <Held extends Tenant>(
  options: PeopleOptions<Held>,
  tenantName: string | null,
): Promise<readonly ListedPerson[]> => {
  const tenant = (await options.tenants()).find(({ name }) => name === tenantName)
  if (tenantName !== null && tenant === undefined) return []
  const found =
    tenant === undefined
      ? await select(options, '', [])
      : await select(options, 'where tenant = $1', [tenant.id])
  return found.map(({ row, tenantName: name }) => listedOf(row, name))
}

type Changing<Held> = {
  readonly owner: ClientBase
  readonly tenant: Held
  readonly row: PersonRow
  readonly person: ListedPerson
}

/** Finds a person by his id, whatever his tenant, and changes him in a transaction that holds that tenant. */
const change = async <Held extends Tenant, Value>(
  options: PeopleOptions<Held>,
  shownId: string,
  work: (changing: Changing<Held>) => Promise<Value>,
): Promise<Value | Refused> => {
  const id = parseId(PERSON_PREFIX, shownId)
  const [found] = id === null ? [] : await select(options, 'where id = $1', [id])
  if (found === undefined) return refuse('person_missing', shownId)
  return options.inTransaction(async (owner) => {
    const tenant = await options.keys.holdTenant(owner, found.tenantName)
    if (tenant === null) return refuse('person_missing', shownId)
    // As it is now that nobody else changes it.
    const row = await writing(owner, tenant.id, found.row.id, (draft) =>
      draft.get(people.table, found.row.id),
    )
    if (row === undefined) return refuse('person_missing', shownId)
    return work({ owner, tenant, row, person: listedOf(row, tenant.name) })
  })
}

const remove = <Held extends Tenant>(
  options: PeopleOptions<Held>,
  shownId: string,
): Promise<PersonRemoved | Refused> =>
  change(options, shownId, async ({ owner, tenant, row, person }) => {
    if (row.removedMs !== null) return { ok: true, person, wasRemoved: true }
    const ended = await options.keys.end(owner, tenant, row.id)
    const removed = await writing(owner, tenant.id, row.id, (draft) => {
      const after: PersonRow = { ...row, removedMs: draft.wallMs }
      draft.put(people.table, row.id, after)
      const before = { ...recordOf(row), keys: ended }
      const act = { actor: options.actor, action: 'person.removed', subject: person.id, reason: null }
      recordAct(draft, { ...act, before, after: null }, { anchor: true })
      return after
    })
    return { ok: true, person: listedOf(removed, tenant.name), wasRemoved: false }
  })

const renewKey = <Held extends Tenant>(
  options: PeopleOptions<Held>,
  shownId: string,
): Promise<PersonAdded | Refused> =>
  change(options, shownId, async ({ owner, tenant, row, person }) => {
    if (row.removedMs !== null) return refuse('person_removed', row.name)
    const ended = await options.keys.end(owner, tenant, row.id)
    const made = await options.keys.make(owner, tenant, {
      id: row.id,
      name: row.name,
      nowMs: options.clock.now(),
    })
    if (!made.ok) return made
    await writing(owner, tenant.id, row.id, (draft) => {
      const act = { actor: options.actor, action: 'person.key_changed', subject: person.id, reason: null }
      recordAct(draft, { ...act, before: { keys: ended }, after: { key: made.key.id } }, { anchor: true })
    })
    return { ok: true, person, text: made.text, keyId: made.key.id, mode: tenant.mode }
  })

export const createPeople = <Held extends Tenant>(options: PeopleOptions<Held>): People => ({
  add: (wanted) => add(options, wanted),
  list: (tenantName) => list(options, tenantName),
  remove: (shownId) => remove(options, shownId),
  renewKey: (shownId) => renewKey(options, shownId),
  find: findPersonOver(options.read),
})

/** Whose key it is, for authentication. */
export const findPersonOver =
  (read: Read): People['find'] =>
  async (tenant, id) => {
    const [rows = []] = await read(tenant, [people.find(tenant, [id])])
    const row = rows[0] === undefined ? null : people.read(rows[0])
    return row === null || row.removedMs !== null ? null : personOf(row)
  }
