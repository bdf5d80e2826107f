export { type ClaimSeen, findClaim, readClaimSeen } from './claim-rows.ts'
export {
  type ArchiveChoice,
  isArchiving,
  NO_ARCHIVE,
  readArchiveChoice,
  writeArchiveChoice,
} from './cluster/archiving.ts'
export { MAJOR as EMBEDDED_MAJOR } from './cluster/create.ts'
export { type Cluster, type ClusterOptions, ensureCluster } from './cluster/ensure-cluster.ts'
export { makeFolder } from './cluster/folders.ts'
export { hasCluster, type Layout, layOut } from './cluster/layout.ts'
export { type Lock, tryLock, waitForLock } from './cluster/lock.ts'
export { type Feeding, type Reach, type Recovery, recoverCluster } from './cluster/recover.ts'
export { readRestoreNote, removeRestoreNote } from './cluster/restore-note.ts'
export { type OwnersWork, writeAsOwner } from './commit/as-owner.ts'
export type { OnStage, Stage } from './commit/batch.ts'
export type { TenantClock } from './commit/clock-state.ts'
export { columns } from './commit/columns.ts'
export { type Commit, type CommitOptions, createCommit } from './commit/commit.ts'
export { type Connection, type Connections, connectionsOf, runAll } from './commit/connection.ts'
export type { Counters, Draft } from './commit/draft.ts'
export { type EventRow, emit } from './commit/events.ts'
export { BEGIN, COMMIT, readCounters, setTenant } from './commit/head.ts'
export type { ErrorClass } from './commit/recovery.ts'
export type { AppendOnly, Change, RawRow, Statement, Table, Writer, Written } from './commit/table.ts'
export { eachKey, eachPlace, expectRows, ofOne, orderOfOne } from './commit/table.ts'
export { freezeClock, readTenantTime, releaseClock, tenantTime } from './commit/tenant-clock.ts'
export { setTimer, type TimerChange } from './commit/timers.ts'
export type { Claim, Decision, Declare, Found, Outcome, Round, Step, Unit } from './commit/unit.ts'
export { type Access, type GivenUrls, prepareAccess } from './connect/access.ts'
export type { Address } from './connect/address.ts'
export {
  changeWithPasswords,
  type NewPasswords,
  refuseSharedRoles,
  type SessionAtWork,
  sessionsAtWork,
} from './connect/change-passwords.ts'
export { faultToAnswer } from './connect/database-fault.ts'
export { wrongHosts } from './connect/hosts.ts'
export { OWNER, roleUrl, withClient, withOwner } from './connect/owner.ts'
export { openPools, type PoolOptions, type Pools, queriesOver, readAs } from './connect/pools.ts'
export { primaryOf } from './connect/primary.ts'
export type { RolePasswords } from './connect/roles.ts'
export {
  type AtWork,
  olderAmong,
  olderReleases,
  parseSessionName,
  SESSIONS_AT_WORK,
  sessionName,
} from './connect/session-name.ts'
export { classifyError } from './connect/sqlstate.ts'
export { showUrl } from './connect/url.ts'
export {
  type EventHeader,
  type EventsPage,
  findEvents,
  findEventsByNumber,
  listEvents,
  newestEventNumber,
  readEventHeader,
  readEventHeaders,
  readEventParts,
  readEventRow,
} from './event-rows.ts'
export { dropAgedRows } from './migrate/aged-rows.ts'
export { MIGRATION_TABLES, readApplied } from './migrate/applied.ts'
export { readFloor, readTooOld, showTooOld, type TooOld } from './migrate/floor.ts'
export { migrate } from './migrate/migrate.ts'
export { dropAged, ensurePartitions } from './migrate/partitions.ts'
export { raiseFloor } from './migrate/raise-floor.ts'
export { createRead, type Read } from './read.ts'
export {
  defineRecords,
  type Filter,
  type RecordColumn,
  type RecordRow,
  type Records,
  type RecordsPage,
} from './records.ts'
export { examineDamage } from './settings/damage.ts'
export { examine, examineDisk, type Finding } from './settings/doctor.ts'
export { refusePowerfulRole, refuseUnsafeSettings } from './settings/refuse.ts'
export { type Aging, readSizes, sumOfRows, type TableSize } from './settings/sizes.ts'
export { readTenantDay, type TenantDay, tenantDay } from './tenant-day.ts'
export { createHead, holdBatches } from './tenants.ts'
export { nextReached, startTimerWorker, type TimerHandler, type TimerWorker } from './timers/worker.ts'
export { askRows } from './verify/ask.ts'
export { copyRows, fixedRows, type OnRow } from './verify/copy-rows.ts'
export { type HeadRow, readHeads } from './verify/heads.ts'
export { type Check, Sheet } from './verify/sheet.ts'
export { withoutSorting, withSnapshot } from './verify/snapshot.ts'
export { DATABASE_TABLES, type TableRules } from './verify/table-rules.ts'
export { copyTimers, TIMER_ROWS } from './verify/timers.ts'
export { verifyDatabase } from './verify/verify-database.ts'
