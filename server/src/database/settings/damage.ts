import type { Finding } from './finding.ts'
import type { Asked } from './read-settings.ts'

/** As far back as PostgreSQL counts: until its statistics are reset, or lost with a crash. */
const FAILURES = `
select coalesce(sum(checksum_failures), 0)::integer as failures, max(checksum_last_failure)::text as newest
  from pg_stat_database`

/** Pages that PostgreSQL found damaged. Which they were stands in its log; whether they still are, verify says. */
export const examineDamage = async (asked: Asked): Promise<Finding> => {
  const { rows } = await asked.query<{ failures: number; newest: string | null }>(FAILURES)
  const { failures = 0, newest = null } = rows[0] ?? {}
  return {
    name: 'damaged pages',
    found: failures === 0 ? 'none' : `${failures}, the newest at ${newest}`,
    wanted: 'none',
    why: 'after a power cut it may be a free space map, which is made anew; run evenkeel verify, which reads every table, and see docs/runbooks/damaged-page.md',
    severity: failures === 0 ? 'fine' : 'advice',
  }
}
