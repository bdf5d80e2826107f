import type { Finding, Severity } from './finding.ts'
import type { Asked } from './read-settings.ts'

/** Who receives the log of this primary, and whether commits wait for them. */
export type Standbys = {
  readonly count: number
  /** For how many of them commits wait; null where this role is not told. */
  readonly waitedFor: number | null
  readonly names: string
  readonly synchronousCommit: string
}

/** Whoever may not see the sessions of others still sees that there are such, one row for each. */
const STANDBYS = `
select count(*)::int as count,
       case when count(sync_state) = count(*) then count(*) filter (where sync_state in ('sync', 'quorum'))::int end as "waitedFor",
       current_setting('synchronous_standby_names') as names,
       current_setting('synchronous_commit') as "synchronousCommit"
  from pg_stat_replication`

/** With these a commit is acknowledged before any standby has it on its disk. */
const NOT_ON_ITS_DISK: readonly string[] = ['off', 'local', 'remote_write']

const WANTED = 'synchronous_standby_names set, and synchronous_commit on'

const finding = (severity: Severity, found: string, why: string): Finding => ({
  name: 'standbys',
  found,
  wanted: WANTED,
  why,
  severity,
})

const LOST = 'payments that were acknowledged last are lost when a standby takes over'

const machines = (count: number): string => (count === 1 ? '1 standby' : `${count} standbys`)

/** Nothing is said of a database that stands alone. */
export const judgeStandbys = ({ count, waitedFor, names, synchronousCommit }: Standbys): Finding | null => {
  const isWanted = names.trim() !== ''
  if (count === 0) {
    return isWanted
      ? finding('danger', 'none, and commits wait for one', 'nothing is acknowledged until a standby is back')
      : null
  }
  if (!isWanted) return finding('danger', `${machines(count)}, and commits do not wait`, LOST)
  if (NOT_ON_ITS_DISK.includes(synchronousCommit))
    return finding('danger', `${machines(count)}, and synchronous_commit is ${synchronousCommit}`, LOST)
  if (waitedFor === 0)
    return finding(
      'danger',
      `${machines(count)}, and commits wait for another`,
      'nothing is acknowledged until a standby that synchronous_standby_names names is back',
    )
  const many = waitedFor === null ? '' : ` for ${waitedFor} of them`
  return finding('fine', `${machines(count)}, and commits wait${many}`, LOST)
}

export const examineStandbys = async (asked: Asked): Promise<readonly Finding[]> => {
  const { rows } = await asked.query<Standbys>(STANDBYS)
  const [standbys] = rows
  const found = standbys === undefined ? null : judgeStandbys(standbys)
  return found === null ? [] : [found]
}
