import { showId } from '../kit/index.ts'
import { PERSON_PREFIX, type PersonRow } from './core/model.ts'

const MILLIS_PER_SECOND = 1_000

const secondsOf = (ms: number): number => Math.floor(ms / MILLIS_PER_SECOND)

/** A person as the API shows him. */
export const showPerson = (row: PersonRow, livemode: boolean) => ({
  id: showId(PERSON_PREFIX, row.id),
  object: 'person' as const,
  created: secondsOf(row.addedMs),
  livemode,
  name: row.name,
  removed_at: row.removedMs === null ? null : secondsOf(row.removedMs),
  role: row.role,
})
