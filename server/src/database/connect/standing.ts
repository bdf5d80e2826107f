import type { Client } from 'pg'

/**
 * Which life of which cluster a primary writes. Each promotion begins a new timeline, with a higher number, so of two
 * machines that both take writes the one with the lower number was replaced.
 */
export type Life = { readonly system: string; readonly timeline: number }

/** What a machine is. The life is null on a standby, and where the database does not tell it, as some managed ones. */
export type Standing = { readonly isStandby: boolean; readonly life: Life | null }

const STANDBY = 'select pg_is_in_recovery() as standby'

/** The first eight digits of the name of the log's newest segment are its timeline. */
const LIFE = `
select system_identifier::text as system,
       ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int as timeline
  from pg_control_system()`

/** Asks a session where it has come out. */
export const askStanding = async (client: Pick<Client, 'query'>): Promise<Standing> => {
  const { rows } = await client.query<{ standby: boolean }>(STANDBY)
  if (rows[0]?.standby !== false) return { isStandby: true, life: null }
  try {
    const lives = await client.query<Life>(LIFE)
    return { isStandby: false, life: lives.rows[0] ?? null }
  } catch (error) {
    // A managed database may forbid or lack these functions; a lost connection says so at the next statement.
    if (error instanceof Error && 'severity' in error) return { isStandby: false, life: null }
    throw error
  }
}

/** Whether the second has replaced the first: the same cluster, after a promotion. */
export const isReplacedBy = (life: Life | null, newer: Life | null): boolean =>
  life !== null && newer !== null && life.system === newer.system && life.timeline < newer.timeline

type Known = { readonly newest: Life | null; readonly isOneOfSeveral: boolean }

/** Why this machine must not be worked with; null when it may. */
export const whyNot = ({ isStandby, life }: Standing, { newest, isOneOfSeveral }: Known): string | null => {
  if (isStandby) return 'is a standby'
  if (isReplacedBy(life, newest))
    return `is a primary that was replaced: it writes timeline ${life?.timeline}, and there is a later one, ${newest?.timeline}`
  if (isOneOfSeveral && life !== null && newest !== null && life.system !== newest.system)
    return 'belongs to another database cluster'
  return null
}

/** The primary among those that answered: of several the one that was promoted last. */
export const choosePrimary = <Answer extends { readonly life: Life | null }>(
  answers: readonly Answer[],
): Answer | null =>
  answers.toSorted((one, other) => (other.life?.timeline ?? 0) - (one.life?.timeline ?? 0))[0] ?? null
