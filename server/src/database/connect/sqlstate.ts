import { PrimaryAway } from './primary-away.ts'

/**
 * What an error of PostgreSQL means to whoever gets it:
 *   transient   the machinery failed; the same work may succeed when it is tried again
 *   constraint  the data contradict a rule of the schema; with us that is a bug, never a refusal
 *   other       a mistake in a statement, a missing right, damaged data
 */
export type ErrorClass = 'transient' | 'constraint' | 'other'

type Entry = { readonly state: string; readonly class: ErrorClass; readonly meaning: string }

/** Whole codes before their classes of two or three characters; the first match counts. */
export const SQLSTATES: readonly Entry[] = [
  { state: '40002', class: 'constraint', meaning: 'integrity violated at commit' },
  { state: '40', class: 'transient', meaning: 'rolled back: serialization, deadlock, unknown completion' },
  { state: '23', class: 'constraint', meaning: 'unique, foreign key, check, not null, exclusion' },
  { state: '08', class: 'transient', meaning: 'connection' },
  { state: '57P01', class: 'transient', meaning: 'shut down by an administrator' },
  { state: '57P02', class: 'transient', meaning: 'shut down after a crash' },
  { state: '57P03', class: 'transient', meaning: 'starting, stopping or recovering' },
  { state: '57P05', class: 'transient', meaning: 'session idle for too long' },
  { state: '57014', class: 'transient', meaning: 'statement cancelled or timed out' },
  { state: '53', class: 'transient', meaning: 'out of disk, memory or connections' },
  { state: '55P03', class: 'transient', meaning: 'lock not to be had in time' },
  { state: '55006', class: 'transient', meaning: 'object in use' },
  { state: '25P03', class: 'transient', meaning: 'transaction idle for too long' },
  { state: '25P04', class: 'transient', meaning: 'transaction took too long' },
  { state: '25006', class: 'transient', meaning: 'read-only: the primary has become a replica' },
  { state: '58', class: 'transient', meaning: 'the system failed: input, output' },
]

/** What Node and pg say when it never came to an answer. */
const CONNECTION_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
])

const CONNECTION_WORDS =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client was closed|Client has encountered a connection error|Connection ended)/

const SQLSTATE = /^[0-9A-Z]{5}$/

/** The SQLSTATE of an error of PostgreSQL; null for every other error. */
export const sqlstateOf = (error: unknown): string | null => {
  if (!(error instanceof Error) || !('code' in error) || !('severity' in error)) return null
  const { code } = error
  return typeof code === 'string' && SQLSTATE.test(code) ? code : null
}

export const classifySqlstate = (state: string): ErrorClass =>
  SQLSTATES.find((entry) => state.startsWith(entry.state))?.class ?? 'other'

/** A page whose checksum or shape is wrong, or an index that contradicts its table: PostgreSQL refuses to read on. */
const DAMAGE: ReadonlySet<string> = new Set(['XX001', 'XX002'])

export const isDamage = (error: unknown): boolean => DAMAGE.has(sqlstateOf(error) ?? '')

/** Of a quota and of a process's own limit PostgreSQL says only in words that they are reached. */
const FULL_WORDS = /No space left on device|Disk quota exceeded|File too large/

export const isDiskFull = (error: unknown): boolean => {
  const state = sqlstateOf(error)
  if (state === '53100') return true
  return (state === 'XX000' || state === '58030') && error instanceof Error && FULL_WORDS.test(error.message)
}

export const classifyError = (error: unknown): ErrorClass => {
  if (isDiskFull(error) || error instanceof PrimaryAway) return 'transient'
  const state = sqlstateOf(error)
  if (state !== null) return classifySqlstate(state)
  if (!(error instanceof Error)) return 'other'
  if ('code' in error && typeof error.code === 'string' && CONNECTION_CODES.has(error.code))
    return 'transient'
  return CONNECTION_WORDS.test(error.message) ? 'transient' : 'other'
}
